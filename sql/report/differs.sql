-- Why the newest edition of each ranking of others puts cities elsewhere, those with most of our cities first.
with newest as (
    select ranking, max(edition) as edition, count(distinct city) as n
    from index.differs
    group by ranking
)

select
    d.ranking, d.edition, d.city, d.our_rank, d.their_rank, d.difference, d.by_scope, d.by_boundary, d.by_indicators, d.by_weights,
    d.by_data, d.by_year, d.not_explained, d.mainly
from index.differs as d
inner join newest as n on n.ranking = d.ranking and n.edition = d.edition
order by n.n desc, d.ranking, d.our_rank, d.city
