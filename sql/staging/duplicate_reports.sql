-- One row per duplicate report, with the report that represents its round. A report that repeats no other represents its
-- round. Each duplicate joins the closest such report, so that a round spans 60 days from it.
with ranked as (
    select
        c.report,
        c.earlier,
        row_number() over (
            partition by c.report
            order by
                case when c.is_same_amount then 0 else 1 end,
                case when c.is_same_round then 0 else 1 end,
                c.days,
                c.earlier
        ) as turn
    from staging.duplicate_pairs as c
    left join (select distinct report from staging.duplicate_pairs) as f on f.report = c.earlier
    where f.report is null
)

select
    report,  -- Deal as a source reports it. #unique #not_null
    earlier as deal  -- The report that represents the round. #not_null
from ranked
where turn = 1
