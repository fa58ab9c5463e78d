-- One row per source, deal and investor, and once more for all sources together, with the investor's home where known.
with printed as (
    select
        s.dataset,
        s.report,
        r.deal,
        r.trust,
        n.entity as investor,
        max(case when s.is_lead then 1 else 0 end) as is_lead,
        min(case when p.unit is not null then s.place_key end) as place_key,
        min(s.source_file) as source_file,
        min(s.source_row) as source_row
    from staging.deal_investors as s
    inner join core.deal_reports as r on r.report = s.report
    inner join core.names as n on n.mention = s.investor_mention
    left join staging.units as p on p.place_key = s.place_key
    group by s.dataset, s.report, r.deal, r.trust, n.entity
),

each as (
    -- Where the source prints the investor's place beside the deal, that is what it says; else its home in that source.
    select
        i.dataset,
        i.report as deal,
        i.investor,
        i.is_lead,
        coalesce(p.unit_level, h.level) as level,
        case when p.unit is null then h.unit else p.unit end as unit,
        case when p.unit is null then h.city else p.city end as city,
        case when p.unit is null then h.province else p.province end as province,
        case when p.unit is null then h.country else p.city_country end as country,
        i.source_file,
        i.source_row
    from printed as i
    left join staging.units as p on p.place_key = i.place_key
    left join core.investor_places as h on h.dataset = i.dataset and h.investor = i.investor and h.is_home
),

-- Sources spell and split investors differently ("Sequoia Capital", "Sequoia Capital China"), so that their lists put
-- together would count one investor twice: a deal has the investors of its most trusted report that names any.
chosen as (
    select deal, report, row_number() over (partition by deal order by trust, report) as turn
    from (select distinct deal, report, trust from printed) as p
),

together as (
    select
        'all' as dataset,
        i.deal,
        i.investor,
        i.is_lead,
        h.level,
        h.unit,
        h.city,
        h.province,
        h.country,
        i.source_file,
        i.source_row
    from printed as i
    inner join chosen as c on c.report = i.report and c.turn = 1
    left join core.investor_places as h on h.dataset = 'all' and h.investor = i.investor and h.is_home
),

combined as (
    select dataset, deal, investor, is_lead, level, unit, city, province, country, source_file, source_row from each
    union all
    select dataset, deal, investor, is_lead, level, unit, city, province, country, source_file, source_row from together
)

select
    b.dataset,  -- Source, or all of them together. #not_null
    b.deal,  -- Deal: as the source reports it, or of all sources together. #not_null
    b.investor,  -- Investor. #not_null
    b.is_lead = 1 as is_lead,  -- Named as lead.
    i.kind,  -- Kind of investor, where curated.
    b.level,  -- How exactly its home is known: city, province or country; null if not at all.
    b.unit,  -- City; or province or country, marked so, where no more is known.
    b.city,  -- Home city.
    b.province,  -- Home province or state.
    b.country,  -- Home country.
    b.unit is not null as is_located,  -- It is known where the investor sits, if only by country.
    b.source_file,  -- File the row stands in.
    b.source_row  -- Row of that file.
from combined as b
left join core.investors as i on i.investor = b.investor
