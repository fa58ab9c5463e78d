-- One row per measure, source, period and place: what lists say about cities, as printed.
select
    measure,  -- What is counted. #not_null
    dataset,  -- Source. #not_null
    period,  -- Edition, year, programme or exchange. #not_null
    country,  -- Country.
    province,  -- Province or state, where known.
    city,  -- City; null if the list gives none, or a place that is not a city.
    count(*) as n_rows,  -- Rows of the list.
    round(sum(value), 6) as value  -- Sum of their values: a count, unless the measure says otherwise.
from branches
group by measure, dataset, period, country, province, city
