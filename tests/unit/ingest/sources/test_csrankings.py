"""CSRankings: a list of invented people, in the format of the upstream, and the recorded files."""

from pathlib import Path

import pytest

from pipelines.ingest.sources import csrankings
from tests.support.parsing import read, refusal

FACULTY, GEOLOCATION, COUNTRY_INFO = csrankings.SOURCE.tables
PEOPLE = (
    "name,affiliation,homepage,scholarid\n"
    "Ann Example,X University,https://example.org/ann,aaaaaaaaaaaa\n"
    "A. Example,X University,https://example.org/ann,aaaaaaaaaaaa\n"
    "Bo Example,X University,https://example.org/bo,NOSCHOLARPAGE\n"
    "Bo Example,Y Institute,https://example.org/bo,NOSCHOLARPAGE\n"
)


@pytest.fixture
def two_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take a file with two names for whole."""
    monkeypatch.setattr(csrankings, "FEWEST_NAMES", 2)


@pytest.mark.usefixtures("two_names")
def test_faculty_is_counted_and_nobody_named() -> None:
    frame = read(FACULTY, PEOPLE.encode())
    assert frame.rows() == [("X University", 2.5, 2, 2), ("Y Institute", 0.5, 1, 5)]
    with_orcid = PEOPLE.replace("scholarid\n", "scholarid,orcid\n").replace("aaa\n", "aaa,0000-0000-0000-0000\n")
    with_orcid = with_orcid.replace("PAGE\n", "PAGE,0000-0000-0000-0000\n").replace("\n", "\r\n")
    assert read(FACULTY, with_orcid.encode()).rows() == frame.rows()


@pytest.mark.usefixtures("two_names")
@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (PEOPLE + PEOPLE.splitlines()[1], "row 6, column name: the name occurs twice at one institution"),
        (PEOPLE.replace("Y Institute", ""), "row 5, column affiliation: is empty"),
        (PEOPLE.replace("Bo Example,Y Institute", "Y Institute") + "\n", "row 5"),
        (
            PEOPLE.replace("Bo Example,Y Institute,https://example.org/bo,NOSCHOLARPAGE", "Y Institute,https://example.org,NO,"),
            "row 5, column scholarid: is empty",
        ),
        (PEOPLE.replace("scholarid", "scholar"), "row 1, column scholarid: the column is missing"),
        ("\n".join(PEOPLE.splitlines()[:2]), "1 names, expected at least 2"),
    ],
)
def test_damaged_list_is_refused_without_naming_anybody(content: str, problem: str) -> None:
    message = refusal(FACULTY, content.encode())
    assert problem in message
    assert "Example" not in message


def test_only_the_point_known_to_be_wrong_is_left_out() -> None:
    points = "institution,latitude,longitude\nUESTC,22.5296608,113.3844848\nUSTC,31.84,117.25\n"
    assert read(GEOLOCATION, points.encode())["institution"].to_list() == ["USTC"]
    corrected = points.replace("22.5296608,113.3844848", "30.675,104.1")
    assert read(GEOLOCATION, corrected.encode())["latitude"].to_list() == [30.675, 31.84]


def test_recorded_faculty_is_counted_and_located(recordings: Path) -> None:
    files = {FACULTY: "csrankings.csv", GEOLOCATION: "geolocation.csv", COUNTRY_INFO: "country-info.csv"}
    faculty, points, countries = (read(table, (recordings / "csrankings" / file).read_bytes()) for table, file in files.items())
    assert (faculty.height, faculty["faculty"].sum(), faculty["people"].sum()) == (648, 29_526, 24_700)
    # 81 institutions have no point, and that of UESTC is left out.
    assert faculty.join(points, on="institution", how="anti").height == 82
    assert countries.filter(country="cn").height == 39
