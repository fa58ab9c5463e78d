"""The commands: they run the refresh, or read the published file and print tables that fit 80 columns."""

from pipelines.cli import comparison, ranking, read, run, verdicts
from pipelines.cli.console import app

__all__ = ["app", "comparison", "ranking", "read", "run", "verdicts"]

#: The commands in the order of the help.
_ORDER = ("rank", "claims", "why", "compare", "sources", "mcp", "refresh", "check", "smoke")

app.registered_commands.sort(key=lambda command: _ORDER.index(getattr(command.callback, "__name__", "")))
