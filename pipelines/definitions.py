"""Define what Dagster loads: what ``pipelines.orchestration.code_location`` assembles, and what lies in ``pipelines/defs``."""

from pathlib import Path

from pipelines import loading

with loading.unswept():
    import dagster as dg

    from pipelines.orchestration.code_location import assemble

defs = dg.Definitions.merge(assemble(), dg.load_from_defs_folder(path_within_project=Path(__file__).parent))
