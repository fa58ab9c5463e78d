-- What each followed number has changed by since the release before, split into news, late data, correction and method.
-- The parts add up to the change. Where nothing that lists count has changed, all of it is method.
with release as (
    select r.made_at, r.method_hash = e.method_hash as is_same_method, e.headline
    from published.core.release as r
    cross join (select max(method_hash) as method_hash, max(year) as headline from earlier_headline) as e
),

-- What lists count now and before.
counted as (
    select quantity, dataset, city, year, n, n as d from published.marts.list_counts
    union all
    select quantity, dataset, city, year, n, -n as d from earlier_counts
),

moved as (
    select quantity, dataset, city, year, sum(d) as d
    from counted
    group by quantity, dataset, city, year
    having abs(sum(d)) > 1e-6
),

-- Two indicators of the same quantity have the same evidence.
named as (
    select quantity, min(indicator) as indicator from published.core.indicators group by quantity
),

facts as (
    select n.quantity, f.dataset, f.city, f.kind, f.value as d
    from published.core.fact_history as f
    inner join named as n on n.indicator = f.indicator
    inner join release as r on r.made_at = f.learned_at
    where f.kind is not null
    union all
    -- What took the place of a fact says what it was dropped for.
    select n.quantity, f.dataset, f.city, coalesce(a.kind, 'correction') as kind, -f.value as d
    from published.core.fact_history as f
    inner join named as n on n.indicator = f.indicator
    inner join release as r on r.made_at = f.dropped_at
    left join (
        select indicator, dataset, subject, learned_at, min(kind) as kind
        from published.core.fact_history
        group by indicator, dataset, subject, learned_at
    ) as a on a.indicator = f.indicator and a.dataset = f.dataset and a.subject = f.subject and a.learned_at = f.dropped_at
),

-- Where no fact is known one by one, less than before is corrected, and as much that is more elsewhere; the rest of what is more
-- is news or late.
unnamed as (
    select
        m.*,
        m.year > r.headline as is_news,
        sum(greatest(m.d, 0)) over (partition by m.quantity, m.dataset) as more,
        sum(greatest(-m.d, 0)) over (partition by m.quantity, m.dataset) as less
    from moved as m
    cross join release as r
    anti join facts as f on f.quantity = m.quantity and f.dataset = m.dataset and f.city is not distinct from m.city
),

deltas as (
    select quantity, city, kind, d from facts
    union all
    select quantity, city, 'correction' as kind, case when d < 0 then d else d * least(less / more, 1) end as d from unnamed
    union all
    select quantity, city, case when is_news then 'news' else 'late data' end as kind, d * (1 - least(less / more, 1)) as d
    from unnamed
    where d > 0
),

shares as (
    select
        coalesce(sum(abs(d)) filter (where kind = 'news'), 0) as news,
        coalesce(sum(abs(d)) filter (where kind = 'late data'), 0) as late_data,
        coalesce(sum(abs(d)) filter (where kind = 'correction'), 0) as correction,
        sum(abs(d)) as every,
        exists (from moved) as is_new_data
    from deltas
),

weights as (
    select
        i.quantity,
        p.measure,
        sum(p.weight * i.weight / i.pillar_weight) as weight
    from (
        select i.*, sum(i.weight) over (partition by i.pillar) as pillar_weight
        from published.core.indicators as i
        inner join published.index.goalposts as g on g.indicator = i.indicator
    ) as i
    inner join published.index.pillars as p on p.pillar = i.pillar
    group by i.quantity, p.measure
),

sizes as (
    select quantity, city, sum(n) / 2 as n from counted group by quantity, city
),

-- Points by what a city's own facts say: ten for a doubling.
effects as (
    select
        w.measure,
        d.city,
        d.kind,
        sum(w.weight * 10 / ln(2) * d.d / (s.n + 1)) as points
    from deltas as d
    inner join weights as w on w.quantity = d.quantity
    inner join sizes as s on s.quantity = d.quantity and s.city = d.city
    group by w.measure, d.city, d.kind
),

own as (
    select
        measure,
        city,
        coalesce(sum(points) filter (where kind = 'news'), 0) as news,
        coalesce(sum(points) filter (where kind = 'late data'), 0) as late_data,
        coalesce(sum(points) filter (where kind = 'correction'), 0) as correction,
        sum(abs(points)) as every
    from effects
    group by measure, city
),

changed as (
    select
        n.measure,
        n.subject,
        n.value - b.value as change,
        case
            when not s.is_new_data then n.value - b.value
            when r.is_same_method then 0
            else e.score - b.value
        end as method
    from numbers_now as n
    inner join numbers_before as b on b.measure = n.measure and b.subject = n.subject
    cross join release as r
    cross join shares as s
    left join published.index.earlier_data as e on e.measure = n.measure and e.city = n.subject
),

-- What a city's own facts do not account for is shared out as they are, or as all facts are where it has none.
split as (
    select
        c.measure,
        c.subject,
        c.change,
        c.method,
        coalesce(o.news, 0) as own_news,
        coalesce(o.late_data, 0) as own_late,
        coalesce(o.correction, 0) as own_correction,
        c.change - c.method - coalesce(o.news + o.late_data + o.correction, 0) as rest,
        case when o.every > 0 then abs(o.news) / o.every when s.every > 0 then s.news / s.every else 0 end as share_news,
        case when o.every > 0 then abs(o.late_data) / o.every when s.every > 0 then s.late_data / s.every else 1 end
            as share_late,
        case when o.every > 0 then abs(o.correction) / o.every when s.every > 0 then s.correction / s.every else 0 end
            as share_correction,
        s.is_new_data
    from changed as c
    cross join shares as s
    left join own as o on o.measure = c.measure and o.city = c.subject
)

select
    measure,
    subject,
    case when is_new_data then own_news + rest * share_news else 0 end as news,
    case when is_new_data then own_late + rest * share_late else 0 end as late_data,
    case when is_new_data then own_correction + rest * share_correction else 0 end as correction,
    method
from split
