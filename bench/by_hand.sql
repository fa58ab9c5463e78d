-- The tables of the models, written by hand as one DuckDB script for the one source that is landed: the practical limit.
-- It counts with the same numbers, deals that count alike for their source and for all sources together once, and tells deals in
-- words by a view, as they do. It relies on what the models must not assume:
-- there is one source, every amount is an exact number of US dollars, offices have no years, and no investor is named as the lead.
-- Relative names are looked up in the folder of the landings; `python -m bench.scale` runs and checks it.

create schema core;
create schema marts;
create type side as enum ('source', 'all', 'both');

create table unit as
with levelled as (
    select
        place_key, city, province, city_country as country, level <> 'none' as is_resolved,
        case when city is not null then 'city' when province is not null then 'province' when city_country is not null then 'country' end
            as level,
        coalesce(city, province || ' (province)', city_country || ' (country)') as unit
    from 'places.parquet'
)
select
    *, row_number() over (order by place_key)::int as place,
    if(unit is null, null, dense_rank() over (order by unit nulls last))::int as unit_number,
    if(unit is null, null, dense_rank() over (order by unit nulls last, country nulls last, province nulls last))::int as area
from levelled;

create table area as
select area, unit_number, unit, level, city, province, country from unit where area is not null group by all;

create table name as
select mention, entity, kind, dense_rank() over (order by kind, entity)::int as number from 'names.parquet';

create table entity as select distinct number, kind, entity from name;

-- Companies: of listings under one name the first that says where, and the first year.
create table core.companies as
with listed as (
    select
        n.entity, 'crunchbase_2015/company:' || l.company_key as mention, l.founded_year, l.source_file, l.source_row,
        u.level, u.city, u.province, u.country, u.is_resolved
    from 'crunchbase_2015__companies.parquet' as l
    inner join name as n on n.mention = 'crunchbase_2015/company:' || l.company_key
    left join 'countries.parquet' as c on c.written = lower(l.country)
    left join unit as u on u.place_key = coalesce(c.country, '') || '|' || coalesce(
        case when l.metro = 'SF Bay Area' then 'SF Bay' when c.country in ('US', 'CA') then l.region end, ''
    ) || '|' || coalesce(l.place, '')
    where l.company is not null
), chosen as (
    select
        entity, count(*) as n_names, arg_min((source_file, source_row), mention) as first_row,
        arg_min(founded_year, mention) filter (founded_year is not null) as founded,
        arg_min((city, province, country), (case level when 'city' then 0 when 'province' then 1 else 2 end, mention))
            filter (is_resolved) as place
    from listed
    group by entity
)
select
    entity as company, null::varchar as company_zh, place[3] as country, place[2] as province, place[1] as city_founded,
    true as is_city_founded_assumed, place[1] as city, founded, null::varchar as sector, null::varchar as listing_exchange,
    null::int as listing_year, null::int as unicorn_year, null::varchar as exit_how, null::int as exit_year,
    null::varchar as acquirer, null::double as exit_value_usd_m, null::varchar as parent, null::varchar as main_market,
    false as is_in_register, 1::bigint as n_sources, n_names, null::varchar as basis, null::varchar as source,
    null::varchar as url, first_row[1] as source_file, first_row[2] as source_row
from chosen;

create table company as
select n.number as company, c.country, a.area
from core.companies as c
inner join entity as n on n.kind = 'company' and n.entity = c.company
left join area as a
    on a.level <> 'country' and a.city is not distinct from c.city and a.province is not distinct from c.province
    and a.country is not distinct from c.country;

-- Rounds; a later one of the same company within 60 days is another report of it if the amounts meet, or if one is
-- undisclosed and the kind of round is the same.
create table reported as
select
    l.source_row as report, l.round_key, n.number as company, u.area, l.funded_at::date as day, l.funded_year as year,
    coalesce(v.round, r.round, 'unknown') as round, case when y.year is not null then l.raised_usd end as usd
