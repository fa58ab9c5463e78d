"""Word the failures of a run."""

import re
from collections.abc import Iterable
from typing import Any

from pipelines import settings
from pipelines.errors import BuildBusy, InputError

#: How Python, DuckDB, Polars and SQLite say that nothing can be stored, and what to do about it.
_STORAGE = {
    r"No space left on device|disk is full|Disk quota exceeded|\[Errno (28|122)\]": (
        "The disk is full. Free some space, such as the oldest folders of {home}/data/releases and what {home}/data/archive "
        "has of sources that you no longer load, and run it again."
    ),
    r"Read-only file system|readonly database|Permission denied|Operation not permitted|\[Errno (1|13|30)\]": (
        "{home}/data cannot be written. Give this user the right to write there, or set NEXTVALLEY_HOME to another folder."
    ),
}

#: How Dagster calls it that a step was stopped by Ctrl-C or by whoever ended its process.
_INTERRUPTED = "DagsterExecutionInterruptedError"

#: What to say of a run that neither ended nor failed by itself.
GONE = (
    "Its process is gone: it was killed, or the machine went down. If the log of the kernel (journalctl --dmesg) says that the "
    "memory ran out, let the machine, or the service or the container, have more of it, or end what else takes it."
)


def storage_fault(error: object) -> str | None:
    """Return what to do about an error, or the text of one, that says that nothing can be stored; None for any other."""
    text = str(error).strip()
    advice = next((advice for pattern, advice in _STORAGE.items() if re.search(pattern, text)), None)
    return advice and f"{advice.format(home=settings.HOME)} ({text.splitlines()[0]})"


def remarks(events: Iterable[Any]) -> list[str]:
    """Return what was set aside of the landings, what is doubtful, and what is unlike the landing before, from a run's events."""
    found = []
    for event in events:
        if event.event_type_value == "ASSET_CHECK_EVALUATION":
            check = event.asset_check_evaluation_data
            if not check.passed and check.severity.value == "WARN":
                found += [f"{check.asset_key.path[-1]}: {line}" for line in (check.description or check.check_name).splitlines()]
    return found


def of_process(messages: Iterable[str]) -> str | None:
    """Return why the process of a run ended before the run, from what Dagster noted meanwhile; None if it noted nothing of it."""
    ended = next((message for message in messages if "Run execution process" in message), None)
    return GONE if ended and "(SIGKILL)" in ended else ended


def was_interrupted(events: Iterable[Any]) -> bool:
    """Return whether somebody stopped the run, as Ctrl-C does, from its events."""
    return any(event.is_step_failure and event.step_failure_data.error.cls_name == _INTERRUPTED for event in events)


def why(events: Iterable[Any]) -> str:
    """Return what stopped a run, from its events, in the words of our own errors where one of them did."""
    reasons = []
    for event in events:
        if not event.is_step_failure:
            continue
        error = event.step_failure_data.error
        if error.cls_name == _INTERRUPTED:
            reasons.append("The run was interrupted.")
            continue
        ours = (InputError.__name__, BuildBusy.__name__)
        while error.cause is not None and error.cls_name not in ours:
            error = error.cause
        if error.cls_name in ours:
            reasons.append(error.message.split(": ", 1)[1].strip())
        else:
            reasons.append(storage_fault(error.message) or error.to_string())
    return "\n".join(dict.fromkeys(reasons))
