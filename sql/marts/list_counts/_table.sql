-- One row per list, quantity, place and year, or years that the list adds up: how much of it the list counts there.
-- Every list is a noisy count of the same cities, so it is kept as it is: the rows whose province or country alone is known stay
-- without a city, and they say how much of a list has no place.
with held as (
    select quantity, list, dataset, min(year) as year from branches group by quantity, list, dataset
),

-- A list of a folder of data/inbox looks at every city of its place: those that it does not name have none.
with_none as (
    select quantity, list, dataset, country, province, city, year, year_to, n from branches
    union all
    select
        l.quantity,
        l.list,
        l.dataset,
        null as country,
        null as province,
        a.city,
        l.year,
        null as year_to,
        0 as n
    from held as l
    inner join staging.inbox_cities as a on a.dataset = l.dataset
)

select
    b.quantity,  -- What is counted: a flow by year, or a stock, as marts.list_profiles.is_stock says of each list. #not_null #check length(quantity) > 0
    b.list,  -- Source; and what it counts, where the source has several lists of the quantity. #not_null
    b.dataset,  -- Source. #not_null
    coalesce(c.country, b.country) as country,  -- Country; null if the list does not say.
    case when c.city is null then b.province else c.province end as province,  -- Province or state, where known.
    b.city,  -- City; null if the list knows only the province or country, or nothing. #in core.cities.city
    b.year,  -- Year of what is counted, or edition of the list; null if the list does not date it.
    coalesce(b.year_to, b.year)
        as year_to,  -- Last year: later than year in totals that reports print for several years alone. #check year_to >= year
    round(sum(b.n), 6) as n  -- Number; shares of deals and scores add up too. #check n >= 0
from with_none as b
left join core.cities as c on c.city = b.city
group by
    b.quantity,
    b.list,
    b.dataset,
    coalesce(c.country, b.country),
    case when c.city is null then b.province else c.province end,
    b.city,
    b.year,
    b.year_to
