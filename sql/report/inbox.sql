-- What the user's exports add: their rows, what no other source has and what others have too.
with named as (
    select
        'deals' as what,
        r.report as subject,
        coalesce(bool_or(split_part(o.dataset, ': ', 1) <> 'inbox'), false) as is_known
    from core.deal_reports as r
    left join core.deal_reports as o on o.deal = r.deal
    where split_part(r.dataset, ': ', 1) = 'inbox'
    group by r.report
    union all
    select
        case n.kind when 'company' then 'companies' else 'investors' end,
        n.mention,
        bool_or(split_part(o.dataset, ': ', 1) <> 'inbox')
    from core.names as n
    inner join core.names as o on o.kind = n.kind and o.entity = n.entity
    where split_part(n.dataset, ': ', 1) = 'inbox'
    group by n.kind, n.mention
)

select
    what,
    count(*) filter (not is_known) as n_new,
    count(*) filter (is_known) as n_known,
    (select sum(n_rows)::bigint from core.sources where source = 'inbox') as n_rows
from named
group by what
order by what = 'deals' desc, what
