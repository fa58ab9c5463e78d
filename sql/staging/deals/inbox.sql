select
    'inbox:' || d.source_file || '#' || cast(d.source_row as varchar) as report,
    r.dataset,
    r.company || '|' || coalesce(r.country, '') || '|' || coalesce(r.place, '') as company_key,
    r.company,
    r.country,
    r.region,
    r.place,
    d.date,
    d.round,
    d.amount as amount_text,
    d.currency,
    d.amount_low,
    d.amount_high,
    d.source_file,
    d.source_row
from landing.inbox__deals as d
inner join staging.inbox_rows as r on r.source_file = d.source_file and r.source_row = d.source_row
