-- Deals by home of the investor and of the company in two periods; cities without a rank are one group, as are other countries.
-- A city that received fewer than ten is among the other cities: a deal or two would look like a habit. The register comes first.
-- A source that follows the investors of no city here but the benchmark, as the register does abroad, has too few to tell.
with following as (
    select distinct a.dataset
    from index.attention as a
    inner join core.cities as c on c.city = a.city
    inner join index.headline as h on h.scope in (c.country, 'world')
    where a.quantity = 'deals_originated' and a.city not in (select benchmark from benchmark)
),

ranked as (
    select city, rank as place from shown_cities where city in (from leading_cities)
),

periods as (
    select concat(year - 3, '–', year) as period, year - 3 as first_year, year as last_year, 1 as place
    from index.headline
    union all
    select concat(first_year, '–', last_year), first_year, last_year, 2 from core.periods
),

grouped as (
    select f.dataset, p.period, p.place as period_place, f.deals_fractional as deals,
        case when f.is_foreign then 'abroad' when o.city is not null then 'city' else 'other' end as origin_kind,
        case when f.is_foreign then 'abroad' when o.city is not null then f.origin else 'other cities' end as origin,
        f.destination, d.place as destination_place,
        d.city is not null and sum(f.deals_fractional) over (partition by f.dataset, p.period, f.destination) >= 10 as is_shown,
        coalesce(o.place, 99) as origin_place
    from marts.deal_flows as f
    inner join periods as p on f.year between p.first_year and p.last_year
    left join ranked as o on o.city = f.origin
    left join ranked as d on d.city = f.destination
    where (select scope from index.headline) in (f.company_country, 'world')
        and (f.dataset in (from following) or f.dataset = 'all' and exists (from following))
),

placed as (
    select * replace (
            case when is_shown then destination else 'other cities' end as destination,
            case when is_shown then destination_place else 99 end as destination_place
        ),
        case when is_shown then 'city' else 'other' end as destination_kind
    from grouped
)

select dataset, period, origin_kind, origin, destination_kind, destination, sum(deals) as deals,
    sum(deals) / sum(sum(deals)) over (partition by dataset, period, destination) as share
from placed
group by dataset, period, period_place, origin_kind, origin, destination_kind, destination
order by
    dataset <> 'register', dataset, period_place, min(origin_place), origin, min(destination_place)
