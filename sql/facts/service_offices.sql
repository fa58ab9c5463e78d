-- Offices of the register's law, audit, search and banking firms.
from core.service_offices
