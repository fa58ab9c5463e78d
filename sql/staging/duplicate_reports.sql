-- One row per report of a round with several reports, with the report that represents it. A report that repeats no other
-- represents its round. Each duplicate joins the closest such report, so that a round spans 60 days from it. Reports that repeat only
-- such as joined another round are a round among themselves, by the same rule once more.
with ranked as (
    select
        c.report_number,
        c.earlier,
        row_number() over (
            partition by c.report_number
            order by
                case when c.is_same_amount then 0 else 1 end,
                case when c.is_same_round then 0 else 1 end,
                c.days,
                c.earlier
        ) as turn
    from staging.duplicate_pairs as c
    left join (select distinct report_number from staging.duplicate_pairs) as f on f.report_number = c.earlier
    where f.report_number is null
),

closest as (
    select report_number, earlier as deal_number from ranked where turn = 1
),

joined as (
    select report_number from closest
    union
    select deal_number as report_number from closest
),

left_over as (
    select c.report_number, c.earlier, c.is_same_amount, c.is_same_round, c.days
    from staging.duplicate_pairs as c
    left join joined as r on r.report_number = c.report_number
    left join joined as e on e.report_number = c.earlier
    where r.report_number is null and e.report_number is null
),

ranked_again as (
    select
        c.report_number,
        c.earlier,
        row_number() over (
            partition by c.report_number
            order by
                case when c.is_same_amount then 0 else 1 end,
                case when c.is_same_round then 0 else 1 end,
                c.days,
                c.earlier
        ) as turn
    from left_over as c
    left join (select distinct report_number from left_over) as f on f.report_number = c.earlier
    where f.report_number is null
),

rounds as (
    select report_number, deal_number from closest
    union all
    select report_number, earlier as deal_number from ranked_again where turn = 1
)

select
    report_number,  -- Report. #unique #not_null
    deal_number  -- Number of the report that represents the round. #not_null
from rounds
union all
select distinct
    deal_number as report_number,
    deal_number
from rounds
