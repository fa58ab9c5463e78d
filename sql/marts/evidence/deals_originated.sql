-- Deals credited to the home city of their investors; a deal of several investors is divided.
with shares as (
    select
        dataset,
        deal,
        city,
        count(*) * 1.0 / n_equal_parts as value,
        array_to_string(list_sort(list(investor)), '; ') as investors
    from staging.counted_credits
    where city is not null
    group by dataset, deal, city, n_equal_parts
)

select
    'deals_originated' as indicator,
    s.dataset as list,
    s.dataset,
    s.city,
    d.year,
    d.year as year_to,
    d.company,
    s.deal as label,
    s.investors,
    s.value,
    d.source,
    d.url,
    d.source_file,
    d.source_row
from shares as s
inner join staging.venture_deals as d on d.dataset = s.dataset and d.deal = s.deal
