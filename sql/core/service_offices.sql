-- One row per office of a law, audit or executive-search firm or an investment bank.
select
    s.firm,  -- Firm. #not_null
    s.firm_zh,  -- Chinese name.
    s.kind,  -- Law, audit, search or bank. #not_null
    s.practice,  -- Practice that matters here.
    s.country,  -- Country of the office.
    p.city,  -- City of the office. #not_null #in core.cities.city
    min(s.opened) as opened,  -- Year it opened, where known.
    max(s.is_headquarters) = '1' as is_headquarters,  -- Is this the firm's headquarters.
    min(s.source) as source,  -- Where the fact was published.
    min(s.url) as url,  -- Address of the page, where known.
    min(s.source_file) as source_file,  -- File the row stands in.
    min(s.source_row) as source_row  -- Row of that file.
from landing.register__service_firms as s
inner join landing.places as p on p.country = s.country and p.place = s.city
group by s.firm, s.firm_zh, s.kind, s.practice, s.country, p.city
