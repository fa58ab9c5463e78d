-- One row per company on CB Insights' list of unicorns of July 2021 that is not on that of March 2022.
-- A company is on both under the same name, or under another one with the same day, country and city.
select
    o.company || '|' || o.country || '|' || coalesce(o.place, '') as company_key,  -- The source's own key for the company. #unique #not_null
    o.company,  -- Name as printed. #not_null
    o.country,  -- Country as printed.
    o.place,  -- City as printed.
    o.industry,  -- Industry as printed.
    o.valuation_usd_bn,  -- Valuation in July 2021, billions of US dollars.
    o.unicorn_on,  -- Day on which it joined the list.
    o.source_file,  -- File that holds the row. #not_null
    o.source_row  -- Row of that file. #not_null
from landing.cb_insights__unicorns_2021 as o
left join landing.cb_insights__unicorns as n
    on lower(n.company) = lower(o.company)
    or (n.unicorn_on = o.unicorn_on and n.country = o.country and n.place = o.place)
where n.company is null
