-- One row per elite programme, university and city: the reviewed seat, or else the seat in the newest list of institutions.
with programmes as (
    select '985' as programme, university, source_file, source_row from landing.elite__project_985
    union all
    select '211' as programme, university, source_file, source_row from landing.elite__project_211
    union all
    select 'Double First-Class 2017' as programme, university, source_file, source_row
    from landing.elite__double_first_class_2017
    union all
    select 'Double First-Class 2022' as programme, university, source_file, source_row from landing.elite__double_first_class
),

newest as (
    select i.university, i.city, i.province
    from core.institutions as i
    inner join (select max(edition) as edition from core.institutions) as m on m.edition = i.edition
)

select
    g.programme,  -- Programme. #not_null #unique with university, city
    g.university,  -- Chinese name as the programme prints it. #not_null
    coalesce(p.city, n.city) as city,  -- City of the seat. #in core.cities.city
    coalesce(p.province, n.province) as province,  -- Province.
    coalesce(r.share, 1.0) as share,  -- Share of the entry that counts for this city.
    coalesce(r.why, 'list of institutions') as why,  -- How the seat is known.
    g.source_file,  -- File that holds the row.
    g.source_row  -- Row of that file.
from programmes as g
left join landing.reference__elite_places as r on r.university = g.university
left join core.places as p on p.place_key = 'CN||' || r.place
left join newest as n on n.university = g.university and r.university is null
