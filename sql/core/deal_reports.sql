-- One row per deal as a source reports it, with the round it is a report of.
-- Two reports are of one round if company and round agree, or the exact amounts do, and at most 60 days lie between; if both
-- give amounts that cannot be the same, only reports of different sources under one name of the round still are.
with valued as (
    select
        r.report,
        r.dataset,
        r.round,
        r.date_low,
        r.date_high,
        n.entity,
        r.amount_low / x.per_usd as usd_low,
        r.amount_high / x.per_usd as usd_high
    from staging.deals as r
    inner join core.names as n on n.mention = r.company_mention
    left join core.exchange_rates as x on x.currency = r.currency and x.year = r.year
),

-- Only reports of one company are compared, and of these only such as may lie 60 days apart: a report stands in the year it
-- begins in, in the next if it or the 60 days after it reach so far, and if curated, so that it may begin later, in the one
-- before.
earlier as (
    select *, year(date_low) as near_year from valued
    union all
    select *, year(date_low) + 1 as near_year from valued where year(date_high + interval 60 day) > year(date_low)
    union all
    select *, year(date_low) - 1 as near_year from valued where dataset = 'register'
),

-- Curated deals first, so that what is listed is read as a report of them and never the other way round.
pairs as (
    select
        b.report,
        a.report as earlier,
        a.round = b.round and a.round <> 'unknown' as is_same_round,
        a.round = 'unknown' or b.round = 'unknown' as is_open_round,
        a.dataset = b.dataset as is_same_source,
        a.usd_low is not null and b.usd_low is not null as are_both_disclosed,
        a.usd_low = a.usd_high and b.usd_low = b.usd_high as are_both_exact,
        coalesce(a.usd_low <= coalesce(b.usd_high, b.usd_low) * 1.05 and b.usd_low <= coalesce(a.usd_high, a.usd_low) * 1.05, false)
            as do_amounts_meet,
        greatest(date_diff('day', b.date_high, a.date_low), date_diff('day', a.date_high, b.date_low), 0) as days
    from valued as b
    inner join earlier as a
        on a.entity = b.entity
        and a.near_year = year(b.date_low)
        and a.date_low <= b.date_high + interval 60 day
        and b.date_low <= a.date_high + interval 60 day
        and (
            a.dataset = 'register'
            or a.date_low < b.date_low
            or (a.date_low = b.date_low and a.date_high < b.date_high)
            or (a.date_low = b.date_low and a.date_high = b.date_high and a.report < b.report)
        )
    where b.dataset <> 'register'
),

candidates as (
    select report, earlier, is_same_round, are_both_exact and do_amounts_meet as is_same_amount, days
    from pairs
    where
        (do_amounts_meet and (are_both_exact or is_same_round or is_open_round))
        or (not are_both_disclosed and is_same_round)
        or (not are_both_disclosed and is_open_round and not is_same_source)
        or (are_both_disclosed and is_same_round and not is_same_source)
),

-- A report that follows none stands for its round; the others join the best such report, so that a round spans 60 days from it.
ranked as (
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
    from candidates as c
    left join (select distinct report from candidates) as f on f.report = c.earlier
    where f.report is null
)

select
    v.report,  -- Readable key: for curated deals company, date and round; else source and its own key. #unique #not_null
    v.dataset,  -- Source. #not_null
    case v.dataset when 'register' then 1 when 'inbox' then 2 when 'crunchbase_2015' then 3 when 'itjuzi' then 4 else 5 end
        as trust,  -- Order in which sources are believed where they differ; 1 is the register. #not_null
    coalesce(r.earlier, v.report) as deal,  -- Round it is a report of. #not_null
    n.entity as company,  -- Company financed; null if its name leads to no company.
    v.company as company_printed,  -- Name as printed.
    p.city_country as country,  -- Country of the place printed.
    p.province,  -- Province or state of the place printed.
    p.city,  -- City of the place printed; null where the source knows the province only.
    v.date,  -- Announced: YYYY, YYYY-MM or YYYY-MM-DD.
    v.year,  -- Year announced. #not_null
    v.round,  -- Round, in one vocabulary; unknown where the source has none.
    v.amount_text,  -- Amount as printed.
    v.currency,  -- ISO 4217 code of the amount.
    v.amount_low,  -- Least the amount can be, units of the currency; null if undisclosed. #check amount_low >= 0
    v.amount_high,  -- Most it can be; null if open. #check amount_high >= amount_low
    v.amount_low / x.per_usd as usd_low,  -- Least, US dollars at the year's average rate.
    v.amount_high / x.per_usd as usd_high,  -- Most, US dollars at the year's average rate.
    v.sector,  -- Sector as printed.
    v.url,  -- Address of the page, where known.
    v.source_file,  -- File the row stands in. #not_null
    v.source_row  -- Row of that file, the first if there are several. #not_null
from staging.deals as v
left join core.names as n on n.mention = v.company_mention
left join staging.units as p on p.place_key = v.place_key
left join core.exchange_rates as x on x.currency = v.currency and x.year = v.year
left join ranked as r on r.report = v.report and r.turn = 1
