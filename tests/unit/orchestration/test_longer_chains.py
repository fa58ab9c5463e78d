"""Chains that do not agree are run once more, twice as long."""

import polars as pl
import pytest

from pipelines.index.measurement import run
from pipelines.index.tables import lists
from pipelines.orchestration.assets.index import agreed


@pytest.mark.parametrize(
    ("r_hat", "effective", "lengths"),
    [
        (1.004, 900.0, [run.DRAWS]),
        (1.02, 900.0, [run.DRAWS, 2 * run.DRAWS]),
        (1.004, 60.0, [run.DRAWS, 2 * run.DRAWS]),
    ],
)
def test_chains_are_lengthened_where_they_do_not_agree(
    r_hat: float, effective: float, lengths: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "compared", lambda _: pl.DataFrame({"r_hat": [1.0, r_hat], "effective": [800.0, effective]}))
    asked, said = list[int](), list[str]()

    def computed(draws: int) -> str:
        asked.append(draws)
        return f"index of {draws}"

    assert agreed(computed, said.append) == f"index of {lengths[-1]}"
    assert asked == lengths
    assert len(said) == len(lengths) - 1
