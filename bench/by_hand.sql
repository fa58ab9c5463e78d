-- The tables of the models, written by hand as one DuckDB script for the one source that is landed: the practical limit.
-- It knows what the models must not assume: that there is no other source, that every amount is one number of US dollars, that
-- no office has a year. Relative names are looked up in the folder of the landings; `python -m bench.scale` runs and checks it.

create schema core;
create schema marts;

create temp table unit as
select
    place_key, city, province, city_country as country,
    case when city is not null then 'city' when province is not null then 'province' when city_country is not null then 'country' end
        as level,
    coalesce(city, province || ' (province)', city_country || ' (country)') as unit, level <> 'none' as is_resolved
from 'places.parquet';

create temp table city as
select city, min(city_country) as country, min(province) as province from 'places.parquet' where level = 'city' group by city;

create temp table name as select mention, entity, kind from 'names.parquet';

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

-- Rounds; a later one of the same company within 60 days is another report of it if the amounts meet, or if one is
-- undisclosed and the kind of round is the same.
create temp table reported as
select
    'crunchbase_2015:' || l.round_key as report, n.entity as company, l.company as company_printed, u.country, u.province, u.city,
    l.funded_at as date, l.funded_at::date as day, l.funded_year as year, coalesce(v.round, r.round, 'unknown') as round,
    l.raised_usd, case when y.year is not null then l.raised_usd end as usd, l.category as sector, l.source_file, l.source_row
from 'crunchbase_2015__rounds.parquet' as l
left join name as n on n.mention = 'crunchbase_2015/company:' || l.company_key
left join 'countries.parquet' as c on c.written = lower(l.country)
left join 'reference__rounds.parquet' as r on r.written = lower(l.round_type)
left join 'reference__rounds.parquet' as v on v.written = lower(l.round_code)
left join (select distinct year from 'reference__exchange_rates.parquet') as y on y.year = l.funded_year
left join unit as u on u.place_key = coalesce(c.country, '') || '|' || coalesce(
    case when l.metro = 'SF Bay Area' then 'SF Bay' when c.country in ('US', 'CA') then l.region end, ''
) || '|' || coalesce(l.place, '')
where l.funded_year is not null;

create temp table followed as
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

create table core.deal_reports as
select
    r.report, 'crunchbase_2015' as dataset, 3 as trust, coalesce(f.deal, r.report) as deal, r.company, r.company_printed, r.country,
    r.province, r.city, r.date, r.year, r.round, r.raised_usd::bigint::varchar as amount_text, 'USD' as currency,
    r.raised_usd as amount_low, r.raised_usd as amount_high, r.usd as usd_low, r.usd as usd_high, r.sector, null::varchar as url,
    r.source_file, r.source_row
from reported as r
left join followed as f on f.report = r.report;

create table core.deals as
with shared as (
    select deal, count(*) as n, arg_min(usd_low, report) filter (usd_low is not null) as usd
    from core.deal_reports
    where deal in (select deal from followed)
    group by deal
)
select
    r.deal, r.company, coalesce(c.country, r.country) as country,
    case when coalesce(c.city, c.province) is null then r.province else c.province end as province,
    case when coalesce(c.city, c.province) is null then r.city else c.city end as city,
    case when coalesce(c.city, c.province) is null then r.city else c.city_founded end as city_founded,
    c.founded, r.date, r.year, r.round, null::double as amount_m, null::double as amount_max_m, r.currency,
    if(s.deal is null, r.usd_low, s.usd) as usd_low, if(s.deal is null, r.usd_low, s.usd) as usd_high, null::varchar as investors,
    null::varchar as lead, false as is_in_register, coalesce(s.n, 1) as n_reports, 1::bigint as n_sources, null::varchar as basis,
    r.dataset as source, r.url, r.source_file, r.source_row
from core.deal_reports as r
left join shared as s using (deal)
left join core.companies as c on c.company = r.company
where r.report = r.deal;

create table core.deals_by_source as
select
    r.dataset, r.report as deal, r.company, coalesce(r.country, c.country) as country,
    if(r.country is null, c.province, r.province) as province, if(r.country is null, c.city, r.city) as city,
    r.year, r.usd_low, r.usd_high, r.sector, r.dataset as source, r.url, r.source_file, r.source_row
from core.deal_reports as r
left join core.companies as c on c.company = r.company
union all
select 'all', deal, company, country, province, city, year, usd_low, usd_high, null, source, url, source_file, source_row
from core.deals;

