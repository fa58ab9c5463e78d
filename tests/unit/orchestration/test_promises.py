"""A broken promise stops the step that makes the table, and every step after it."""

import dagster as dg
import pytest

from pipelines.errors import InputError, Problem
from pipelines.orchestration.assets import models, promises
from pipelines.warehouse.checks import Outcome, enforce
from pipelines.warehouse.model import Check

KEPT = Outcome(Check("not_null", "toy"), 0, [])
BROKEN = Outcome(
    Check("unique", "toy"), 2, [Problem("toys.csv", "'bear' occurs more than once", "Keep one row per key", 3, "toy")]
)


def test_check_blocks_and_lists_its_promises() -> None:
    spec = promises.spec("core.toys", [KEPT.check, BROKEN.check, KEPT.check])
    assert spec.blocking
    assert (spec.asset_key, spec.description) == (dg.AssetKey(["core", "toys"]), "- toy is never empty\n- toy is unique")


def test_every_table_with_promises_has_a_blocking_check() -> None:
    promising = {model.table for model in models.MODELS if model.checks}
    specs = [spec for assets in models.ASSETS for spec in assets.check_specs]
    assert {".".join(spec.asset_key.path) for spec in specs if spec.blocking} == promising


def test_result_says_what_is_broken_and_how_often() -> None:
    assert promises.result("core.toys", [KEPT, KEPT]).passed
    result = promises.result("core.toys", [KEPT, BROKEN])
    assert not result.passed
    assert "toys.csv, row 3, column toy: 'bear' occurs more than once" in str(result.description)
    assert result.metadata["toy is unique"].value == 2
    assert "toy is never empty" not in result.metadata


def test_step_stops_at_a_broken_promise() -> None:
    enforce("core.toys", [KEPT])
    with pytest.raises(InputError, match="'bear' occurs more than once"):
        enforce("core.toys", [KEPT, BROKEN])
