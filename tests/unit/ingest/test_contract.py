"""Bad input gives one clear error that names file, row, column and remedy."""

import io
import random
from pathlib import Path

import dataframely as dy
import polars as pl
import pytest

from pipelines.errors import InputError, Refused
from pipelines.ingest.readers import archives
from pipelines.ingest.readers.archives import zip_member
from pipelines.ingest.readers.stream import json_records
from pipelines.ingest.readers.text import csv_rows, decode, json_value, read_csv
from pipelines.ingest.readers.workbook import sheet_rows
from pipelines.ingest.sandbox import unreadable
from pipelines.ingest.sources import register
from tests.support.parsing import zipped
from tests.support.workbook import workbook


class Toy(dy.Schema):
    name = dy.String(primary_key=True)
    year = dy.Int32(nullable=False, min=1900, max=2030)
    kind = dy.Enum(["a", "b"], nullable=True)

    @dy.rule()
    def year_is_even_whatever_the_kinds(cls) -> pl.Expr:
        return pl.col("year") % 2 == 0


def read(text: str | bytes) -> pl.DataFrame:
    try:
        return read_csv(text if isinstance(text, bytes) else text.encode(), Toy)
    except Refused as refused:
        raise refused.located("toy", "toy.csv") from None


def test_rows_are_typed_and_numbered_as_an_editor_does() -> None:
    frame = read('name,year,kind\n"two\nlines",2000,a\nB,2002,\n')
    assert frame["source_row"].to_list() == [2, 4]
    assert frame["year"].to_list() == [2000, 2002]
    assert frame["kind"].to_list() == ["a", None]


def test_byte_order_mark_and_column_order_do_not_matter() -> None:
    assert read("\ufeffyear,kind,name\n2000,a,X\n")["name"].to_list() == ["X"]


@pytest.mark.parametrize(
    ("text", "row", "column", "words"),
    [
        ("name,kind\nA,a\n", 1, "year", "missing"),
        ("name,year,kind,extra\nA,2000,a,1\n", 1, "extra", "unknown"),
        ("name,year,kind,year\nA,2000,a,2000\n", 1, "year", "the column occurs twice. Keep one of them"),
        ("name,year,kind\nA,1800,a\n", 2, "year", "below 1900"),
        ("name,year,kind\nA,2098,a\n", 2, "year", "above 2030"),
        ("name,year,kind\nA,soon,a\n", 2, "year", "not a whole number"),
        ("name,year,kind\nA,2000,z\n", 2, "kind", "Use one of a, b"),
        ("name,year,kind\n,2000,a\n", 2, "name", "empty"),
        ("name,year,kind\nA,2000,a\nA,2002,b\n", 2, "name", "more than once"),
        ("name,year,kind\nA,2001,a\n", 2, "year", "breaks the rule that year is even whatever the kinds"),
        ("name,year,kind\nA,2000\n", 2, None, "2 fields where the header has 3"),
        (b"name,year,kind\nA,2000,a\n\xff,2000,a\n", 3, None, "UTF-8"),
    ],
)
def test_each_fault_names_its_place(text: str | bytes, row: int, column: str | None, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read(text)
    problem = caught.value.problems[0]
    assert (problem.file, problem.row, problem.column) == ("toy.csv", row, column)
    assert words in str(problem)
    assert problem.remedy


def test_long_value_is_shortened_in_its_message() -> None:
    with pytest.raises(InputError) as caught:
        read(f"name,year,kind\nA,2000,{'z' * 100_000}\n")
    assert len(str(caught.value)) < 500


def test_all_problems_come_at_once_up_to_a_screenful() -> None:
    rows = "".join(f"N{number},1700,a\n" for number in range(50))
    with pytest.raises(InputError) as caught:
        read("name,year,kind\n" + rows)
    assert len(caught.value.problems) == 50
    assert str(caught.value).count("\n") == InputError.SHOWN
    assert "30 more problems" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "encoding", "words"),
    [
        (b"", "utf-8", "the file is empty"),
        (b" \n", "utf-8", "the file is empty"),
        (b"\xef\xbb\xbf<html><body>login</body>", "utf-8", "is a web page, not data"),
        ("北京".encode("gbk"), "utf-8", "is not UTF-8"),
        ("Zürich,北京".encode(), "latin-1", "is UTF-8 where LATIN-1 was expected"),
        ("a,b".encode("utf-16-le"), "latin-1", "NUL"),
        ("ok\n€".encode(), "ascii", "row 2: byte 0xe2 is not ASCII"),
    ],
)
def test_text_in_another_encoding_or_none_is_refused(content: bytes, encoding: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        decode(content, encoding)


def test_latin_text_without_accents_may_have_any_ascii_letter() -> None:
    assert decode(b"Ten\x7fcent", "latin-1") == "Ten\x7fcent"
    assert decode("Zürich".encode("latin-1"), "latin-1") == "Zürich"


def test_record_in_another_encoding_is_named() -> None:
    with pytest.raises(Refused, match=r"row 1: byte 0xfc is not UTF-8\. Fetch it again as UTF-8"):
        list(json_records(io.BytesIO('{"city": "Zürich"}'.encode("latin-1"))))


def test_line_ends_of_every_kind_count_as_lines() -> None:
    assert csv_rows(b"a,b\r1,2\r3,\r", ["a", "b"], encoding="latin-1").to_dicts() == [
        {"a": "1", "b": "2", "source_row": 2},
        {"a": "3", "b": None, "source_row": 3},
    ]


def test_quotes_are_letters_in_tab_separated_text() -> None:
    assert csv_rows(b'a\tb\n"x\ty"\n', ["a", "b"], delimiter="\t")["a"].to_list() == ['"x']


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"a": 1,\n"b": [1, 2', "row 2: invalid JSON: Expecting ',' delimiter"),
        (b'\n{"a": 1}\n{"b": ', "row 3: invalid JSON: Expecting value"),
        (b'{"a": 1,\n"b": "x\\u0000y"}', "row 2: contains a NUL character"),
        (b'{"a": 1,\n"b": ' + b"9" * 5000 + b"}", "row 1: invalid JSON: NaN, Infinity or an over-long number"),
        (b'{"a": NaN}', "row 1: invalid JSON: NaN, Infinity or an over-long number"),
        (b'{"a":\n"\\ud844"}', "row 2: invalid JSON: half of a surrogate pair"),
        (b"[" * 200_000, "row 1: invalid JSON: nested too deeply"),
        (b"1\n2", "contains 2 JSON values, expected 1"),
    ],
    ids=["cut", "cut later", "NUL", "digits", "NaN", "surrogate", "deep", "two values"],
)
def test_json_that_sources_do_not_write_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(Refused) as refused:
        json_value(content)
    assert words in str(refused.value)


