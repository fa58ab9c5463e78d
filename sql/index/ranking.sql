-- One row per ranked city and score in the headline year, with intervals by layer of uncertainty.
with evidence as (
    select
        city,
        count(distinct company) as n_companies,
        count(distinct label) as n_deals
    from marts.evidence
    where indicator = 'deals_received'
    group by city
)

select
    s.measure,  -- Readiness or Realised. #not_null
    s.year,  -- Headline year.
    cast(s.rank as integer) as rank,  -- Rank among the ranked cities. #not_null
    s.city,  -- City. #not_null
    s.score,  -- Score; 100 is the upper goalpost on every indicator.
    cast(s.rank_low_total as integer) as rank_low,  -- Best rank of the 90% interval, all uncertainty together.
    cast(s.rank_high_total as integer) as rank_high,  -- Worst rank of that interval.
    cast(s.rank_low_companies as integer) as rank_low_companies,  -- Best rank of the 90% interval, companies resampled only.
    cast(s.rank_high_companies as integer) as rank_high_companies,  -- Worst rank of that interval.
    cast(s.rank_set_low as integer) as rank_set_low,  -- Best rank of the 90% rank set, which holds for all cities at once; companies resampled only.
    cast(s.rank_set_high as integer) as rank_set_high,  -- Worst rank of that rank set.
    cast(s.rank_low_choices as integer) as rank_low_choices,  -- Best rank of the 90% interval, choices of measurement and index only.
    cast(s.rank_high_choices as integer) as rank_high_choices,  -- Worst rank of that interval.
    s.score_low_companies,  -- Lower end of the score's 90% interval, companies resampled and detection rates drawn.
    s.score_high_companies,  -- Upper end of that interval.
    s.p_first,  -- Share of all draws in which the city is first.
    s.p_top3,  -- Share of all draws in which it is among the first three.
    case when h.basis = 'register' then p.n_companies else e.n_companies end
        as n_companies,  -- Companies of the city that the index rests on; in lists, those with a deal.
    case when h.basis = 'register' then p.n_deals else e.n_deals end
        as n_deals,  -- Deals of the city that the index rests on.
    c.detection_rate,  -- Estimated share of its companies that the sources contain; counts are divided by it.
    c.detection_rate_low,  -- Lower end of its 90% interval.
    c.detection_rate_high,  -- Upper end of that interval.
    c.is_pooled as is_detection_rate_pooled,  -- No recording names the city: its rate is the average of the other cities.
    c.is_estimated as is_detection_rate_estimated  -- False for worldwide lists: their rate is not estimated but taken as 1.
from index.scores as s
inner join index.headline as h on h.year = s.year
inner join marts.city_profile as p on p.city = s.city
inner join index.coverage as c on c.city = s.city
left join evidence as e on e.city = s.city
where s.rank is not null and s.measure in ('Readiness', 'Realised')
