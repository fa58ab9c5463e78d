-- Ranks by Readiness with every layer of uncertainty.
from index.ranking where measure = 'Readiness' order by rank
