"""Alert the user by the webhook or the command that settings name, and word what has become stale.

The address of a webhook is often its password, so neither it nor the command is ever part of a message or a log.
"""

import logging
import shlex
import subprocess

import dagster as dg
import requests

from pipelines import settings
from pipelines.ingest import sources
from pipelines.ingest.connections import GuardedAdapter
from pipelines.ingest.landing import failure_of, landing_path
from pipelines.orchestration.assets import landing, outcomes
from pipelines.publish import state
from pipelines.warehouse import fingerprint

#: Seconds that sending an alert may take.
TIMEOUT = 30.0

DAY = 86_400

#: Characters of ``content`` that Discord takes; it refuses a longer message whole.
LONGEST = 2000

#: Outcome of an alert that arrived.
TOOK = "took the alert"

#: Records of a table among which its last landing is looked for.
RECENT = 100


def send(title: str, text: str) -> tuple[bool, str]:
    """Send an alert by each way that is set; return whether any took it, and what became of it, without a secret.

    What nobody took is in the log, whole.
    """
    outcomes = []
    if address := settings.ALERT_URL.value():
        outcomes.append(f"the webhook {_post(address, title, text)}")
    if command := settings.ALERT_COMMAND.value():
        outcomes.append(f"the command {_run(command, title, text)}")
    words = " and ".join(outcomes) or f"no alert was sent: set {settings.ALERT_URL} or {settings.ALERT_COMMAND}"
    is_told = any(outcome.endswith(TOOK) for outcome in outcomes)
    if not is_told:
        logging.getLogger(__name__).error("%s\n%s\nThe alert was not delivered: %s", title, text, words)
    return is_told, words


def _post(address: str, title: str, text: str) -> str:
    whole = f"{title}\n{text}"
    message = {"title": title, "text": whole, "content": whole if len(whole) <= LONGEST else f"{whole[: LONGEST - 1]}…"}
    try:
        with requests.Session() as session:
            # It trusts whom the system trusts, as fetches do; a webhook may well be within the user's own network. The alert is
            # for this address alone, so one that sends elsewhere has not taken it.
            session.mount("https://", GuardedAdapter(lambda _: True))
            answer = session.post(address, json=message, timeout=TIMEOUT, allow_redirects=False)
    except (requests.RequestException, ValueError) as error:
        return f"could not be reached ({type(error).__name__})"
    return TOOK if 200 <= answer.status_code < 300 else f"answered HTTP {answer.status_code}"


def _run(command: str, title: str, text: str) -> str:
    try:
        done = subprocess.run(
            shlex.split(command), input=f"{title}\n{text}\n", text=True, errors="backslashreplace", timeout=TIMEOUT,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        return f"could not be run ({type(error).__name__})"
    return TOOK if done.returncode == 0 else f"ended with status {done.returncode}"


def stale(instance: dg.DagsterInstance, now: float) -> list[str]:
    """Return a line for each table that has not landed as its cadence says, and for a landing that no build took up."""
    late = []
    for source in sources.selected():
        for table, key in zip(source.tables, landing.keys(source), strict=True):
            landed_at = _last_landing(instance, key)
            file = landing_path(source.name, table.name)
            if not file.exists() and failure_of(source.name, table.name) is None:
                continue  # It has nothing to land any more, such as an inbox that was emptied.
            if landed_at is None and file.exists():
                landed_at = file.stat().st_mtime  # A backup has no record of runs.
            if landed_at is None:
                continue  # It was to land when its source was first selected, and if it failed, that was an alert of its own.
            days = (now - landed_at) / DAY
            if days > landing.stale_after(source.cadence):
                reason = failure_of(source.name, table.name) or "no landing was tried, or none ended"
                late.append(f"{source.name}, {table.name}: last landed {days:.0f} days ago ({source.cadence}): {reason}")
    paths = [landing_path(source.name, table.name) for source in sources.selected() for table in source.tables]
    newest = max((path.stat().st_mtime for path in paths if path.exists()), default=now)
    if now - newest > DAY and fingerprint.of_landed() != state.input_fingerprint():
        late.append(f"release: what landed {(now - newest) / DAY:.0f} days ago is not in it: no build was tried, or none ended")
    return late


def _last_landing(instance: dg.DagsterInstance, key: dg.AssetKey) -> float | None:
    """Return when a table last landed, leaving aside the runs that built without landing it."""
    records = instance.fetch_materializations(key, limit=RECENT).records
    landings = (record for record in records if not outcomes.is_stand_in(record.asset_materialization))
    return next((record.timestamp for record in landings), None)
