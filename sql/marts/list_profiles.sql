-- One row per list and quantity: how much it counts, how much of that has a place, and which years and countries it covers.
with country_counts as (
    select
        dataset,
        quantity,
        list,
        country,
        sum(n) as n,
        sum(case when city is null and province is null then n else 0 end) as n_nowhere,
        max(case when country is null then 0 else sum(n) end) over (partition by dataset, quantity, list) as n_fullest
    from marts.list_counts
    group by dataset, quantity, list, country
),

-- What a list of one country tells of others by the way does not make it a list of theirs: their other cities are not zero.
-- The register names cities abroad on purpose.
covered as (
    select c.dataset, c.quantity, c.list, array_to_string(list_sort(list(c.country)), ',') as countries
    from country_counts as c
    inner join core.source_profiles as s on s.source = c.dataset
    where c.country is not null and c.n >= c.n_fullest / case when s.is_curated then 100 else 4 end
    group by c.dataset, c.quantity, c.list
),

unplaced as (
    select dataset, quantity, list, array_to_string(list_sort(list(country)), ',') as countries
    from country_counts
    where country is not null and n_nowhere > n / 3
    group by dataset, quantity, list
),

-- The newest companies of a list may not have a place yet, but in the countries somebody has tended: such years compare none.
placed as (
    select
        quantity,
        list,
        dataset,
        year,
        coalesce(sum(case when city is null and province is null then 0 else n end) / nullif(sum(n), 0), 1) as share,
        max(year_to) as year_to
    from marts.list_counts
    where year is not null
    group by quantity, list, dataset, year
),

spans as (
    select p.quantity, p.list, p.dataset, max(p.year_to) as last_year
    from placed as p
    inner join (
        select quantity, list, dataset, max(share) as best from placed group by quantity, list, dataset
    ) as b on b.quantity = p.quantity and b.list = p.list and b.dataset = p.dataset
    where p.share >= b.best / 2
    group by p.quantity, p.list, p.dataset
),

profiles as (
    select
        quantity,
        list,
        dataset,
        round(sum(n), 6) as n_total,
        round(sum(case when city is not null then n else 0 end), 6) as n_city,
        round(sum(case when city is null and province is not null then n else 0 end), 6) as n_province_only,
        round(sum(case when city is null and province is null then n else 0 end), 6) as n_nowhere,
        min(year) as first_year,
        count(distinct case when n > 0 then city end) as n_cities,
        count(distinct country) as n_countries
    from marts.list_counts
    group by quantity, list, dataset
),

editions as (
    select distinct quantity, list, source from core.published_counts
)

select
    p.quantity,  -- What is counted. #not_null #unique with list
    p.list,  -- List. #not_null
    p.dataset,  -- Source. #not_null
    s.is_worldwide,  -- The source covers all countries equally. #not_null
    s.is_curated,  -- The project maintains the source. #not_null
    e.source is not null as is_report,  -- It is what a report prints, as the register quotes it. #not_null
    -- A report names only the cities it prints, and does not know what the register knows.
    case when e.source is not null then 'selection' else s.completeness end
        as completeness,  -- sample, census, selection or largest: what it tells of places that it does not name; they have none in a report that names all it counts. #not_null
    -- The register has the programmes of its universities from the lists of the ministry.
    case
        when p.quantity = 'elite_universities' then 'elite universities'
        when e.source is null then s.family
        when p.quantity in ('unicorns', 'backed_companies') then 'unicorn lists'
        else 'published totals'
    end
        as family,  -- Name shared by sources that copy or extend each other. #not_null
    coalesce(e.source, p.list) as publication,  -- Publication whose edition it is; the list itself if it is of none. #not_null
    p.n_total,  -- Number in all; a unicorn that stands in several editions counts in each.
    p.n_city,  -- Of these, with a city.
    p.n_province_only,  -- Of these, with a province or state but no city.
    p.n_nowhere,  -- Of these, with neither. #check abs(n_city + n_province_only + n_nowhere - n_total) < 0.001
    p.first_year,  -- First year or edition; null if the list is undated.
    y.last_year,  -- Last year or edition of which it places at least half as large a part as of its best year; later ones are not used.
    p.n_cities,  -- Number of cities.
    p.n_countries,  -- Number of countries.
    -- A report of a year counts the companies that stand in it; unicorns are counted so by all lists.
    p.first_year is null or p.quantity = 'unicorns' or (p.quantity = 'backed_companies' and e.source is not null)
        as is_stock,  -- It counts what stands at its date, or all that it knows of, instead of what happens in a year. #not_null
    -- A source may cover all countries while one list of it does not, such as that of three exchanges.
    case when s.is_worldwide and p.n_countries >= 10 then 'world' else c.countries end
        as covers,  -- world; or the codes of the countries it covers, separated by commas: those with a quarter of its fullest country's rows.
    u.countries
        as unplaced_countries  -- Codes of the countries in which over a third has no place, so that a city without a row is not zero.
from profiles as p
inner join core.source_profiles as s on s.source = p.dataset
left join covered as c on c.dataset = p.dataset and c.quantity = p.quantity and c.list = p.list
left join unplaced as u on u.dataset = p.dataset and u.quantity = p.quantity and u.list = p.list
left join spans as y on y.dataset = p.dataset and y.quantity = p.quantity and y.list = p.list
left join editions as e on e.quantity = p.quantity and e.list = p.list
