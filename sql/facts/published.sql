-- Figures that others published, those printed as one number of one year.
select city, metric, cast(edition_or_year as integer) as year, number as value, source, note
from core.published_statistics
where number is not null and regexp_matches(edition_or_year, '^[0-9]{4}$')
