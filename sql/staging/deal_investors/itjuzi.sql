select
    'itjuzi' as dataset,
    'itjuzi:' || i.link as report,
    e.date is not null as is_dated,
    i.investor,
    i.investor as investor_key,
    false as is_lead,
    i.source_file,
    i.source_row
from landing.itjuzi__event_investors as i
inner join landing.itjuzi__events as e on e.link = i.link
