-- One row per place that a list of institutions, firms or figures names.
select
    'moe' as dataset,  -- Source. #not_null
    'CN' as country,  -- ISO 3166 alpha-2 code, where known.
    region,  -- State or province as printed.
    place,  -- City as printed.
    source_file,  -- File the row stands in.
    source_row  -- Row of that file.
from landing.moe__institutions
union all
select 'reference' as dataset, 'CN' as country, null as region, place, source_file, source_row
from landing.reference__elite_places
union all
select 'census' as dataset, 'CN' as country, region, place, source_file, source_row
from landing.census__prefectures
union all
select 'nbs' as dataset, 'CN' as country, null as region, place, source_file, source_row
from landing.nbs__gdp
union all
select 'nbs' as dataset, 'CN' as country, null as region, place, source_file, source_row
from landing.nbs__indicators_2017
union all
select 'gawc' as dataset, c.country, null as region, l.city as place, l.source_file, l.source_row
from landing.gawc__connectivity as l
left join core.countries as c on c.written = lower(l.country)
union all
select dataset, country, region, place, source_file, source_row
from staging.universities
where dataset <> 'register' and place_key is not null
union all
select 'amac' as dataset, 'CN' as country, office_region as region, office_place as place, source_file, source_row
from landing.amac__managers
union all
select
    l.dataset,
    c.country,
    case when l.metro in ('SF Bay', 'SF Bay Area') then 'SF Bay' when c.country in ('US', 'CA') then l.region end as region,
    l.place,
    l.source_file,
    l.source_row
from (
    select 'crunchbase_2013' as dataset, country, metro, region, place, source_file, source_row
    from landing.crunchbase_2013__acquisitions
    union all
    select 'crunchbase_2013' as dataset, acquirer_country, acquirer_metro, acquirer_region, acquirer_place, source_file, source_row
    from landing.crunchbase_2013__acquisitions
    union all
    select 'crunchbase_2015' as dataset, country, metro, region, place, source_file, source_row
    from landing.crunchbase_2015__acquisitions
    union all
    select 'crunchbase_2015' as dataset, acquirer_country, acquirer_metro, acquirer_region, acquirer_place, source_file, source_row
    from landing.crunchbase_2015__acquisitions
) as l
left join core.countries as c on c.written = lower(l.country)
union all
select dataset, country, region, place, source_file, source_row
from staging.listing_advisers
where place_key is not null
