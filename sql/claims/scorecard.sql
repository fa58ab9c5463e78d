-- One row per claim and period: verdict, statistic with interval, n, rule and what would change it; claims.figures has what others
-- published.
-- The verdict is that of all lists, the statistic that of the deciding one: the most complete, among equals the one that tells most.
with others as (
    select
        claim,
        period,
        array_to_string(
            list_sort(
                list(
                    dataset || ' (' || measure || '): ' || verdict
                    || case when low is null then '' else ' ' || printf('%.3f–%.3f', low, high) end
                    || ' (n ' || cast(n as varchar) || ')'
                )
            ), '; '
        ) as others
    from claims.evidence
    where is_rule and not is_headline and (verdict <> 'no data' or n > 0)
    group by claim, period
),

readings as (
    select
        claim,
        period,
        dataset,
        array_to_string(
            list_sort(
                list(
                    reading || ': ' || verdict
                    || case when low is null then '' else ' ' || printf('%.3f–%.3f', low, high) end
                )
            ), '; '
        ) as readings
    from claims.evidence
    where reading is not null
    group by claim, period, dataset
),

agreed as (
    select
        claim,
        period,
        count(distinct dataset) as n_datasets,
        bool_and(completeness = 'all lists') as is_all_lists,
        count(distinct verdict) as n_verdicts,
        count(distinct case when verdict in ('supported', 'contradicted') then verdict end) as n_decided
    from claims.evidence
    where is_rule and verdict not in ('no data', 'not testable here')
    group by claim, period
)

select
    c.claim,  -- Number of the claim; letters mark its separate tests. #not_null #unique with period
    row_number() over (partition by v.period order by c.source_row) as claim_order,  -- Place of the claim in the argument. #not_null
    c.title,  -- The claim in one line.
    v.period,  -- baseline (2009–2012) or current (four years up to the headline year; in other sources up to three up to their last). #not_null
    v.dataset,  -- Source of the deciding list, or all lists together. #not_null
    v.measure,  -- What was measured there.
    v.first_year,  -- First year of what was counted, as a rule the period's; null for a list without date.
    v.last_year,  -- Last year of what was counted.
    v.is_partly_undated,  -- Of the past; part of it is by lists of another year or without one. #not_null
    d.verdict,  -- supported (said: holds), contradicted (does not hold), not separable (undecided), no data (too few data), lists disagree or not testable here. #not_null
    d.found,  -- What was found, in a sentence; both findings where lists disagree. #not_null
    v.estimate,  -- The statistic; its unit follows from what is measured.
    v.low,  -- Lower end of its range.
    v.high,  -- Upper end of that range.
    v.range_is,  -- What low and high are: 90% interval, range of published figures or precision of the simulation.
    v.bound_low,  -- Least it can be, with all that is imputed taken so; null: nothing is.
    v.bound_high,  -- Most it can be.
    min(v.dataset || ', ' || v.measure) over (partition by c.claim) = max(v.dataset || ', ' || v.measure) over (partition by c.claim)
        as is_same_measure,  -- Both periods are measured by the same statistic of the same list. #not_null
    r.readings,  -- What the rule would give if the claim's words meant something else; null: they are not tried so.
    v.n,  -- Observations behind it.
    v.rows_to_decide,  -- Observations that would decide if the statistic stayed as it is; null where decided or not known.
    v.detail,  -- What was counted, and what the finding depends on.
    case
        when coalesce(a.n_datasets, 0) = 0 then 'no source can say'
        when a.n_decided > 1 then 'sources contradict each other'
        when a.n_verdicts > 1 then 'some cannot tell'
        when a.is_all_lists then 'all lists together'
        when a.n_datasets = 1 then 'one source'
        else 'sources agree'
    end as agreement,  -- Whether the sources, and lists of them, that give a verdict give the same one. #not_null
    o.others,  -- Verdicts by the same rule on other sources.
    c.statistic,  -- What is measured.
    c.supported_if,  -- Rule for supported in this version of the method.
    c.contradicted_if,  -- Rule for contradicted in this version of the method.
    c.would_change,  -- What evidence would change the verdict.
    v.sources  -- Tables the verdict rests on; their rows carry sources.
from landing.reference__claims as c
inner join claims.evidence as v on v.claim = c.claim and v.is_headline
inner join claims.verdicts as d on d.claim = v.claim and d.period = v.period
left join others as o on o.claim = v.claim and o.period = v.period
left join readings as r on r.claim = v.claim and r.period = v.period and r.dataset = v.dataset
left join agreed as a on a.claim = v.claim and a.period = v.period
