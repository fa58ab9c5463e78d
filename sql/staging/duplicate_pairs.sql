-- One row per two reports that may be of one round: the later, or the one that is not curated, and the one it may follow.
-- Two reports are of one round if company and round agree, or the exact amounts do, and at most 60 days lie between; if both
-- give amounts that cannot be the same, only reports of different sources under one name of the round still are.
with
-- Curated deals first, so that what is listed is read as a report of them and never the other way round.
pairs as (
    select
        b.report,
        b.year,
        a.report as earlier,
        a.round = b.round and a.round <> 'unknown' as is_same_round,
        a.round = 'unknown' or b.round = 'unknown' as is_open_round,
        a.dataset = b.dataset as is_same_source,
        a.usd_low is not null and b.usd_low is not null as are_both_disclosed,
        a.usd_low = a.usd_high and b.usd_low = b.usd_high as are_both_exact,
        coalesce(a.usd_low <= coalesce(b.usd_high, b.usd_low) * 1.05 and b.usd_low <= coalesce(a.usd_high, a.usd_low) * 1.05, false)
            as do_amounts_meet,
        greatest(date_diff('day', b.date_high, a.date_low), date_diff('day', a.date_high, b.date_low), 0) as days
    from staging.duplicate_candidates as b
    inner join staging.duplicate_candidates as a
        on a.company = b.company
        and a.year = b.year
        and a.date_low <= b.date_high + interval 60 day
        and b.date_low <= a.date_high + interval 60 day
        and (
            a.dataset = 'register'
            or a.date_low < b.date_low
            or (a.date_low = b.date_low and a.date_high < b.date_high)
            or (a.date_low = b.date_low and a.date_high = b.date_high and a.report < b.report)
        )
    where b.is_own_year and b.dataset <> 'register'
)

select
    year,  -- Year in which the report begins. #not_null #part
    report,  -- Deal as a source reports it. #not_null
    earlier,  -- The report it may follow. #not_null
    is_same_round,  -- Both name the same round.
    are_both_exact and do_amounts_meet as is_same_amount,  -- Both give the same amount exactly, within 5%.
    days  -- Days between the two at least. #check days <= 60
from pairs
where
    (do_amounts_meet and (are_both_exact or is_same_round or is_open_round))
    or (not are_both_disclosed and is_same_round)
    or (not are_both_disclosed and is_open_round and not is_same_source)
    or (are_both_disclosed and is_same_round and not is_same_source)
