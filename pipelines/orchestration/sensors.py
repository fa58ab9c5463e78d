"""React to what happens: build after a landing, close dead runs, and alert on failures and on stale data."""

import hashlib
import time

import dagster as dg

from pipelines.orchestration import alerts, failures, retention, unattended
from pipelines.publish import state
from pipelines.warehouse import fingerprint

#: Days after which an alert about the same stale data is repeated.
REPEAT_AFTER = 7


def request_build(context: dg.RunStatusSensorContext) -> dg.RunRequest | dg.SkipReason:
    """Request a build if a landing brought something new; a source that failed counts with its last good landing."""
    landed = fingerprint.of_landed()
    if landed == state.input_fingerprint():
        return dg.SkipReason("Nothing new has landed.")
    # The key holds a second landing that ends before the build begins to one build.
    return dg.RunRequest(run_key=f"{context.dagster_run.run_id} {landed}", tags=unattended.TAGS)


@dg.sensor(
    minimum_interval_seconds=300,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Marks runs as failed whose process is gone; the queue would wait for them for ever.",
)
def close_dead_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    return dg.SkipReason(f"{retention.close_dead_runs(context.instance)} runs were closed.")


@dg.run_failure_sensor(
    default_status=dg.DefaultSensorStatus.RUNNING, description="Alerts the user to each run that fails, as settings say."
)
def alert_on_failure(context: dg.RunFailureSensorContext) -> dg.SkipReason:
    run = context.dagster_run
    reason = failures.why(context.get_step_failure_events()) or context.failure_event.message
    text = f"{reason}\nThe published file stays as it was. Run {run.run_id}."
    return dg.SkipReason(alerts.send(f"nextvalley: {run.job_name} failed", text))


@dg.sensor(
    minimum_interval_seconds=3600,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Alerts the user, once and then weekly, to data that have become stale, as settings say.",
)
def alert_on_staleness(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    now = time.time()
    late = alerts.stale(context.instance, now)
    # The days in the text change while the same data stay stale, so the cursor holds only what is late and in which week.
    names = "\n".join(line.split(":")[0] for line in late)
    cursor = f"{hashlib.sha256(names.encode()).hexdigest()} {int(now // (REPEAT_AFTER * 86_400))}" if late else ""
    if cursor == (context.cursor or ""):
        return dg.SkipReason(f"{len(late)} are stale; an alert was sent before." if late else "Nothing is stale.")
    context.update_cursor(cursor)
    return dg.SkipReason(alerts.send("nextvalley: stale", "\n".join(late)) if late else "Nothing is stale any more.")


SENSORS = [close_dead_runs, alert_on_failure, alert_on_staleness]
