-- Every fact that a list counts, now or in an earlier release: when it was true, when it was learned, and when it was dropped.
with now as (
    select
        indicator,
        dataset,
        coalesce(company, label) as subject,
        label,
        city,
        year,
        round(sum(value), 6) as value
    from published.marts.evidence
    group by all
),

release as (
    select
        made_at,
        exists (from earlier_facts) as has_earlier,
        (select max(year) from earlier_headline) as headline
    from published.core.release
),

standing as (
    select * from earlier_facts where dropped_at is null
),

-- What an earlier release holds and this one does not.
gone as (
    select s.*
    from standing as s
    anti join now as n
        on n.indicator = s.indicator and n.dataset = s.dataset and n.subject = s.subject and n.label = s.label
        and n.city is not distinct from s.city and n.year is not distinct from s.year and n.value = s.value
),

-- The other way round.
added as (
    select n.*
    from now as n
    anti join standing as s
        on n.indicator = s.indicator and n.dataset = s.dataset and n.subject = s.subject and n.label = s.label
        and n.city is not distinct from s.city and n.year is not distinct from s.year and n.value = s.value
),

-- When a company was first funded follows from its deals: a deal learned late may move it, and corrects nothing.
corrected as (
    select distinct g.indicator, g.dataset, g.subject
    from gone as g
    where
        g.indicator <> 'backed_companies'
        or not exists (
            from added as a
            where a.dataset = g.dataset and a.subject = g.subject and a.indicator <> 'backed_companies'
        )
        or exists (
            from gone as o
            where o.dataset = g.dataset and o.subject = g.subject and o.indicator <> 'backed_companies'
        )
)

select
    a.*,
    r.made_at as learned_at,
    cast(null as timestamp) as dropped_at,
    case
        when not r.has_earlier then null
        when c.subject is not null then 'correction'
        when a.year > r.headline then 'news'
        else 'late data'
    end as kind
from added as a
cross join release as r
left join corrected as c on c.indicator = a.indicator and c.dataset = a.dataset and c.subject = a.subject
union all
select g.* replace (r.made_at as dropped_at) from gone as g cross join release as r
union all
select s.*
from standing as s
anti join gone as g
    on g.indicator = s.indicator and g.dataset = s.dataset and g.subject = s.subject and g.label = s.label
    and g.city is not distinct from s.city and g.year is not distinct from s.year and g.value = s.value
union all
select * from earlier_facts where dropped_at is not null
