"""Tell runs that a schedule or a sensor starts from runs that a person waits for.

Nobody watches the former, so they wait for their turn and are retried; for a person, the run fails at once. Another attempt is
another run, because a run that sleeps keeps all others waiting.
"""

import random
from collections.abc import Mapping

from pipelines import settings
from pipelines.errors import InputError, Problem

#: Tags of every run that a schedule or a sensor requests.
TAGS = {"nextvalley/unattended": "true"}

#: Seconds that an unattended run waits for the lock while another process holds it.
PATIENCE = 3600.0

#: Tags that say which attempt a run is, counted from 0, and of a failed one which attempt has to follow.
ATTEMPT, NEXT = "nextvalley/attempt", "nextvalley/next_attempt"

#: Further attempts at an unattended landing, and seconds before the first; each pause is three times the one before.
RETRIES = 3
FIRST_PAUSE = 300.0


def is_unattended(tags: Mapping[str, str]) -> bool:
    """Return whether a run with these tags was started by a schedule or a sensor."""
    return TAGS.items() <= tags.items()


def patience(tags: Mapping[str, str]) -> float:
    """Return the seconds that a run with these tags waits for the lock."""
    return PATIENCE if is_unattended(tags) else 0.0


def next_attempt(tags: Mapping[str, str]) -> int | None:
    """Return which attempt may follow a run with these tags; None if a person waits, or if there were enough."""
    attempt = int(tags.get(ATTEMPT, "0")) + 1
    return attempt if is_unattended(tags) and attempt <= RETRIES else None


def status() -> str:
    """Return the state in which schedules, and sensors that land before a date, begin: ``SCHEDULES`` says it.

    Raise InputError if it is neither on nor off.
    """
    setting = settings.SCHEDULES.value()
    if setting.lower() not in ("on", "off", ""):
        raise InputError(str(settings.SCHEDULES), [Problem(setting, "is neither on nor off", "Write on, or leave it unset")])
    return "RUNNING" if setting.lower() == "on" else "STOPPED"


def pause(attempt: int, run: str) -> float:
    """Return the seconds before an attempt that follows ``run``: they grow, and differ, so that not all sources try at once."""
    return FIRST_PAUSE * 3 ** (attempt - 1) * random.Random(run).uniform(0.75, 1.25)
