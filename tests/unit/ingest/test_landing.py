"""One path for live, recorded and curated bytes: archived first, landed whole or not at all."""

from collections.abc import Iterator
from pathlib import Path

import dataframely as dy
import polars as pl
import pytest

from pipelines import settings
from pipelines.errors import FetchFailed, InputError
from pipelines.ingest import archive, fetchers, sources
from pipelines.ingest.contract import doc
from pipelines.ingest.landing import Landed, failure_of, land, landed_from, landing_of, landing_path, note_failure, quarantine_of
from pipelines.ingest.readers.text import csv_rows
from pipelines.ingest.request import Reply, Request
from pipelines.ingest.source import Source, Table


class Toys(dy.Schema):
    """One row per toy. The rest of the docstring is for readers of the code."""

    toy = dy.String(primary_key=True, metadata=doc("Name."))
    price = dy.Float64(nullable=True, min=0, metadata=doc("Price."))


PARSED: list[bytes] = []


def parse(content: bytes) -> pl.DataFrame:
    PARSED.append(content)
    return csv_rows(content, ["toy", "price"])


URL = "https://toys.example/toys.csv"
OTHER = "https://toys.example/more.csv"
GOOD = b"toy,price\nbear,3\nkite,4.5\n"


def table(**changes: object) -> Table:
    given: dict[str, object] = {"name": "toys", "contract": Toys, "rows": (2, 4), "parse": parse, "addresses": (URL,)}
    return Table(**(given | changes))  # type: ignore[arg-type]


def source(one: Table) -> Source:
    return Source("shop", "Toys", "Shop", "https://toys.example", "CC0", "open", "Shop", "weekly", (one,))


class Shelf:
    """An origin whose bytes the test sets."""

    via = "live"

    def __init__(self, **_: bytes) -> None:
        self.files: dict[str, bytes | FetchFailed] = {URL: GOOD}
        self.asked: list[tuple[str, str | None]] = []

    def requests(self, _: Source, one: Table) -> list[Request]:
        assert isinstance(one.addresses, tuple)
        return [Request(url) for url in one.addresses if url in self.files]

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
    PARSED.clear()
    yield Shelf()


def landed(one: Table, shelf: Shelf) -> Landed:
    result = land(source(one), one, shelf)
    assert result is not None
    return result


def test_rows_carry_address_row_and_hash_of_bytes_that_are_kept(shelf: Shelf) -> None:
    assert landed(table(), shelf).rows == 2
    frame = pl.read_parquet(landing_path("shop", "toys"))
    (file,) = landed_from(source(table()), table())
    assert frame["source_row"].to_list() == [2, 3]
    assert frame["source_file"].to_list() == [URL, URL]
    assert set(frame["source_sha256"]) == {file.sha256}
    assert (settings.ARCHIVE / "shop" / file.sha256).read_bytes() == GOOD
    assert (file.via, file.status, file.size) == ("live", 200, len(GOOD))


def test_unchanged_bytes_are_asked_for_conditionally_and_not_parsed_again(shelf: Shelf) -> None:
    assert landed(table(), shelf).is_new
    assert not landed(table(), shelf).is_new
    assert [tag is not None for _, tag in shelf.asked] == [False, True]
    assert len(PARSED) == 1
    shelf.files[URL] = GOOD + b"drum,9\n"
    assert landed(table(), shelf).rows == 3


def test_final_bytes_are_fetched_once(shelf: Shelf) -> None:
    final = table(is_final=True)
    landed(final, shelf)
    landed(final, shelf)
    assert len(shelf.asked) == 1


def test_several_files_make_one_table(shelf: Shelf) -> None:
    shelf.files[OTHER] = b"toy,price\ndrum,\n"
    assert landed(table(addresses=(URL, OTHER)), shelf).rows == 3
    assert pl.read_parquet(landing_path("shop", "toys"))["source_file"].to_list() == [URL, URL, OTHER]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"toy,price\nbear,3\nkite,free\n", f"{URL}, row 3, column price: 'free' is not a number"),
        (b"toy,cost\nbear,3\nkite,4\n", f"{URL}, row 1, column price: the column is missing"),
        (b"toy,price\nbear,3\nkite\n", f"{URL}, row 3: 1 fields where the header has 2"),
        (b"toy,price\nbear,3\n", "1 rows, expected at least 2"),
        (b"toy,price\n" + b"".join(b"toy %d,1\n" % n for n in range(20)), "20 rows, expected at most 4"),
        (b"", f"{URL}: the file is empty"),
        (b"<!DOCTYPE html><html></html>", f"{URL}: is a web page, not data"),
        ("toy,price\nbear,3\nkité,4\n".encode("utf-16"), f"{URL}, row 1: byte 0xff is not UTF-8"),
        (FetchFailed("the server is down", "Try again tomorrow"), f"{URL}: the server is down. Try again tomorrow"),
    ],
)
def test_what_is_bad_fails_alone_and_the_last_good_landing_stays(shelf: Shelf, content: bytes | FetchFailed, words: str) -> None:
    landed(table(), shelf)
    before = landing_path("shop", "toys").read_bytes()
    shelf.files[URL] = content
    with pytest.raises(InputError) as caught:
        landed(table(), shelf)
    assert str(caught.value).startswith("shop: ")
    assert words in str(caught.value)
    assert landing_path("shop", "toys").read_bytes() == before


