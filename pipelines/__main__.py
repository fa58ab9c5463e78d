"""``python -m pipelines``: a thin face with progress and tables, and no logic of its own."""

from pipelines.cli import app

app(prog_name="nextvalley")
