-- What the releases before said. Method 1 named the periods of claims otherwise.
select * replace (replace(replace(measure, ', then', ', baseline'), ', now', ', current') as measure)
from earlier.core.release_history
