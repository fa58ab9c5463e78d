-- Made-up deals in the schemas of crunchbase_2015, with the names and places that they lead to. $deals, $companies and $investors
-- say how many, $folder where to.

-- A number in [0, 1) that depends on a row and a purpose only, so that every run makes the same rows.
create macro draw(i, purpose) as (hash(i, purpose) % 1000003) / 1000003.0;

-- 400 cities in four countries; the first of each is the largest.
create table city as
select range as city_id, 'City ' || range as city, (['USA', 'CHN', 'GBR', 'IND'])[range % 4 + 1] as country3,
    (['US', 'CN', 'GB', 'IN'])[range % 4 + 1] as country, 'State ' || range % 40 as region
from range(400);

-- Company 0 has a few hundred rounds where the mean is ten.
create table company as
select c.range as company_id, 'C' || c.range as company_key, 'Company ' || (c.range - (c.range % 33 = 32)::int) as company,
    floor(400 * pow(draw(c.range, 'city'), 2))::int as city_id, draw(c.range, 'gap') < 0.05 as is_placeless,
    draw(c.range, 'dirt') < 0.1 as is_shouted, 1995 + (20 * draw(c.range, 'founded'))::int as founded
from range($companies) as c;

create table investor as
select i.range as investor_id, floor(400 * pow(draw(i.range, 'home'), 3))::int as city_id,
    draw(i.range, 'gone') < 0.1 as is_placeless
from range($investors) as i;

copy (
    with drawn as (
        select r.range as i, r.range - (r.range % 50 = 49)::int as same,
            floor($companies * pow(draw(r.range - (r.range % 50 = 49)::int, 'company'), 1.3))::bigint as company_id
        from range($deals) as r
    ), dated as (
        select *, date '2000-01-01' + (5800 * draw(same, 'day'))::int + (case when same <> i then 9 else 0 end) as day from drawn
    )
    select m.company_key, m.company, 'Software|Mobile' as category, c.country3 as country,
        case when c.country = 'US' then c.region end as region, null::varchar as metro, case when is_placeless then null when is_shouted then upper(c.city) else c.city end as place,
        (['seed', 'venture', 'angel', 'private_equity', 'undisclosed'])[(hash(same, 'type') % 5)::int + 1] as round_type,
        case when hash(same, 'type') % 5 = 1 then (['A', 'B', 'C'])[(hash(same, 'code') % 3)::int + 1] end as round_code,
        day::varchar as funded_at, year(day)::int as funded_year,
        case when draw(same, 'open') > 0.3 then round(exp(13 + 3 * draw(same, 'usd')), 0) end as raised_usd,
        'R' || d.i as round_key, (d.i + 2)::int as source_row, 'rounds.csv' as source_file, '' as source_sha256
    from dated as d
    inner join company as m on m.company_id = d.company_id
    inner join city as c on c.city_id = m.city_id
) to '$folder/crunchbase_2015__rounds.parquet';

copy (
    select null::varchar as company_key, null::varchar as company, null::varchar as category, null::varchar as country,
        null::varchar as region, null::varchar as metro, null::varchar as place, 'R' || v.range // 2 as round_key,
        'venture' as round_type, null::varchar as round_code, null::varchar as funded_at, null::int as funded_year,
        null::double as raised_usd, 'organization' as investor_kind, 'I' || i.investor_id as investor_key,
        'Investor ' || i.investor_id as investor, c.country3 as investor_country,
        case when c.country = 'US' then c.region end as investor_region, null::varchar as investor_metro,
        case when i.is_placeless then null else c.city end as investor_place,
        (v.range + 2)::int as source_row, 'investments.csv' as source_file, '' as source_sha256
    from range(2 * $deals) as v
    inner join investor as i on i.investor_id = floor($investors * pow(draw(v.range, 'investor'), 2))::bigint
    inner join city as c on c.city_id = i.city_id
) to '$folder/crunchbase_2015__investments.parquet';

copy (
    select m.company, 'Software|Mobile' as category, c.country3 as country,
        case when c.country = 'US' then c.region end as region, null::varchar as metro,
        case when is_placeless then null when is_shouted then upper(c.city) else c.city end as place, m.company_key, 'operating' as status,
        m.founded || '-01-01' as founded_at,
        m.founded as founded_year, (m.company_id + 2)::int as source_row, 'companies.csv' as source_file, '' as source_sha256
    from company as m inner join city as c on c.city_id = m.city_id
) to '$folder/crunchbase_2015__companies.parquet';

copy (
    select 'crunchbase_2015/company:' || company_key as mention, company as entity, 'alone' as how, 1.0::double as probability,
        null::varchar as matched, '' as explanation, 'company' as kind, 'crunchbase_2015' as dataset, company as name
    from company
    union all
    select 'crunchbase_2015/investor:I' || investor_id, 'Investor ' || investor_id, 'alone', 1.0, null, '', 'investor',
        'crunchbase_2015', 'Investor ' || investor_id
    from investor
) to '$folder/names.parquet';

copy (
    with written as (select *, unnest([city, upper(city), null]) as place from city)
    select country || '|' || case when country = 'US' then region else '' end || '|' || coalesce(place, '') as place_key, country,
        region, place,
        case when place is not null then 'city' when country = 'US' then 'province' else 'none' end as level,
        case when place is not null then city end as city, case when place is not null then city end as municipality,
        case when place is not null or country = 'US' then region end as province,
        case when place is not null then region end as city_province, country as city_country,
        null::bigint as geoname_id, 10.0::double as latitude, 20.0::double as longitude, 'name' as reason, 1::bigint as n
    from written
    qualify row_number() over (partition by place_key order by city_id) = 1
) to '$folder/places.parquet';
