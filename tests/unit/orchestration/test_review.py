"""What a person began and did not finish is told, though it stops no refresh."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines import settings
from pipelines.errors import InputError
from pipelines.ingest import sources
from pipelines.ingest.fetchers import Project
from pipelines.ingest.landing import land
from pipelines.ingest.sources import hurun, inbox, reference
from pipelines.orchestration import binding, review
from pipelines.warehouse import database, model, versions

#: A landing table whose name is misspelt.
MISSPELT = "landing.hurun__unicorn"


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


def test_mapping_file_of_no_source_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SQL", tmp_path / "sql")
    monkeypatch.setattr(sources, "ALL", (hurun.SOURCE,))
    for file, table in {
        "companies/_table": "landing.reference__rounds",
        "companies/hurun": "landing.hurun__unicorns",
        "companies/hurum": "landing.hurun__unicorns",
        "name_mentions/firms": "landing.register__service_firms",
    }.items():
        path = tmp_path / "sql" / "staging" / f"{file}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"select * from {table}")
    where = "sql/staging/companies/hurum.sql: it has the name of no source"
    assert review.unfinished({}) == [f"{where}. Rename it to hurun.sql, the source that it reads, or remove it"]


@pytest.mark.parametrize(
    ("deals", "companies", "is_told"), [("city as place", None, False), ("city", "city as place", False), ("city", "city", True)]
)
def test_deals_that_are_mapped_without_a_place_are_told(
    deals: str, companies: str | None, is_told: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SQL", tmp_path / "sql")
    monkeypatch.setattr(sources, "ALL", (replace(hurun.SOURCE, subjects=()),))
    for folder, column in {"deals": deals, "companies": companies}.items():
        if column:
            file = tmp_path / "sql" / "staging" / folder / "hurun.sql"
            file.parent.mkdir(parents=True)
            file.write_text(f"select {column} from landing.hurun__unicorns")
    said = "sql/staging/deals/hurun.sql: no column is called place, so its deals count for no city. Add it"
    assert review.unfinished({}) == ([said] if is_told else [])


def change_query(written: str, anew: str) -> None:
    """Give the home queries of its own, and change the one that maps the companies of Hurun."""
    project = settings.SQL.resolve()
    settings.SQL.unlink()
    shutil.copytree(project, settings.SQL)
    file = settings.SQL / "staging" / "companies" / "hurun.sql"
    file.write_text(file.read_text("utf-8").replace(written, anew), "utf-8")


def test_landing_that_no_source_has_is_named_with_its_file(home: Path) -> None:
    change_query("landing.hurun__unicorns", "landing.hurun__unicorn")
    (problem,) = review.problems({})
    said = "sql/staging/companies/hurun.sql: no source lands landing.hurun__unicorn. Write landing.hurun__unicorns"
    assert str(problem) == said
    assert binding.problems() == [], "it is told once"
    table = replace(next(made for made in model.of_project() if made.table == "staging.companies"), depends=(MISSPELT,))
    with database.connect() as connection, pytest.raises(InputError, match=re.escape(f"sql: {said}")):
        versions.of_models(connection, [table])


@pytest.mark.parametrize(
    ("written", "anew", "says"),
    [
        ("    place,", "    plaza as place,", 'row 6: Referenced column "plaza" not found in FROM clause'),
        ("'hurun' as dataset", "sum(1) as dataset", 'row 3: column "hurun_id" must appear in the GROUP BY clause'),
    ],
)
def test_query_that_does_not_fit_what_it_reads_is_named_with_its_row(home: Path, written: str, anew: str, says: str) -> None:
    change_query(written, anew)
    (problem,) = binding.problems()
    assert str(problem).startswith(f"sql/staging/companies/hurun.sql, {says}"), "and not what reads that table"


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
    ("rows", "place", "folder"),
    [
        (["CN,Chengdu", "CN,成都"], "Chengdu", "Chengdu"),
        (["CN,Chengdu", "CN,绵阳"], "Sichuan", "Sichuan"),
        ([",成都", ",绵阳"], "Sichuan", "Sichuan, China"),
    ],
)
def test_file_of_one_place_is_told_where_to_go(rows: list[str], place: str, folder: str, home: Path) -> None:
    def told(lines: list[str], path: str = "mine.csv") -> list[str]:
        file = settings.INBOX / path
        file.parent.mkdir(parents=True, exist_ok=True)
        header = "company,country,city,founded"
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
