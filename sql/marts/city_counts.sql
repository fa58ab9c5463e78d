-- One row per measure, source, period and place: what lists say of cities, each as it stands.
with counted as (
    select 'listed companies' as measure, 'financedatabase' as dataset, cast(exchange as varchar) as period, country, province, city,
        1.0 as value
    from core.listed_companies
    where not is_delisted
    union all
    select 'listed companies', 'financedatabase', 'SHH and SHZ', country, province, city, 1.0
    from core.listed_companies
    where not is_delisted and exchange in ('SHH', 'SHZ')
    union all
    select 'institutions', 'moe', cast(edition as varchar), 'CN', province, city, 1.0
    from core.institutions
    union all
    select 'undergraduate institutions', 'moe', cast(edition as varchar), 'CN', province, city, 1.0
    from core.institutions
    where is_undergraduate
    union all
    select 'elite universities', 'elite', programme, 'CN', province, city, share
    from core.elite_universities
    union all
    select measure, dataset, coalesce(cast(year as varchar), 'as listed'), country, province, city, value
    from core.research
    union all
    select 'service connectivity', 'gawc', '2020', p.city_country, p.province, p.city, cast(l.connectivity as double)
    from landing.gawc__connectivity as l
    left join core.countries as c on c.written = lower(l.country)
    inner join core.places as p on p.place_key = coalesce(c.country, '') || '||' || l.city
    union all
    select 'population', 'census', cast(l.year as varchar), 'CN', p.province, p.city, cast(l.population as double)
    from landing.census__prefectures as l
    inner join core.places as p on p.place_key = 'CN|' || l.region || '|' || l.place
    where l.population is not null
    union all
    select 'GDP, 100m CNY', 'nbs', cast(l.year as varchar), 'CN', p.province, p.city, l.gdp_100m_cny
    from landing.nbs__gdp as l
    inner join core.places as p on p.place_key = 'CN||' || l.place
    where l.gdp_100m_cny is not null
    union all
    select 'unicorns', 'cb_insights', '2022-03', p.city_country, p.province, p.city, 1.0
    from landing.cb_insights__unicorns as l
    left join core.countries as c on c.written = lower(l.country)
    inner join core.places as p on p.place_key = coalesce(c.country, '') || '||' || coalesce(l.place, '')
    union all
    select 'fund managers', 'amac', 'as listed', 'CN', p.province, p.city, 1.0
    from landing.amac__managers as l
    inner join core.places as p on p.place_key = 'CN|' || coalesce(l.office_region, '') || '|' || coalesce(l.office_place, '')
)

select
    measure,  -- What is counted. #not_null
    dataset,  -- Source. #not_null
    period,  -- Edition, year, programme or exchange. #not_null
    country,  -- Country.
    province,  -- Province or state, where known.
    city,  -- City; null where the list does not say, or says a place that is none.
    count(*) as n_rows,  -- Rows of the list.
    round(sum(value), 6) as value  -- Their sum: a count, unless the measure says otherwise.
from counted
group by measure, dataset, period, country, province, city
