"""The sentence on who is first, by its rules."""

import polars as pl
import pytest

from pipelines.publish.wording import headline


@pytest.mark.parametrize(
    ("p_first", "p_above", "says"),
    [
        ((0.97, 0.03), 0.96, "Alba leads: it is first in 97% of all draws and separable from every other city."),
        ((0.80, 0.20), 0.94, "Alba has the best shot (first in 80% of all draws) but is not separable from Brno."),
        (
            (0.35, 0.65),
            0.35,
            "Alba ranks first by the published choices, but Brno is first in more of all draws (65% against 35%): "
            "they are not separable.",
        ),
    ],
)
def test_no_more_is_said_than_the_draws_carry(p_first: tuple[float, float], p_above: float, says: str) -> None:
    ranking = pl.DataFrame({"rank": [1, 2], "city": ["Alba", "Brno"], "p_first": p_first})
    pairwise = pl.DataFrame({"city": ["Alba", "Brno"], "other": ["Brno", "Alba"], "p_above": [p_above, 1 - p_above]})
    assert headline(ranking, pairwise) == says
