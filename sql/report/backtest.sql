-- Skill of Readiness and of the log trend in forecasting five years ahead.
from index.backtest order by target
