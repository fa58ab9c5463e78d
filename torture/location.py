"""The small world as Dagster's daemon runs it: one run for each day, and a sensor that asks for the next one.

The home is ``TORTURE_HOME``. The run of a day in ``TORTURE_STOPS`` sleeps, so that it can be killed, unless it is a retry.
"""

import os
import time
from pathlib import Path

import dagster as dg

from pipelines.orchestration import retention, sensors
from pipelines.warehouse import lock
from torture import world

HOME = Path(os.environ["TORTURE_HOME"])
DAYS = int(os.environ["TORTURE_DAYS"])
STOPS = os.environ.get("TORTURE_STOPS", "").split(",")

#: Runs asked for ahead, so that the queue is never empty.
AHEAD = 3

world.settle(HOME)
# A run takes the lock within a minute here, even on a busy machine, and a dead one is looked for every few seconds.
retention.LOCKS_WITHIN = 60.0


@dg.op
def refresh_day(context: dg.OpExecutionContext) -> None:
    """Fetch what changed, build, publish and tidy; a run that waits to be killed holds the lock, as any run does."""
    lock.acquire()
    day = context.run.tags["day"]
    if day in STOPS and context.run.parent_run_id is None:
        (HOME / f"waiting-{day}").write_text(str(os.getpid()))
        time.sleep(600)
    world.refresh(int(day))
    retention.tidy(context.instance)


@dg.job(executor_def=dg.in_process_executor)
def day() -> None:
    refresh_day()


@dg.sensor(job=day, minimum_interval_seconds=1, default_status=dg.DefaultSensorStatus.RUNNING)
def next_days(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    unfinished = dg.RunsFilter(statuses=list(world.UNFINISHED))
    last = int(context.cursor or 0)
    until = min(DAYS, last + AHEAD - context.instance.get_runs_count(unfinished))
    requests = [dg.RunRequest(run_key=str(number), tags={"day": str(number)}) for number in range(last + 1, until + 1)]
    return dg.SensorResult(run_requests=requests, cursor=str(max(last, until)))


@dg.sensor(minimum_interval_seconds=5, default_status=dg.DefaultSensorStatus.RUNNING)
def close_dead_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    return dg.SkipReason(f"{retention.close_dead_runs(context.instance)} runs were closed.")


defs = dg.Definitions(jobs=[day], sensors=[next_days, close_dead_runs, sensors.alert_on_failure])
