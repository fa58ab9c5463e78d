-- One row per company as a source lists it, or per share where it lists shares. Which are the same company is decided in core.names.
with mapped as (
    select
        b.dataset,
        b.key,
        b.company,
        b.company_other,
        c.country,
        b.region,
        b.place,
        b.founded,
        b.is_share,
        b.source_file,
        b.source_row,
        row_number() over (partition by b.dataset, b.key order by b.source_row, b.source_file) as turn
    from branches as b
    left join core.countries as c on c.written = lower(b.country)
    where b.company is not null
),

rows_listed as (
    select *, coalesce(country, '') || '|' || coalesce(region, '') || '|' || coalesce(place, '') as place_key
    from mapped
    where turn = 1
),

-- A and H shares, classes, notes and warrants of a company may be printed with other classes and legal forms.
shares as (
    select
        dataset,
        key,
        country,
        case when place is not null then place_key end as seat,
        regexp_replace(
            lower(company), '([ ,.]+(co|company|corp|corporation|inc|limited|ltd))*[ ,.]*( class [a-z])?$', ''
        ) as name
    from rows_listed
    where is_share
),

-- A share without a seat is that of the company of its name and country that has one.
seated as (
    select dataset, key, name, country, coalesce(seat, max(seat) over (partition by dataset, country, name)) as seat from shares
),

first_shares as (
    select dataset, key, min(key) over (partition by dataset, country, seat, name) as company_key from seated
)

select
    m.dataset || '/company:' || m.key as mention,  -- Source and its own key. #unique #not_null
    m.dataset,  -- Source. #not_null
    s.priority as source_priority,  -- Order in which sources are preferred where they differ; 1 is the register. #not_null
    m.key,  -- The source's own key for the row. #not_null
    coalesce(f.company_key, m.key) as company_key,  -- Its key for the company: of shares of one name and seat, that of one of them. #not_null
    m.company,  -- Name as printed. #not_null
    m.company_other,  -- Name in another language, or a former name.
    m.country,  -- ISO 3166 alpha-2 code, where printed.
    m.region,  -- State or province as printed.
    m.place,  -- City or district as printed.
    m.place_key,  -- Country, region and place joined by |.
    m.founded,  -- Year founded, where printed.
    m.source_file,  -- File that holds the row. #not_null
    m.source_row  -- Row of that file; the first one if there are several. #not_null
from rows_listed as m
left join core.source_profiles as s on s.source = m.dataset
left join first_shares as f on f.dataset = m.dataset and f.key = m.key
