-- Founders of the register.
from core.founders
