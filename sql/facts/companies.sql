-- Companies of the register.
from core.companies where is_in_register