def test_a_file_that_lost_but_its_end_is_refused(shelf: Shelf) -> None:
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


def test_who_edits_a_file_of_the_project_may_take_its_last_row_out(shelf: Shelf) -> None:
    shelf.via = "project"
    shelf.files[URL] = GOOD + b"drum,99\n"
    landed(table(), shelf)
    shelf.files[URL] = GOOD
    assert landed(table(), shelf).rows == 2


def test_a_failure_is_remembered_until_the_next_success(shelf: Shelf) -> None:
    one = table()
    note_failure(source(one), one, InputError("shop", []))
    assert failure_of("shop", "toys") is not None
    landed(one, shelf)
    assert failure_of("shop", "toys") is None


def test_more_rows_than_expected_is_a_warning(shelf: Shelf) -> None:
    shelf.files[URL] = b"toy,price\n" + b"".join(b"toy %d,1\n" % n for n in range(6))
    assert landed(table(), shelf).warning == "6 rows, expected at most 4"


def test_a_recording_without_the_table_leaves_nothing_landed(shelf: Shelf) -> None:
    landed(table(), shelf)
    shelf.files.clear()
    shelf.via = "replay"
    assert land(source(table()), table(), shelf) is None
    assert not landing_path("shop", "toys").exists()


def test_a_live_source_that_finds_no_file_is_an_error_and_keeps_its_landing(shelf: Shelf) -> None:
    landed(table(), shelf)
    shelf.files.clear()
    with pytest.raises(InputError, match="there is no file to fetch"):
        land(source(table()), table(), shelf)
    assert landing_path("shop", "toys").exists()


def test_final_bytes_that_were_refused_are_asked_for_again(shelf: Shelf) -> None:
    final = table(is_final=True)
    shelf.files[URL] = GOOD[:-4] + b"x,y,z\n"
    with pytest.raises(InputError):
        landed(final, shelf)
    shelf.files[URL] = GOOD
    assert landed(final, shelf).rows == 2


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


def test_altered_bytes_of_the_archive_are_refused(shelf: Shelf) -> None:
    landed(table(), shelf)
    (file,) = landed_from(source(table()), table())
    (settings.ARCHIVE / "shop" / file.sha256).write_bytes(GOOD + b"drum,9\n")
    landing_path("shop", "toys").unlink()
    with pytest.raises(InputError, match="the archived bytes were altered"):
        landed(table(), shelf)


def test_an_empty_table_has_the_columns_of_a_landed_one(shelf: Shelf) -> None:
    landed(table(), shelf)
    assert table().empty().schema == pl.read_parquet(landing_path("shop", "toys")).schema


