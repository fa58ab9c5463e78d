-- What the measurement model has learned of each list, the fullest of their quantity first.
select replace(quantity, '_', ' ') as quantity, l.* exclude (quantity)
from index.lists as l
order by l.quantity, not l.is_yardstick, l.list
