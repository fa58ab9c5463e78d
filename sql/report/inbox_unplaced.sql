-- The first places of the user's exports that are no city, or name none, with the reason, and how many such places there are.
select
    source_file,
    source_row,
    case
        when coalesce(place, region) is null then 'no city is named'
        else '''' || coalesce(place, region) || ''' ' || case level when 'none' then reason else 'is a ' || level end
    end as reason,
    count(*) over () as n_places
from core.unplaced
where split_part(dataset, ': ', 1) = 'inbox'
order by source_file, source_row
limit 3
