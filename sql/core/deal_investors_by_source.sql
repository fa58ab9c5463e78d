-- One row per source, deal and investor, and once more for all sources together, with the investor's home where known.
-- Keep one dataset when counting ('all' for all sources together); the city of the company is in core.deals_by_source.
with printed as (
    select
        s.dataset,
        s.report,
        min(s.year) as year,
        n.entity as investor,
        max(case when s.is_lead then 1 else 0 end) as is_lead,
        min(case when p.unit is not null then s.place_key end) as place_key,
        min(s.source_file) as source_file,
        min(s.source_row) as source_row
    from staging.deal_investors as s
    inner join core.names as n on n.mention = s.investor_mention
    left join staging.place_units as p on p.place_key = s.place_key
    group by s.dataset, s.report, n.entity
),

-- Each investor counts once for its source, and once for all sources together if its report's list is the one used.
listed as (
    select
        case when t.is_together then 'all' else i.dataset end as dataset,
        case when t.is_together then coalesce(o.deal, i.report) else i.report end as deal,
        case when t.is_together then coalesce(o.deal_year, i.year) else i.year end as year,
        i.investor,
        i.is_lead,
        case when not t.is_together then i.place_key end as place_key,
        i.source_file,
        i.source_row
    from printed as i
    left join staging.investor_lists as o on o.report = i.report
    cross join (select false as is_together union all select true as is_together) as t
    where not t.is_together or coalesce(o.turn, 1) = 1
),

-- The place printed beside the deal goes before the investor's home in that source.
combined as (
    select
        i.dataset,
        i.deal,
        i.year,
        i.investor,
        i.is_lead,
        coalesce(p.unit_level, h.level) as level,
        case when p.unit is null then h.unit else p.unit end as unit,
        case when p.unit is null then h.city else p.city end as city,
        case when p.unit is null then h.province else p.province end as province,
        case when p.unit is null then h.country else p.city_country end as country,
        i.source_file,
        i.source_row
    from listed as i
    left join staging.place_units as p on p.place_key = i.place_key
    left join core.investor_places as h on h.dataset = i.dataset and h.investor = i.investor and h.is_home
)

select
    b.dataset,  -- Source, or all sources together. #not_null
    b.deal,  -- Deal: the source's report, or the deal of all sources together. #not_null
    b.year,  -- Year announced. #not_null #part
    b.investor,  -- Investor. #not_null
    b.is_lead = 1 as is_lead,  -- Named as lead.
    i.kind,  -- Kind of investor, where curated.
    b.level,  -- How exactly its home is known: city, province or country; null if it is not known.
    b.unit,  -- City; or province or country, marked as such, if no more is known.
    b.city,  -- Home city.
    b.province,  -- Home province or state.
    b.country,  -- Home country.
    b.unit is not null as is_located,  -- The investor's home is known, at least its country.
    b.source_file,  -- File that holds the row.
    b.source_row  -- Row of that file.
from combined as b
left join core.investors as i on i.investor = b.investor
