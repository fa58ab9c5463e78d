"""New firms of the Census: a file made by hand, in the form that public projects describe. None has been recorded."""

import re
from collections.abc import Iterable
from dataclasses import replace

import pytest

from pipelines.ingest.sources import census_bds
from tests.support.corruption import damaged_csv, with_moved_cells
from tests.support.parsing import csv_file, read, refusal, rejection

(NEW_FIRMS,) = census_bds.SOURCE.tables
BAY, ABILENE = "41860", "10180"
#: Columns of the published file, of which some are not read.
COLUMNS = ["year", "msa", "sector", "fagecoarse", "firms", "estabs", "emp"]


def made_by_hand(years: Iterable[int] = (2021, 2022), areas: Iterable[str] = (ABILENE, BAY), **firms: str) -> bytes:
    """Return a file with all ages and three sectors; ``firms`` gives the new ones of some years and areas, else there are 7."""
    rows = [
        {"year": f"{year}", "msa": area, "sector": sector, "fagecoarse": age, "estabs": "9", "emp": "S"}
        | {"firms": firms.get(f"y{year}_{area}", "7") if age == census_bds.NEW else "500"}
        for year in years
        for area in areas
        for sector in ("31-33", *census_bds.SECTORS)
        for age in census_bds.AGES
    ]
    return csv_file(COLUMNS, *rows)


def test_new_firms_of_both_sectors_keep_year_area_and_number() -> None:
    frame = read(NEW_FIRMS, made_by_hand([2022], y2022_41860="1234"))
    assert frame.columns == ["year", "area_code", "sector", "new_firms", "unknown", "region", "place", "source_row"]
    assert frame.rows() == [
        (2022, ABILENE, "51", 7, None, None, None, 7),
        (2022, ABILENE, "54", 7, None, None, None, 12),
        (2022, BAY, "51", 1234, None, "CA", "San Francisco", 22),
        (2022, BAY, "54", 1234, None, "CA", "San Francisco", 27),
    ]


@pytest.mark.parametrize("letter", census_bds.UNKNOWN)
def test_letter_is_an_unknown_number_and_not_zero(letter: str) -> None:
    frame = read(NEW_FIRMS, made_by_hand(y2021_41860=letter, y2022_41860="0"))
    bay = frame.filter(area_code=BAY, sector="51")
    assert bay.select("year", "new_firms", "unknown").rows() == [(2021, None, letter), (2022, 0, None)]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (made_by_hand(y2021_41860="T"), "column new_firms: 'T' is not a"),
        (made_by_hand(y2021_41860="-3"), "column new_firms: '-3' is"),
        (made_by_hand(y2021_41860=""), "breaks? the rule"),
        (made_by_hand([1776, 2022]), "column year: '1776' is"),
        (made_by_hand([2022, 2999]), "column year: '2999' is in the future"),
        (made_by_hand(areas=["San Francisco"]), "column area_code: 'San Francisco' has the wrong form"),
        (made_by_hand().replace(b"a) 0", b"a) new"), "column fagecoarse: 'a\\) new' is not in the vocabulary"),
        (made_by_hand().replace(b"31-33", b"Factories"), "column sector: 'Factories' is not a sector"),
        (made_by_hand() + b"2023,41860,51,a) 0,7,9,S\n", "9 rows of new firms where all years and areas make 12"),
    ],
)
def test_what_the_file_cannot_hold_is_refused(content: bytes, problem: str) -> None:
    assert re.search(problem, refusal(NEW_FIRMS, content))


def test_damaged_copies_are_refused() -> None:
    content = made_by_hand(range(2000, 2023))
    table = replace(NEW_FIRMS, rows=(92, 92))
    assert rejection(table, content) is None
    copies = damaged_csv(content, "utf-8", "fagecoarse") | {
        "moved cells": with_moved_cells(content, "utf-8"),
        "years lost": content[: content.index(b"2015,")],
        "swapped columns": content.replace(b"year,msa", b"msa,year", 1),
    }
    assert [how for how, copy in copies.items() if rejection(table, copy) is None] == []


def test_areas_of_the_bay_are_named() -> None:
    assert {names for code, names in census_bds.AREAS.items() if code in (BAY, "41940")} == {
        ("CA", "San Francisco"),
        ("CA", "San Jose"),
    }
