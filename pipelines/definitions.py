"""Define what Dagster loads; ``pipelines.orchestration.code_location`` assembles it."""

from pipelines.orchestration.code_location import assemble

defs = assemble()
