-- One row: the last year whose companies the register mostly knows. A company comes there with a deal, a listing, a sale or as a
-- unicorn, seven years after it is founded (the median of 957 founded from 2000 to 2014); most of those founded later have yet to.
select
    max(cast(substr(date, 1, 4) as integer)) - 7 as last_year  -- Year; null without a dated deal.
from landing.register__deals
