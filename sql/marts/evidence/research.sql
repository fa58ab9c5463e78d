-- Computer-science faculty, each split over the institutions named, and works among the tenth of the world's most cited.
-- Figures come in editions: each stands until the next, the first for all years before it too. CSRankings has one edition only,
-- because volunteers keep adding to it and that would look like growth.
-- Where over a third of a country's figures have no city, or fewer than five of its universities are listed, the rest would
-- rank the places that happened to be found.
with research_editions as (
    select distinct dataset, measure, year from core.research
),

research_spans as (
    select
        dataset,
        measure,
        year as edition,
        case when lag(year) over (partition by dataset, measure order by year) is not null then year end as valid_from,
        lead(year) over (partition by dataset, measure order by year) - 1 as valid_to
    from research_editions
),

research_located as (
    select
        dataset,
        measure,
        country,
        sum(case when city is not null then value else 0 end) / nullif(sum(value), 0) as share,
        count(distinct case when city is not null then university end) as n_universities
    from core.research
    group by dataset, measure, country
)

select
    'research' as indicator,
    r.dataset,
    r.city,
    s.valid_from as year,
    s.valid_to as year_to,
    cast(null as varchar) as company,
    r.university || case when s.valid_from is null then ' (year as listed)' else '' end as label,
    r.value,
    r.dataset as source,
    null as url,
    r.source_file,
    r.source_row
from core.research as r
inner join research_spans as s on s.dataset = r.dataset and s.measure = r.measure and s.edition is not distinct from r.year
inner join research_located as l on l.dataset = r.dataset and l.measure = r.measure and l.country = r.country
where
    r.city is not null
    and r.measure in ('cs_faculty', 'top10_works')
    and l.share >= 0.65
    and l.n_universities >= 5
