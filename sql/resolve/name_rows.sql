-- A row for each pair of a Latin and a Chinese name of an entity that may be joined: number of the entity, and of its best
-- ranked record that bears the name; what the best ranked records state; and its source if that is the only one and tells its
-- own apart by key. Within one such source there is nothing to find.
create table rows as
with entities as (
    select entity,
        any_value(kind) as kind,
        case when count(distinct source) = 1 and bool_and(key is not null) then any_value(source) end as closed,
        arg_min(country, number) as country,
        arg_min(region, number) as region,
        arg_min(city, number) as city,
        arg_min(founded, number) as founded
    from facts
    where kind in (
        select kind from facts group by kind having bool_or(key is null) or count(distinct source) > 1
    )
    group by entity
),
borne as (
    select entity, names.* from names join facts using (number)
    qualify row_number() over (partition by entity, folded order by number) = 1
),
latin as (from borne where not is_cjk),
cjk as (from borne where is_cjk)
select
    row_number() over (order by entity, latin.number, latin.folded, cjk.number, cjk.folded) as row,
    entity,
    coalesce(latin.number, cjk.number) as record,
    concat_ws(' ', latin.printed, nullif(cjk.printed, latin.printed)) as printed,
    kind, closed, country, region, city, founded,
    latin.folded as latin,
    nullif(latin.core, '') as core,
    coalesce(latin.meanings, []) as words,
    coalesce(latin.initials, []) as initials,
    cjk.folded as cjk,
    nullif(cjk.core, '') as cjk_core,
    coalesce(cjk.meanings, []) as cjk_words,
    nullif(array_to_string(list_sort(list_distinct([latin.place, cjk.place])), '+'), '') as place
from entities
left join latin using (entity)
left join cjk using (entity);

-- What the comparisons of names ask of a pair.
create macro one_contains_other(a, b) as list_has_all(a, b) or list_has_all(b, a);
create macro share_words(a, b) as one_contains_other(a, b) and (len(a) > 0) = (len(b) > 0);
create macro only_one_has(word, a, b) as list_contains(a, word) <> list_contains(b, word);
create macro is_within(place, country, city, other_place) as
    place is null and (other_place = country or other_place = city);
create macro one_begins_other(a, b) as starts_with(a, b || ' ') or starts_with(b, a || ' ');
create macro is_one_letter_apart(a, b) as
    damerau_levenshtein(replace(a, ' ', ''), replace(b, ' ', '')) <= 1
    and regexp_replace(a, '[^0-9]', '', 'g') = regexp_replace(b, '[^0-9]', '', 'g');
create macro one_letter_apart(a, b) as least(length(a), length(b)) >= 10 and is_one_letter_apart(a, b);
create macro short_one_letter_apart(a, b) as least(length(a), length(b)) >= 5 and is_one_letter_apart(a, b);
