-- One row per source, deal and investor, and once more for all sources together, with the investor's home where known.
with printed as (
    select
        s.dataset,
        s.report,
        r.deal,
        n.entity as investor,
        max(case when s.is_lead then 1 else 0 end) as is_lead,
        min(case when p.level in ('city', 'province') then s.place_key end) as place_key,
        min(s.source_file) as source_file,
        min(s.source_row) as source_row
    from staging.deal_investors as s
    inner join core.deal_reports as r on r.report = s.report
    inner join core.names as n on n.mention = s.investor_mention
    left join core.places as p on p.place_key = s.place_key
    group by s.dataset, s.report, r.deal, n.entity
),

each as (
    -- Where the source prints the investor's place beside the deal, that is what it says; else its home in that source.
    select
        i.dataset,
        i.report as deal,
        i.investor,
        i.is_lead,
        coalesce(p.level, h.level) as level,
        case when p.level is null then h.city else p.city end as city,
        case when p.level is null then h.province else p.province end as province,
        case when p.level is null then h.country else p.city_country end as country,
        i.source_file,
        i.source_row
    from printed as i
    left join core.places as p on p.place_key = i.place_key
    left join core.investor_places as h on h.dataset = i.dataset and h.investor = i.investor and h.is_home
),

merged as (
    select
        deal,
        investor,
        max(is_lead) as is_lead,
        min(source_file) as source_file,
        min(source_row) as source_row
    from printed
    group by deal, investor
),

together as (
    select
        'all' as dataset,
        m.deal,
        m.investor,
        m.is_lead,
        h.level,
        h.city,
        h.province,
        h.country,
        m.source_file,
        m.source_row
    from merged as m
    left join core.investor_places as h on h.dataset = 'all' and h.investor = m.investor and h.is_home
),

combined as (
    select dataset, deal, investor, is_lead, level, city, province, country, source_file, source_row from each
    union all
    select dataset, deal, investor, is_lead, level, city, province, country, source_file, source_row from together
)

select
    b.dataset,  -- Source, or all of them together. #not_null
    b.deal,  -- Deal: as the source reports it, or of all sources together. #not_null
    b.investor,  -- Investor. #not_null
    b.is_lead = 1 as is_lead,  -- Named as lead.
    i.kind,  -- Kind of investor, where curated.
    b.level,  -- How exactly its home is known: city, province or country; null if not at all.
    b.city,  -- Home city.
    b.province,  -- Home province or state.
    b.country,  -- Home country.
    case b.level
        when 'city' then b.city
        when 'province' then b.province || ' (province)'
        when 'country' then b.country || ' (country)'
    end as unit,  -- City; or province or country, marked so, where no more is known.
    b.level is not null as is_located,  -- It is known where the investor sits.
    b.source_file,  -- File the row stands in.
    b.source_row  -- Row of that file.
from combined as b
left join core.investors as i on i.investor = b.investor
