-- One row per company as a source lists it; which of them are one company is decided later.
with listed as (
    select
        'register' as dataset,
        1 as trust,
        company as key,
        company,
        company_zh as company_other,
        country,
        cast(null as varchar) as region,
        city as place,
        founded,
        source_file,
        source_row
    from landing.register__companies
    union all
    select
        'crunchbase_2013' as dataset,
        4 as trust,
        l.company_key as key,
        l.company,
        null as company_other,
        c.country,
        case when l.metro = 'SF Bay' and l.region = 'CA' then 'SF Bay' else l.region end as region,
        l.place,
        l.founded_year as founded,
        l.source_file,
        l.source_row
    from landing.crunchbase_2013__companies as l
    left join core.countries as c on c.written = lower(l.country)
    union all
    select
        'crunchbase_investments' as dataset,
        5 as trust,
        l.company || '|' || l.country || '|' || coalesce(l.place, '') as key,
        l.company,
        null as company_other,
        c.country,
        null as region,
        l.place,
        null as founded,
        l.source_file,
        l.source_row
    from landing.crunchbase_investments__investments as l
    left join core.countries as c on c.written = lower(l.country)
    union all
    select
        'crunchbase_2015' as dataset,
        4 as trust,
        l.company_key as key,
        l.company,
        null as company_other,
        c.country,
        case when l.metro = 'SF Bay Area' then 'SF Bay' when c.country in ('US', 'CA') then l.region end as region,
        l.place,
        l.founded_year as founded,
        l.source_file,
        l.source_row
    from landing.crunchbase_2015__companies as l
    left join core.countries as c on c.written = lower(l.country)
    where l.company is not null
    union all
    select
        'itjuzi' as dataset,
        4 as trust,
        l.company as key,
        l.company,
        null as company_other,
        case l.place when '香港' then 'HK' when '台湾' then 'TW' when '国外' then null else 'CN' end as country,
        null as region,
        cast(l.place as varchar) as place,
        null as founded,
        l.source_file,
        l.source_row
    from landing.itjuzi__events as l
    where l.company is not null
    union all
    select
        'financedatabase' as dataset,
        6 as trust,
        l.symbol as key,
        l.company,
        null as company_other,
        c.country,
        l.region,
        l.place,
        l.founded_year as founded,
        l.source_file,
        l.source_row
    from landing.financedatabase__equities as l
    left join core.countries as c on c.written = lower(l.country)
    union all
    select
        'cb_insights' as dataset,
        3 as trust,
        l.company || '|' || l.country || '|' || coalesce(l.place, '') as key,
        l.company,
        null as company_other,
        c.country,
        null as region,
        l.place,
        l.founded_year as founded,
        l.source_file,
        l.source_row
    from landing.cb_insights__unicorns as l
    left join core.countries as c on c.written = lower(l.country)
    union all
    select
        'ycombinator' as dataset,
        3 as trust,
        cast(l.yc_id as varchar) as key,
        l.company,
        string_split_regex(l.former_names, '[|]')[1] as company_other,
        c.country,
        l.region,
        l.place,
        null as founded,
        l.source_file,
        l.source_row
    from landing.ycombinator__companies as l
    left join core.countries as c on c.written = lower(l.country)
    union all
    select
        'hurun' as dataset,
        3 as trust,
        cast(l.hurun_id as varchar) as key,
        l.company,
        l.company_zh as company_other,
        null as country,
        null as region,
        l.place,
        null as founded,
        l.source_file,
        l.source_row
    from landing.hurun__unicorns as l
    union all
    select
        'wikidata' as dataset,
        3 as trust,
        l.wikidata_id as key,
        coalesce(l.company, l.company_zh) as company,
        case when l.company is not null then l.company_zh end as company_other,
        l.country,
        null as region,
        l.place,
        l.founded_year as founded,
        l.source_file,
        l.source_row
    from landing.wikidata__companies as l
    where coalesce(l.company, l.company_zh) is not null
    union all
    select
        'eastmoney' as dataset,
        3 as trust,
        l.eastmoney_org_code as key,
        l.company_zh as company,
        null as company_other,
        'CN' as country,
        null as region,
        l.region as place,
        null as founded,
        l.source_file,
        l.source_row
    from landing.eastmoney__listing_applications as l
    union all
    select
        'inbox' as dataset,
        2 as trust,
        l.company || '|' || coalesce(l.country, '') || '|' || coalesce(l.place, '') as key,
        l.company,
        null as company_other,
        c.country,
        null as region,
        l.place,
        l.founded,
        l.source_file,
        l.source_row
    from landing.inbox__companies as l
    left join core.countries as c on c.written = lower(l.country)
    union all
    select
        'inbox' as dataset,
        2 as trust,
        l.company || '|' || coalesce(l.country, '') || '|' || coalesce(l.place, '') as key,
        l.company,
        null as company_other,
        c.country,
        l.region,
        l.place,
        null as founded,
        l.source_file,
        l.source_row
    from landing.inbox__deals as l
    left join core.countries as c on c.written = lower(l.country)
    union all
    select
        'wikipedia_unicorns' as dataset,
        3 as trust,
        l.company || '|' || coalesce(l.country, '') as key,
        l.company,
        null as company_other,
        c.country,
        null as region,
        null as place,
        null as founded,
        l.source_file,
        l.source_row
    from (
        select company, country, source_file, source_row from landing.wikipedia_unicorns__unicorns
        union all
        select company, country, source_file, source_row from landing.wikipedia_unicorns__former_unicorns
    ) as l
    left join core.countries as c on c.written = lower(l.country)
    union all
    select
        'edgar' as dataset,
        3 as trust,
        cast(l.cik as varchar) as key,
        l.company,
        l.former_names as company_other,
        l.country,
        l.region,
        l.place,
        null as founded,
        l.source_file,
        l.source_row
    from landing.edgar__issuers as l
    union all
    select
        'form_d' as dataset,
        5 as trust,
        cast(l.cik as varchar) as key,
        l.company,
        null as company_other,
        l.country,
        l.region,
        l.place,
        null as founded,
        l.source_file,
        l.source_row
    from landing.form_d__offerings as l
),

counted as (
    select *, row_number() over (partition by dataset, key order by source_row, source_file) as turn
    from listed
)

select
    dataset || '/company:' || key as mention,  -- Source and its own key. #unique #not_null
    dataset,  -- Source. #not_null
    trust,  -- Order in which sources are believed where they differ; 1 is the register.
    key,  -- The source's own identity for the company. #not_null
    company,  -- Name as printed. #not_null
    company_other,  -- Name in another language, or a former one.
    country,  -- ISO 3166 alpha-2 code, where printed.
    region,  -- State or province as printed.
    place,  -- City or district as printed.
    coalesce(country, '') || '|' || coalesce(region, '') || '|' || coalesce(place, '') as place_key,  -- The three together.
    founded,  -- Year founded, where printed.
    source_file,  -- File the row stands in. #not_null
    source_row  -- Row of that file, the first if there are several. #not_null
from counted
where turn = 1
