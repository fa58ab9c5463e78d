-- One row per name that a source gives, with the number of the company, investor or other entity that it stands for.
select
    mention,  -- Source and its own key. #unique #not_null
    kind,  -- company, investor, university or service_firm. #not_null
    entity,  -- Name of the entity. #not_null
    cast(dense_rank() over (order by kind, entity) as integer) as entity_number  -- Number of the entity in this build. #not_null
from core.names
