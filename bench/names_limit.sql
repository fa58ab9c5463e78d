-- How many mentions of the second source fit one company alone, for a reader who knows just how its names were made: in other case,
-- with a legal ending, without the generic word, or with the sixth letter left out; and how many do once the companies that
-- others fit alone are taken. No rule can find more without a guess.
with written as (
    select source, key, country, city, founded, regexp_replace(lower(name), ', inc\.$', '') as name,
        regexp_extract(name, '(tech|labs|systems|health|media|capital|energy|games)$') as generic,
        trim(left(name, length(name) - length(generic))) as core
    from (select * replace (regexp_replace(lower(name), ', inc\.$', '') as name) from mentions)
),
listed as (
    select key, country, city, founded, core, generic, core as meant from written where source = 'one'
    union all
    select key, country, city, founded, left(core, 5) || substr(core, 7), generic, core from written
    where source = 'one' and length(core) > 5
),
fitting as (
    select distinct two.key as mention, one.key as company
    from written as two
    join listed as one on two.core = one.core and two.country = one.country
        and (two.generic = one.generic or (two.generic = '' and one.core = one.meant))
        and (two.city is null or two.city = one.city) and (two.founded is null or two.founded = one.founded)
    where two.source = 'two'
),
alone as (
    select mention, company from fitting qualify count(*) over (partition by mention) = 1
),
rest as (
    select mention, count(*) as n from fitting
    where mention not in (select mention from alone) and company not in (select company from alone)
    group by mention
)
select (select count(*) from alone) as fit_one, (select count(*) from rest where n = 1) as left_one;
