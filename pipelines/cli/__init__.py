"""The commands: they run the refresh, or read the published file and print tables that fit 80 columns."""

from pipelines.cli import ranking, read, run
from pipelines.cli.console import app

__all__ = ["app", "ranking", "read", "run"]
