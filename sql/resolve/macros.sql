-- What the comparisons of names ask of two lists of distinct words, or of two words.
create macro has_any(a, b) as array_length(array_intersect(a, b)) > 0;
create macro has_all(a, b) as array_length(array_intersect(a, b)) = array_length(b);
create macro one_contains_other(a, b) as has_all(a, b) or has_all(b, a);
create macro share_words(a, b) as one_contains_other(a, b) and (array_length(a) > 0) = (array_length(b) > 0);
create macro only_one_has(word, a, b) as list_contains(a, word) <> list_contains(b, word);
create macro is_within(place, country, city, other_place) as
    place is null and (other_place = country or other_place = city);
create macro one_begins_other(a, b) as starts_with(a, b || ' ') or starts_with(b, a || ' ');
-- One letter more, less or other, or two neighbours swapped.
create macro is_one_slip(a, b) as case
    when levenshtein(a, b) <= 1 then true
    when length(a) <> length(b) or levenshtein(a, b) > 2 then false
    else list_contains(
        list_transform(
            range(1, length(a)), lambda i: left(a, i - 1) || substr(a, i + 1, 1) || substr(a, i, 1) || substr(a, i + 2)
        ),
        b
    )
end;
create macro is_one_letter_apart(a, b) as
    is_one_slip(replace(a, ' ', ''), replace(b, ' ', ''))
    and regexp_replace(a, '[^0-9]', '', 'g') = regexp_replace(b, '[^0-9]', '', 'g');
create macro one_letter_apart(a, b) as least(length(a), length(b)) >= 10 and is_one_letter_apart(a, b);
create macro short_one_letter_apart(a, b) as least(length(a), length(b)) >= 5 and is_one_letter_apart(a, b);
