select
    'moe' as dataset,
    university as key,
    university,
    'CN' as country,
    region,
    place,
    edition,
    source_file,
    source_row
from landing.moe__institutions
