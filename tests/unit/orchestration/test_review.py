"""What a person began and did not finish is told, though it stops no refresh."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines import settings
from pipelines.ingest import sources
from pipelines.ingest.fetchers import Project
from pipelines.ingest.landing import land
from pipelines.ingest.sources import hurun, inbox, reference
from pipelines.orchestration import review


def test_subject_that_no_file_maps_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert review.unfinished({}) == []
    atlas = replace(hurun.SOURCE, name="atlas", subjects=("deals", "investors", "services"))
    monkeypatch.setattr(sources, "ALL", (*sources.ALL, atlas))
    states = "source 'atlas': it states"
    assert review.unfinished({}) == [
        f"{states} deals, but no file maps them. Write sql/staging/deals/atlas.sql",
        f"{states} investors, but no file maps them. "
        "Write sql/staging/listed_investors/atlas.sql or sql/staging/deal_investors/atlas.sql",
    ]


def test_one_of_several_files_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    atlas = replace(hurun.SOURCE, name="atlas", subjects=("investors",))
    monkeypatch.setattr(sources, "ALL", (atlas,))
    monkeypatch.setattr(settings, "SQL", tmp_path / "sql")
    file = tmp_path / "sql" / "staging" / "deal_investors" / "atlas.sql"
    file.parent.mkdir(parents=True)
    file.touch()
    assert review.unfinished({}) == []


def test_city_of_a_ranking_that_nobody_knows_is_told() -> None:
    ranked = reference.FILES.read("published_rankings")
    tables = {("reference", "published_rankings"): ranked.with_columns(city=ranked["city"].replace("Tel Aviv", "Tel Avviv"))}
    told = review.unfinished(tables)
    assert len(told) == ranked.filter(city="Tel Aviv").height > 0
    assert told[0].startswith(
        "data/reference/published_rankings.csv, row 3, column city: 'Tel Avviv' is not a city that is known."
    )
    assert review.unfinished({("reference", "published_rankings"): ranked}) == []


@pytest.mark.parametrize(
    ("header", "rows", "place", "folder"),
    [
        ("company,country,city,founded", ["CN,Chengdu", "CN,成都"], "Chengdu", "Chengdu"),
        ("company,country,city,founded", ["CN,Chengdu", "CN,绵阳"], "Sichuan", "Sichuan"),
        ("company,country,city,founded", [",成都", ",绵阳"], "Sichuan", "Sichuan, China"),
    ],
)
def test_file_of_one_place_is_told_where_to_go(header: str, rows: list[str], place: str, folder: str, home: Path) -> None:
    def told(lines: list[str], path: str = "mine.csv") -> list[str]:
        file = settings.INBOX / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join([header, *(f"Acme {number},{line},2012" for number, line in enumerate(lines))]), "utf-8")
        land(inbox.SOURCE, inbox.SOURCE.tables[1], Project())
        file.unlink()
        return review.landed_of_one_place()

    assert review.landed_of_one_place() == []
    assert told([*rows, *rows, rows[0], ","]) == [
        f"All 5 companies of mine.csv are in {place}: as it lies, other cities count as having none. "
        f"If it covers {place} only, move it to data/inbox/{folder}/"
    ]
    assert (
        told([*rows, *rows]) == told([*rows, *rows, rows[0], "CN,Wuhan"]) == told([*rows, *rows, *rows], f"{folder}/a.csv") == []
    )
