"""Founders of Y Combinator's companies: invented ones in the format of the recording, and the recorded files."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.ingest.sources import yc_founders_schools as source
from tests.support.parsing import csv_file, read, refusal

COMPANIES, FOUNDERS, SCHOOLS, EMPLOYERS = source.SOURCE.tables
COMPANY = {"id": "7", "name": "Acme", "slug": "acme", "batch": "W24", "status": "Active", "country": "United States of America"}
SCHOOL = {"founder": "f00001", "school": "Example University", "field_of_study": "", "first_year": "2001", "last_year": "2005"}


@pytest.mark.parametrize(
    ("address", "country", "place"),
    [
        ("San Francisco, CA, USA", "United States of America", ("San Francisco", "CA", "USA")),
        ("Wallingford, CT 06492, USA", "United States of America", ("Wallingford", "CT", "USA")),
        ("9 Example St, San Francisco, CA 94105, USA", "United States of America", ("San Francisco", "CA", "USA")),
        ("9 Rue Exemple, 75010 Paris, France", "France", ("Paris", None, "France")),
        ("Sydney NSW, Australia", "Australia", ("Sydney", None, "Australia")),
        ("Dubai - United Arab Emirates", "United Arab Emirates", ("Dubai", None, "United Arab Emirates")),
        ("London, UK", "United Kingdom", ("London", None, "UK")),
        ("Singapore", "Singapore", ("Singapore", None, "Singapore")),
        ("", "Remote", (None, None, None)),
    ],
)
def test_address_is_taken_apart(address: str, country: str, place: tuple[str | None, ...]) -> None:
    frame = read(COMPANIES, csv_file(source.COMPANY, COMPANY | {"address": address, "country": country}))
    assert frame.select("batch_year", "place", "region", "country").row(0) == (2024, *place)


@pytest.mark.parametrize(
    ("school", "kind"),
    [
        ("Example University", "university"),
        ("Example School of Business", "university"),
        ("Y Combinator", "programme"),
        ("Y Combinator (W20)", "programme"),
        ("Example High School", "high school"),
        ("Lycée Exemple", "high school"),
        ("The Example School", "high school"),
    ],
)
def test_name_says_what_kind_of_school_it_is(school: str, kind: str) -> None:
    assert read(SCHOOLS, csv_file(SCHOOL, SCHOOL | {"school": school}))["kind"].to_list() == [kind]


def test_impossible_years_are_left_out() -> None:
    frame = read(SCHOOLS, csv_file(SCHOOL, SCHOOL | {"first_year": "1900"}, SCHOOL | {"first_year": "1922", "last_year": "2033"}))
    assert frame.select("entry_year", "graduation_year").rows() == [(None, 2005), (None, None)]


def test_founder_has_the_page_of_a_company() -> None:
    founder = {"founder": "f00001", "company_slug": "acme", "top_company": "False"}
    assert read(FOUNDERS, csv_file(founder, founder)).select("founder", "slug").rows() == [("f00001", "acme")]


@pytest.mark.parametrize("founder", ["Anna Example", "12345", ""])
def test_only_random_codes_stand_for_founders(founder: str) -> None:
    assert "column founder: " in refusal(SCHOOLS, csv_file(SCHOOL, SCHOOL | {"founder": founder}))
    employer = {"founder": founder, "company": "Example Search"}
    assert "column founder: " in refusal(EMPLOYERS, csv_file(employer, employer))


def test_recorded_files_are_read_whole(recordings: Path) -> None:
    names = ("companies", "founder_company", "founder_school", "founder_prior_company")
    contents = [(recordings / "yc_founders_schools" / f"{name}.csv").read_bytes() for name in names]
    frames = [read(table, content) for table, content in zip(source.SOURCE.tables, contents, strict=True)]
    assert [frame.height for frame in frames] == [4_844, 8_465, 13_076, 32_610]
    schools = frames[2]
    assert schools.filter(pl.col("school") == "Y Combinator")["kind"].unique().to_list() == ["programme"]
    assert schools.filter(pl.col("kind") == "university")["entry_year"].min() == 1965
