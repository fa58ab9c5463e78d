-- How many times as wide as its own interval the rank set of each ranked city is, by Readiness, in the order of the ranking.
select
    city, rank, rank_low, rank_high, rank_set_low, rank_set_high,
    (rank_set_high - rank_set_low + 1) / (rank_high - rank_low + 1) as times
from index.ranking
where measure = 'Readiness'
order by rank, city
