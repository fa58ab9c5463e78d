-- Universities of national elite programmes and leading technical universities, from the year they were founded or, in China,
-- from the year their programme began, which the label therefore names.
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
        else u.founded
    end as year,
    u.university || case
        when u.country <> 'CN' then ''
        when u.is_211 then ', Project 211'
        when u.is_985 then ', Project 985'
        when u.is_dfc then ', Double First-Class'
        else ''
    end as label,
    1.0 as value,
    u.source,
    u.url,
    u.source_file,
    u.source_row
from elite as u
