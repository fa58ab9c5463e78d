select
    founder,
    company,
    role,
    earlier_ventures,
    schools,
    studied_abroad,
    worked_abroad,
    field,
    last_employer,
    basis,
    source,
    url,
    source_file,
    source_row
from landing.register__founders
