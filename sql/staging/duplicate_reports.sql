-- One row per report of a round with several reports, with the report that represents it, and the one that does so among those of
-- its source. A report that repeats no other represents its round. Each duplicate joins the closest such report, so that a round spans
-- 60 days from it. Reports that repeat only such as joined another round are a round among themselves, by the same rule once more.
with ranked as (
    select
        report_number,
        earlier,
        row_number() over (
            partition by report_number
            order by case when is_same_amount then 0 else 1 end, case when is_same_round then 0 else 1 end, days, earlier
        ) as turn
    from staging.duplicate_pairs
),

first_turns as (
    select r.report_number, min(r.turn) as turn
    from ranked as r
    left join (select distinct report_number from ranked) as f on f.report_number = r.earlier
    where f.report_number is null
    group by r.report_number
),

closest as (
    select r.report_number, r.earlier as deal_number
    from ranked as r
    inner join first_turns as t on t.report_number = r.report_number and t.turn = r.turn
),

joined as (
    select report_number from closest
    union
    select deal_number as report_number from closest
),

left_over as (
    select r.report_number, r.earlier, r.turn
    from ranked as r
    left join joined as j on j.report_number = r.report_number
    left join joined as e on e.report_number = r.earlier
    where j.report_number is null and e.report_number is null
),

turns_again as (
    select r.report_number, min(r.turn) as turn
    from left_over as r
    left join (select distinct report_number from left_over) as f on f.report_number = r.earlier
    where f.report_number is null
    group by r.report_number
),

rounds as (
    select report_number, deal_number from closest
    union all
    select r.report_number, r.earlier as deal_number
    from left_over as r
    inner join turns_again as t on t.report_number = r.report_number and t.turn = r.turn
),

reported as (
    select report_number, deal_number from rounds
    union all
    select distinct deal_number as report_number, deal_number from rounds
)

select
    f.report_number,  -- Report. #unique #not_null
    f.deal_number,  -- Number of the report that represents the round. #not_null
    first_value(f.report_number) over (
        partition by f.deal_number, r.dataset_number order by case when r.usd_low is null then 1 else 0 end, f.report_number
    ) as source_deal  -- Number of the first report of its source that gives an amount, or else of the first. #not_null
from reported as f
inner join staging.reports as r on r.report_number = f.report_number
