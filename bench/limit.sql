-- The operations without which no program could make the tables, one by one and on numbers: what they take together is the limit
-- for this machine and this engine. A deal counts alike for its source and for all sources together, so it is counted once. Each
-- statement is headed by what it does; `python -m bench.scale` times them.

-- read what has landed
select
    count(hash(r.round_key, r.company_key, r.country, r.region, r.place, r.round_type, r.round_code, r.funded_at, r.raised_usd)),
    (select count(hash(country, region, place, founded_year)) from 'crunchbase_2015__companies.parquet')
from 'crunchbase_2015__rounds.parquet' as r;

-- number deals and companies by their text keys
create table deal as
select l.source_row::int as deal, n.company, l.funded_at::date - date '1970-01-01' as day, l.funded_year::int as year, l.raised_usd as usd
from 'crunchbase_2015__rounds.parquet' as l
inner join (select company_key, source_row::int as company from 'crunchbase_2015__companies.parquet') as n using (company_key);

-- find the deal and the investor of each row by their text keys
create table invested as
select r.source_row::int as deal, n.investor, l.source_row::int as source_row
from 'crunchbase_2015__investments.parquet' as l
inner join (select round_key, source_row from 'crunchbase_2015__rounds.parquet') as r using (round_key)
inner join (
    select replace(mention, 'crunchbase_2015/investor:', '') as investor_key, row_number() over ()::int as investor from 'names.parquet' where kind = 'investor'
) as n using (investor_key);

-- compare the reports of one company
create table repeated as
select b.deal, min(a.deal) as earlier
from deal as b
inner join (select *, unnest([0, 1]) + day // 60 as slot from deal) as a
    on a.company = b.company and a.slot = b.day // 60 and b.day - a.day between 0 and 60 and a.deal < b.deal
where a.usd <= b.usd * 1.05 and b.usd <= a.usd * 1.05
group by b.deal;

-- count an investor once in a deal
create table sided as
select deal, investor, min(source_row) as source_row, investor % 400 as home
from invested
group by deal, investor;

-- count the investors of each deal
create table counted as
select deal, count(*)::int as n, d.year, d.company % 400 as destination, d.usd
from sided
inner join deal as d using (deal)
group by all;

-- count the investors of each deal and place
create table placed as
select deal, home, count(*)::int as n from sided group by all;

-- sum up by place and year
select count(*), sum(shares), sum(usd) from (
    select p.home, c.destination, c.year, sum(p.n / c.n) as shares, sum(p.n / c.n * c.usd) as usd
    from placed as p
    inner join counted as c using (deal)
    group by all
);

-- count companies by place and year
select count(*) from (
    select company % 400 as destination, year, count(distinct company) as n from deal group by all
);
