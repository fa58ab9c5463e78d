-- One row per investor as a source lists or names it; which of them are one investor is decided later.
with listed as (
    select
        'register' as dataset,
        1 as trust,
        'register/investor:' || investor as mention,
        investor,
        investor_zh as investor_other,
        country || '||' || home_city as place_key,
        source_file,
        source_row
    from landing.register__investors
    union all
    select
        'itjuzi' as dataset,
        4 as trust,
        'itjuzi/investor:' || firm as mention,
        firm as investor,
        null as investor_other,
        null as place_key,
        source_file,
        source_row
    from landing.itjuzi__investor_firms
    union all
    select
        'inbox' as dataset,
        2 as trust,
        'inbox/investor:' || l.investor as mention,
        l.investor,
        null as investor_other,
        coalesce(c.country, '') || '||' || coalesce(l.place, '') as place_key,
        l.source_file,
        l.source_row
    from landing.inbox__investors as l
    left join core.countries as c on c.written = lower(l.country)
    union all
    select
        'amac' as dataset,
        3 as trust,
        'amac/investor:' || registration as mention,
        manager as investor,
        null as investor_other,
        'CN|' || coalesce(office_region, '') || '|' || coalesce(office_place, '') as place_key,
        source_file,
        source_row
    from landing.amac__managers
    union all
    select
        d.dataset,
        case d.dataset when 'register' then 2 when 'itjuzi' then 4 else 5 end as trust,
        d.investor_mention as mention,
        d.investor,
        null as investor_other,
        d.place_key,
        d.source_file,
        d.source_row
    from staging.deal_investors as d
),

counted as (
    select *, row_number() over (partition by mention order by trust, source_file, source_row) as turn
    from listed
)

select
    mention,  -- Source and its own key. #unique #not_null
    dataset,  -- Source. #not_null
    trust,  -- Order in which sources are believed where they differ; 1 is the register.
    investor,  -- Name as printed. #not_null
    investor_other,  -- Name in another language, or a former one.
    place_key,  -- Country, region and place as printed, where they are.
    source_file,  -- File the row stands in. #not_null
    source_row  -- Row of that file, the first if there are several. #not_null
from counted
where turn = 1
