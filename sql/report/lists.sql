-- What the measurement model has learned of each list, those that set the unit of their quantity first.
select replace(quantity, '_', ' ') as quantity, l.* exclude (quantity)
from index.lists as l
order by l.quantity, not l.is_anchor, l.list
