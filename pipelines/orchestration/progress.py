"""One line per finished asset while a run goes on, what it says meanwhile, and the time that is left."""

import json
import logging
from collections.abc import Callable, Sequence

import dagster as dg
from dagster import DagsterEvent, DagsterEventType
from rich.console import Console

from pipelines import settings

console = Console(stderr=True, highlight=False)

#: Seconds that are not worth an estimate.
SHORT = 3


#: Mark of what a step says to whoever waits for it; the other remarks at this level are Dagster's.
SAID = "said_to_who_waits"


class _Lines(logging.Handler):
    """Turns Dagster's event log into lines a person reads, each finished step numbered among all ``steps`` of the run.

    What is left is estimated by how long the same steps took the last time; nothing is said before they have run once.
    """

    def __init__(self, steps: Sequence[str]) -> None:
        super().__init__()
        self._steps, self._finished, self._seconds = steps, set[str](), _last_time()

    def emit(self, record: logging.LogRecord) -> None:
        meta = getattr(record, "dagster_meta", {})
        event: DagsterEvent | None = meta.get("dagster_event")
        if event is None:
            # Warnings are ours; errors are Dagster's word for steps that a failure kept from running.
            if record.levelno == logging.WARNING or hasattr(record, SAID):
                style = "yellow" if record.levelno == logging.WARNING else "dim"
                # It quotes files, whose brackets are no markup.
                console.print(f"  {meta.get('orig_message', record.getMessage())}", style=style, markup=False, emoji=False)
        elif event.event_type == DagsterEventType.STEP_START:
            console.print(f"[dim]{event.step_key} …[/dim]")
        elif event.event_type == DagsterEventType.STEP_SUCCESS:
            seconds = event.step_success_data.duration_ms / 1000
            console.print(f"[green]✓[/green] {self._place(event)} [dim]{seconds:.1f} s{self._left()}[/dim]")
            self._seconds[str(event.step_key)] = round(seconds, 2)
            settings.DURATIONS.write_text(json.dumps(self._seconds, indent=0), "utf-8")
        elif event.event_type == DagsterEventType.STEP_FAILURE:
            console.print(f"[red]✗ {self._place(event)}[/red]")

    def _place(self, event: DagsterEvent) -> str:
        self._finished.add(str(event.step_key))
        return f"{len(self._finished)} of {len(self._steps)}, {event.step_key}"

    def _left(self) -> str:
        """Return how long the other steps will take; nothing if one of them is new."""
        others = [self._seconds.get(step) for step in self._steps if step not in self._finished]
        known = [seconds for seconds in others if seconds is not None]
        return f", about {sum(known):.0f} s left" if len(known) == len(others) and sum(known) >= SHORT else ""


def _last_time() -> dict[str, float]:
    """Return how many seconds each step took when it ran last."""
    try:
        return json.loads(settings.DURATIONS.read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}


def say(context: dg.AssetExecutionContext) -> Callable[[str], None]:
    """Return what tells the log of a run, and the terminal, how far a long step is."""
    return lambda text: context.log.info(text, extra={SAID: True})


@dg.logger(config_schema={"steps": [str]}, description="One line per step, for the command line.")
def progress(context: dg.InitLoggerContext) -> logging.Logger:
    logger = logging.Logger("progress", logging.DEBUG)
    logger.addHandler(_Lines(context.logger_config["steps"]))
    return logger