-- Investors of a round, each where it is printed to sit.
create temp table printed as
select
    'crunchbase_2015:' || l.round_key as report, year(r.funded_at::date) as year, n.entity as investor,
    min(u.place_key) filter (u.unit is not null) as place_key, min(l.source_file) as source_file, min(l.source_row) as source_row
from 'crunchbase_2015__investments.parquet' as l
inner join 'crunchbase_2015__rounds.parquet' as r on r.round_key = l.round_key and r.funded_year is not null
inner join name as n on n.mention = 'crunchbase_2015/investor:' || l.investor_key
left join 'countries.parquet' as c on c.written = lower(l.investor_country)
left join unit as u on u.place_key = coalesce(c.country, '') || '|' || coalesce(
    case when c.country in ('US', 'CA') then l.investor_region end, ''
) || '|' || coalesce(l.investor_place, '')
where l.investor is not null
group by all;

create table core.investor_places as
with said as (
    select n.entity as investor, u.unit, u.level, u.city, u.province, u.country, count(*) as n
    from 'crunchbase_2015__investments.parquet' as l
    inner join 'crunchbase_2015__rounds.parquet' as r on r.round_key = l.round_key and r.funded_year is not null
    inner join name as n on n.mention = 'crunchbase_2015/investor:' || l.investor_key
    left join 'countries.parquet' as c on c.written = lower(l.investor_country)
    inner join unit as u on u.place_key = coalesce(c.country, '') || '|' || coalesce(
        case when c.country in ('US', 'CA') then l.investor_region end, ''
    ) || '|' || coalesce(l.investor_place, '')
    where l.investor is not null and u.unit is not null and coalesce(c.country, l.investor_place) is not null
    group by all
), ranked as (
    select *, sum(n) over (partition by investor, level = 'country', country, coalesce(province, '')) as n_province
    from said
), placed as (
    select *, rank() over (
        partition by investor
        order by level = 'country', n_province desc, case level when 'city' then 0 when 'province' then 1 else 2 end, n desc
    ) as place_rank
    from ranked
)
select
    unnest(['crunchbase_2015', 'all']) as dataset, investor, unit, level, city, province, country, n,
    place_rank = 1 and count(*) over (partition by investor, place_rank) = 1 as is_home
from placed;

create temp table home as from core.investor_places where dataset = 'all' and is_home;

create table core.investors as
select
    n.investor, null::varchar as investor_zh, null::varchar as kind, h.country, h.city, h.province, null::int as founded,
    false as is_in_register, 1::bigint as n_sources, n.n_names, null::varchar as basis, null::varchar as source,
    null::varchar as url, null::varchar as source_file, null::int as source_row
from (select entity as investor, count(*) as n_names from name where kind = 'investor' group by entity) as n
left join home as h using (investor);

create table core.deal_investors_by_source as
with ranked as (
    select r.deal, r.report, d.year, row_number() over (partition by r.deal order by r.report) as turn
    from core.deal_reports as r
    inner join core.deal_reports as d on d.report = r.deal
    where r.deal in (select deal from followed) and r.report in (select report from printed)
), sides as (
    select
        unnest(if(coalesce(o.turn, 1) = 1, [false, true], [false])) as is_together, i.report, coalesce(o.deal, i.report) as deal,
        i.year, coalesce(o.year, i.year) as deal_year, i.investor, i.place_key, i.source_file, i.source_row
    from printed as i
    left join ranked as o on o.report = i.report
)
select
    if(i.is_together, 'all', 'crunchbase_2015') as dataset, if(i.is_together, i.deal, i.report) as deal,
    if(i.is_together, i.deal_year, i.year) as year, i.investor, false as is_lead,
    null::varchar as kind, coalesce(u.level, h.level) as level, if(u.unit is null, h.unit, u.unit) as unit,
    if(u.unit is null, h.city, u.city) as city, if(u.unit is null, h.province, u.province) as province,
    if(u.unit is null, h.country, u.country) as country, coalesce(u.unit, h.unit) is not null as is_located, i.source_file,
    i.source_row
from sides as i
left join unit as u on u.place_key = if(i.is_together, null, i.place_key)
left join home as h on h.investor = i.investor;

drop table printed;
drop table reported;

