with states as (
    select code, province
    from landing.reference__provinces
    where country = 'US'
)

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
    accession as document,
    issuer,
    country as issuer_country,
    form,
    filed_on as dated,
    'audit' as kind,
    auditor as firm,
    'experts' as section,
    null as role,
    null as law,
    null as country,
    null as region,
    auditor_place as place,
    source_file,
    source_row
from landing.edgar_covers__filings
where auditor is not null
