-- What others have published on each claim, by what was counted.
from claims.figures order by metric, city, edition_or_year, source_file, source_row
