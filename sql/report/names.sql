-- What readers call each indicator and pillar.
select indicator as code, name from core.indicators
union all
select distinct pillar, pillar_name from core.indicators
