"""Which sources are read, and from where: the network, a folder of recordings, or what ships."""

import pkgutil
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import dataframely as dy
import pytest

from pipelines import settings
from pipelines.errors import InputError
from pipelines.ingest import fetchers, recordings, sources
from pipelines.ingest.source import Source
from pipelines.ingest.sources import gawc
from pipelines.orchestration import review
from tests.support.shelf import URL, landed, source, table


def replay(folder: Path, rows: dict[str, str], *files: str) -> fetchers.Replay:
    """Return an origin of recorded files, each with toys of its own, under the addresses of ``rows`` (file → address)."""
    for number, file in enumerate(files):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(f"toy,price\ntoy {number},1\n".encode())
    lines = [f"shop,toys,{file},{url},0" for file, url in rows.items()]
    (settings.REFERENCE / "replay.csv").write_text("\n".join(["source,table,file,url,is_derived", *lines, ""]))
    return fetchers.Replay(folder)


def test_a_replay_serves_files_under_their_addresses(home: Path, tmp_path: Path) -> None:
    rows = {"toys.csv": URL, "years/*.csv": "https://toys.example/*/toys.csv"}
    result = landed(table(), replay(tmp_path / "recorded", rows, "toys.csv", "years/2001.csv", "years/2002.csv"))
    years = [f"https://toys.example/{year}/toys.csv" for year in (2001, 2002)]
    assert [(file.url, file.via) for file in result.snapshots] == [(url, "replay") for url in (URL, *years)]
    assert result.rows == 3


def test_a_file_named_in_full_is_not_matched_again(home: Path, tmp_path: Path) -> None:
    rows = {"f/*_*.csv": "https://toys.example/*/*", "f/A_1.csv": URL}
    recorded = replay(tmp_path, rows, "f/A_1.csv", "f/B_2.csv", "f/C.csv")
    assert [request.url for request in recorded.requests(source(table()), table())] == ["https://toys.example/B/2", URL]


@pytest.mark.parametrize(
    ("module", "stated", "problem"),
    [
        ("gawc2", {}, "its source has the name 'gawc'. Write name='gawc2', or rename the file"),
        ("my-list", {"name": "my-list"}, "'my-list' is not a name for a source or table. Use lower-case letters, digits and _"),
        ("gawc", {"tables": (table(name="a-b"),)}, "'a-b' is not a name for a source or table"),
        ("gawc", {"licence_class": "opne"}, "licence_class 'opne' is unknown. Write one of open, terms, restricted"),
        ("gawc", {"cadence": "anually"}, "cadence 'anually' is unknown. Write one of once, when edited, daily"),
        ("gawc", {"completeness": "all"}, "completeness 'all' is unknown. Write one of sample, census, selection, largest"),
        ("gawc", {"subjects": ("deals", "compnies")}, "subjects 'compnies' is unknown. Write one of deals, companies"),
    ],
)
def test_wrong_record_is_refused_with_its_file(
    monkeypatch: pytest.MonkeyPatch, module: str, stated: dict[str, Any], problem: str
) -> None:
    made = ModuleType(f"pipelines.ingest.sources.{module}")
    monkeypatch.setattr(made, "SOURCE", replace(gawc.SOURCE, **stated), raising=False)
    monkeypatch.setitem(sys.modules, made.__name__, made)
    monkeypatch.setattr(pkgutil, "iter_modules", lambda _: [SimpleNamespace(name=module), SimpleNamespace(name="edgar")])
    with pytest.raises(InputError) as refused:
        sources.discover()
    assert str(refused.value).startswith(f"sources: pipelines/ingest/sources/{module}.py: {problem}")
    assert len(refused.value.problems) == 1


