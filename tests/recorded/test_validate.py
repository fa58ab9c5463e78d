"""The register against independent recordings; needs them, and never copies them."""

from pathlib import Path

import pytest

from pipelines.ingest.sources import reference
from tools.documents import ROOT
from tools.validation.comparison import Report, validate
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


@pytest.fixture(scope="module")
def report(recordings: Path) -> Report:
    return validate(recordings)


@pytest.mark.recorded
def test_register_agrees_with_the_recordings(report: Report) -> None:
    for comparison in report.comparisons:
        shown = f"{comparison.agree} of {comparison.comparable} ({comparison.share:.1%})"
        print(f"{comparison.file} {comparison.field} {comparison.recording}: {shown}")
        for row in comparison.disagreements:
            print(f"    {row.name}: ours {row.ours}, theirs {row.theirs}")
    cities = [comparison for comparison in report.comparisons if (comparison.file, comparison.field) == ("companies.csv", "city")]
    assert sum(comparison.comparable for comparison in cities) >= 300
    city, founded = report.share("companies.csv", "city"), report.share("companies.csv", "founded")
    deals, rounds = report.share("deals.csv", "found"), report.share("deals.csv", "round_year")
    assert city >= 0.97
    assert founded >= 0.92
    assert deals >= 0.60
    assert rounds >= 0.92
    words = " ".join((ROOT / "docs" / "sources.md").read_text("utf-8").split())
    assert f"company city {city:.0%}, founding year within one {founded:.0%}, deals found {deals:.0%}" in words
    assert f"year of like-named rounds {rounds:.0%}" in words


@pytest.mark.recorded
def test_committed_coverage_is_what_is_measured(report: Report) -> None:
    committed = reference.FILES.read("register_coverage")
    columns = ["city", "measure", "recorded", "detected"]
    theirs = {tuple(map(str, row)) for row in committed.select(columns).iter_rows()}
    assert theirs == {tuple(map(str, row)) for row in report.coverage.select(columns).iter_rows()}, (
        "run `python -m tools.validation`"
    )
