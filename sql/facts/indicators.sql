-- Indicators with their pillar and weight.
from core.indicators
