-- One row per deal as a source reports it that follows another report, and the report that stands for their round.
-- A report that follows none stands for its round; the others join the best such report, so that a round spans 60 days from it.
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
    earlier as deal  -- The report that stands for the round. #not_null
from ranked
where turn = 1