-- What attribution divides: once per deal, then per deal and place.
create temp table counted as
select
    d.dataset, d.deal, d.company, d.country, d.province, d.city, d.year, d.usd_low as usd, n.n_investors, n.n_located,
    d.source, d.url, d.source_file, d.source_row
from core.deals_by_source as d
inner join (
    select dataset, deal, count(*) as n_investors, count(unit) as n_located from core.deal_investors_by_source group by all
) as n using (dataset, deal);

create table marts.deal_origin as
with offices as (
    select investor, unit, country, count(*) over (partition by investor) as n_offices
    from core.investor_places
    where dataset = 'all'
), places as (
    select
        i.dataset, i.deal, o.unit, min(o.country) as country, min(i.province) filter (o.unit = i.unit) as province,
        count(*) filter (o.unit = i.unit) as n_here,
        round(sum(if(i.is_located, 1.0 / o.n_offices, 0)), 12) as office_shares
    from core.deal_investors_by_source as i
    inner join offices as o using (investor)
    group by all
), vague as (
    select dataset, deal, level, country, if(level = 'province', province, null) as province, count(*) as n
    from core.deal_investors_by_source
    where level <> 'city'
    group by all
), credited as (
    select p.*, coalesce(v.n, 0) + coalesce(w.n, 0) as n_vague
    from places as p
    left join city as c on c.city = p.unit
    left join (from vague where level = 'province') as v
        on v.dataset = p.dataset and v.deal = p.deal and v.country = c.country and v.province = c.province
    left join (from vague where level = 'country') as w on w.dataset = p.dataset and w.deal = p.deal and w.country = c.country
)
select
    p.dataset, p.deal, d.company, d.country as company_country, d.province as company_province, d.city as destination,
    p.unit as origin, p.province as origin_province, p.country as origin_country, d.year, d.n_investors, d.n_located,
    (p.n_here > 0)::int as any_rule, 1 as office_rule, 1 as office_rule_dated,
    p.n_here / nullif(d.n_located, 0) as lead_rule, lead_rule as fractional_rule,
    p.office_shares / nullif(d.n_located, 0) as fractional_office_rule, lead_rule * d.usd as amount_rule_usd,
    p.n_here / d.n_investors as lead_low,
    (p.n_here + d.n_investors - d.n_located + p.n_vague) / d.n_investors as lead_high,
    lead_low as fractional_low, lead_high as fractional_high, d.source, d.url, d.source_file, d.source_row
from credited as p
inner join counted as d using (dataset, deal);

create table marts.place_shares as
with deals as (
    select
        dataset, country, coalesce(city, province || ' (province)', 'not stated') as unit, city, province, year,
        count(*) as n_deals, count(distinct company) as n_companies
    from core.deals_by_source
    where country is not null
    group by all
)
select
    *, sum(n_deals) over (partition by dataset, country, year)::bigint as n_country,
    n_deals / sum(n_deals) over (partition by dataset, country, year) as share
from deals;

create table marts.deal_flows as
select
    dataset, origin, origin_country, origin_country <> company_country as is_foreign, destination, company_province,
    company_country, year, count(*) as n_deals, round(sum(fractional_rule), 9) as deals_fractional,
    round(sum(amount_rule_usd), 2) as usd_fractional
from marts.deal_origin
where any_rule = 1
group by all;

create table marts.origination as
with deals as (
    select
        d.dataset, d.country, d.province, d.year, count(*) as n_deals, count(*) filter (n_located > 0) as n_located_deals,
        count(*) filter (n_located > 0 or deal in (select deal from marts.deal_origin as o where o.n_located = 0)) as n_office,
        count(*) filter (n_located < n_investors) as n_unlocated,
        sum((n_investors - n_located) / n_investors) as unlocated,
        count(usd) filter (n_located > 0) as n_amounts, sum(usd) filter (n_located > 0) as usd,
        max(usd) filter (n_located > 0) as usd_largest
    from counted as d
    group by all
), years as (
    select
        dataset, company_country as country, company_province as province, year, origin, max(origin_country) as origin_country,
        sum(any_rule) as any_rule, sum(any_rule) filter (n_located < n_investors) as any_unlocated, count(*) as office_rule,
        count(*) filter (n_located < n_investors) as office_unlocated, sum(fractional_rule) as share,
        sum(fractional_low) as low, sum(amount_rule_usd) as usd
    from marts.deal_origin
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
    left join city as c on c.city = y.origin
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
