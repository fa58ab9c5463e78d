-- One row per fact of the register, city and indicator: how far the city's score would fall if the fact were wrong, by one step.
-- Removing one of the n rows that a list counts in a city lowers the logarithm of its count by 1 / n. The city's level follows
-- with the weight that the list has among all that is known of the city, so it falls by
--     elasticity · variance / (1 + n · noise²),
-- where the variance is what the lists leave open of the level (index.ranking has the rows that would settle it), and the noise
-- is the list's attention to single cities. Growth, other quantities and other cities are left as they are. What several facts
-- do together is more than their sum, and of a fact that stands in another city the gain of that city comes on top.
with weights as (
    select
        i.indicator,
        i.quantity,
        p.measure,
        p.weight * i.weight / sum(i.weight) over (partition by i.pillar) as weight
    from core.indicators as i
    inner join index.goalposts as g on g.indicator = i.indicator
    inner join index.pillars as p on p.pillar = i.pillar
),

lists as (
    -- What stands is counted anew in each edition.
    select
        l.quantity,
        l.list,
        l.elasticity,
        l.attention_noise,
        c.city,
        sum(c.n) / case when bool_or(p.is_stock) then greatest(count(distinct c.year), 1) else 1 end as n
    from index.lists as l
    inner join marts.list_counts as c on c.quantity = l.quantity and c.list = l.list and c.dataset = l.dataset
    inner join marts.list_profiles as p on p.quantity = l.quantity and p.list = l.list
    where l.dataset = 'register' and c.city is not null
    group by l.quantity, l.list, l.elasticity, l.attention_noise, c.city
),

evidence as (
    select e.*, w.measure, w.quantity, w.weight
    from marts.evidence as e
    inner join weights as w on w.indicator = e.indicator
    where e.dataset = 'register' and e.source_file not like '%published_statistics.csv'
),

-- rows_to_halve is three over the variance.
effects as (
    select
        e.*,
        10 / ln(2) * e.weight * e.value * l.elasticity * 3 / v.rows_to_halve / (1 + l.n * l.attention_noise ** 2) as change
    from evidence as e
    inner join lists as l on l.quantity = e.quantity and l.list = e.list and l.city = e.city
    inner join index.headline as h on true
    inner join marts.indicator_values as v on v.city = e.city and v.indicator = e.indicator and v.year = h.year
),

-- Investors of one city share a deal.
investors as (
    select
        d.investor,
        e.city,
        e.measure,
        e.indicator,
        e.change / count(*) over (partition by e.source_file, e.source_row, e.city, e.measure) as change
    from effects as e
    inner join core.deal_investors_by_source as d on d.source_file = e.source_file and d.source_row = e.source_row and d.city = e.city
    where e.indicator = 'deals_originated' and d.dataset = 'register'
),

-- A row counts itself; the row of a company says where its deals and returnees count, that of an investor where its deals do,
-- unless only other lists say where it is at home.
facts as (
    select source_file, source_row, label as fact, city, measure, indicator, change
    from effects
    union all
    select c.source_file, c.source_row, c.company as fact, e.city, e.measure, e.indicator, e.change
    from effects as e
    inner join core.companies as c on c.company = e.company
    where c.is_in_register and c.source_file <> e.source_file and e.indicator <> 'deals_originated'
    union all
    select i.source_file, i.source_row, i.investor as fact, s.city, s.measure, s.indicator, s.change
    from investors as s
    inner join core.investors as i on i.investor = s.investor
    where i.is_in_register
)

select
    source_file,  -- File of the register that holds the fact. #not_null
    source_row,  -- Row of that file. #not_null
    min(fact) as fact,  -- What the row says, for readers.
    city,  -- City that it counts for. #not_null #in core.cities.city
    measure,  -- Readiness or Realised. #not_null
    indicator,  -- Indicator. #not_null #in core.indicators.indicator
    count(*) as n_rows,  -- Rows of evidence that hang on it: itself, or the deals and founders of a company or investor.
    -- The last digits of a sum depend on its order.
    round(sum(change), 9) as change  -- Points by which the city's score of the headline year would fall without it.
from facts
group by source_file, source_row, city, measure, indicator
