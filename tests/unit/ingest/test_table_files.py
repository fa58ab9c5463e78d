"""Tables of many files: a bad one is set aside and named, and the others land."""

from dataclasses import replace

import polars as pl
import pytest

from pipelines.errors import FetchFailed, InputError, refuse
from pipelines.ingest.landing import landing_path
from pipelines.ingest.source import Parts, Table
from tests.support.shelf import Files, landed, parse, table

pytestmark = pytest.mark.usefixtures("home")


def address(number: int) -> str:
    return f"https://toys.example/{number}.csv"


def good(number: int) -> bytes:
    return f"toy,price\nbear {number},3\nkite {number},4\n".encode()


DOWN = FetchFailed("the server is down", "Try again later", is_transient=True)
TABLE = table(rows=(1, 1_000), addresses=("https://toys.example",))


def shelf_of(count: int) -> Files:
    """Return an origin of many files, each with toys of its own."""
    return Files({address(number): good(number) for number in range(count)})


@pytest.mark.slow
def test_three_bad_files_of_many_are_named_and_the_others_land() -> None:
    shelf = shelf_of(80)
    shelf.files[address(7)] = b"<!DOCTYPE html><html></html>"
    shelf.files[address(8)] = b"toy,price\nbear,free\nkite,free\n"
    shelf.files[address(9)] = DOWN
    result = landed(TABLE, shelf)
    assert (result.rows, len(result.snapshots)) == (154, 77)
    reasons = {left_out.source_file: left_out.reason for left_out in result.quarantined}
    assert reasons.keys() == {address(number) for number in (7, 8, 9)}
    assert reasons[address(7)] == (
        f"The file is set aside, and its rows are missing: {address(7)}: is a web page, not data. "
        "Open its address in a browser: it may show an error, a login or a captcha"
    )
    assert "row 2, column price: 'free' is not a number" in reasons[address(8)]
    assert "the server is down. Try again later" in reasons[address(9)]
    assert [left_out.source_sha256 is None for left_out in result.quarantined if left_out.source_file == address(9)] == [True]


def test_what_landed_before_stays_in_place_of_a_bad_file() -> None:
    shelf = shelf_of(4)
    landed(TABLE, shelf)
    shelf.files[address(2)] = good(2)[:-5]
    result = landed(TABLE, shelf)
    assert result.rows == 8
    frame = pl.read_parquet(landing_path("shop", "toys"))
    assert sorted(frame.filter(source_file=address(2))["toy"]) == ["bear 2", "kite 2"]
    (left_out,) = result.quarantined
    assert "what was retrieved at" in left_out.reason and "1 field where the header has 2" in left_out.reason
    assert not landed(TABLE, shelf).is_new, "the same bad bytes are not read again"
    shelf.files[address(2)] = good(2).replace(b"bear", b"boar")
    assert landed(TABLE, shelf).quarantined == []


def garbled() -> bytes:
    """Return a file most of whose text was damaged on its way."""
    return "".join(["toy,price\n", *(f"b\ufffdar 2 {row},3\n" for row in range(20))]).encode()


def test_file_of_damaged_text_has_not_landed_and_is_fetched_until_it_is_repaired() -> None:
    shelf, table = shelf_of(6), replace(TABLE, is_final=True)
    shelf.files[address(2)] = garbled()
    result = landed(table, shelf)
    assert address(2) not in {snapshot.url for snapshot in result.snapshots}
    assert (result.rows, len(result.quarantined)) == (10, 1)
    shelf.asked.clear()
    shelf.files[address(2)] = good(2)
    result = landed(table, shelf)
    assert [url for url, _ in shelf.asked] == [address(2)]
    assert (result.rows, result.quarantined) == (12, [])


def strict(content: bytes) -> pl.DataFrame:
    """Parse a file as a later version of the parser does."""
    if b"kite 2" in content:
        raise refuse("kites are refused", "Look")
    return parse(content)


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (good(2), "its rows are missing: "),
        (garbled(), "its rows are missing, since what was retrieved at "),
    ],
    ids=["the same bytes", "other bytes"],
)
def test_bytes_that_landed_and_are_refused_now_stand_in_for_nothing(
    now: bytes, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = shelf_of(6)
    landed(TABLE, shelf)
    shelf.files[address(2)] = now
    monkeypatch.setattr(Table, "parser_version", lambda _: "later")
    result = landed(replace(TABLE, parse=strict), shelf)
    (left_out,) = result.quarantined
    assert result.rows == 10
    assert left_out.reason.startswith(f"The file is set aside, and {why}")
    assert ("is refused too (kites are refused)" in left_out.reason) == (now == garbled())


@pytest.mark.parametrize(("files", "bad"), [(3, 1), (4, 2), pytest.param(100, 6, marks=pytest.mark.slow)])
@pytest.mark.parametrize("content", [b"", DOWN], ids=["empty", "down"])
def test_too_many_bad_files_fail_the_table(files: int, bad: int, content: bytes | FetchFailed) -> None:
    shelf = shelf_of(files)
    for number in range(bad):
        shelf.files[address(number)] = content
    with pytest.raises(InputError) as caught:
        landed(TABLE, shelf)
    assert len(caught.value.problems) == bad
    if content is DOWN:
        assert caught.value.__cause__ is DOWN, "so that an unattended run tries again"


def test_a_server_that_is_down_is_not_asked_for_every_file() -> None:
    shelf = shelf_of(100)
    shelf.files = dict.fromkeys(shelf.files, DOWN)
    with pytest.raises(InputError):
        landed(TABLE, shelf)
    assert len(shelf.asked) == 6


def by_number(*, is_final: bool = False) -> Table:
    """Return the table whose parts are the numbers of its files."""
    return replace(TABLE, parts=Parts("shelf", lambda url: url.rpartition("/")[2].removesuffix(".csv")), is_final=is_final)


def test_one_part_is_fetched_anew_with_what_is_missing() -> None:
    shelf, table = shelf_of(5), by_number(is_final=True)
    landed(table, shelf, "2")
    assert len(shelf.asked) == 5, "nothing was there"
    shelf.asked.clear()
    shelf.files[address(2)] = good(2).replace(b"bear", b"boar")
    shelf.files[address(3)] = b"not asked for"
    assert not landed(table, shelf).is_new, "bytes that never change are not fetched again"
    result = landed(table, shelf, "2")
    assert [url for url, _ in shelf.asked] == [address(2)]
    assert "boar 2" in pl.read_parquet(landing_path("shop", "toys"))["toy"].to_list()
    assert result.rows == 10


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        (by_number(), "toys: there is no shelf '9'. Name any of 0, 1"),
        (TABLE, "toys: there is no part '9'. Leave it out; this table has no parts"),
    ],
)
def test_part_that_is_not_there_is_an_error(table: Table, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        landed(table, shelf_of(2), "9")


def test_files_of_the_project_are_never_set_aside() -> None:
    shelf = shelf_of(40)
    shelf.via = "project"
    shelf.files[address(3)] = b""
    with pytest.raises(InputError, match="the file is empty"):
        landed(TABLE, shelf)


def test_a_pointer_of_git_lfs_is_called_one() -> None:
    shelf = shelf_of(1)
    shelf.files[address(0)] = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n"
    with pytest.raises(InputError, match="is a pointer of Git LFS, not the file it stands for"):
        landed(TABLE, shelf)
