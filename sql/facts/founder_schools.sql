-- Universities of the register's founders.
from core.founder_schools
