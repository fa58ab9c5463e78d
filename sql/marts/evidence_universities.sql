-- One row per elite university, as evidence from the year its programme began.
select
    city,  -- City. #not_null
    greatest(
        coalesce(founded, 1900),
        case
            when country <> 'CN' and founded is null then 1900
            when country <> 'CN' then 1901  -- Founded before: 1900 would say that the year is not known.
            when is_211 then 1995 when is_985 then 1998 else 2017 end
    ) as year,  -- First year it counts: Project 211 began in 1995, 985 in 1998, Double First-Class in 2017.
    cast(null as integer) as year_to,  -- Last year it counts; null if open.
    cast(null as varchar) as company,  -- Company it goes with when companies are resampled; none here.
    university as label,  -- What a reader sees.
    1.0 as elite_universities,  -- Universities in national elite programmes.
    case when is_leading_technical then 1.0 end as technical_universities,  -- Leading technical universities.
    source,  -- Where the fact was published.
    url,  -- Address of the page, where known.
    source_file,  -- File the row stands in.
    source_row  -- Row of that file.
from core.universities
where is_985 or is_211 or is_dfc or is_leading_technical
