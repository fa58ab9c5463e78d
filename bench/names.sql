-- Mentions of made-up companies in two sources; the second has three in ten of them, dirty.
with company as (
    select range as i, hash(range, 'a') as a, hash(range, 'b') as b, hash(range, 'c') as c from range(getvariable('companies'))
), named as (
    select i, a, b, c, list_transform(range(6), lambda k:
        ['ba','co','di','fu','ge','hi','ja','ka','le','mo','nu','pa','qui','ro','sa','te','vi','wo','xe','zy'][
            ((a >> (k * 5)::int) % 20)::int + 1]) as s,
        case when b % 10 < 5
            then ' ' || ['Tech', 'Labs', 'Systems', 'Health', 'Media', 'Capital', 'Energy', 'Games'][(b % 8)::int + 1]
            else '' end as generic
    from company
), written as (
    select *, case when a % 400 = 0 then 'Summit Advisers' else
        upper(s[1][1]) || s[1][2:] || s[2] || s[3] || case when c % 3 = 0 then '' else s[4] end
        || case when c % 2 = 0 then '' else ' ' || upper(s[5][1]) || s[5][2:] || s[6] end end as core
    from named
), listed as (
    select 'one' as source, i, core || generic as name, false as is_dirty from written
    union all
    select 'two', i, case c % 5
        when 0 then upper(core || generic)
        when 1 then core || generic || ', Inc.'
        when 2 then left(core, 5) || substr(core, 7) || generic
        when 3 then core
        else core || generic end, true
    from written
    where b % 10 < 3
)
select source || '/company:' || l.i as mention, 'company' as kind, l.source, l.i::varchar as key, l.name,
    null::varchar as name_other, ['US', 'CN', 'GB', 'IN'][(c.a % 4)::int + 1] as country,
    case when l.is_dirty and c.b % 7 = 0 then null else 'City ' || floor(400 * pow((c.c % 1000) / 1000, 2)) end as city,
    case when l.is_dirty and c.c % 4 = 0 then null else 1995 + (c.b % 20)::int end as founded,
    case l.source when 'one' then 1 else 2 end as rank
from listed as l
inner join company as c using (i)
