-- One row per pair of reports that may report the same round: the later or uncurated one, and the one that it may repeat.
-- Two reports are of the same round if the company and either the round or the exact amount agree, at most 60 days apart. If both
-- give amounts that cannot be equal, only reports of different sources with the same round still are.
with
-- A curated deal always comes first, so that listed deals are matched to it and never the reverse.
pairs as (
    select
        b.report_number,
        b.year,
        a.report_number as earlier,
        a.round = b.round and a.round <> 'unknown' as is_same_round,
        a.round = 'unknown' or b.round = 'unknown' as is_open_round,
        a.dataset_number = b.dataset_number as is_same_source,
        a.usd_low is not null and b.usd_low is not null as are_both_disclosed,
        a.usd_low = a.usd_high and b.usd_low = b.usd_high as are_both_exact,
        coalesce(a.usd_low <= coalesce(b.usd_high, b.usd_low) * 1.05 and b.usd_low <= coalesce(a.usd_high, a.usd_low) * 1.05, false)
            as do_amounts_meet,
        greatest(date_diff('day', b.date_high, a.date_low), date_diff('day', a.date_high, b.date_low), 0) as days
    from staging.duplicate_candidates as b
    inner join staging.duplicate_candidates as a
        on a.company_number = b.company_number
        and a.year = b.year
        and a.date_low <= b.date_high + interval 60 day
        and b.date_low <= a.date_high + interval 60 day
        -- A source that lists two rounds of a year takes them for two: its own may begin two months apart at most.
        and (a.dataset_number <> b.dataset_number or b.date_low <= a.date_low + interval 62 day)
        and (
            a.is_curated
            or a.date_low < b.date_low
            or (a.date_low = b.date_low and a.date_high < b.date_high)
            or (a.date_low = b.date_low and a.date_high = b.date_high and a.report_number < b.report_number)
        )
    where b.is_own_year and not b.is_curated
)

select
    year,  -- Year of the first day on which the report may lie. #not_null #part
    report_number,  -- Report. #not_null
    earlier,  -- Number of the report that it may repeat. #not_null
    is_same_round,  -- Both name the same round.
    are_both_exact and do_amounts_meet as is_same_amount,  -- Both give an exact amount, and the two differ by 5% at most.
    days  -- Least number of days between the two. #check days <= 60
from pairs
where
    (do_amounts_meet and (are_both_exact or is_same_round or is_open_round))
    or (is_same_round and not (are_both_disclosed and is_same_source))
    or (is_open_round and not are_both_disclosed and not is_same_source)
