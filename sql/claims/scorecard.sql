-- One row per claim and period: verdict, statistic with interval, n, rule, published figures and what would change it.
with figures as (
    select
        c.claim,
        array_to_string(
            list_sort(
                list(
                    s.city || ' ' || s.edition_or_year || ': ' || s.metric || ' ' || s.value || ' ' || s.unit || ' (' || s.source
                    || ', ' || s.confidence || ')'
                )
            ), '; '
        ) as published
    from landing.reference__claims as c
    inner join core.published_statistics as s
        on list_contains(string_split_regex(c.figures, '[|]'), s.metric)
    group by c.claim
)

select
    c.claim,  -- Number of the claim; letters mark its separate tests. #not_null
    c.title,  -- The claim in one line.
    v.period,  -- then (2009–2012) or now (four years up to the headline year). #not_null
    v.first_year,  -- First year of the period.
    v.last_year,  -- Last year of the period.
    v.verdict,  -- supported, contradicted, not separable or no data. #not_null
    v.estimate,  -- The statistic; its unit follows from what is measured.
    v.low,  -- Lower end of its 90% interval.
    v.high,  -- Upper end of that interval.
    v.n,  -- Observations behind it.
    v.detail,  -- What was counted, in a sentence.
    c.statistic,  -- What is measured.
    c.supported_if,  -- Rule for supported in this version of the method.
    c.contradicted_if,  -- Rule for contradicted in this version of the method.
    c.would_change,  -- What evidence would change the verdict.
    f.published,  -- Figures others published, with their sources; not part of the verdict.
    v.sources  -- Tables the verdict rests on; their rows carry sources.
from landing.reference__claims as c
inner join claims.verdicts as v on v.claim = c.claim
left join figures as f on f.claim = c.claim
