"""The register against independent recordings; needs them, and never copies them."""

from pathlib import Path

import pytest

from tools.documents import ROOT
from tools.validation.comparison import Comparison, validate
from tools.validation.recordings import fold


@pytest.mark.parametrize(
    ("a", "b"),
    [("Xiaomi Inc.", "xiaomi"), ("Alibaba Group Holding Limited", "Alibaba"), ("Ele.me", "ele me"), ("58.com Inc", "58.com")],
)
def test_names_fold_together(a: str, b: str) -> None:
    assert fold(a) == fold(b)


def test_a_name_made_of_endings_only_is_kept() -> None:
    assert fold("The Company Inc") != ""
    assert fold("Technology Group") != ""


def share(comparisons: list[Comparison], file: str, field: str) -> float:
    """Return the agreement on a field of a file over all recordings together."""
    rows = [row for row in comparisons if (row.file, row.field) == (file, field)]
    return sum(row.agree for row in rows) / sum(row.comparable for row in rows)


@pytest.mark.recorded
def test_register_agrees_with_the_recordings(recordings: Path) -> None:
    comparisons = validate(recordings)
    for comparison in comparisons:
        shown = f"{comparison.agree} of {comparison.comparable} ({comparison.share:.1%})"
        print(f"{comparison.file} {comparison.field} {comparison.recording}: {shown}")
        for row in comparison.disagreements:
            print(f"    {row.name}: ours {row.ours}, theirs {row.theirs}")
    cities = [comparison for comparison in comparisons if (comparison.file, comparison.field) == ("companies.csv", "city")]
    assert sum(comparison.comparable for comparison in cities) >= 300
    city, founded = (share(comparisons, "companies.csv", field) for field in ("city", "founded"))
    deals, rounds = (share(comparisons, "deals.csv", field) for field in ("found", "round_year"))
    assert city >= 0.97
    assert founded >= 0.92
    assert deals >= 0.60
    assert rounds >= 0.92
    words = " ".join((ROOT / "docs" / "sources.md").read_text("utf-8").split())
    assert f"company city {city:.0%}, founding year within one {founded:.0%}, deals found {deals:.0%}" in words
    assert f"year of like-named rounds {rounds:.0%}" in words
