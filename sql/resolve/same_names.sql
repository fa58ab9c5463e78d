-- Pairs of records of one name that nothing sets apart, the best first. Where more than $crowd records bear one name, only
-- those of one city are compared.
create table borne as
select kind, folded, number, city, count(*) over (partition by kind, folded) as n
from names join facts using (number)
qualify n > 1;

-- The records of these names, each with all its own.
create table bearers as
with words as (
    select distinct kind, unnest(string_split_regex(core, ' ')) as word
    from names join facts using (number)
    where is_long and not is_cjk
),
listed as (
    select facts.number,
        list(folded) as folds,
        list(folded) filter (where is_long) as long_folds,
        -- Words that two firms of one country would hardly both choose.
        list(folded) filter (where is_coined and region = getvariable('coined_in') and word is null) as coined,
        list(folded) filter (where is_cjk) as cjk,
        bool_or(is_cjk) as has_cjk
    from names
    join facts on facts.number = names.number
    left join words on words.kind = facts.kind and word = folded
    where facts.number in (select number from borne)
    group by facts.number
)
select facts.*, coalesce(facts.source || left(facts.key, 0), facts.number::varchar) as closed,
    folds, long_folds, coined, cjk, has_cjk
from listed join facts on facts.number = listed.number;

create table alike as
with blocks as (
    select kind, folded, number, case when n > getvariable('crowd') then city else '' end as block from borne
),
compared as (
    select l.kind, l.folded, l.number as number_l, r.number as number_r
    from blocks as l
    join blocks as r on l.kind = r.kind and l.folded = r.folded and l.block = r.block and l.number < r.number
),
agreeing as (
    select compared.kind, compared.folded, number_l, number_r,
        l.region is not null and r.region is not null as is_country,
        l.city is not null and r.city is not null and l.city = r.city as is_city,
        l.founded is not null and r.founded is not null as is_year,
        array_length(array_intersect(l.folds, r.folds)) > 1 as is_other_name,
        l.name = r.name as is_verbatim
    from compared
    join bearers as l on l.number = number_l
    join bearers as r on r.number = number_r
    where l.closed <> r.closed
        and (l.region is null or r.region is null or l.region = r.region)
        and (not l.has_cjk or not r.has_cjk or has_any(l.cjk, r.cjk))
        and (l.founded is null or r.founded is null or abs(l.founded - r.founded) <= getvariable('years_apart'))
        -- Firms move, but a name of one word is soon taken twice.
        and (
            l.city is null or r.city is null or l.city = r.city
            or coalesce(has_any(l.long_folds, r.folds), false)
            or (l.name = r.name and coalesce(has_any(l.coined, r.folds), false))
        )
)
select *, is_country::int + is_city::int + is_year::int + is_other_name::int as agreed from agreeing;

-- Bearers of one name whose best partners are rivals: something sets these apart, so no agreement holds them.
create table torn as
with partners as (
    select kind, folded, number_l as number, number_r as partner, 2 * agreed + is_verbatim::int as strength from alike
    union all
    select kind, folded, number_r, number_l, 2 * agreed + is_verbatim::int from alike
),
best as (
    select * from partners qualify strength = max(strength) over (partition by kind, folded, number)
)
select distinct l.kind, l.folded, l.number
from best as l
join best as r on l.kind = r.kind and l.folded = r.folded and l.number = r.number
anti join alike
    on alike.kind = l.kind and alike.folded = l.folded and alike.number_l = l.partner and alike.number_r = r.partner
where l.partner < r.partner;

create table pairs as
select distinct number_l, number_r, is_country, is_city, is_year, is_other_name, agreed, is_verbatim
from alike
anti join torn as l on l.kind = alike.kind and l.folded = alike.folded and l.number = number_l
anti join torn as r on r.kind = alike.kind and r.folded = alike.folded and r.number = number_r;
