-- One row per company, investor or other entity: what their numbers stand for.
select distinct
    entity_number,  -- Number of the entity in this build. #unique #not_null
    kind,  -- company, investor, university or service_firm. #not_null
    entity  -- Name of the entity. #not_null
from staging.name_numbers