def test_lines_of_recordings_that_nothing_reads_are_named(home: Path) -> None:
    def line(source: str, table: str) -> str:
        return f"{source},{table},{source}.csv,https://toys.example/{source},0"

    fetchers.require_known_recordings()
    lines = [line("moe", "institutions"), line("moe", "institutionz"), line("gawk", "connectivity")]
    (settings.REFERENCE / "replay.csv").write_text("\n".join(["source,table,file,url,is_derived", *lines, ""]))
    with pytest.raises(InputError) as refused:
        fetchers.require_known_recordings()
    file = "reference: data/reference/replay.csv"
    assert str(refused.value).splitlines() == [
        f"{file}, row 3, column table: 'institutionz' is not a landing table of moe. Write 'institutions'",
        f"{file}, row 4, column source: 'gawk' is not a source. Write the name of a module of pipelines/ingest/sources",
    ]
    assert {problem.row for problem in review.problems({}) if "replay.csv" in problem.file} == {3, 4}


def test_a_missing_recording_is_named(home: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"the file shop/toys\.csv is missing"):
        landed(table(), replay(tmp_path, {"shop/toys.csv": URL}))


def test_replay_must_be_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLAY", "no/such/folder")
    with pytest.raises(InputError, match="no/such/folder: is not a folder"):
        fetchers.replay_folder()


# Selection


def chosen(monkeypatch: pytest.MonkeyPatch, names: str) -> list[Source]:
    """Return the sources selected beside the project's own."""
    monkeypatch.setenv("SOURCES", names)
    selected = sources.selected()
    assert {source for source in sources.ALL if source.is_local} <= set(selected)
    return [source for source in selected if not source.is_local]


def test_sources_are_selected_by_class_or_name(monkeypatch: pytest.MonkeyPatch) -> None:
    remote = [source for source in sources.ALL if not source.is_local]
    restricted = next(source for source in remote if source.licence_class == "restricted")
    assert chosen(monkeypatch, "register") == []
    assert {source.name for source in chosen(monkeypatch, "")} == {line["source"] for line in recordings.shipped()}
    assert chosen(monkeypatch, "open") == [source for source in remote if source.licence_class == "open"]
    assert chosen(monkeypatch, "all") == remote
    assert chosen(monkeypatch, f"register, {restricted.name}") == [restricted]
    with pytest.raises(
        InputError, match=r"crunchbse: is not a source\. Use shipped, register, open, all, or names out of .*register"
    ):
        chosen(monkeypatch, "crunchbse")


def test_what_ships_is_read_from_the_project_unless_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    moe = next(source for source in sources.ALL if source.name == "moe")
    monkeypatch.setenv("REPLAY", str(tmp_path))
    via = {}
    for names in ("shipped", "shipped, gawc", "shipped, moe", "open", "all"):
        monkeypatch.setenv("SOURCES", names)
        with fetchers.origin_of(moe) as origin:
            via[names] = origin.via
    assert via == {"shipped": "shipped", "shipped, gawc": "shipped", "shipped, moe": "replay", "open": "replay", "all": "replay"}
    monkeypatch.delenv("REPLAY")
    assert fetchers.is_live(moe)
    monkeypatch.setenv("SOURCES", "shipped")
    assert not fetchers.is_live(moe)


def test_forms_of_columns_accept_ascii_digits_only() -> None:
    """``\\d`` also matches ١ and １, at which a cast in a model would stop the build of everything."""
    assert [
        f"{table.name}.{name}"
        for source in sources.ALL
        for table in source.tables
        for name, column in table.contract.columns().items()
        if isinstance(column, dy.String) and "\\d" in (column.regex or "")
    ] == []


@pytest.mark.parametrize(
    ("source", "address", "part"),
    [
        ("form_d", "https://www.sec.gov/files/structureddata/data/form-d-data-sets/2025Q4_d.zip", "2025q4"),
        ("form_d", "https://www.sec.gov/files/structureddata/data/form-d-data-sets/2025q4_d_0.zip", "2025q4"),
        ("form_d", "https://www.sec.gov/files/2025q4.zip", None),
        *((name, "https://elsewhere.example/file", None) for name in ("hurun", "wikidata", "financedatabase")),
    ],
)
def test_file_stands_for_a_part_by_its_address(source: str, address: str, part: str | None) -> None:
    (table,) = next(one.tables for one in sources.ALL if one.name == source)
    assert table.parts is not None
    assert table.parts.of(address) == part
    if isinstance(table.addresses, tuple):
        assert None not in map(table.parts.of, table.addresses)
