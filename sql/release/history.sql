-- The followed numbers of the release being made, with what they have changed by since the release before.
select
    r.content_hash,
    r.made_at,
    r.method_version,
    h.scope as country,
    n.measure,
    n.subject,
    n.rank,
    n.value,
    n.verdict,
    c.news,
    c.late_data,
    c.correction,
    c.method
from numbers_now as n
cross join published.core.release as r
cross join published.index.headline as h
left join changes as c on c.measure = n.measure and c.subject = n.subject
