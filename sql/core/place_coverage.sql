-- One row per source: how many of its rows with a place resolve to a city. The others are in core.unplaced.
with counted as (
    select
        r.dataset,
        r.n,
        case when p.reason <> 'blank' then r.n else 0 end as stated,
        p.level
    from staging.place_rows as r
    inner join core.places as p on p.place_key = r.place_key
)

select
    dataset,  -- Source. #unique #not_null
    cast(sum(n) as bigint) as n_rows,  -- Rows of tables with a place; a row counts once for each table of the source that has it.
    cast(sum(stated) as bigint) as n_stated,  -- Of these, rows that state a region or place.
    cast(sum(case when level = 'city' then stated else 0 end) as bigint) as n_city,  -- Of these, rows that resolve to a city.
    cast(sum(case when level in ('province', 'country') then stated else 0 end) as bigint)
        as n_vague,  -- Rows that state only a province or country.
    cast(sum(case when level = 'none' then stated else 0 end) as bigint) as n_unplaced,  -- Rows that do not resolve to any place.
    sum(case when level = 'city' then stated else 0 end) * 1.0
        / nullif(sum(case when level in ('city', 'none') then stated else 0 end), 0)
        as city_share  -- Share of rows resolved to a city, among those that state more than a province or country.
from counted
group by dataset
