-- Deals credited to the home city of their investors or, as the alternative, split over the investors' open offices.
with origin_indicators (indicator) as (
    values ('deals_originated'), ('deals_originated_by_office')
)

select
    i.indicator,
    o.dataset,
    o.origin as city,
    o.year,
    o.year as year_to,
    o.company,
    o.deal as label,
    case
        when i.indicator = 'deals_originated_by_office' then o.fractional_office_rule
        when o.any_rule = 1 then o.fractional_rule
    end as value,
    o.source,
    o.url,
    o.source_file,
    o.source_row
from marts.deal_origin as o
inner join marts.deal_sources as l on l.dataset = o.dataset
inner join core.cities as c on c.city = o.origin
cross join origin_indicators as i