def test_a_replay_serves_recorded_files_under_their_addresses(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "recorded"
    (folder / "shop" / "years").mkdir(parents=True)
    (folder / "shop" / "toys.csv").write_bytes(GOOD)
    (folder / "shop" / "years" / "2001.csv").write_bytes(b"toy,price\ndrum,1\n")
    (folder / "shop" / "years" / "2002.csv").write_bytes(b"toy,price\nball,1\n")
    (settings.REFERENCE / "replay.csv").write_text(
        f"source,table,file,url\nshop,toys,shop/toys.csv,{URL}\nshop,toys,shop/years/*.csv,https://toys.example/*/toys.csv\n"
    )
    one = table()
    result = land(source(one), one, fetchers.Replay(folder))
    assert result is not None
    assert [file.url for file in result.snapshots] == [
        URL, "https://toys.example/2001/toys.csv", "https://toys.example/2002/toys.csv",
    ]  # fmt: skip
    assert {file.via for file in result.snapshots} == {"replay"}
    assert result.rows == 4


def test_a_file_named_outright_is_not_matched_again(home: Path, tmp_path: Path) -> None:
    (tmp_path / "f").mkdir()
    for name in ("A_1", "B_2", "C"):
        (tmp_path / "f" / f"{name}.csv").write_bytes(GOOD.replace(b"bear", name.encode()).replace(b"kite", name[::-1].encode()))
    (settings.REFERENCE / "replay.csv").write_text(
        f"source,table,file,url\nshop,toys,f/*_*.csv,https://toys.example/*/*\nshop,toys,f/A_1.csv,{URL}\n"
    )
    replay = fetchers.Replay(tmp_path)
    assert [request.url for request in replay.requests(source(table()), table())] == ["https://toys.example/B/2", URL]


def test_a_recording_that_is_gone_is_named(home: Path, tmp_path: Path) -> None:
    (settings.REFERENCE / "replay.csv").write_text(f"source,table,file,url\nshop,toys,shop/toys.csv,{URL}\n")
    one = table()
    with pytest.raises(InputError, match=r"the file shop/toys\.csv is missing"):
        land(source(one), one, fetchers.Replay(tmp_path))


def test_replay_must_be_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLAY", "no/such/folder")
    with pytest.raises(InputError, match="no/such/folder: is not a folder"):
        fetchers.replay_folder()


@pytest.mark.parametrize(("text", "classes"), [("", set()), ("register", set()), ("open", {"open"}), ("all", None)])
def test_selection(monkeypatch: pytest.MonkeyPatch, text: str, classes: set[str] | None) -> None:
    monkeypatch.setenv("SOURCES", text)
    chosen = sources.selected()
    assert {one for one in sources.ALL if one.is_local} <= set(chosen)
    remote = [one for one in chosen if not one.is_local]
    if classes is None:
        assert chosen == sources.ALL
    else:
        assert {one.licence_class for one in remote} == classes


def test_a_restricted_source_comes_by_name_and_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    restricted = next(one for one in sources.ALL if one.licence_class == "restricted")
    monkeypatch.setenv("SOURCES", f"register, {restricted.name}")
    assert [one for one in sources.selected() if not one.is_local] == [restricted]


def test_an_unknown_source_is_refused_with_the_names_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCES", "crunchbse")
    with pytest.raises(InputError, match=r"crunchbse: is not a source\. Use register, open, all, or names out of .*register"):
        sources.selected()


@pytest.mark.parametrize("source", sources.ALL, ids=lambda one: one.name)
def test_no_form_of_a_column_lets_digits_in_that_sql_cannot_read(source: Source) -> None:
    """``\\d`` is also ١ and १, at which a cast in a model would stop the build of everything."""
    columns = {f"{one.name}.{name}": column for one in source.tables for name, column in one.contract.columns().items()}
    forms = {name: column.regex for name, column in columns.items() if isinstance(column, dy.String) and column.regex}
    assert [name for name, form in forms.items() if "\\d" in form] == []


# Quarantine and drift


def many(bad: list[bytes], count: int = 2_000) -> bytes:
    return b"toy,price\n" + b"".join(b"toy %d,1\n" % number for number in range(count)) + b"".join(bad)


def test_a_few_rows_that_break_the_contract_are_kept_out_and_named(shelf: Shelf) -> None:
    shelf.files[URL] = many([b"kite,free\n", b"drum,-1\n"])
    one = table(rows=(2, 9_000))
    result = landed(one, shelf)
    assert result.rows == 2_000
    (file,) = landed_from(source(one), one)
    assert result.quarantined == quarantine_of(source(one), one)
    assert [(row.source_file, row.source_sha256, row.source_row, row.column_name) for row in result.quarantined] == [
        (URL, file.sha256, 2_002, "price"),
        (URL, file.sha256, 2_003, "price"),
    ]
    assert result.quarantined[0].reason == "'free' is not a number. Correct it, or leave it empty if unknown"
    assert landed(one, shelf).quarantined == result.quarantined, "and when nothing changed they are named again"


def test_more_than_a_few_fail_the_table(shelf: Shelf) -> None:
    shelf.files[URL] = many([b"toy x%d,free\n" % number for number in range(3)])
    with pytest.raises(InputError, match="row 2002, column price: 'free' is not a number"):
        landed(table(rows=(2, 9_000)), shelf)
    assert landed(table(rows=(2, 9_000), tolerates=0.01), shelf).rows == 2_000


def test_rows_that_share_a_key_are_all_kept_out(shelf: Shelf) -> None:
    """Nobody knows which of them is right."""
    shelf.files[URL] = many([b"toy 7,2\n"])
    result = landed(table(rows=(2, 9_000)), shelf)
    assert result.rows == 1_999
    assert {row.source_row for row in result.quarantined} == {9, 2_002}


def test_a_column_that_changed_its_type_is_named_as_a_whole(shelf: Shelf) -> None:
    shelf.files[URL] = b"toy,price\nbear,3 dollars\nkite,4 dollars\ndrum,5 dollars\n"
    with pytest.raises(InputError) as caught:
        landed(table(), shelf)
    assert str(caught.value).splitlines()[0] == (
        "shop: toys, column price: the column has changed: 3 of 3 rows break the contract. "
        "Check whether the source now writes it in another way, or means something else by it"
    )


def test_a_column_that_changed_its_name_is_named_by_both(shelf: Shelf) -> None:
    shelf.files[URL] = b"toy,cost\nbear,3\nkite,4\n"
    with pytest.raises(InputError, match="column cost: the column is unknown; it may be price under a new name"):
        landed(table(), shelf)


def test_a_landing_unlike_the_one_before_says_so(shelf: Shelf) -> None:
    one = table(rows=(2, 9_000))
    shelf.files[URL] = many([], 200)
    assert landed(one, shelf).drift == []
    shelf.files[URL] = many([], 200).replace(b",1\n", b",\n")
    assert landed(one, shelf).drift == ["column price: 100% empty, 0% before"]
