-- One row per deal as a source reports it, with its date as an interval of days.
with reported as (
    select
        deal as report,
        'register' as dataset,
        'register/company:' || company as company_mention,
        company,
        cast(null as varchar) as country,
        cast(null as varchar) as region,
        cast(null as varchar) as place,
        date,
        round,
        cast(amount_m as varchar) || coalesce('–' || cast(amount_max_m as varchar), '') || ' m ' || currency as amount_text,
        currency,
        amount_m * 1000000.0 as amount_low,
        coalesce(amount_max_m, amount_m) * 1000000.0 as amount_high,
        cast(null as varchar) as sector,
        url,
        source_file,
        source_row
    from staging.curated_deals
    union all
    select
        'crunchbase_2013:' || cast(l.source_row as varchar) as report,
        'crunchbase_2013' as dataset,
        'crunchbase_2013/company:' || l.company_key as company_mention,
        l.company,
        c.country,
        case when l.metro = 'SF Bay' and l.region = 'CA' then 'SF Bay' else l.region end as region,
        l.place,
        l.funded_at as date,
        coalesce(r.round, 'unknown') as round,
        cast(cast(l.raised_usd as bigint) as varchar) as amount_text,
        'USD' as currency,
        l.raised_usd as amount_low,
        l.raised_usd as amount_high,
        l.category as sector,
        null as url,
        l.source_file,
        l.source_row
    from landing.crunchbase_2013__rounds as l
    left join core.countries as c on c.written = lower(l.country)
    left join landing.reference__rounds as r on r.written = lower(l.round_type)
    union all
    -- A row is one investor of a round; company, place, month and amount together are the round.
    select
        'crunchbase_investments:' || l.company || '|' || l.country || '|' || coalesce(l.place, '') || '|' || l.funded_month
        || '|' || coalesce(cast(cast(l.raised_usd as bigint) as varchar), '') as report,
        'crunchbase_investments' as dataset,
        'crunchbase_investments/company:' || l.company || '|' || l.country || '|' || coalesce(l.place, '') as company_mention,
        l.company,
        min(c.country) as country,
        null as region,
        l.place,
        l.funded_month as date,
        'unknown' as round,
        cast(cast(l.raised_usd as bigint) as varchar) as amount_text,
        'USD' as currency,
        l.raised_usd as amount_low,
        l.raised_usd as amount_high,
        null as sector,
        null as url,
        l.source_file,
        min(l.source_row) as source_row
    from landing.crunchbase_investments__investments as l
    left join core.countries as c on c.written = lower(l.country)
    group by l.company, l.country, l.place, l.funded_month, l.raised_usd, l.source_file
    union all
    select
        'crunchbase_2015:' || l.round_key as report,
        'crunchbase_2015' as dataset,
        'crunchbase_2015/company:' || l.company_key as company_mention,
        l.company,
        c.country,
        case when l.metro = 'SF Bay Area' then 'SF Bay' when c.country in ('US', 'CA') then l.region end as region,
        l.place,
        l.funded_at as date,
        coalesce(v.round, r.round, 'unknown') as round,
        cast(cast(l.raised_usd as bigint) as varchar) as amount_text,
        'USD' as currency,
        l.raised_usd as amount_low,
        l.raised_usd as amount_high,
        l.category as sector,
        null as url,
        l.source_file,
        l.source_row
    from landing.crunchbase_2015__rounds as l
    left join core.countries as c on c.written = lower(l.country)
    left join landing.reference__rounds as r on r.written = lower(l.round_type)
    left join landing.reference__rounds as v on v.written = lower(l.round_code)
    where l.funded_year is not null
    union all
    select
        'itjuzi:' || l.link as report,
        'itjuzi' as dataset,
        'itjuzi/company:' || l.company as company_mention,
        l.company,
        case l.place when '香港' then 'HK' when '台湾' then 'TW' when '国外' then null else 'CN' end as country,
        null as region,
        cast(l.place as varchar) as place,
        l.date,
        coalesce(r.round, 'unknown') as round,
        l.amount as amount_text,
        l.currency,
        l.amount_low,
        l.amount_high,
        cast(l.field as varchar) as sector,
        l.link as url,
        l.source_file,
        l.source_row
    from landing.itjuzi__events as l
    left join landing.reference__rounds as r on r.written = lower(l.round)
    union all
    select
        'inbox:' || l.source_file || '#' || cast(l.source_row as varchar) as report,
        'inbox' as dataset,
        'inbox/company:' || l.company || '|' || coalesce(l.country, '') || '|' || coalesce(l.place, '') as company_mention,
        l.company,
        c.country,
        l.region,
        l.place,
        l.date,
        coalesce(r.round, 'unknown') as round,
        l.amount as amount_text,
        l.currency,
        l.amount_low,
        l.amount_high,
        null as sector,
        null as url,
        l.source_file,
        l.source_row
    from landing.inbox__deals as l
    left join core.countries as c on c.written = lower(l.country)
    left join landing.reference__rounds as r on r.written = lower(l.round)
    where l.date is not null
    union all
    -- An amendment repeats the offering it amends.
    select
        'form_d:' || coalesce(l.accession, l.source_file) as report,
        'form_d' as dataset,
        'form_d/company:' || cast(l.cik as varchar) as company_mention,
        l.company,
        l.country,
        l.region,
        l.place,
        coalesce(l.first_sale_on, l.filed_on) as date,
        'unknown' as round,
        cast(cast(l.sold_usd as bigint) as varchar) as amount_text,
        'USD' as currency,
        l.sold_usd as amount_low,
        l.sold_usd as amount_high,
        l.industry_group as sector,
        null as url,
        l.source_file,
        l.source_row
    from landing.form_d__offerings as l
    where l.form = 'D' and coalesce(l.first_sale_on, l.filed_on) is not null
),

dated as (
    select
        *,
        case length(date)
            when 4 then cast(date || '-01-01' as date)
            when 7 then cast(date || '-01' as date)
            else cast(date as date)
        end as date_low,
        case length(date)
            when 4 then cast(date || '-12-31' as date)
            when 7 then last_day(cast(date || '-01' as date))
            else cast(date as date)
        end as date_high
    from reported
)

select
    report,  -- Readable key: for curated deals company, date and round; else source and its own key. #unique #not_null
    dataset,  -- Source. #not_null
    company_mention,  -- The company as the source lists it. #in staging.companies.mention
    company,  -- Name as printed.
    country,  -- Country of the company, ISO alpha-2, where printed beside the deal.
    region,  -- State or province as printed.
    place,  -- City or district as printed.
    case
        when country is not null or region is not null or place is not null
            then coalesce(country, '') || '|' || coalesce(region, '') || '|' || coalesce(place, '')
    end as place_key,  -- The three together; null if nothing is printed.
    date,  -- Announced: YYYY, YYYY-MM or YYYY-MM-DD. #not_null
    cast(substr(date, 1, 4) as integer) as year,  -- Year announced. #not_null
    date_low,  -- First day it can have been.
    date_high,  -- Last day it can have been.
    round,  -- Round in one vocabulary; unknown where the source has none. #not_null
    amount_text,  -- Amount as printed.
    currency,  -- ISO 4217 code of the amount.
    amount_low,  -- Least the amount can be, units of the currency; null if undisclosed.
    amount_high,  -- Most it can be.
    sector,  -- Sector as printed.
    url,  -- Address of the page, where known.
    source_file,  -- File the row stands in. #not_null
    source_row  -- Row of that file, the first if there are several. #not_null
from dated
