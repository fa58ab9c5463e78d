"""Show what a table promises as one blocking check, whether SQL or Python makes the table.

Dagster writes several records for every check, so a check for each promise would take a tenth of a refresh.
"""

from collections.abc import Iterable
from typing import Any

import dagster as dg

from pipelines.warehouse.checks import Outcome
from pipelines.warehouse.model import Check

NAME = "keeps_its_promises"

#: Name of what the UI says of a table that was not made again.
KEPT = "not made again"


def asset_key(table: str) -> dg.AssetKey:
    """Return the key of the asset that is the table, named with its database schema."""
    return dg.AssetKey(table.split("."))


def spec(table: str, promises: Iterable[Check]) -> dg.AssetCheckSpec:
    """Return the check, which lists the promises."""
    # What is not infinite and not NaN is promised by two rules in the same words.
    listed = "\n".join(f"- {text}" for text in dict.fromkeys(promise.says for promise in promises))
    return dg.AssetCheckSpec(NAME, asset=asset_key(table), description=listed, blocking=True)


def result(table: str, outcomes: list[Outcome]) -> dg.AssetCheckResult:
    """Return what became of the check: each broken promise with the number of rows that break it, worded row by row.

    A failed check alone does not stop the step that makes the table; ``checks.enforce`` does.
    """
    problems = [str(problem) for outcome in outcomes for problem in outcome.problems]
    return dg.AssetCheckResult(
        asset_key=asset_key(table),
        check_name=NAME,
        passed=not problems,
        description="\n".join(problems) or f"all {len(outcomes)} promises are kept",
        metadata={outcome.check.says: outcome.failing for outcome in outcomes if outcome.failing},
    )


def executed_alone(context: dg.AssetExecutionContext) -> set[dg.AssetCheckKey]:
    """Return the checks that a run executes without making their tables; a step that can be divided has to answer them too."""
    return {check for check in context.selected_asset_check_keys if check.asset_key not in context.selected_asset_keys}


def kept(context: dg.AssetExecutionContext, table: str, *, is_checked: bool = True) -> dg.MaterializeResult[Any]:
    """Return what the UI shows of a table that was not made again: what it showed before, and that it was kept."""
    said = "Its inputs and its code are unchanged, so making it again would give the same table."
    passed = dg.AssetCheckResult(asset_key=asset_key(table), check_name=NAME, passed=True, description="kept when it was made")
    before = context.instance.get_latest_materialization_event(asset_key(table))
    shown = before.asset_materialization.metadata if before and before.asset_materialization else {}
    return dg.MaterializeResult(asset_key(table), metadata={**shown, KEPT: said}, check_results=[passed] if is_checked else [])
