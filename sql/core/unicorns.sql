-- One row per list of unicorns and company on it: companies valued at US$1bn or more while private, or once so.
with listed as (
    select
        'cb_insights' as dataset,
        'cb_insights/company:' || company || '|' || country || '|' || coalesce(place, '') as mention,
        company,
        country,
        unicorn_on as since,
        valuation_usd_bn,
        cast(industry as varchar) as industry,
        cast(null as varchar) as exit_reason,
        source_file,
        source_row
    from landing.cb_insights__unicorns
    union all
    select
        'wikipedia_unicorns' as dataset,
        'wikipedia_unicorns/company:' || company || '|' || coalesce(country, '') as mention,
        company,
        country,
        null as since,
        valuation_usd_bn,
        industry,
        null as exit_reason,
        source_file,
        source_row
    from landing.wikipedia_unicorns__unicorns
    union all
    select
        'wikipedia_unicorns' as dataset,
        'wikipedia_unicorns/company:' || company || '|' || coalesce(country, '') as mention,
        company,
        country,
        null as since,
        valuation_usd_bn,
        null as industry,
        coalesce(exit_reason, 'left the list') as exit_reason,
        source_file,
        source_row
    from landing.wikipedia_unicorns__former_unicorns
    union all
    select
        'hurun' as dataset,
        'hurun/company:' || cast(hurun_id as varchar) as mention,
        company,
        null as country,
        cast(edition as varchar) as since,
        valuation_usd_bn,
        industry,
        null as exit_reason,
        source_file,
        source_row
    from landing.hurun__unicorns
)

select
    l.dataset,  -- Source. #not_null
    n.entity as company,  -- Company. #in core.companies.company
    l.company as company_printed,  -- Name as printed. #not_null
    coalesce(c.country, k.country) as country,  -- Country, by the list or else by any source.
    k.city,  -- City, by any source.
    l.since,  -- Day it joined, or edition of the list, where the list says.
    l.valuation_usd_bn,  -- Valuation, billions of US dollars.
    l.industry,  -- Industry as printed.
    l.exit_reason,  -- Why it left the list; null for those on it.
    l.source_file,  -- File the row stands in.
    l.source_row  -- Row of that file.
from listed as l
left join core.names as n on n.mention = l.mention
left join core.companies as k on k.company = n.entity
left join core.countries as c on c.written = lower(l.country)
