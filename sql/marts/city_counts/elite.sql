select
    'elite universities' as measure,
    'elite' as dataset,
    programme as period,
    'CN' as country,
    province,
    city,
    share as value
from core.elite_universities
