"""GaWC: a hand-made sheet, and the recorded one."""

from pathlib import Path

import pytest

from pipelines.ingest.sources import gawc
from tests.support.parsing import read, refusal
from tests.support.workbook import workbook

(CONNECTIVITY,) = gawc.SOURCE.tables
HEADER, LONDON, SAN_JOSE = CITIES = [
    list(gawc.HEADER),
    ["1", "London", "United Kingdom", "200", "100"],
    ["2", "San Jose (California)", "U.S.", "51", "25.5"],
]


def test_cities_stay_as_printed() -> None:
    assert read(CONNECTIVITY, workbook(CITIES)).rows() == [
        ("London", "United Kingdom", 200, 100.0, 2),
        ("San Jose (California)", "U.S.", 51, 25.5, 3),
    ]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([HEADER, SAN_JOSE], "row 2, column Rank: '2' where rank 1 follows"),
        ([HEADER, ["1", None, "London", "200", "100"]], "row 2, column city: is empty"),
        ([[*HEADER[:4], "GNC"], LONDON], "row 1, column GNC_rel(%): column 5 is called 'GNC'"),
        ([[*HEADER, "Notes"], LONDON], "row 1: unknown columns: Notes"),
        ([HEADER, ["1", "London", "United Kingdom", "many", "100"]], "row 2, column connectivity: 'many' is not a"),
    ],
)
def test_changed_sheet_is_refused(rows: list[list[str | None]], problem: str) -> None:
    assert problem in refusal(CONNECTIVITY, workbook(rows))


def test_recorded_cities_are_those_published(recordings: Path) -> None:
    content = (recordings / "gawc_2020/da31_gnc2020.xlsx").read_bytes()
    frame = read(CONNECTIVITY, content)
    assert (frame.height, frame.filter(country="China").height) == (707, 110)
    assert frame.head(3)["city"].to_list() == ["London", "New York (New York)", "Hong Kong"]
