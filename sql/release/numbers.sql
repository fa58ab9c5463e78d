-- The numbers that people follow from release to release, of the release being made.
select k.measure, k.city as subject, k.rank, k.score as value, cast(null as varchar) as verdict
from published.index.ranking as k
union all
select 'claim, ' || c.period as measure, c.claim as subject, null as rank, c.estimate as value, c.verdict
from published.claims.scorecard as c
