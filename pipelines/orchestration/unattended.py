"""Tell runs that a schedule or a sensor starts from runs that a person waits for.

Nobody watches the former, so they wait for their turn and retry; a person is told at once.
"""

import random
from collections.abc import Mapping

import dagster as dg

#: Tags of every run that a schedule or a sensor requests.
TAGS = {"nextvalley/unattended": "true"}

#: Seconds that an unattended run waits for the lock while another process holds it.
PATIENCE = 3600.0

#: Retries of an unattended landing, and seconds before the first; each pause is three times the one before.
RETRIES = 3
FIRST_PAUSE = 300.0


def is_unattended(tags: Mapping[str, str]) -> bool:
    """Return whether a run with these tags was started by a schedule or a sensor."""
    return TAGS.items() <= tags.items()


def patience(tags: Mapping[str, str]) -> float:
    """Return the seconds that a run with these tags waits for the lock."""
    return PATIENCE if is_unattended(tags) else 0.0


def retry(attempt: int) -> dg.RetryRequested:
    """Return the request for another attempt, after a random pause that grows, so that not all sources retry at once."""
    return dg.RetryRequested(max_retries=RETRIES, seconds_to_wait=FIRST_PAUSE * 3**attempt * random.uniform(0.75, 1.25))
