-- One row per registered name of a Chinese company that states its seat: the law wants province or city in front, or in
-- brackets; a city goes before a province. County-level cities count only with 市, because their short names are also ordinary
-- words; so is 东方. 吉林 alone is the province.
with units as (
    select name_zh as place, 0 as is_province from landing.reference__prefectures
    union
    select substr(name_zh, 1, length(name_zh) - 1), 0 from landing.reference__prefectures
    where name_zh like '__%市' and name_zh not in ('东方市', '吉林市')
    union
    select name_zh, 0 from landing.reference__districts where name_zh like '%市'
    union
    select name_zh, 1 from landing.reference__provinces where country = 'CN'
    union
    select short_zh, 1 from landing.reference__provinces where country = 'CN'
),

legal as (
    select distinct name, replace(replace(name, '（', '('), '）', ')') as plain_name
    from branches
),

stated as (
    select
        l.name,
        u.place,
        row_number() over (
            partition by l.name
            order by
                u.is_province,
                case when substr(l.plain_name, 1, length(u.place)) = u.place then 0 else 1 end,
                length(u.place) desc,
                u.place
        ) as turn
    from legal as l
    inner join units as u
        on substr(l.plain_name, 1, length(u.place)) = u.place or l.plain_name like '%(' || u.place || ')%'
)

select
    name,  -- Registered name, as printed. #unique #not_null
    place  -- City in it, or else province, as printed. #not_null
from stated
where turn = 1
