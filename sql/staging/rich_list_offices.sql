-- One row per year of Hurun's rich list and head office: a city of China, of Hong Kong, Macao or Taiwan, or abroad.
-- A province before the city makes it one of the mainland; anything else there, or alone, is a country if it is the name of one.
with located as (
    select
        l.*,
        case when p.province is not null then 'CN' else c.country end as country,
        case when p.province is not null then l.region end as province
    from landing.hurun_rich_list__head_offices as l
    left join landing.reference__provinces as p on p.country = 'CN' and p.short_zh = coalesce(l.region, l.place)
    left join core.countries as c on c.written = coalesce(l.region, l.place)
)

select
    year,  -- Year of the list. #not_null
    head_office,  -- Head office, as printed. #not_null
    country,  -- Country, where known.
    province as region,  -- Province as printed.
    place,  -- City, province or country as printed. #not_null
    coalesce(country, '') || '|' || coalesce(province, '') || '|' || place as place_key,  -- Country, region and place joined by |.
    people,  -- People on the list.
    wealth_100m_cny,  -- Their wealth, hundred million yuan.
    source_file,  -- File that holds the row. #not_null
    source_row  -- Row of that file. #not_null
from located
