"""The workbook of a release, and text that a spreadsheet may take for more."""

import re
from pathlib import Path
from zipfile import ZipFile

import fastexcel
import polars as pl
import pytest

from pipelines.publish import exports


def test_workbook_shows_the_first_rows_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "SHEET_ROWS", 2)
    rows = pl.DataFrame({"year": [2018, 2019, 2020], "is_in_register": [False, False, True]})
    notes = {"year": "Year.", "is_in_register": "Whether."}
    sheets = {"all": exports.Sheet("All.", rows.head(2), notes), "cut": exports.Sheet("Cut.", rows, notes)}
    exports.write_workbook(tmp_path / "book.xlsx", sheets)
    book = fastexcel.read_excel(tmp_path / "book.xlsx")
    assert book.load_sheet("contents").to_polars().rows() == [
        ("all", "All.", 2.0, "all"), ("cut", "Cut.", 3.0, "the first 2; all are in cut.csv"),
    ]  # fmt: skip
    assert book.load_sheet("cut").to_polars().rows() == [(2020.0, True), (2018.0, False)]
    with ZipFile(tmp_path / "book.xlsx") as parts:
        written = [re.findall("<t>(.*?)</t>", parts.read(f"xl/comments{number}.xml").decode()) for number in (1, 2)]
    assert written == [["Year.", "Whether."], ["The first 2 of 3 rows; all are in cut.csv. Year.", "Whether."]]


def test_cell_has_the_format_of_its_column_and_none_without_a_value(tmp_path: Path) -> None:
    rows = pl.DataFrame({"year": [2018, 2019], "n": [1, None], "share": [0.5, None], "name": ["A", None]})
    rows = rows.with_columns(made_at=pl.datetime(2024, 5, 6))
    exports.write_workbook(tmp_path / "book.xlsx", {"t": exports.Sheet("Rows.", rows, {})})
    with ZipFile(tmp_path / "book.xlsx") as parts:
        styles, sheet = (parts.read(f"xl/{name}.xml").decode() for name in ("styles", "worksheets/sheet2"))
    own = dict(re.findall(r'numFmtId="(\d+)" formatCode="(.*?)"', styles))
    formats = [own.get(number, number) for number in re.findall(r'<xf numFmtId="(\d+)"', styles.split("<cellXfs")[1])]
    cells = {cell: formats[int(style or 0)] for cell, style in re.findall(r'<c r="(\w+)"(?: s="(\d+)")?', sheet)}
    count, share = "#,##0;[Red]-#,##0", "#,##0.0000;[Red]-#,##0.0000"
    assert [cells.get(f"{column}2") for column in "ABCDE"] == ["1", count, share, "0", "yyyy-mm-dd hh:mm:ss"]
    assert {cell for cell in cells if cell.endswith("3")} == {"A3", "E3"}
    assert 'state="frozen"' in sheet and '<pane ySplit="1"' in sheet


@pytest.mark.parametrize(("rows", "area"), [(0, "A1:A2"), (1, "A1:A2"), (2, "A1:A3")])
def test_table_in_a_sheet_ends_with_its_rows(tmp_path: Path, rows: int, area: str) -> None:
    """Without rows it has an empty one, since a table needs one."""
    sheet = exports.Sheet("Rows.", pl.DataFrame({"n": [*range(rows)]}, {"n": pl.Int64}), {})
    exports.write_workbook(tmp_path / "book.xlsx", {"t": sheet})
    with ZipFile(tmp_path / "book.xlsx") as parts:
        tables = [parts.read(name).decode() for name in sorted(parts.namelist()) if name.startswith("xl/tables/")]
    assert f'ref="{area}"' in tables[-1]


def test_long_sheet_of_scores_shows_those_with_a_rank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "SHEET_ROWS", 2)
    rows = [("Readiness", 2013, city, rank) for city, rank in (("Alba", None), ("Bex", 2), ("Cork", 1))]
    scores = pl.DataFrame(rows, ["measure", "year", "city", "rank"], orient="row")
    exports.write_workbook(tmp_path / "book.xlsx", {"scores": exports.Sheet("Scores.", scores, {})})
    book = fastexcel.read_excel(tmp_path / "book.xlsx")
    assert book.load_sheet("scores").to_polars()["city"].to_list() == ["Cork", "Bex"]


def test_address_in_a_sheet_is_text(tmp_path: Path) -> None:
    rows = pl.DataFrame({"url": ["https://example.org/a"]})
    exports.write_workbook(tmp_path / "book.xlsx", {"sources": exports.Sheet("Sources.", rows, {})})
    with ZipFile(tmp_path / "book.xlsx") as parts:
        assert not [name for name in parts.namelist() if b"hyperlink" in parts.read(name)]


def test_text_that_a_spreadsheet_may_take_for_a_formula_is_marked(tmp_path: Path) -> None:
    texts = ["=1+1", "+86", "-", "@SUM(A1)", "\tx", "\rx", "a=b", None, "", "北京"]
    frame = pl.DataFrame({"text": texts, "number": [-1.5, 0.0, 2.0, None, 3.0, 4.0, 5.0, 6.0, 7.0, -0.25]})
    kept = exports.neutralised(frame)
    assert kept["text"].to_list() == ["'=1+1", "'+86", "'-", "'@SUM(A1)", "'\tx", "'\rx", "a=b", None, "", "北京"]
    assert kept["number"].equals(frame["number"])
    exports.write_workbook(tmp_path / "book.xlsx", {"t": exports.Sheet("What it holds.", frame, {})})
    assert fastexcel.read_excel(tmp_path / "book.xlsx").load_sheet("t").to_polars()["text"][0] == "=1+1", "even unmarked"
    with ZipFile(tmp_path / "book.xlsx") as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet2.xml")


def test_claims_stand_in_the_order_of_their_numbers_and_distances_in_that_of_cities() -> None:
    claims = pl.DataFrame({"claim": ["1", "10", "2"], "claim_order": [1, 10, 2], "period": ["current"] * 3})
    assert exports.ordered(claims)["claim"].to_list() == ["1", "2", "10"]
    rows = [("P2", "Alba", 2.0), ("Realised", "Alba", 9.0), ("Readiness", "Bex", 8.0), ("Readiness", "Cork", 4.0)]
    distances = pl.DataFrame([*rows, ("Readiness", "Alba", None)], ["measure", "city", "times_less"], orient="row")
    cities = [("Readiness", "Cork"), ("Readiness", "Bex"), ("Readiness", "Alba"), ("Realised", "Alba"), ("P2", "Alba")]
    assert exports.ordered(distances).select("measure", "city").rows() == cities
