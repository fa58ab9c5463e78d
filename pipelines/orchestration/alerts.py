"""Who is told when nobody looks: a webhook or a command that the user names, when a run fails or something grows stale.

What belongs here: noticing, wording, and handing over. What does not: mending. The address of a webhook is often its
password, so neither it nor the command is ever part of a message or a log.
"""

import hashlib
import os
import shlex
import subprocess
import time

import dagster as dg
import requests

from pipelines.ingest import sources
from pipelines.ingest.landing import failure_of, landing_path
from pipelines.orchestration import failures
from pipelines.orchestration.assets import landing
from pipelines.publish import state
from pipelines.warehouse import fingerprint

#: A web address that takes a POST of JSON with ``title`` and ``text`` (and both in ``content``, as chats want it).
URL = "NEXTVALLEY_ALERT_URL"
#: A command line that is given the text on its standard input.
COMMAND = "NEXTVALLEY_ALERT_COMMAND"

#: Seconds that telling may take.
PATIENCE = 30.0
#: Days after which what is still stale is told again.
AGAIN = 7


def tell(title: str, text: str) -> str:
    """Tell the user, by each way that is set; returns what became of it, without a secret."""
    outcomes = []
    if address := os.environ.get(URL):
        outcomes.append(f"the webhook {_post(address, title, text)}")
    if command := os.environ.get(COMMAND):
        outcomes.append(f"the command {_run(command, title, text)}")
    return " and ".join(outcomes) or f"nobody was told: set {URL} or {COMMAND}"


def _post(address: str, title: str, text: str) -> str:
    message = {"title": title, "text": f"{title}\n{text}", "content": f"{title}\n{text}"}
    try:
        answer = requests.post(address, json=message, timeout=PATIENCE, allow_redirects=False)
    except (requests.RequestException, ValueError) as error:
        return f"could not be reached ({type(error).__name__})"
    return "was told" if answer.ok else f"answered HTTP {answer.status_code}"


def _run(command: str, title: str, text: str) -> str:
    try:
        done = subprocess.run(
            shlex.split(command), input=f"{title}\n{text}\n", text=True, timeout=PATIENCE,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        return f"could not be run ({type(error).__name__})"
    return "was told" if done.returncode == 0 else f"ended with status {done.returncode}"


def stale(instance: dg.DagsterInstance, now: float) -> list[str]:
    """What has not happened that should have: landings by their cadence, and a build of what has landed."""
    late = []
    for source in sources.selected():
        for table, key in zip(source.tables, landing.keys(source), strict=True):
            event = instance.get_latest_materialization_event(key)
            if event is None:
                continue  # what never landed fails, and a failure is told by itself
            days = (now - event.timestamp) / 86_400
            if days > landing.stale_after(source):
                why = failure_of(source.name, table.name) or "no landing was tried, or none ended"
                late.append(f"{source.name}, {table.name}: last landed {days:.0f} days ago ({source.cadence}): {why}")
    landed = [landing_path(source.name, table.name) for source in sources.selected() for table in source.tables]
    newest = max((path.stat().st_mtime for path in landed if path.exists()), default=now)
    if now - newest > 86_400 and fingerprint.of_landed() != state.input_fingerprint():
        late.append(
            f"release: what landed {(now - newest) / 86_400:.0f} days ago is not in it: no build was tried, or none ended"
        )
    return late


@dg.run_failure_sensor(
    default_status=dg.DefaultSensorStatus.RUNNING, description=f"Tells of each run that failed, by {URL} or {COMMAND}."
)
def alert_on_failure(context: dg.RunFailureSensorContext) -> dg.SkipReason:
    run = context.dagster_run
    why = failures.why(context.get_step_failure_events()) or context.failure_event.message
    told = tell(f"nextvalley: {run.job_name} failed", f"{why}\nThe published file stays as it was. Run {run.run_id}.")
    return dg.SkipReason(told)


@dg.sensor(
    minimum_interval_seconds=3600,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=f"Tells, once and then weekly, of what has grown stale, by {URL} or {COMMAND}.",
)
def alert_on_staleness(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    now = time.time()
    late = stale(context.instance, now)
    # Days pass while the same things stay stale, so the state is what is late and in which week.
    names = "\n".join(line.split(":")[0] for line in late)
    state = f"{hashlib.sha256(names.encode()).hexdigest()} {int(now // (AGAIN * 86_400))}" if late else ""
    if state == (context.cursor or ""):
        return dg.SkipReason(f"{len(late)} are stale, as told before." if late else "Nothing is stale.")
    context.update_cursor(state)
    return dg.SkipReason(tell("nextvalley: stale", "\n".join(late)) if late else "Nothing is stale any more.")


SENSORS = [alert_on_failure, alert_on_staleness]
