-- One row per ranked city and score in the headline year: its rank, how sure that is, and what would make it surer.
-- An indicator weighs in a score as its pillar does, times its share of the pillar.
with weights as (
    select
        i.indicator,
        p.measure,
        p.weight * i.weight / sum(i.weight) over (partition by i.pillar) as weight
    from core.indicators as i
    inner join index.goalposts as g on g.indicator = i.indicator
    inner join index.pillars as p on p.pillar = i.pillar
),

widths as (
    select
        w.measure,
        v.city,
        v.indicator,
        v.rows_to_halve,
        row_number() over (
            partition by w.measure, v.city
            -- The variance is three over the rows that would halve the interval.
            order by w.weight / sqrt(v.rows_to_halve) desc, v.indicator
        ) as turn
    from marts.indicator_values as v
    inner join index.headline as h on h.year = v.year
    inner join weights as w on w.indicator = v.indicator
)

select
    s.measure,  -- Readiness or Realised. #not_null #unique with city
    s.year,  -- Headline year.
    cast(s.rank as integer) as rank,  -- Rank among the ranked cities. Cities that tie share a rank and the next follows without a gap: all that score 0 have the last one, whatever their number. #not_null
    s.city,  -- City. #not_null
    c.city_zh,  -- Its Chinese name, of a city in mainland China.
    s.score,  -- Score: 100 is the Bay Area in the base year, ten points less is half as much (index.goalposts).
    s.score_low,  -- Lower end of its 90% interval: what the lists leave open, and the choices of the index.
    s.score_high,  -- Upper end of that interval.
    d.times_less,  -- How many times less it has than the Bay Area in the same year, of what both have (index.distance).
    d.times_less_low,  -- Lower end of its 90% interval.
    d.times_less_high,  -- Upper end of that interval.
    d.n_compared,  -- Indicators that both have, over which they are compared.
    d.n_inferred,  -- Of these, indicators that no list looks at in the city: inferred from what it has otherwise.
    cast(s.rank_low as integer) as rank_low,  -- Best rank of the 90% interval.
    cast(s.rank_high as integer) as rank_high,  -- Worst rank of that interval.
    s.p_first,  -- Probability of the first rank, given the published choices of the index.
    s.p_first_low,  -- Least such probability over other ways to make the score; Readiness only.
    s.p_first_high,  -- Greatest such probability.
    s.p_top3,  -- Share of all draws in which it is among the first three.
    cast(s.rank_set_low as integer) as rank_set_low,  -- Best rank of the 90% rank set; the sets hold for all ranked cities at once, choices as published and as if the scale did not end at 0, so that none tie there.
    cast(s.rank_set_high as integer) as rank_set_high,  -- Worst rank of that rank set.
    s.rank_low = 1 as can_be_first,  -- The 90% interval of its rank has the first rank: no other city is clearly ahead of it. rank_set_low asks this of all cities at once, which is harder to rule out.
    w.indicator as widest_indicator,  -- Indicator that makes the score most uncertain against those of other cities, by its weight.
    w.rows_to_halve  -- Further rows of a complete list that would halve the uncertainty of that indicator against other cities.
from index.scores as s
inner join index.headline as h on h.year = s.year
left join core.cities as c on c.city = s.city
left join index.distance as d on d.measure = s.measure and d.city = s.city and d.year = s.year
left join widths as w on w.measure = s.measure and w.city = s.city and w.turn = 1
where s.rank is not null and s.measure in ('Readiness', 'Realised')
