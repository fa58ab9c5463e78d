-- One row per deal and investor as a source reports it, with the investor's place where it is printed beside the deal.
with split as (
    select
        deal,
        year,
        lead,
        source_file,
        source_row,
        unnest(string_split_regex(investors, '[|]')) as investor
    from staging.curated_deals
),

reported as (
    select distinct
        'register' as dataset,
        deal as report,
        year,
        trim(investor) as investor,
        'register/investor:' || trim(investor) as investor_mention,
        coalesce(list_contains(string_split_regex(lead, '[|]'), trim(investor)), false) as is_lead,
        cast(null as varchar) as country,
        cast(null as varchar) as region,
        cast(null as varchar) as place,
        source_file,
        source_row
    from split
    union all
    select
        'crunchbase_investments' as dataset,
        'crunchbase_investments:' || l.company || '|' || l.country || '|' || coalesce(l.place, '') || '|' || l.funded_month
        || '|' || coalesce(cast(cast(l.raised_usd as bigint) as varchar), '') as report,
        cast(substr(l.funded_month, 1, 4) as integer) as year,
        l.investor,
        'crunchbase_investments/investor:' || l.investor || '|' || l.investor_country as investor_mention,
        false as is_lead,
        c.country,
        null as region,
        l.investor_place as place,
        l.source_file,
        l.source_row
    from landing.crunchbase_investments__investments as l
    left join core.countries as c on c.written = lower(l.investor_country)
    union all
    select
        'crunchbase_2015' as dataset,
        'crunchbase_2015:' || l.round_key as report,
        cast(substr(r.funded_at, 1, 4) as integer) as year,
        l.investor,
        'crunchbase_2015/investor:' || l.investor_key as investor_mention,
        false as is_lead,
        c.country,
        case when c.country in ('US', 'CA') then l.investor_region end as region,
        l.investor_place as place,
        l.source_file,
        l.source_row
    from landing.crunchbase_2015__investments as l
    inner join landing.crunchbase_2015__rounds as r on r.round_key = l.round_key and r.funded_year is not null
    left join core.countries as c on c.written = lower(l.investor_country)
    where l.investor is not null
    union all
    select
        'itjuzi' as dataset,
        'itjuzi:' || l.link as report,
        cast(substr(e.date, 1, 4) as integer) as year,
        l.investor,
        'itjuzi/investor:' || l.investor as investor_mention,
        false as is_lead,
        null as country,
        null as region,
        null as place,
        l.source_file,
        l.source_row
    from landing.itjuzi__event_investors as l
    left join landing.itjuzi__events as e on e.link = l.link
    union all
    select
        'inbox' as dataset,
        'inbox:' || l.source_file || '#' || cast(l.source_row as varchar) as report,
        cast(substr(l.date, 1, 4) as integer) as year,
        trim(l.investor) as investor,
        'inbox/investor:' || trim(l.investor) as investor_mention,
        coalesce(list_contains(string_split_regex(l.lead, '[|]'), l.investor), false) as is_lead,
        null as country,
        null as region,
        null as place,
        l.source_file,
        l.source_row
    from (
        select *, unnest(string_split_regex(investors, '[|]')) as investor
        from landing.inbox__deals
        where date is not null
    ) as l
)

select
    dataset,  -- Source. #not_null
    report,  -- Deal as the source reports it. #not_null #in staging.deals.report
    year,  -- Year announced. #not_null
    investor,  -- Investor as printed. #not_null
    investor_mention,  -- The investor as the source lists it. #not_null
    is_lead,  -- Named as lead.
    country,  -- Country of the investor, ISO alpha-2, where printed beside the deal.
    region,  -- State or province as printed.
    place,  -- City or district as printed.
    case
        when country is not null or region is not null or place is not null
            then coalesce(country, '') || '|' || coalesce(region, '') || '|' || coalesce(place, '')
    end as place_key,  -- The three together; null if nothing is printed.
    source_file,  -- File the row stands in. #not_null
    source_row  -- Row of that file. #not_null
from reported
