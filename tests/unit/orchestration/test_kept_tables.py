"""What the UI shows of a table that was not made again."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import pytest

from pipelines.orchestration.assets import promises

TABLE = "core.cities"


@dg.multi_asset(specs=[dg.AssetSpec(promises.asset_key(TABLE))])
def keep(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
    yield promises.kept(context, TABLE, is_checked=False)


@pytest.mark.slow
def test_kept_table_shows_what_it_showed_when_it_was_made() -> None:
    key = promises.asset_key(TABLE)
    with dg.DagsterInstance.ephemeral() as instance:
        instance.report_runless_asset_event(dg.AssetMaterialization(key, metadata={"dagster/row_count": 3}))
        for _ in range(2):
            assert dg.materialize([keep], instance=instance).success
        event = instance.get_latest_materialization_event(key)
        assert event is not None and event.asset_materialization is not None
        shown = event.asset_materialization.metadata
    assert shown["dagster/row_count"].value == 3
    assert shown.keys() == {"dagster/row_count", promises.KEPT}


def test_kept_table_of_which_nothing_is_recorded_says_that_it_was_kept() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        assert dg.materialize([keep], instance=instance).success
        event = instance.get_latest_materialization_event(promises.asset_key(TABLE))
        assert event is not None and event.asset_materialization is not None
        assert event.asset_materialization.metadata.keys() == {promises.KEPT}
