-- The numbers that people follow from release to release, of the release being made.
with release as (
    select r.content_hash, r.made_at, r.method_version, h.scope as country
    from published.core.release as r
    cross join published.index.headline as h
)

select r.*, k.measure, k.city as subject, k.rank, k.score as value, cast(null as varchar) as verdict
from release as r
cross join published.index.ranking as k
union all
select r.*, 'claim, ' || c.period as measure, c.claim as subject, null as rank, c.estimate as value, c.verdict
from release as r
cross join published.claims.scorecard as c
