-- One row per claim and figure that others have published on it. A claim is about the scope: figures of the benchmark stand beside, those
-- of other cities abroad do not.
with read_figures as (
    select distinct p.source_file, p.source_row
    from core.published_counts as p
    inner join index.lists as l on l.quantity = p.quantity and l.list = p.list
    -- Of a country's total, the counts hold what its printed cities leave.
    inner join marts.list_counts as c
        on c.quantity = p.quantity
        and c.list = p.list
        and (c.city = p.city or (c.city is null and c.country = p.country))
)

select
    c.claim,  -- Claim. #not_null #unique with source_file, source_row
    s.city,  -- City or region as published.
    s.metric,  -- What was counted.
    s.edition_or_year,  -- Edition or year of the figure.
    s.value,  -- Value as published.
    s.unit,  -- Unit.
    r.source_row is not null as is_list,  -- The index reads it, as a list or part of one. #not_null
    s.confidence,  -- high: the publisher's page or a major outlet's; medium: secondary, such as a copy; low: one unconfirmed page.
    s.note,  -- What to know before using the figure.
    s.source,  -- Where the fact was published.
    s.url,  -- Address of the page, where known.
    s.source_file,  -- File that holds the row.
    s.source_row  -- Row of that file.
from landing.reference__claims as c
inner join core.published_statistics as s on list_contains(string_split_regex(c.figures, '[|]'), s.metric)
cross join index.headline as h
left join core.cities as k on k.city = s.city
left join read_figures as r on r.source_file = s.source_file and r.source_row = s.source_row
where k.country is null or h.scope in (k.country, 'world') or s.city in (select city from index.goalposts)
