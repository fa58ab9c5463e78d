select
    'pcaob' as dataset,
    filing_id as document,
    issuer,
    cast(report_type as varchar) as form,
    fiscal_period_end as dated,
    'audit' as kind,
    firm,
    'audit report' as section,
    country,
    region,
    place,
    source_file,
    source_row
from landing.pcaob__audit_reports
where is_latest
