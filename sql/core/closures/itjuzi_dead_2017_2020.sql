select
    'itjuzi_dead_2017_2020' as dataset,
    'itjuzi_dead_2017_2020/company:' || company || '|' || founded || '|' || closed || '|' || province as company_mention,
    substr(founded, 1, 7) as founded,
    closed,
    cast(funding_status as varchar) as funding,
    source_file,
    source_row
from landing.itjuzi_dead_2017_2020__companies
