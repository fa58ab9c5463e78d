-- One row per city, year and indicator: the value with its interval, its score, and how well it is known.
with newest as (
    select
        c.quantity,
        -- What is counted after the headline year only has no year up to it.
        greatest(max(case when c.year_to > h.year then h.year else c.year_to end), min(c.year)) as last_year,
        min(c.year) as first_year
    from marts.list_counts as c
    inner join index.headline as h on h.scope in (c.country, 'world')
    group by c.quantity
),

-- A list that is no census looks at some cities only, and what it counts of one says nothing of how long others were counted.
looked as (
    select
        a.quantity,
        a.city,
        greatest(max(case when p.last_year > h.year then h.year else p.last_year end), min(p.first_year)) as last_year,
        min(p.first_year) as first_year
    from index.attention as a
    inner join marts.list_profiles as p on p.quantity = a.quantity and p.list = a.list
    cross join index.headline as h
    group by a.quantity, a.city
),

ends as (
    select
        v.city,
        v.indicator,
        least(
            case when l.city is null then y.last_year else l.last_year end,
            case when r.city is null then p.last_year else r.last_year end
        ) as last_year,
        case when l.city is null then y.first_year else l.first_year end as first_year
    from (select distinct city, indicator from marts.indicator_values where n_lists > 0) as v
    inner join core.indicators as i on i.indicator = v.indicator
    left join newest as y on y.quantity = i.quantity
    left join newest as p on p.quantity = i.per
    left join looked as l on l.quantity = i.quantity and l.city = v.city
    left join looked as r on r.quantity = i.per and r.city = v.city
),

-- What the list that sets the unit of a quantity counts itself, by its last count, if it is a report, a census or of one year. A list that knows
-- provinces only has no attention noise either, but it is not complete, so the absence of noise alone does not make a census.
own as (
    select
        c.quantity,
        c.city,
        round(c.n / coalesce(c.year_to - c.year + 1, 1), 6) as n,
        p.completeness = 'census' and l.attention_noise is null as is_census,
        p.covers,
        rank() over (partition by c.quantity order by c.year_to desc nulls last) as place
    from marts.list_counts as c
    inner join index.lists as l on l.quantity = c.quantity and l.list = c.list and l.dataset = c.dataset
    inner join marts.list_profiles as p on p.quantity = c.quantity and p.list = c.list
    where
        l.is_yardstick
        and (p.is_report or (p.completeness = 'census' and l.attention_noise is null) or p.first_year = p.last_year)
),

counts as (
    select quantity, city, is_census, sum(n) as n from own where place = 1 group by quantity, city, is_census
),

censuses as (
    select quantity, max(covers) as covers from own where is_census group by quantity
),

reports as (
    select distinct quantity, list, first_year from marts.list_profiles where is_report
)

select
    v.city,  -- City. #not_null #unique with year, indicator
    v.year,  -- Year. #not_null
    i.pillar,  -- Pillar.
    i.pillar_name,  -- Name of the pillar.
    i.measure,  -- Score that the pillar is part of: Readiness or Realised.
    v.indicator,  -- Indicator. #not_null #in core.indicators.indicator
    i.name,  -- Name shown to readers.
    i.definition,  -- What is counted.
    g.unit,  -- Unit of the value.
    g.yardstick,  -- Fullest list, on whose scale the value is.
    v.value,  -- How much that list would count there if its attention to all cities were the same: no total of the city.
    v.value_low,  -- Lower end of its 90% interval.
    v.value_high,  -- Upper end of that interval.
    v.score,  -- Score: 100 is the goalpost (index.goalposts), ten points less is half as much.
    v.score_low,  -- Lower end of its 90% interval; the goalpost is drawn along.
    v.score_high,  -- Upper end of that interval.
    i.weight,  -- Weight within the pillar.
    case
        when v.n_lists > 0 and i.per is null and (s.covers = 'world' or list_contains(string_split_regex(s.covers, ','), c.country))
            then coalesce(n.n, 0)
    end
        as census_count,  -- What the census that sets the unit counts here, in the census's own year and the same in all rows; null where there is none, or where it does not look.
    case when i.per is null and not n.is_census then n.n end
        as report_count,  -- Number that a report or a list of one year has of the city, or its yearly mean if the report covers several years; it is of the years of that list (yardstick) and the same in all rows; null unless such a list sets the unit and names the city.
    s.quantity is null and (r.list is null or v.year < r.first_year - r.first_year % 5)
        as is_relative,  -- The list that sets the unit is neither a census nor a report of totals, or counts something else, as of deals originated, or only later periods; so values compare cities, and how many there are is unknown. #not_null
    v.n_lists,  -- Lists that look at the city and count it.
    v.n_rows as sum_of_counts,  -- Sum over the lists of what each counts there in the measured years, 2000 to 2024; not a number of rows.
    v.known,  -- Share of how much cities differ, by the model, that is settled for this one.
    v.rows_to_halve,  -- Further rows of a complete list that would halve its uncertainty against other cities; null but in the headline year.
    e.first_year,  -- Oldest year of which a list that looks at the city counts it; null if none looks or is dated. Where lists count one year only, earlier values are that year's.
    e.last_year,  -- Newest year of which a list that looks at the city counts it, up to the headline year, or the first after it if lists count later years only; null if none looks or is dated. Later values go on from there.
    case
        when v.n_lists = 0 then 'inferred'
        when v.n_rows = 0 then 'none counted'
        when e.last_year < v.year - v.year % 5 then 'carried forward'
        else 'counted'
    end as status  -- counted; none counted: lists look, and no row of the measured years, 2000 to 2024, is of this city; carried forward: they count it in earlier periods only; inferred: no list looks, so the value follows from what the city has otherwise and from its population.
from marts.indicator_values as v
inner join core.indicators as i on i.indicator = v.indicator
inner join index.goalposts as g on g.indicator = v.indicator
left join ends as e on e.city = v.city and e.indicator = v.indicator
left join counts as n on n.quantity = i.quantity and n.city = v.city
left join censuses as s on s.quantity = i.quantity
left join reports as r on r.quantity = i.quantity and r.list = g.yardstick
left join core.cities as c on c.city = v.city
