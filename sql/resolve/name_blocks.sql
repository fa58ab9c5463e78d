-- Which rows of names share a part of a name, and so are compared. The mark before a part says what the part is; a part that
-- more than $crowd entities share proves nothing, and they are compared only in one city. Two words one letter apart become
-- equal when the right letter is left out of either or both; short ones are compared only in one city and year. Lists that are
-- put together are cast because Sail holds texts that it makes otherwise than those that it reads.
create table parts as
select row, left(text, 1) as mark, hash(kind, text) as part from (
    select row, kind, unnest(list_distinct(list_concat(
        [
            '= ' || latin,
            '= ' || replace(core, ' ', ''),
            '= ' || cjk_core,
            '1 ' || split_part(core, ' ', 1),
            '2 ' || left(cjk_core, 2),
            'a ' || case when length(latin) between 3 and 6 then latin end
        ]::varchar[],
        list_transform(initials, lambda word: 'a ' || word)::varchar[]
    ))) as text from rows
    union all
    select row, kind, unnest(list_distinct(list_transform(
        range(1, length(word) + 2), lambda gap: '- ' || left(word, gap - 1) || substr(word, gap + 1) || facts
    ))) as text
    from (
        select row, kind, replace(core, ' ', '') as word, '' as facts from rows where length(core) between 10 and 40
        union all
        select row, kind, replace(core, ' ', '') as word, ' ' || city || founded::varchar as facts
        from rows where length(core) between 5 and 9
    )
) where text is not null;

create table sizes as select part, count(*) as n from parts group by part having count(*) > 1;

-- What a crowd shares, with each city and each city and year of it.
create table crowded as
with crowd as (
    select row, mark, part, city, founded
    from parts join sizes using (part) join rows using (row)
    where n > getvariable('crowd')
)
select row, mark, hash(part, city) as part from crowd where city is not null
union all
select row, mark, hash(part, city, founded) as part from crowd where city is not null and founded is not null;

create table blocked as
with shared as (
    select part from sizes where n <= getvariable('crowd')
    union all
    select part from crowded group by part having count(*) between 2 and getvariable('crowd')
),
listed as (
    select row, list(part) as parts
    from (from parts union all from crowded)
    where part in (select part from shared)
    group by row
)
select rows.*, listed.parts from rows join listed on listed.row = rows.row;