from 'crunchbase_2015__rounds.parquet' as l
left join name as n on n.kind = 'company' and n.mention = 'crunchbase_2015/company:' || l.company_key
left join 'countries.parquet' as c on c.written = lower(l.country)
left join 'reference__rounds.parquet' as r on r.written = lower(l.round_type)
left join 'reference__rounds.parquet' as v on v.written = lower(l.round_code)
left join (select distinct year from 'reference__exchange_rates.parquet') as y on y.year = l.funded_year
left join unit as u on u.place_key = coalesce(c.country, '') || '|' || coalesce(
    case when l.metro = 'SF Bay Area' then 'SF Bay' when c.country in ('US', 'CA') then l.region end, ''
) || '|' || coalesce(l.place, '')
where l.funded_year is not null;

create table followed as
with dated as (
    select report, company, round, usd, day - date '1970-01-01' as day from reported
), pairs as (
    select b.report, a.report as earlier, a.usd is not null and b.usd is not null as is_same_amount,
        a.round = b.round and a.round <> 'unknown' as is_same_round, b.day - a.day as days
    from dated as b
    inner join (select *, unnest([0, 1]) + day // 60 as slot from dated) as a
        on a.company = b.company and a.slot = b.day // 60
        and b.day - a.day between 0 and 60 and (a.day < b.day or a.report < b.report)
    where coalesce(a.usd <= b.usd * 1.05 and b.usd <= a.usd * 1.05, a.round = b.round and a.round <> 'unknown')
)
select report, arg_min(earlier, (not is_same_amount, not is_same_round, days, earlier)) as deal
from pairs
where earlier not in (select report from pairs)
group by report;

create table shared as
select coalesce(f.deal, r.report) as deal, count(*) as n, arg_min(usd, report) filter (usd is not null) as usd
from reported as r
left join followed as f using (report)
where coalesce(f.deal, r.report) in (select deal from followed)
group by all;

-- Investors of a round, each where it is printed to sit.
create table invested as
select
    r.report, r.year, n.number as investor, u.place, u.area
from 'crunchbase_2015__investments.parquet' as l
inner join reported as r on r.round_key = l.round_key
inner join name as n on n.kind = 'investor' and n.mention = 'crunchbase_2015/investor:' || l.investor_key
left join 'countries.parquet' as c on c.written = lower(l.investor_country)
left join unit as u on u.place_key = coalesce(c.country, '') || '|' || coalesce(
    case when c.country in ('US', 'CA') then l.investor_region end, ''
) || '|' || coalesce(l.investor_place, '')
where l.investor is not null;

create table office as
with said as (
    select i.investor, i.area, count(*) as n from invested as i where i.area is not null group by all
), ranked as (
    select
        s.investor, s.n, a.*,
        sum(s.n) over (partition by s.investor, a.level = 'country', a.country, coalesce(a.province, '')) as n_province
    from said as s
    inner join area as a using (area)
), placed as (
    select *, rank() over (
        partition by investor
        order by level = 'country', n_province desc, case level when 'city' then 0 when 'province' then 1 else 2 end, n desc
    ) as place_rank
    from ranked
)
select
    *, place_rank = 1 and count(*) over (partition by investor, place_rank) = 1 as is_home,
    count(*) over (partition by investor) as n_offices
from placed;

create table core.investors as
select
    n.investor, null::varchar as investor_zh, null::varchar as kind, h.country, h.city, h.province, null::int as founded,
    false as is_in_register, 1::bigint as n_sources, n.n_names, null::varchar as basis, null::varchar as source,
    null::varchar as url, null::varchar as source_file, null::int as source_row
from (select number, entity as investor, count(*) as n_names from name where kind = 'investor' group by all) as n
left join office as h on h.investor = n.number and h.is_home;

-- Deals that count otherwise for their source than for all sources together. The others are counted once for both.
create table split as
select report from followed
union
select deal from followed
union
select r.report
from reported as r
left join area as p on p.area = r.area
left join company as c on c.company = r.company
where p.country <> c.country
    or if(p.country is null, c.area, if(p.level = 'country', null, r.area))
        is distinct from coalesce(c.area, if(p.level = 'country', null, r.area))
union
select i.report
from invested as i
left join office as h on h.investor = i.investor and h.is_home
where i.area is not null and i.area is distinct from h.area;

create macro datasets(side) as
    case side when 'all' then ['all'] when 'source' then ['crunchbase_2015'] else ['all', 'crunchbase_2015'] end;

create table dealt as
with placed as (
    select
        x.report is not null as is_split, r.report, r.year, r.company, r.usd, p.country,
        if(p.level = 'country', null, r.area) as area, c.country as company_country, c.area as company_area
    from reported as r
    left join area as p on p.area = r.area
    left join company as c on c.company = r.company
    left join split as x on x.report = r.report
)
select
    if(is_split, 'source', 'both')::side as side, report as deal, year, company, coalesce(country, company_country) as country,
    if(country is null, company_area, area) as area, usd
from placed
union all
select
    'all', r.report, year, company, coalesce(company_country, country), coalesce(company_area, area),
    if(s.deal is null, r.usd, s.usd)
from placed as r
left join shared as s on s.deal = r.report
where is_split and report not in (select report from followed);

create view core.deals as
select
    'crunchbase_2015:' || l.round_key as deal, n.entity as company, d.country, a.province, a.city,
    if(coalesce(c.city, c.province) is null, a.city, c.city_founded) as city_founded, c.founded, l.funded_at as date, d.year,
    coalesce(v.round, r.round, 'unknown') as round, null::double as amount_m, null::double as amount_max_m, 'USD' as currency,
    d.usd as usd_low, d.usd as usd_high, null::varchar as investors, null::varchar as lead, false as is_in_register,
    coalesce(s.n, 1) as n_reports, 1::bigint as n_sources, null::varchar as basis, 'crunchbase_2015' as source,
    null::varchar as url, l.source_file, l.source_row
from dealt as d
inner join 'crunchbase_2015__rounds.parquet' as l on l.source_row = d.deal
left join 'reference__rounds.parquet' as r on r.written = lower(l.round_type)
left join 'reference__rounds.parquet' as v on v.written = lower(l.round_code)
left join entity as n on n.number = d.company
left join area as a on a.area = d.area
left join core.companies as c on c.company = n.entity
left join shared as s on s.deal = d.deal
where d.side <> 'source';

create table sided as
with printed as (
    select report, year, investor, min(place) filter (area is not null) as place from invested group by all
), ranked as (
    select coalesce(f.deal, r.report) as deal, r.report, row_number() over (partition by coalesce(f.deal, r.report) order by r.report) as turn
    from reported as r
    left join followed as f using (report)
    where coalesce(f.deal, r.report) in (select deal from followed) and r.report in (select report from invested)
), sides as (
    select
        unnest(case when x.report is null then ['both'] when coalesce(o.turn, 1) = 1 then ['source', 'all'] else ['source'] end)::side
            as side,
        i.report, coalesce(o.deal, i.report) as deal, i.investor, i.place
    from printed as i
    left join split as x on x.report = i.report
    left join ranked as o on o.report = i.report
)
select
    i.side, if(i.side = 'all', i.deal, i.report) as deal, i.investor, if(i.side = 'all', h.area, coalesce(u.area, h.area)) as area
from sides as i
left join unit as u on u.place = i.place
left join office as h on h.investor = i.investor and h.is_home;

drop table invested;

-- What attribution divides: once per deal, then per deal and place.
create table counted as
select d.side, d.deal, d.year, d.country, d.area, d.usd, n.n_investors, n.n_located
from dealt as d
inner join (
    select side, deal, count(*) as n_investors, count(area) as n_located from sided group by all
) as n using (side, deal);

create table place as
with located as (
    select i.*, a.unit_number from sided as i left join area as a using (area)
), places as (
    select i.side, i.deal, o.unit_number, min(o.area) as area, count(*) filter (o.unit_number = i.unit_number) as n_here
    from located as i
    inner join office as o using (investor)
    group by all
)
select * from places;

create table credit as
select
    p.side, d.year, p.unit_number, p.area as unit_area, d.country, d.area,
    count(*) as office_rule, count(*) filter (d.n_located < d.n_investors) as office_unlocated,
    count(*) filter (p.n_here > 0) as any_rule, count(*) filter (p.n_here > 0 and d.n_located < d.n_investors) as any_unlocated,
    sum(p.n_here / nullif(d.n_located, 0)) as share, sum(p.n_here / d.n_investors) as low,
    sum(p.n_here / nullif(d.n_located, 0) * d.usd) filter (p.n_here > 0) as usd
from place as p
inner join counted as d using (side, deal)
group by all;

create table marts.place_shares as
with counted as (
    select dataset, country, area, year, count(*) as n_deals, count(distinct company) as n_companies
    from (select unnest(datasets(side)) as dataset, * from dealt where country is not null)
    group by all
), deals as (
    select
        d.dataset, d.country,
        coalesce(a.city, a.province || ' (province)', 'not stated') as unit, a.city, a.province, d.year, d.n_deals, d.n_companies
    from counted as d
    left join area as a using (area)
)
select
    *, sum(n_deals) over (partition by dataset, country, year)::bigint as n_country,
    n_deals / sum(n_deals) over (partition by dataset, country, year) as share
from deals;

create table credited as
select
    unnest(datasets(c.side)) as dataset, u.unit as origin, u.country as origin_country, a.city as destination,
    a.province, c.country, c.year, c.office_rule, c.office_unlocated, c.any_rule, c.any_unlocated, c.share, c.low, c.usd
from credit as c
inner join area as u on u.area = c.unit_area
left join area as a on a.area = c.area;

create table marts.deal_flows as
select
    dataset, origin, origin_country, origin_country <> country as is_foreign, destination, province as company_province,
    country as company_country, year, sum(any_rule)::bigint as n_deals, round(sum(share), 9) as deals_fractional,
    round(sum(usd), 2) as usd_fractional
from credited
where any_rule > 0
group by all;

create table marts.origination as
with counts as (
    select
        d.side, d.country, a.province, d.year, count(*) as n_deals,
        count(*) filter (n_located > 0) as n_located_deals, count(*) filter (n_located > 0 or o.deal is not null) as n_office,
        count(*) filter (n_located < n_investors) as n_unlocated, sum((n_investors - n_located) / n_investors) as unlocated,
        count(usd) filter (n_located > 0) as n_amounts, sum(usd) filter (n_located > 0) as usd,
        max(usd) filter (n_located > 0) as usd_largest
    from counted as d
    left join area as a using (area)
    left join (
        select distinct p.side, p.deal from place as p inner join counted as d using (side, deal) where d.n_located = 0
    ) as o using (side, deal)
    group by all
), deals as (
    select unnest(datasets(side)) as dataset, * from counts
), years as (
    select
        dataset, country, province, year, origin, max(origin_country) as origin_country, sum(any_rule) as any_rule,
        sum(any_unlocated) as any_unlocated, sum(office_rule) as office_rule, sum(office_unlocated) as office_unlocated,
        sum(share) as share, sum(low) as low, sum(usd) as usd
    from credited
    group by all
), periods as (
    select distinct dataset, year::varchar as period, year as first_year, year as last_year from deals
    union
    select distinct dataset, '2009-2012', 2009, 2012 from deals
    union
    select dataset, max(year) - 3 || '-' || max(year), max(year) - 3, max(year) from deals group by dataset
    union
    select dataset, 'all years', min(year), max(year) from deals group by dataset
), bases as (
    select
        d.dataset, period, country, unnest(if(province is null, ['all'], ['all', province])) as company_province,
        sum(d.n_deals) as n_deals, sum(n_located_deals) as n_located_deals, sum(n_office) as n_office, sum(n_unlocated) as n_unlocated,
        sum(unlocated) as unlocated, sum(n_amounts) as n_amounts, sum(usd) as usd, max(usd_largest) as usd_largest
    from deals as d
    inner join periods as p on p.dataset = d.dataset and d.year between first_year and last_year
    group by d.dataset, period, country, province
), based as (
    select
        dataset, period, country, company_province, sum(n_deals) as n_deals, sum(n_located_deals) as n_located_deals,
        sum(n_office) as n_office, sum(n_unlocated) as n_unlocated, sum(unlocated) as unlocated, sum(n_amounts) as n_amounts,
        sum(usd) as usd, max(usd_largest) as usd_largest
    from bases
    group by all
), credits as (
    select
        dataset, period, country, company_province, origin, sum(any_rule) as any_rule, sum(any_unlocated) as any_unlocated,
        sum(office_rule) as office_rule, sum(office_unlocated) as office_unlocated, sum(share) as share, sum(low) as low,
        sum(usd) as usd
    from (
        select y.*, period, unnest(if(province is null, ['all'], ['all', province])) as company_province
        from years as y
        inner join periods as p on p.dataset = y.dataset and y.year between first_year and last_year
    )
    group by dataset, period, country, company_province, origin
), origins as (
    select y.dataset, y.country, origin, max(origin_country) as origin_country, max(c.province) as province, sum(any_rule) as n_deals
    from years as y
    left join (select city, min(province) as province from area where level = 'city' group by city) as c on c.city = y.origin
    group by all
), cells as (
    select dataset, period, country, company_province, origin from credits
    union
    select b.dataset, b.period, b.country, b.company_province, o.origin
    from based as b
    inner join origins as o on o.dataset = b.dataset and o.country = b.country and o.n_deals >= 10
), filled as (
    select
        dataset, period, country, company_province, origin, o.origin_country, n_deals: b.n_deals, b.n_located_deals, b.n_office,
        b.n_unlocated, b.unlocated, b.n_amounts, b.usd as usd_all, b.usd_largest, coalesce(c.any_rule, 0) as any_rule,
        coalesce(c.any_unlocated, 0) as any_unlocated, coalesce(c.office_rule, 0) as office_rule,
        coalesce(c.office_unlocated, 0) as office_unlocated, coalesce(c.share, 0) as share, coalesce(c.low, 0) as low,
        coalesce(c.usd, 0) as usd, coalesce(p.any_rule, 0) + coalesce(k.any_rule, 0) as any_vague,
        coalesce(p.low, 0) + coalesce(k.low, 0) as low_vague
    from cells as x
    inner join based as b using (dataset, period, country, company_province)
    inner join origins as o using (dataset, country, origin)
    left join credits as c using (dataset, period, country, company_province, origin)
    left join credits as p
        on p.dataset = x.dataset and p.period = x.period and p.country = x.country and p.company_province = x.company_province
        and p.origin = o.province || ' (province)'
    left join credits as k
        on k.dataset = x.dataset and k.period = x.period and k.country = x.country and k.company_province = x.company_province
        and k.origin = o.origin_country || ' (country)' and k.origin <> x.origin
)
select
    dataset, period, country as company_country, company_province, origin, origin_country, n_deals::bigint as n_deals,
    n_located_deals::bigint as n_deals_located, n_office::bigint as n_deals_office,
    any_rule / nullif(n_located_deals, 0) as any_share, any_rule / n_deals as any_low,
    least(n_deals, any_rule + n_unlocated - any_unlocated + any_vague) / n_deals as any_high,
    office_rule / nullif(n_office, 0) as office_share, office_rule / n_deals as office_low,
    least(n_deals, office_rule + n_unlocated - office_unlocated + any_vague) / n_deals as office_high,
    round(share / nullif(n_located_deals, 0), 9) as lead_share, round(low / n_deals, 9) as lead_low,
    round((low + unlocated + low_vague) / n_deals, 9) as lead_high, lead_share as fractional_share, lead_low as fractional_low,
    lead_high as fractional_high, round(usd / usd_all, 9) as amount_share, n_amounts::bigint as n_amounts,
    round(usd_largest / usd_all, 9) as amount_largest
from filled;
