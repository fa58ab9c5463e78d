-- Coverage of the register by city.
from index.coverage
