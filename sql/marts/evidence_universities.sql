-- One row per university that counts, from the year its programme or figure began.
-- Figures of research come in editions: each stands until the next, the first for all years before it too, since they have no
-- others. Of CSRankings there is one: volunteers widen it all the time, and that would look like growth.
with editions as (
    select distinct dataset, measure, year from core.research
),

spans as (
    select
        dataset,
        measure,
        year as edition,
        case when lag(year) over (partition by dataset, measure order by year) is null then 1900 else year end as valid_from,
        lead(year) over (partition by dataset, measure order by year) - 1 as valid_to
    from editions
),

-- Where over a third of a country's figures have no city, or but a few of its universities are listed, what is left would rank the
-- places that happened to be found.
located as (
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
    'register' as dataset,  -- Source. #not_null
    city,  -- City. #not_null
    greatest(
        coalesce(founded, 1900),
        case
            when country <> 'CN' and founded is null then 1900
            when country <> 'CN' then 1901  -- Founded before: 1900 would say that the year is not known.
            when is_211 then 1995 when is_985 then 1998 else 2017 end
    ) as year,  -- First year it counts: Project 211 began in 1995, 985 in 1998, Double First-Class in 2017.
    cast(null as integer) as year_to,  -- Last year it counts; null if open.
    cast(null as varchar) as company,  -- Company it goes with when companies are resampled; none here.
    university as label,  -- What a reader sees.
    1.0 as elite_universities,  -- Universities in national elite programmes.
    case when is_leading_technical then 1.0 end as technical_universities,  -- Leading technical universities.
    cast(null as double) as undergraduate_institutions,  -- Universities and colleges, where the whole registry is loaded.
    cast(null as double) as cs_faculty,  -- Computer-science faculty, each split over the institutions named.
    cast(null as double) as research_top10,  -- Works among the tenth of the world's most cited.
    source,  -- Where the fact was published.
    url,  -- Address of the page, where known.
    source_file,  -- File the row stands in.
    source_row  -- Row of that file.
from core.universities
where is_985 or is_211 or is_dfc or is_leading_technical
union all
select
    r.dataset,
    r.city,
    s.valid_from as year,
    s.valid_to as year_to,
    null as company,
    r.university || case when s.valid_from = 1900 then ' (year as listed)' else '' end as label,
    null as elite_universities,
    null as technical_universities,
    null as undergraduate_institutions,
    case when r.measure = 'cs_faculty' then r.value end as cs_faculty,
    case when r.measure = 'top10_works' then r.value end as research_top10,
    r.dataset as source,
    null as url,
    r.source_file,
    r.source_row
from core.research as r
inner join spans as s on s.dataset = r.dataset and s.measure = r.measure and s.edition is not distinct from r.year
inner join located as l on l.dataset = r.dataset and l.measure = r.measure and l.country = r.country
where
    r.city is not null
    and r.measure in ('cs_faculty', 'top10_works')
    and l.share >= 0.65
    and l.n_universities >= 5
union all
select
    'ror' as dataset,
    p.city,
    coalesce(o.established, 1900) as year,
    null as year_to,
    null as company,
    o.name as label,
    null as elite_universities,
    null as technical_universities,
    1.0 as undergraduate_institutions,
    null as cs_faculty,
    null as research_top10,
    'ror' as source,
    null as url,
    o.source_file,
    o.source_row
from landing.ror__organisations as o
inner join core.places as p
    on p.place_key = coalesce(o.country, '') || '|' || coalesce(o.region, '') || '|' || coalesce(o.place, '')
where
    p.city is not null
    and o.types like '%education%'
    and o.status = 'active'
    -- Records of single releases are no registry: only the whole of it can be counted.
    and (select count(*) from landing.ror__organisations) >= 50000
