-- What every source says of each claim, the baseline and the register first.
from claims.evidence order by period, dataset <> 'register', dataset, is_rule desc, measure
