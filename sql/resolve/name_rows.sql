-- A row for each pair of a Latin and a Chinese name of an entity that may be joined: number of the entity, and of its best
-- ranked record that bears the name; what the best ranked records state; and its source if that is the only one and tells its
-- own apart by key. Within one such source there is nothing to find. Rows are numbered in the order of entities, of which none
-- has a million.
create table rows as
with entities as (
    select entity,
        min(kind) as kind,
        case when min(source) = max(source) and bool_and(key is not null) then min(source) end as closed,
        min(number) filter (where country is not null) as of_country,
        min(number) filter (where city is not null) as of_city,
        min(number) filter (where founded is not null) as of_founded
    from facts
    where kind in (
        select kind from facts group by kind having bool_or(key is null) or min(source) < max(source)
    )
    group by entity
),
borne as (
    select entity, number, folded, printed, core, meanings, initials, place, is_cjk
    from names join facts using (number)
    qualify row_number() over (partition by entity, folded order by number) = 1
),
latin as (from borne where not is_cjk),
cjk as (from borne where is_cjk)
select
    entities.entity::bigint * 1000000 + row_number() over (
        partition by entities.entity order by latin.number, latin.folded, cjk.number, cjk.folded
    ) as row,
    entities.entity,
    coalesce(latin.number, cjk.number) as record,
    concat_ws(' ', latin.printed, nullif(cjk.printed, latin.printed)) as printed,
    entities.kind, closed, located.country, located.region, housed.city, dated.founded,
    latin.folded as latin,
    nullif(latin.core, '') as core,
    coalesce(latin.meanings, []) as words,
    coalesce(latin.initials, []) as initials,
    cjk.folded as cjk,
    nullif(cjk.core, '') as cjk_core,
    coalesce(cjk.meanings, []) as cjk_words,
    nullif(array_to_string(list_sort(list_distinct([latin.place, cjk.place])), '+'), '') as place
from entities
left join facts as located on located.number = of_country
left join facts as housed on housed.number = of_city
left join facts as dated on dated.number = of_founded
left join latin on latin.entity = entities.entity
left join cjk on cjk.entity = entities.entity;
