-- Which rows of names share a part of a name, and so are compared. The mark before a part says what the part is; a part that
-- more than $crowd entities share proves nothing. Two words one letter apart become equal when the right letter is left out
-- of either or both.
create table parts as
select distinct row, left(part, 1) as mark, hash(kind, part) as part from (
    select row, kind, unnest([
        '= ' || latin,
        '= ' || replace(core, ' ', ''),
        '= ' || cjk_core,
        '1 ' || split_part(core, ' ', 1),
        '2 ' || left(cjk_core, 2),
        'a ' || case when length(latin) between 3 and 6 then latin end
    ]) as part from rows
    union all
    select row, kind, 'a ' || unnest(initials) from rows
    union all
    select row, kind, '- ' || left(word, gap - 1) || substr(word, gap + 1)
    from (select row, kind, word, unnest(range(1, length(word) + 2)) as gap from (
        select row, kind, replace(core, ' ', '') as word from rows where length(core) between 10 and 40
    ))
) where part is not null;

create table blocked as
with shared as (select part from parts group by part having count(*) between 2 and getvariable('crowd')),
listed as (select row, list(part order by part) as parts from parts where part in (select part from shared) group by row)
select rows.*, listed.parts from rows join listed using (row) order by row;

-- What the comparisons of names ask of a pair.
create macro one_contains_other(a, b) as list_has_all(a, b) or list_has_all(b, a);
create macro share_words(a, b) as one_contains_other(a, b) and (len(a) > 0) = (len(b) > 0);
create macro only_one_has(word, a, b) as list_contains(a, word) <> list_contains(b, word);
create macro is_within(place, country, city, other_place) as
    place is null and (other_place = country or other_place = city);
create macro one_begins_other(a, b) as starts_with(a, b || ' ') or starts_with(b, a || ' ');
create macro one_letter_apart(a, b) as
    least(length(a), length(b)) >= 10
    and damerau_levenshtein(replace(a, ' ', ''), replace(b, ' ', '')) <= 1
    and regexp_replace(a, '[^0-9]', '', 'g') = regexp_replace(b, '[^0-9]', '', 'g');
