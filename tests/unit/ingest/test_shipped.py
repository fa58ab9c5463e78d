"""The recordings that ship: what may be among them, and that they land offline like any other bytes."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from pipelines import settings
from pipelines.errors import FetchFailed, InputError
from pipelines.ingest import catalogue, recordings, sources
from pipelines.ingest.fetchers import Shipped, origin_of
from pipelines.ingest.landing import land, landing_path
from tools.recordings import MOST_BYTES, archives, pack

BY_NAME = {source.name: source for source in sources.ALL}
LINES = recordings.shipped()


def members() -> list[str]:
    """Return the path of every file in the archives, as replay.csv writes it."""
    return [f"{path.stem}/{name}" for path in archives() for name in zipfile.ZipFile(path).namelist()]


def test_only_open_sources_ship() -> None:
    assert {BY_NAME[line["source"]].licence_class for line in LINES} == {"open"}


def test_the_index_and_the_archives_list_the_same_files() -> None:
    folder = recordings.Folder(settings.RECORDINGS)
    assert sorted(name for line in LINES for name, _ in folder.matches(line["file"])) == sorted(members())
    assert {path.name for path in settings.RECORDINGS.iterdir()} == {
        "README.md",
        "index.csv",
        *(path.name for path in archives()),
    }


def test_every_file_that_ships_has_an_address() -> None:
    origin = Shipped(settings.RECORDINGS)
    tables = [(BY_NAME[name], table) for name in {line["source"] for line in LINES} for table in BY_NAME[name].tables]
    addresses = {request.url for source, table in tables for request in origin.requests(source, table)}
    assert len(addresses) == len(members())


def test_what_ships_is_small() -> None:
    assert sum(path.stat().st_size for path in archives()) <= MOST_BYTES


def test_readme_explains_every_licence() -> None:
    readme = (settings.RECORDINGS / "README.md").read_text("utf-8")
    assert [line["licence"] for line in LINES if f"| {line['licence']} |" not in readme] == []


@pytest.fixture
def counted(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, int]]:
    """Land all that ships, without a network; yield the number of rows of each table."""
    monkeypatch.setenv("SOURCES", "shipped")
    rows = {}
    for source in sources.selected():
        if not source.is_local:
            with origin_of(source) as origin:
                for table in source.tables:
                    landed = land(source, table, origin)
                    if landed is not None:
                        kept_out = [row for row in landed.quarantined if not row.is_kept]
                        assert (landed.warning, kept_out, landed.drift) == (None, [], [])
                        rows[f"{source.name}.{table.name}"] = landed.rows
    yield rows


@pytest.mark.slow
def test_what_ships_lands_with_the_counts_its_publishers_state(counted: dict[str, int]) -> None:
    def count(source: str, table: str, column: str) -> dict[object, int]:
        frame = pl.read_parquet(landing_path(source, table))
        return dict(frame.group_by(column).len().iter_rows())

    elite = ("project_985", "project_211", "double_first_class_2017", "double_first_class")
    assert [counted[f"elite.{table}"] for table in elite] == [39, 112, 42, 147]
    assert count("moe", "institutions", "edition") == {2017: 2631, 2022: 2759, 2025: 2919}
    assert count("census", "prefectures", "year") == {2010: 369, 2020: 369}
    assert counted["edgar.issuers"] == 31
    states = pl.DataFrame(catalogue.catalogue()["core.sources"]).filter(pl.col("via") == "shipped")
    assert set(states["table_name"]) == {f"landing.{name.replace('.', '__')}" for name in counted}
    assert states["retrieved_at"].str.len_chars().max() == len("2026-04-21")


# Reading


def archive(folder: Path, name: str, **files: str) -> recordings.Folder:
    with zipfile.ZipFile(folder / f"{name}.zip", "w") as packed:
        for file, text in files.items():
            packed.writestr(f"{file}.csv", text)
    return recordings.Folder(folder)


def test_a_folder_may_be_packed(tmp_path: Path) -> None:
    folder = archive(tmp_path, "toys", a_1="one", b_2="two")
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "c.csv").write_text("three")
    assert folder.matches("toys/*_*.csv") == [("toys/a_1.csv", ("a", "1")), ("toys/b_2.csv", ("b", "2"))]
    assert folder.matches("plain/*.csv") == [("plain/c.csv", ("c",))]
    assert [folder.read(name) for name in ("toys/b_2.csv", "plain/c.csv")] == [b"two", b"three"]


def test_what_is_missing_or_broken_is_named(tmp_path: Path) -> None:
    folder = archive(tmp_path, "toys", a="one")
    for name in ("toys/b.csv", "games/a.csv"):
        with pytest.raises(FetchFailed, match=f"the file {name} is missing"):
            folder.read(name)
    (tmp_path / "toys.zip").write_bytes((tmp_path / "toys.zip").read_bytes()[:40])
    for read in (folder.read, folder.matches):
        with pytest.raises(FetchFailed, match=r"toys\.zip is not readable as ZIP"):
            read("toys/*.csv")


def test_a_missing_archive_fails_its_source_alone(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "RECORDINGS", tmp_path / "copy")
    settings.RECORDINGS.mkdir()
    (settings.RECORDINGS / "index.csv").write_bytes((home / "data" / "recordings" / "index.csv").read_bytes())
    monkeypatch.setenv("SOURCES", "shipped")
    source = BY_NAME["openalex"]
    with (
        origin_of(source) as origin,
        pytest.raises(InputError, match=r"data/recordings lacks the files of openalex\. Restore it"),
    ):
        land(source, source.tables[0], origin)


def test_an_index_that_is_missing_or_wrong_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "RECORDINGS", tmp_path / "none")
    with pytest.raises(InputError, match=r"data/recordings/index\.csv: is missing\. Restore it, or leave .* SOURCES=register"):
        recordings.shipped()
    monkeypatch.setattr(settings, "RECORDINGS", tmp_path)
    header = "source,file,recorded,licence,origin,note\n"
    (tmp_path / "index.csv").write_text(f"{header}moe,moe_list/*.xls,last year,MIT,https://moe.example/,A list.\n")
    with pytest.raises(InputError, match=r"index\.csv, row 2, column recorded: .*Write YYYY, YYYY-MM or YYYY-MM-DD"):
        recordings.shipped()


def contents() -> dict[str, int]:
    """Return the checksum of every member of the archives."""
    return {f"{path.stem}/{file.filename}": file.CRC for path in archives() for file in zipfile.ZipFile(path).infolist()}


@pytest.mark.slow
def test_packing_takes_the_files_that_the_index_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, copy = contents(), tmp_path / "copy"
    for path in archives():
        zipfile.ZipFile(path).extractall(tmp_path / "unpacked" / path.stem)
    (tmp_path / "unpacked" / "moe_list" / "draft.xls").write_bytes(b"not listed")
    copy.mkdir()
    (copy / "index.csv").write_bytes((settings.RECORDINGS / "index.csv").read_bytes())
    monkeypatch.setattr(settings, "RECORDINGS", copy)
    pack(tmp_path / "unpacked")
    packed = [path.read_bytes() for path in archives()]
    pack(tmp_path / "unpacked")
    assert [path.read_bytes() for path in archives()] == packed
    assert contents() == before