def test_a_backslash_before_a_u_is_no_escape() -> None:
    assert json_value(rb'"C:\\u0000"') == r"C:\u0000"


DEAL = "company,date,round,amount_m,amount_max_m,currency,investors,lead,basis,source,url\n"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("X,2010-13,A,1,,USD,Y,,cited,s,\\n", "Write YYYY or YYYY-MM"),
        ("X,2010,A,-1,,USD,Y,,cited,s,\\n", "below 0"),
        ("X,2010,A,nan,,USD,Y,,cited,s,\\n", "amount_m"),
        ("X,2010,A,1,,,Y,,cited,s,\\n", "amount m needs currency"),
        ("X,2010,A,5,1,USD,Y,,cited,s,\\n", "not below amount m"),
        ("X,2010,A,1,,USD,Y,Z,cited,s,\\n", "lead is among investors"),
        ("X,2010,A,1,,USD,Y||Z,,cited,s,\\n", "investors"),
        ("X,2010,A,1,,USD,Y,,cited,,\\n", "source"),
    ],
)
def test_deals_keep_their_contract(row: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        register.FILES.parse("deals", (DEAL + row).encode())


GOOD = zipped({"data.csv": b"a\n1\n"})
LARGE = zipped({"data.csv": b"0" * 1_000_000})


@pytest.mark.parametrize("name", ["folder/data.csv", "../../etc/data.csv", "/etc/data.csv", "C:\\data.csv"])
def test_a_member_is_read_wherever_it_would_unpack(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert zip_member(zipped({name: b"a\n1\n", "__MACOSX/folder/data.csv": b"junk"}), "data.csv") == b"a\n1\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "member", "words"),
    [
        (GOOD, "other.csv", r"contains 0 members called other\.csv, expected 1"),
        (GOOD[:40], "data.csv", "not readable as ZIP"),
        (GOOD[10:], "data.csv", "not readable as ZIP"),
        # The directory understates the size: unpacking stops there, and the checksum fails.
        (LARGE.replace((1_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")), "data.csv", "not readable as ZIP"),
    ],
    ids=["absent", "cut", "shifted directory", "understated size"],
)
def test_a_damaged_archive_is_refused(content: bytes, member: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        zip_member(content, member)


def test_a_zip_bomb_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGE", 900_000)
    with pytest.raises(Refused, match=r"the archive expands from 9\d\d to 1,000,000 bytes"):
        zip_member(LARGE, "data.csv")


def test_an_archive_may_unpack_to_so_much_however_it_is_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    content = zipped({"data.csv": random.Random(1).randbytes(2_000)})
    monkeypatch.setattr(archives, "MOST_UNPACKED", 2_000)
    assert len(zip_member(content, "data.csv")) == 2_000
    monkeypatch.setattr(archives, "MOST_UNPACKED", 1_999)
    with pytest.raises(Refused, match=r"the archive expands from [\d,]+ to 2,000 bytes, more than 1,999"):
        zip_member(content, "data.csv")


def test_a_workbook_that_is_a_zip_bomb_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGE", 900_000)
    # In this process, so that the limit holds.
    monkeypatch.setattr("pipelines.ingest.readers.workbook.isolated", lambda read, content, what: read(content))
    with pytest.raises(Refused, match=r"the archive expands from 9\d\d to 1,000,000 bytes"):
        sheet_rows(LARGE)


@pytest.mark.slow
def test_a_zip_bomb_of_real_size_is_refused_as_a_workbook() -> None:
    with pytest.raises(Refused, match="the archive expands from"):
        sheet_rows(zipped({"data.csv": b"0" * 150_000_000}))


@pytest.mark.slow
def test_a_workbook_zipfile_cannot_open_is_left_to_fastexcel() -> None:
    """Python does not implement later versions of the format than it knows."""
    good = workbook([["toy", "price"], ["bear", "3"]])
    entry = good.index(b"PK\x01\x02")
    future = good[: entry + 6] + (208).to_bytes(2, "little") + good[entry + 8 :]
    assert sheet_rows(future) == [("toy", "price"), ("bear", "3")]


def test_a_panic_is_a_refusal_but_an_interruption_is_not() -> None:
    class PanicException(BaseException):
        """As libraries in Rust raise it."""

    with pytest.raises(Refused, match=r"not readable as Parquet \(index 9 out of range\)"), unreadable("Parquet"):
        raise PanicException("index 9 out of range")
    with pytest.raises(KeyboardInterrupt), unreadable("Parquet", ValueError):
        raise KeyboardInterrupt
