-- The scorecard in the order of the claims, the baseline first.
from claims.scorecard order by claim_order, period
