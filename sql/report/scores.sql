-- Every score of the headline year.
from index.scores where score is not null and year = (select year from index.headline)
