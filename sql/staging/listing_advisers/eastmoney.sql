select
    'eastmoney' as dataset,
    eastmoney_org_code as document,
    company_zh as issuer,
    'CN' as issuer_country,
    board as form,
    updated_on as dated,
    'law' as kind,
    law_firm as firm,
    'application' as section,
    'issuer' as role,
    'China' as law,
    source_file,
    source_row
from landing.eastmoney__listing_applications
where law_firm is not null
union all
select
    'eastmoney' as dataset,
    eastmoney_org_code as document,
    company_zh as issuer,
    'CN' as issuer_country,
    board as form,
    updated_on as dated,
    'audit' as kind,
    auditor as firm,
    'application' as section,
    null as role,
    null as law,
    source_file,
    source_row
from landing.eastmoney__listing_applications
where auditor is not null
