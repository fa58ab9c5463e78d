-- How often each city takes each rank by Readiness.
from index.rank_probabilities where measure = 'Readiness' order by city, rank
