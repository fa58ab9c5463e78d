-- Sobol indices of Readiness in the headline year.
from index.sensitivity where measure = 'Readiness' order by output, total desc
