-- Universities of national elite programmes and leading technical universities, from the year they were founded or, in China,
-- from the year their programme began. A university abroad that is older than 1901 counts from 1901, which is before any year shown.
with elite as (
    select
        *,
        case when is_211 then 1995 when is_985 then 1998 else 2017 end as programme_year
    from core.universities
    where is_985 or is_211 or is_dfc or is_leading_technical
)

select
    'elite_universities' as indicator,
    'register' as list,
    'register' as dataset,
    u.city,
    case
        when u.country = 'CN' then greatest(coalesce(u.founded, u.programme_year), u.programme_year)
        when u.founded is not null then greatest(u.founded, 1901)
    end as year,
    u.university as label,
    1.0 as value,
    u.source,
    u.url,
    u.source_file,
    u.source_row
from elite as u
