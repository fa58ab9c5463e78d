"""One line per finished asset while a run goes on, and the plain error when one fails."""

import logging

import dagster as dg
from dagster import DagsterEvent, DagsterEventType
from rich.console import Console

console = Console(stderr=True, highlight=False)


class _Lines(logging.Handler):
    """Turns Dagster's event log into lines a person reads, each finished step numbered among all ``steps`` of the run."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        self._steps, self._finished = steps, 0

    def emit(self, record: logging.LogRecord) -> None:
        meta = getattr(record, "dagster_meta", {})
        event: DagsterEvent | None = meta.get("dagster_event")
        if event is None:
            # Warnings are ours; errors are Dagster's word for steps that a failure kept from running.
            if record.levelno == logging.WARNING:
                console.print(f"  [yellow]{meta.get('orig_message', record.getMessage())}[/yellow]")
        elif event.event_type == DagsterEventType.STEP_START:
            console.print(f"[dim]{event.step_key} …[/dim]")
        elif event.event_type == DagsterEventType.STEP_SUCCESS:
            seconds = event.step_success_data.duration_ms / 1000
            console.print(f"[green]✓[/green] {self._place()} {event.step_key} [dim]{seconds:.1f} s[/dim]")
        elif event.event_type == DagsterEventType.STEP_FAILURE:
            console.print(f"[red]✗ {self._place()} {event.step_key}[/red]")

    def _place(self) -> str:
        self._finished += 1
        return f"{self._finished} of {self._steps}"


@dg.logger(config_schema={"steps": int}, description="One line per step, for the command line.")
def progress(context: dg.InitLoggerContext) -> logging.Logger:
    logger = logging.Logger("progress", logging.DEBUG)
    logger.addHandler(_Lines(context.logger_config["steps"]))
    return logger
