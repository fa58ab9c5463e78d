-- One row per way of writing a country: ISO codes, and names in English and Chinese.
with written as (
    select name as written, country, name from landing.reference__countries
    union all
    select iso3, country, name from landing.reference__countries
    union all
    select country, country, name from landing.reference__countries
    union all
    select unnest(string_split_regex(also, '[|]')), country, name from landing.reference__countries where also is not null
)

select distinct
    lower(written) as written,  -- As written, in lower case. #unique #not_null
    country,  -- ISO 3166 alpha-2 code. #not_null
    name  -- Name of the country in English. #not_null
from written
