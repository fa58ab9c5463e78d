-- Names that are nearly one, in one city: of two sources, where they may be one firm, and of one source that tells its own apart
-- by key, where they are two. Only entities of one such source are looked at; what facts and weights join is joined by now.
create table lone as
select row, entity, record, kind, closed, city, founded, printed, core, words, place, cjk_core, replace(core, ' ', '') as word,
    hash(kind, region, city) as town
from rows
where closed is not null and region is not null and city is not null and core is not null;

create table town_parts as
select row, hash(town, split_part(core, ' ', 1)) as part from lone
union
select row, unnest(list_transform(
    range(1, length(word) + 2), lambda gap: hash(town, '-', left(word, gap - 1) || substr(word, gap + 1))
)) as part
from lone
where length(word) between 5 and 40;

create table near as
with shared as (
    select part from town_parts group by part having count(*) between 2 and getvariable('crowd')
),
compared as (
    select distinct l.row as row_l, r.row as row_r
    from town_parts as l
    join town_parts as r on l.part = r.part and l.row < r.row
    where l.part in (from shared)
),
likened as (
    select l.kind, l.city, l.entity as entity_l, r.entity as entity_r, l.record as record_l, r.record as record_r,
        l.closed as closed_l, r.closed as closed_r, l.printed as printed_l, r.printed as printed_r,
        coalesce(abs(l.founded - r.founded) <= 1, true) as is_one_year,
        case
            when l.word <> r.word and share_words(l.words, r.words) and short_one_letter_apart(l.core, r.core)
                then 'one letter apart'
            when one_contains_other(l.words, r.words) and one_begins_other(l.core, r.core)
                then 'one begins with the other'
        end as likeness
    from compared
    join lone as l on l.row = row_l
    join lone as r on r.row = row_r
    where l.entity <> r.entity and coalesce(l.place = r.place, true) and coalesce(l.cjk_core = r.cjk_core, true)
)
select * from likened
where likeness is not null
qualify row_number() over (partition by entity_l, entity_r order by likeness desc, record_l, record_r) = 1;

-- How often such a pair of two sources is one firm, if neither name is near another. A firm of the longer source has so many near
-- names in its own source ($by_chance), all of other firms; one of the shorter source that is not in the longer will have as many
-- there. What is more than that, are the same firms ($same). Either is taken two standard errors to the safe side.
create table chances as
with sizes as (
    select kind, closed, count(distinct entity) as n from lone group by kind, closed
),
sources as (
    select l.kind, l.closed as longer, r.closed as shorter, l.n as n_longer, r.n as n_shorter
    from sizes as l
    join sizes as r on l.kind = r.kind and (l.n > r.n or (l.n = r.n and l.closed > r.closed))
),
counted as (
    select kind, likeness, least(closed_l, closed_r) as one, greatest(closed_l, closed_r) as other, count(*)::double as pairs
    from near
    group by kind, likeness, least(closed_l, closed_r), greatest(closed_l, closed_r)
),
estimated as (
    select sources.kind, longer, shorter, across.likeness,
        2 * (coalesce(own.pairs, 0) + 2 * sqrt(coalesce(own.pairs, 0) + 1)) / n_longer as by_chance,
        (across.pairs - 2 * sqrt(across.pairs)) / n_shorter as rate
    from sources
    join counted as across
        on across.kind = sources.kind and across.one = least(longer, shorter) and across.other = greatest(longer, shorter)
    left join counted as own
        on own.kind = sources.kind and own.one = longer and own.other = longer and own.likeness = across.likeness
),
rates as (
    select kind, longer, shorter, likeness, by_chance, rate - by_chance as same from estimated
)
select *, round(least(same / (same + (1 - same) * by_chance), 0.99), 2) as probability from rates where same > 0;

create table near_pairs as
with possible as (
    select near.*, probability
    from near
    join chances on chances.kind = near.kind and chances.likeness = near.likeness
        and longer in (closed_l, closed_r) and shorter in (closed_l, closed_r) and closed_l <> closed_r
    where is_one_year
),
near_of as (
    select entity_l as entity, closed_r as source from possible
    union all
    select entity_r, closed_l from possible
),
alone as (
    select entity, source from near_of group by entity, source having count(*) = 1
)
select possible.*
from possible
join alone as l on l.entity = entity_l and l.source = closed_r
join alone as r on r.entity = entity_r and r.source = closed_l;
