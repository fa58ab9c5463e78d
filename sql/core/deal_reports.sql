-- One row per deal as a source reports it, with the round it is a report of.
with located as (
    select
        r.*,
        n.entity,
        p.city,
        p.province,
        p.city_country,
        p.level
    from staging.deals as r
    left join core.names as n on n.mention = r.company_mention
    left join core.places as p on p.place_key = r.place_key
),

anchors as (
    select report, entity, round, date_low, date_high
    from located
    where dataset = 'register'
),

-- A report of another source is of a curated deal if company and round agree and at most 60 days lie between.
candidates as (
    select
        l.report,
        a.report as anchor,
        row_number() over (
            partition by l.report
            order by
                case when a.round = l.round then 0 else 1 end,
                greatest(date_diff('day', l.date_high, a.date_low), date_diff('day', a.date_high, l.date_low), 0),
                a.report
        ) as turn
    from located as l
    inner join anchors as a
        on a.entity = l.entity and (a.round = l.round or a.round = 'unknown' or l.round = 'unknown')
    where
        l.dataset <> 'register'
        and greatest(date_diff('day', l.date_high, a.date_low), date_diff('day', a.date_high, l.date_low), 0) <= 60
),

anchored as (
    select report, anchor
    from candidates
    where turn = 1
),

-- The others are chained in time: a gap of more than 60 days, or another named round, begins a new deal.
loose as (
    select l.*
    from located as l
    left join anchored as a on a.report = l.report
    where l.dataset <> 'register' and a.report is null
),

gaps as (
    select
        report,
        entity,
        round,
        date_low,
        date_high,
        max(date_high) over (
            partition by entity, round
            order by date_low, report
            rows between unbounded preceding and 1 preceding
        ) as reached
    from loose
),

islands as (
    select
        report,
        entity,
        round,
        date_low,
        date_high,
        sum(case when reached is null or date_diff('day', reached, date_low) > 60 then 1 else 0 end) over (
            partition by entity, round
            order by date_low, report
            rows between unbounded preceding and current row
        ) as island
    from gaps
),

spans as (
    select entity, round, island, min(date_low) as date_low, max(date_high) as date_high, min(report) as first_report
    from islands
    group by entity, round, island
),

-- A chain without a named round joins the nearest named one of the company.
nearest as (
    select
        u.entity,
        u.island,
        k.first_report,
        row_number() over (
            partition by u.entity, u.island
            order by
                greatest(date_diff('day', u.date_high, k.date_low), date_diff('day', k.date_high, u.date_low), 0),
                k.first_report
        ) as turn
    from spans as u
    inner join spans as k on k.entity = u.entity and k.round <> 'unknown'
    where
        u.round = 'unknown'
        and greatest(date_diff('day', u.date_high, k.date_low), date_diff('day', k.date_high, u.date_low), 0) <= 60
),

chained as (
    select i.report, coalesce(n.first_report, s.first_report) as deal
    from islands as i
    inner join spans as s on s.entity = i.entity and s.round = i.round and s.island = i.island
    left join nearest as n on n.entity = i.entity and n.island = i.island and n.turn = 1 and i.round = 'unknown'
)

select
    l.report,  -- Readable key: for curated deals company, date and round; else source and its own key. #unique #not_null
    l.dataset,  -- Source. #not_null
    coalesce(a.anchor, c.deal, l.report) as deal,  -- Round it is a report of. #not_null
    l.entity as company,  -- Company financed; null if its name leads to no company.
    l.company as company_printed,  -- Name as printed.
    l.city_country as country,  -- Country of the place printed.
    l.province,  -- Province or state of the place printed.
    l.city,  -- City of the place printed; null where the source knows the province only.
    l.date,  -- Announced: YYYY, YYYY-MM or YYYY-MM-DD.
    l.year,  -- Year announced. #not_null
    l.round,  -- Round, in one vocabulary; unknown where the source has none.
    l.amount_text,  -- Amount as printed.
    l.currency,  -- ISO 4217 code of the amount.
    l.amount_low,  -- Least the amount can be, units of the currency; null if undisclosed. #check amount_low >= 0
    l.amount_high,  -- Most it can be. #check amount_high >= amount_low
    l.amount_low / x.per_usd as usd_low,  -- Least, US dollars at the year's average rate.
    l.amount_high / x.per_usd as usd_high,  -- Most, US dollars at the year's average rate.
    l.sector,  -- Sector as printed.
    l.url,  -- Address of the page, where known.
    l.source_file,  -- File the row stands in. #not_null
    l.source_row  -- Row of that file, the first if there are several. #not_null
from located as l
left join anchored as a on a.report = l.report
left join chained as c on c.report = l.report
left join core.exchange_rates as x on x.currency = l.currency and x.year = l.year
