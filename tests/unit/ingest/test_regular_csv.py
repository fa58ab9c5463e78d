"""Large CSV files are read at once, with exactly the rows, numbers and errors of the reader that goes record by record."""

import csv
import io

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import Refused
from pipelines.ingest.readers import text
from pipelines.ingest.readers.regular_csv import regular_rows

HEADER = ["a", "b", "c"]
#: Cells that quoting, stripping and counting might trip over.
CELLS = st.one_of(
    st.sampled_from(["", " ", "1", '"', ",", "\n", "\r\n", "\t", "\u00a0x", "é,\n", "\x1f", "''"]), st.text(max_size=4)
)


#: Bytes read at once; pieces end within cells, quotes and line ends.
PIECES = st.integers(1, 30)


def below_header(content: bytes, columns: list[str], delimiter: str, piece: int) -> pl.DataFrame | None:
    """Return what is read at once, a piece at a time, of a file with ``HEADER``."""
    stream = io.BytesIO(content)
    stream.readline()
    return regular_rows(stream, HEADER, columns, delimiter, piece=piece)


@pytest.mark.slow
@settings(deadline=None)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=8), st.sampled_from(["\n", "\r\n"]), PIECES)
def test_what_is_read_at_once_is_what_is_read_record_by_record(rows: list[list[str]], end: str, piece: int) -> None:
    written = io.StringIO()
    csv.writer(written, lineterminator=end).writerows([HEADER, *rows])
    content = written.getvalue().encode("utf-8", "replace")
    at_once = below_header(content, ["c", "a"], ",", piece)
    try:
        expected = text.csv_rows(content, ["c", "a"], ignores_others=True)
    except Refused:
        assert at_once is None
        return
    if at_once is not None:
        assert at_once.rows() == expected.rows()


@settings(deadline=None)
@given(st.text(alphabet='ab1", \n\r\t', max_size=40), st.sampled_from([",", "\t"]), PIECES)
def test_no_irregular_file_is_read_in_another_way(body: str, delimiter: str, piece: int) -> None:
    content = (delimiter.join(HEADER) + "\n" + body).encode()
    at_once = below_header(content, HEADER, delimiter, piece)
    if at_once is not None:
        assert at_once.rows() == text.csv_rows(content, HEADER, delimiter=delimiter).rows()


@pytest.mark.parametrize("piece", [1, 5, 12, 1_000])
def test_regular_files_are_read_at_once(piece: int) -> None:
    content = b'\xef\xbb\xbfa,b,c\n1,"x, ""y""\n2",3\n,,\n4, 5 ,\n'
    frame = below_header(content, HEADER, ",", piece)
    assert frame is not None
    assert frame.rows() == [("1", 'x, "y"\n2', "3", 2), ("4", "5", None, 5)]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"4,5\n", "row 4: 2 fields where the header has 3"),
        (b"4,5,6,7\n", "row 4: 4 fields where the header has 3"),
        (b'4,"5"x,6\n', "row 4: invalid CSV"),
        (b'4,"x, "y"z""\n2",6\n', "row 4: invalid CSV"),
        (b"4,\xff,6\n", "row 4: byte 0xff is not UTF-8"),
        (b"4,\0,6\n", "row 4: contains a NUL character"),
    ],
)
def test_errors_of_large_files_name_the_row(monkeypatch: pytest.MonkeyPatch, line: bytes, problem: str) -> None:
    monkeypatch.setattr(text, "LARGE", 0)
    with pytest.raises(Refused, match=problem):
        text.csv_rows(b"a,b,c\n1,2,3\n7,8,9\n" + line + b"1,2,3\n", HEADER)


def test_columns_of_large_files_are_checked_as_of_small_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "LARGE", 0)
    content = b"a,b,c\n1,2,3\n"
    assert text.csv_rows(content, ["c"], ignores_others=True).rows() == [("3", 2)]
    for columns, problem in (
        (["a", "b"], "column c: the column is unknown"),
        ([*HEADER, "d"], "column d: the column is missing"),
    ):
        with pytest.raises(Refused, match=problem):
            text.csv_rows(content, columns)


def test_rows_are_in_the_order_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "LARGE", 0)
    content = b"a\n" + b"".join(b"%d\n" % number for number in range(50_000))
    frame = text.csv_rows(content, ["a"])
    assert frame["source_row"].to_list() == list(range(2, 50_002))
    assert frame["a"].cast(pl.Int64).to_list() == list(range(50_000))
