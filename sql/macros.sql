-- Table macros of the published file: questions people ask, answered in one call.

-- why('Beijing'): the score of a city in the headline year, walked back to indicators and an example row of each.
create macro why(a_city) as table
    select
        d.pillar, d.pillar_name, d.indicator, d.name, d.value, d.unit, d.numerator, d.denominator,
        d.normalised as score, d.weight, d.status, e.n_rows as evidence_rows, e.example, e.example_source
    from marts.indicator_detail as d
    left join (
        select
            e.city, e.measure, count(*) as n_rows,
            min(e.label) as example, arg_min(e.source, e.label) as example_source
        from marts.evidence as e
        inner join index.headline as h on e.counts_from <= h.year and e.counts_to >= h.year
        group by e.city, e.measure
    ) as e on e.city = d.city and e.measure = d.indicator
    where d.city = a_city and d.year = (select year from index.headline)
    order by d.pillar, d.indicator;

-- evidence('Beijing', 'deals_originated'): every row behind one number of the headline year, with its source.
create macro evidence(a_city, an_indicator) as table
    select e.label, e.year, e.value, e.weight, e.company, e.source, e.url, e.source_file, e.source_row
    from marts.evidence as e
    inner join index.headline as h on e.counts_from <= h.year and e.counts_to >= h.year
    where e.city = a_city and e.measure = an_indicator
    order by e.year desc, e.label;

-- compare('Beijing', 'Shanghai'): two cities side by side, indicator by indicator.
create macro compare(a_city, b_city) as table
    select
        a.pillar, a.pillar_name, a.indicator, a.name, a.unit, a.value as a_value, b.value as b_value,
        a.normalised as a_score, b.normalised as b_score, a.normalised - b.normalised as difference
    from marts.indicator_detail as a
    inner join marts.indicator_detail as b on b.indicator = a.indicator and b.year = a.year
    where a.city = a_city and b.city = b_city and a.year = (select year from index.headline)
    order by a.pillar, a.indicator;
