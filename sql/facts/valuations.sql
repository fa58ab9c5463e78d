-- Published values of companies.
from core.valuations
