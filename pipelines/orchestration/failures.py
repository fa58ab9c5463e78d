"""Word the failures of a run."""

from collections.abc import Iterable
from typing import Any

from pipelines.errors import BuildBusy, InputError


def why(events: Iterable[Any]) -> str:
    """What stopped a run, from its events, in the words of our own errors where one of them did."""
    reasons = []
    for event in events:
        if not event.is_step_failure:
            continue
        error = event.step_failure_data.error
        ours = (InputError.__name__, BuildBusy.__name__)
        while error.cause is not None and error.cls_name not in ours:
            error = error.cause
        if error.cls_name in ours:
            reasons.append(error.message.split(": ", 1)[1].strip())
        else:
            reasons.append(error.to_string())
    return "\n".join(reasons)
