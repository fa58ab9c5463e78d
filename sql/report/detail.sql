-- Every number of the headline year: value, count, denominator, score and status.
from marts.indicator_detail where year = (select year from index.headline)
