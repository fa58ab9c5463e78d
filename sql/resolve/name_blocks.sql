-- Which rows of names share a part of a name, and so are compared. The mark before a part says what the part is; a part that
-- more than $crowd entities share proves nothing, and they are compared only in one city. Two words one letter apart become
-- equal when the right letter is left out of either or both; short ones are compared only in one city and year.
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
        ],
        list_transform(initials, lambda word: 'a ' || word)
    ))) as text from rows
    union all
    select row, kind, unnest(list_distinct(list_transform(
        range(1, length(word) + 2), lambda gap: '- ' || left(word, gap - 1) || substr(word, gap + 1) || facts
    ))) as text
    from (
        select row, kind, replace(core, ' ', '') as word, '' as facts from rows where length(core) between 10 and 40
        union all
        select row, kind, replace(core, ' ', '') as word, ' ' || city || founded as facts from rows where length(core) between 5 and 9
    )
) where text is not null;

create table sizes as select part, count(*) as n from parts group by part having n > 1;

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
insert into parts from crowded;

create table blocked as
with shared as (
    select part from sizes where n <= getvariable('crowd')
    union all
    select part from crowded group by part having count(*) between 2 and getvariable('crowd')
),
listed as (select row, list(part order by part) as parts from parts where part in (select part from shared) group by row)
select rows.*, listed.parts from rows join listed using (row) order by row;

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
