-- One row per deal and investor taking part.
with split as (
    select
        deal,
        lead,
        source_file,
        source_row,
        unnest(string_split_regex(investors, '[|]')) as investor
    from staging.deals
)

select distinct
    deal,  -- Deal.
    trim(investor) as investor,  -- Investor as announced.
    coalesce(list_contains(string_split_regex(lead, '[|]'), trim(investor)), false) as is_lead,  -- Named as lead.
    source_file,  -- File the row stands in.
    source_row  -- Row of that file.
from split
