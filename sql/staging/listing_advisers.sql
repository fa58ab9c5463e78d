-- One row per listing document and firm that advises on it, as the source prints them, with the office where it is printed.
with states as (
    select code, province
    from landing.reference__provinces
    where country = 'US'
),

named as (
    select
        'edgar_covers' as dataset,
        c.accession as document,
        f.issuer,
        f.country as issuer_country,
        f.form,
        f.filed_on as dated,
        'law' as kind,
        c.firm,
        cast(c.section as varchar) as section,
        cast(c.role as varchar) as role,
        c.law,
        case when s.code is not null then 'US' end as country,
        coalesce(s.province, c.region) as region,
        c.place,
        c.source_file,
        c.source_row
    from landing.edgar_covers__counsel as c
    inner join landing.edgar_covers__filings as f on f.source_file = c.source_file
    left join states as s on s.code = c.region or s.province = c.region
    union all
    select
        'edgar_covers' as dataset,
        f.accession as document,
        f.issuer,
        f.country as issuer_country,
        f.form,
        f.filed_on as dated,
        'audit' as kind,
        f.auditor as firm,
        'experts' as section,
        null as role,
        null as law,
        null as country,
        null as region,
        f.auditor_place as place,
        f.source_file,
        f.source_row
    from landing.edgar_covers__filings as f
    where f.auditor is not null
    union all
    select
        'pcaob' as dataset,
        p.filing_id as document,
        p.issuer,
        null as issuer_country,
        cast(p.report_type as varchar) as form,
        p.fiscal_period_end as dated,
        'audit' as kind,
        p.firm,
        'audit report' as section,
        null as role,
        null as law,
        c.country,
        p.region,
        p.place,
        p.source_file,
        p.source_row
    from landing.pcaob__audit_reports as p
    left join core.countries as c on c.written = lower(p.country)
    where p.is_latest
    union all
    select
        'eastmoney' as dataset,
        e.eastmoney_org_code as document,
        e.company_zh as issuer,
        'CN' as issuer_country,
        e.board as form,
        e.updated_on as dated,
        'law' as kind,
        e.law_firm as firm,
        'application' as section,
        'issuer' as role,
        'China' as law,
        null as country,
        null as region,
        null as place,
        e.source_file,
        e.source_row
    from landing.eastmoney__listing_applications as e
    where e.law_firm is not null
    union all
    select
        'eastmoney' as dataset,
        e.eastmoney_org_code as document,
        e.company_zh as issuer,
        'CN' as issuer_country,
        e.board as form,
        e.updated_on as dated,
        'audit' as kind,
        e.auditor as firm,
        'application' as section,
        null as role,
        null as law,
        null as country,
        null as region,
        null as place,
        e.source_file,
        e.source_row
    from landing.eastmoney__listing_applications as e
    where e.auditor is not null
)

select
    dataset,  -- Source. #not_null
    document,  -- Filing or application, by the source's own number.
    issuer,  -- Company that lists, as printed.
    issuer_country,  -- Country of its business address, where known.
    form,  -- Form of the filing, kind of report, or board applied for.
    dated,  -- Day of filing, or of the report or application.
    kind,  -- law or audit. #not_null
    firm,  -- Firm as printed. #not_null
    dataset || '/service_firm:' || firm as mention,  -- The firm as the source names it. #not_null
    section,  -- Where in the document it is named.
    role,  -- Whom it advises, where the text says so.
    law,  -- Law it advises on, where the text says so.
    country,  -- Country of the office, where printed.
    region,  -- State, province or country of the office as printed.
    place,  -- City of the office as printed.
    case
        when place is not null then coalesce(country, '') || '|' || coalesce(region, '') || '|' || place
    end as place_key,  -- The three together; null if no office is printed.
    source_file,  -- File the row stands in. #not_null
    source_row  -- Row of that file. #not_null
from named
