-- High-tech zones with the year they were approved.
from core.zones
