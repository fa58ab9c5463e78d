-- One row per investing firm or company, at the city where its investing people mainly sit.
select
    i.investor,  -- Common English name. #unique #not_null
    i.investor_zh,  -- Chinese name.
    i.kind,  -- Kind of investor. #not_null
    i.country,  -- Country of the home office. #not_null
    p.city,  -- Home city. #not_null #in core.cities.city
    i.founded,  -- Year the firm began to invest.
    i.basis,  -- seen: the page was read when the row was recorded; named: where to check it.
    i.source,  -- Where the fact was published.
    i.url,  -- Address of the page, where known.
    i.source_file,  -- File the row stands in.
    i.source_row  -- Row of that file.
from landing.register__investors as i
inner join landing.places as p on p.country = i.country and p.place = i.home_city
