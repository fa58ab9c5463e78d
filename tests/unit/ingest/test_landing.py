"""Live, recorded and curated bytes take one path: archived first, then landed completely or not at all."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import dataframely as dy
import polars as pl
import pytest

from pipelines import settings
from pipelines.errors import FetchFailed, InputError
from pipelines.ingest import archive, fetchers, recordings, sources
from pipelines.ingest.contract import doc
from pipelines.ingest.landing import Landed, failure_of, land, landed_from, landing_of, landing_path, note_failure, quarantine_of
from pipelines.ingest.readers.text import csv_rows
from pipelines.ingest.request import Reply, Request
from pipelines.ingest.source import Origin, Source, Table


class Toys(dy.Schema):
    """One row per toy. The rest of the docstring is for readers of the code."""

    toy = dy.String(primary_key=True, metadata=doc("Name."))
    price = dy.Float64(nullable=True, min=0, metadata=doc("Price."))


parsed: list[bytes] = []


def parse(content: bytes) -> pl.DataFrame:
    parsed.append(content)
    return csv_rows(content, ["toy", "price"])


URL = "https://toys.example/toys.csv"
OTHER = "https://toys.example/more.csv"
GOOD = b"toy,price\nbear,3\nkite,4.5\n"


def table(**changes: object) -> Table:
    fields: dict[str, object] = {"name": "toys", "contract": Toys, "rows": (2, 4), "parse": parse, "addresses": (URL,)}
    return Table(**(fields | changes))  # type: ignore[arg-type]


def source(toys: Table) -> Source:
    return Source("shop", "Toys", "Shop", "https://toys.example", "CC0", "open", "Shop", "weekly", (toys,))


class Shelf:
    """An origin whose bytes the test sets."""

    via = "live"

    def __init__(self) -> None:
        self.files: dict[str, bytes | FetchFailed] = {URL: GOOD}
        self.asked: list[tuple[str, str | None]] = []

    def requests(self, _: Source, toys: Table) -> list[Request]:
        assert isinstance(toys.addresses, tuple)
        return [Request(url) for url in toys.addresses if url in self.files]

    def fetch(self, request: Request, last: archive.Snapshot | None) -> Reply:
        self.asked.append((request.url, last.headers["etag"] if last else None))
        content = self.files[request.url]
        if isinstance(content, FetchFailed):
            raise content
        tag = str(hash(content))
        if last and last.headers["etag"] == tag:
            return Reply(304, {}, b"")
        return Reply(200, {"etag": tag}, content)


@pytest.fixture
def shelf(home: Path) -> Iterator[Shelf]:
    parsed.clear()
    yield Shelf()


def landed(toys: Table, origin: Origin) -> Landed:
    result = land(source(toys), toys, origin)
    assert result is not None
    return result


def test_rows_lead_to_their_archived_bytes(shelf: Shelf) -> None:
    assert landed(table(), shelf).rows == 2
    frame = pl.read_parquet(landing_path("shop", "toys"))
    (file,) = landed_from(source(table()), table())
    assert frame["source_row"].to_list() == [2, 3]
    assert frame["source_file"].to_list() == [URL, URL]
    assert set(frame["source_sha256"]) == {file.sha256}
    assert (settings.ARCHIVE / "shop" / file.sha256).read_bytes() == GOOD
    assert (file.via, file.status, file.size) == ("live", 200, len(GOOD))


def test_unchanged_bytes_are_neither_sent_nor_parsed_again(shelf: Shelf) -> None:
    assert landed(table(), shelf).is_new
    assert not landed(table(), shelf).is_new
    assert [tag is not None for _, tag in shelf.asked] == [False, True]
    assert len(parsed) == 1
    shelf.files[URL] = GOOD + b"drum,9\n"
    assert landed(table(), shelf).rows == 3


def test_final_bytes_are_fetched_until_they_have_landed(shelf: Shelf) -> None:
    final = table(is_final=True)
    shelf.files[URL] = GOOD[:-4] + b"x,y,z\n"
    with pytest.raises(InputError):
        landed(final, shelf)
    shelf.files[URL] = GOOD
    assert landed(final, shelf).rows == 2
    assert landed(final, shelf).rows == 2
    assert len(shelf.asked) == 2


def test_several_files_make_one_table(shelf: Shelf) -> None:
    shelf.files[OTHER] = b"toy,price\ndrum,\n"
    assert landed(table(addresses=(URL, OTHER)), shelf).rows == 3
    assert pl.read_parquet(landing_path("shop", "toys"))["source_file"].to_list() == [URL, URL, OTHER]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"toy,price\nbear,3\nkite,free\n", f"{URL}, row 3, column price: 'free' is not a number"),
        (b"toy,cost\nbear,3\nkite,4\n", f"{URL}, row 1, column price: the column is missing"),
        (b"toy,cost\nbear,3\nkite,4\n", "column cost: the column is unknown; it may be price under a new name"),
        (b"toy,price\nbear,3\nkite\n", f"{URL}, row 3: 1 fields where the header has 2"),
        (b"toy,price\nboar,3\n", "1 rows, expected at least 2"),
        (b"toy,price\n" + b"".join(b"toy %d,1\n" % n for n in range(20)), "20 rows, expected at most 4"),
        (b"", f"{URL}: the file is empty"),
        (b"<!DOCTYPE html><html></html>", f"{URL}: is a web page, not data"),
        ("toy,price\nbear,3\nkité,4\n".encode("utf-16"), f"{URL}, row 1: byte 0xff is not UTF-8"),
        (FetchFailed("the server is down", "Try again tomorrow"), f"{URL}: the server is down. Try again tomorrow"),
    ],
)
def test_a_bad_file_leaves_the_last_good_landing(shelf: Shelf, content: bytes | FetchFailed, words: str) -> None:
    landed(table(), shelf)
    before = landing_path("shop", "toys").read_bytes()
    shelf.files[URL] = content
    with pytest.raises(InputError) as caught:
        landed(table(), shelf)
    assert str(caught.value).startswith("shop: ")
    assert words in str(caught.value)
    assert landing_path("shop", "toys").read_bytes() == before


def test_the_beginning_of_a_landed_file_is_refused(shelf: Shelf) -> None:
    shelf.files[URL] = GOOD + b"drum,99\n"
    landed(table(), shelf)
    for cut in (GOOD, GOOD + b"drum,9"):
        shelf.files[URL] = cut
        with pytest.raises(InputError) as raised:
            landed(table(), shelf)
        words = f"{URL}: the file is cut off: it is the first {len(cut)} of the {len(GOOD) + 8} bytes that landed before"
        assert words in str(raised.value)
        assert pl.read_parquet(landing_path("shop", "toys")).height == 3
    shelf.files[URL] = GOOD.replace(b"bear", b"boar")
    assert landed(table(), shelf).rows == 2


def test_the_last_row_of_a_project_file_may_be_removed(shelf: Shelf) -> None:
    shelf.via = "project"
    for content, rows in ((GOOD + b"drum,99\n", 3), (GOOD, 2)):
        shelf.files[URL] = content
        assert landed(table(), shelf).rows == rows


def test_a_failure_is_remembered_until_the_next_success(shelf: Shelf) -> None:
    note_failure(source(table()), table(), InputError("shop", []))
    assert failure_of("shop", "toys") is not None
    landed(table(), shelf)
    assert failure_of("shop", "toys") is None


def test_more_rows_than_expected_is_a_warning(shelf: Shelf) -> None:
    shelf.files[URL] = b"toy,price\n" + b"".join(b"toy %d,1\n" % n for n in range(6))
    assert landed(table(), shelf).warning == "6 rows, expected at most 4"


def test_a_recording_without_the_table_removes_its_landing(shelf: Shelf) -> None:
    landed(table(), shelf)
    shelf.files.clear()
    shelf.via = "replay"
    assert land(source(table()), table(), shelf) is None
    assert not landing_path("shop", "toys").exists()


def test_a_live_source_without_files_keeps_its_landing(shelf: Shelf) -> None:
    landed(table(), shelf)
    shelf.files.clear()
    with pytest.raises(InputError, match="there is no file to fetch"):
        land(source(table()), table(), shelf)
    assert landing_path("shop", "toys").exists()


def test_a_live_source_without_addresses_lands_nothing(shelf: Shelf) -> None:
    shelf.files.clear()
    recorded_only = table(addresses=())
    assert land(source(recorded_only), recorded_only, shelf) is None


def test_a_landing_under_an_older_contract_is_not_used(shelf: Shelf) -> None:
    class Older(dy.Schema):
        """One row per toy."""

        toy = dy.String(primary_key=True, metadata=doc("Name."))

    older = table(contract=Older)
    landed(older, shelf)
    assert landing_of(source(older), older) is not None
    assert landing_of(source(table()), table()) is None
    assert landed_from(source(table()), table()) == []
    assert landed(table(), shelf).is_new
    assert landing_of(source(table()), table()) is not None


def test_altered_bytes_in_the_archive_are_refused(shelf: Shelf) -> None:
    landed(table(), shelf)
    (file,) = landed_from(source(table()), table())
    (settings.ARCHIVE / "shop" / file.sha256).write_bytes(GOOD + b"drum,9\n")
    landing_path("shop", "toys").unlink()
    with pytest.raises(InputError, match="the archived bytes were altered"):
        landed(table(), shelf)


def test_an_empty_table_has_the_columns_of_a_landed_one(shelf: Shelf) -> None:
    landed(table(), shelf)
    assert table().empty().schema == pl.read_parquet(landing_path("shop", "toys")).schema


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


# Quarantine and drift


def many(bad: list[bytes], count: int = 2_000) -> bytes:
    return b"toy,price\n" + b"".join(b"toy %d,1\n" % number for number in range(count)) + b"".join(bad)


def test_a_few_bad_rows_are_quarantined_and_named(shelf: Shelf) -> None:
    shelf.files[URL] = many([b"kite,free\n", b"drum,-1\n"])
    toys = table(rows=(2, 9_000))
    result = landed(toys, shelf)
    assert result.rows == 2_000
    (file,) = landed_from(source(toys), toys)
    assert result.quarantined == quarantine_of(source(toys), toys)
    assert [(row.source_file, row.source_sha256, row.source_row, row.column_name) for row in result.quarantined] == [
        (URL, file.sha256, 2_002, "price"),
        (URL, file.sha256, 2_003, "price"),
    ]
    assert result.quarantined[0].reason == "'free' is not a number. Correct it, or leave it empty if unknown"
    assert landed(toys, shelf).quarantined == result.quarantined, "they are named again when nothing has changed"


def test_many_bad_rows_fail_the_table(shelf: Shelf) -> None:
    shelf.files[URL] = many([b"toy x%d,free\n" % number for number in range(3)])
    with pytest.raises(InputError, match="row 2002, column price: 'free' is not a number"):
        landed(table(rows=(2, 9_000)), shelf)
    assert landed(table(rows=(2, 9_000), tolerates=0.01), shelf).rows == 2_000


def test_rows_that_share_a_key_are_all_quarantined(shelf: Shelf) -> None:
    """Nobody knows which of them is right."""
    shelf.files[URL] = many([b"toy 7,2\n"])
    result = landed(table(rows=(2, 9_000)), shelf)
    assert result.rows == 1_999
    assert {row.source_row for row in result.quarantined} == {9, 2_002}


def test_a_column_of_another_type_is_named_as_a_whole(shelf: Shelf) -> None:
    shelf.files[URL] = b"toy,price\nbear,3 dollars\nkite,4 dollars\ndrum,5 dollars\n"
    with pytest.raises(InputError) as caught:
        landed(table(), shelf)
    assert str(caught.value).splitlines()[0] == (
        "shop: toys, column price: the column has changed: 3 of 3 rows break the contract. "
        "Check whether the source now writes it in another way, or means something else by it"
    )


def test_a_landing_unlike_the_one_before_is_reported(shelf: Shelf) -> None:
    toys = table(rows=(2, 9_000))
    shelf.files[URL] = many([], 200)
    assert landed(toys, shelf).drift == []
    shelf.files[URL] = many([], 200).replace(b",1\n", b",\n")
    assert landed(toys, shelf).drift == [
        "column price: 200 of 200 rows have another value than before, such as row 2: 1.0 became None",
        "column price: 100% empty, 0% before",
    ]


class Boxes(Toys):
    """One row per toy in its box."""

    weight = dy.Float64(min=0, metadata=doc("Weight."))


def boxes(header: str) -> bytes:
    rows = (f"bear {number},{number},{500 - 7 * number}" for number in range(1, 30))
    return "\n".join([header, *rows]).encode()


def test_columns_that_changed_places_are_refused(shelf: Shelf) -> None:
    packed = table(rows=(2, 90), contract=Boxes, parse=lambda content: csv_rows(content, Boxes.column_names()))
    shelf.files[URL] = boxes("toy,price,weight")
    landed(packed, shelf)
    shelf.files[URL] = boxes("toy,weight,price")
    with pytest.raises(InputError, match=r"toys\.csv, column price: it has changed places with column weight\. Compare"):
        landed(packed, shelf)


def test_doubtful_text_lands_and_is_named(shelf: Shelf) -> None:
    names = ["b\u0435ar", "kite", *(f"drum {number}" for number in range(8))]
    shelf.files[URL] = "\n".join(["toy,price", *(f"{name},1" for name in names)]).encode()
    result = landed(table(rows=(2, 90)), shelf)
    (doubt,) = result.quarantined
    assert (result.rows, doubt.source_row, doubt.column_name, doubt.is_kept) == (10, 2, "toy", True)
    assert doubt.reason.startswith("'bеar' mixes Latin letters with others that look the same")


def test_text_in_the_wrong_encoding_is_refused(shelf: Shelf) -> None:
    shelf.files[URL] = "\n".join(
        ["toy,price", *(f"jouet d’été {number},1".encode().decode("cp1252") for number in range(9))]
    ).encode()
    with pytest.raises(InputError, match=r"row 2, column toy: .* was read in another encoding than it was written in"):
        landed(table(rows=(2, 90)), shelf)


def test_other_bytes_than_those_known_at_an_address_are_refused(shelf: Shelf) -> None:
    known = settings.REFERENCE / "known_files.csv"
    known.write_text(f"{known.read_text()}{URL},{'0' * 64},0\n")
    with pytest.raises(InputError, match=r"toys\.csv: the file is not the one known at this address, which never changes"):
        landed(table(), shelf)
    known.write_text(known.read_text().replace("0" * 64, hashlib.sha256(GOOD).hexdigest()))
    assert landed(table(), shelf).rows == 2


def test_reduced_recording_says_nothing_about_live_bytes(shelf: Shelf) -> None:
    known = settings.REFERENCE / "known_files.csv"
    known.write_text(f"{known.read_text()}{URL},{'0' * 64},1\n")
    assert landed(table(), shelf).rows == 2
    shelf.via = "replay"
    shelf.files[URL] = GOOD + b"\n"
    with pytest.raises(InputError, match="the file is not the one known at this address"):
        landed(table(), shelf)


def test_file_of_another_subject_is_refused(shelf: Shelf) -> None:
    address = "https://toys.example/CIK0012.csv"
    toys = table(rows=(1, 4), addresses=(address,), subject=("toy", r"CIK0*([0-9]+)"))
    shelf.files[address] = b"toy,price\n12,3\n"
    assert landed(toys, shelf).rows == 1
    shelf.files[address] = b"toy,price\n13,3\n"
    with pytest.raises(InputError, match=r"row 2, column toy: '13' is not what the address names, 12"):
        landed(toys, shelf)
