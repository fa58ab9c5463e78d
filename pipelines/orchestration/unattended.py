"""Runs with nobody waiting: they wait for their turn and try again later, where a person would rather be told at once.

A run is unattended if a schedule or a sensor started it.
"""

import random
from collections.abc import Mapping

import dagster as dg
from dagster._core.storage.tags import SCHEDULE_NAME_TAG, SENSOR_NAME_TAG

#: Seconds that an unattended run waits while another process holds the claim.
PATIENCE = 3600.0

#: Times that an unattended landing is tried again, and seconds before the first; each pause is three times the last.
RETRIES = 3
FIRST_PAUSE = 300.0


def is_unattended(tags: Mapping[str, str]) -> bool:
    return SCHEDULE_NAME_TAG in tags or SENSOR_NAME_TAG in tags


def patience(tags: Mapping[str, str]) -> float:
    """Seconds to wait for the claim in a run with these tags."""
    return PATIENCE if is_unattended(tags) else 0.0


def again(tried: int) -> dg.RetryRequested:
    """Ask for another attempt after a pause that grows, and differs so that many do not come back at once."""
    return dg.RetryRequested(max_retries=RETRIES, seconds_to_wait=FIRST_PAUSE * 3**tried * random.uniform(0.75, 1.25))
