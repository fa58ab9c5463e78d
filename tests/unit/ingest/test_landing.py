"""Live, recorded and curated bytes take one path: archived first, then landed completely or not at all."""

import dataframely as dy
import polars as pl
import pytest

from pipelines import settings
from pipelines.errors import FetchFailed, InputError
from pipelines.ingest.contract import doc
from pipelines.ingest.landing import failure_of, land, landed_from, landing_of, landing_path, note_failure
from pipelines.ingest.source import Source
from pipelines.ingest.sources import gawc, moe
from tests.support.shelf import GOOD, OTHER, URL, Shelf, landed, parsed, source, table


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
        (b"toy,price\nbear,3\nkite\n", f"{URL}, row 3: 1 field where the header has 2"),
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


def test_version_of_a_parser_is_that_of_all_code_it_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    def used(source: Source) -> set[str]:
        return set(source.tables[0].parser_version().split())

    monkeypatch.setattr("pipelines.code.digest", lambda files: " ".join(file.name for file in files))
    # The workbook's reader is named in the parser, and that of text in the workbook's reader.
    assert {"gawc.py", "workbook.py", "text.py"} <= used(gawc.SOURCE)
    assert "gawc.py" not in used(moe.SOURCE)
    assert "moe.py" in used(moe.SOURCE)


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
