select dataset, country, region, place, 'place' as "column", n, source_file, source_row
from staging.deal_investor_places
