"""The macros of the published file, on one made by hand."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from pipelines import settings
from pipelines.warehouse import queries
from tests.support import published


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path = tmp_path_factory.mktemp("published") / "published.duckdb"
    published.write(path)
    with duckdb.connect(path, read_only=True) as connection:
        yield connection


def test_why_shows_value_interval_and_what_counts_it(file: duckdb.DuckDBPyConnection) -> None:
    columns = "indicator, value_low, score_high, n_lists, status, evidence_rows, example, example_source"
    assert file.execute(f"select {columns} from why('ALBA')").fetchall() == [
        ("deals", 600.2, 75.0, 2, "counted", 3, "first", "Gazette"),
        ("schools", 0.00002, 35.0, 0, "inferred", 0, None, None),
    ]


def test_why_shows_the_newest_row(tmp_path: Path) -> None:
    years = {"a undated": None, "b old": 2001, "d new": 2019, "c new": 2019}
    row = published.TABLES["marts.evidence"][0]
    rows = [row | {"label": label, "investors": "Seed", "year": year, "source": f"of {label}"} for label, year in years.items()]
    published.write(tmp_path / "other.duckdb", marts_evidence=rows)
    with duckdb.connect(tmp_path / "other.duckdb", read_only=True) as other:
        (shown, *_) = other.execute("select example, example_source from why('Alba')").fetchall()
        assert shown == ("c new, by Seed", "of c new")
        assert other.execute("select label, investors from evidence('Alba', 'deals')").fetchone() == ("c new", "Seed")


@pytest.mark.parametrize(
    ("year", "label", "years"), [(2020, "new", (2020, 2020)), (2019, "old", (2012, None)), (None, "new", (2020, 2020))]
)
def test_why_shows_the_newest_row_up_to_its_year(
    tmp_path: Path, year: int | None, label: str, years: tuple[int | None, int | None]
) -> None:
    row = published.TABLES["marts.evidence"][0]
    rows = [row | {"label": "new", "year": 2020, "year_to": 2020}, row | {"label": "old", "year": 2012, "year_to": None}]
    rows.append(row | {"label": "next", "year": 2021, "year_to": 2021})
    detail = [one | {"year": year or 2020} for one in published.TABLES["marts.indicator_detail"]]
    published.write(tmp_path / "other.duckdb", marts_evidence=rows, marts_indicator_detail=detail)
    with duckdb.connect(tmp_path / "other.duckdb", read_only=True) as other:
        columns = "example, example_year, example_year_to"
        assert other.execute(f"select {columns} from why('Alba', $1)", [year]).fetchone() == (label, *years)


def test_undated_row_of_a_list_of_one_year_is_of_that_year(tmp_path: Path) -> None:
    row = published.TABLES["marts.evidence"][0] | {"year": None, "year_to": None}
    profiles = [one | {"first_year": 2020} for one in published.TABLES["marts.list_profiles"]]
    for name, made, year in (("one", profiles, 2020), ("several", published.TABLES["marts.list_profiles"], None)):
        published.write(tmp_path / f"{name}.duckdb", marts_evidence=[row], marts_list_profiles=made)
        with duckdb.connect(tmp_path / f"{name}.duckdb", read_only=True) as other:
            assert other.execute("select example_year from why('Alba')").fetchone() == (year,)


def test_values_are_named_with_the_list_they_are_counted_on(file: duckdb.DuckDBPyConnection) -> None:
    assert file.execute("select indicator, counted_by from why('Alba')").fetchall() == [("deals", "register"), ("schools", "moe")]


def test_standing_has_totals_and_pillars_with_their_weight(file: duckdb.DuckDBPyConnection) -> None:
    columns = "name, rank, rank_high, score_low, weight, times_less"
    assert file.execute(f"select {columns} from standing('Alba')").fetchall() == [
        ("Readiness", 1, 2, 65.0, None, 8.0),
        ("Realised", 1, 2, 65.0, None, None),
        ("venture deals", 1, 2, 65.0, 1.0, None),
    ]
    assert file.execute("select name, times_less from standing('Alba', 2019)").fetchall()[0] == ("Readiness", None)


@pytest.mark.parametrize(
    ("name", "city"),
    [
        *((name, "Alba") for name in ("alba", "ALBA", " Alba ", "Álba", "阿尔巴", "阿尔巴市", "AlPompeia", "al pompeia")),
        ("old town", "Brno"),
        ("Brno", "Brno"),  # though a part of Cork has its name
        *((name, "Alba") for name in ("Alba City", "alba, China", "Alba Shi", "Alba city, China", "Alba, Cuneo", "阿尔巴市")),
    ],
)
def test_city_is_known_by_any_of_its_names(file: duckdb.DuckDBPyConnection, name: str, city: str) -> None:
    assert file.execute("select city_named($1)", [name]).fetchall() == [(city,)]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Albo", "No city called 'Albo'. The nearest: Alba. "),
        ("lagos ", "Several cities are called 'lagos': Lagos (Algarve), Lagos (Minho)"),
        ("roddi ", "No city called 'roddi': it counts as part of Alba"),
        ("Roddi District", "No city called 'Roddi District': it counts as part of Alba"),
        ("Porto Alto City", "No city called 'Porto Alto City'. The nearest: Porto Alto. "),
        ("罗迪", "No city called '罗迪': it counts as part of Alba"),
        ("Newport", "No city called 'Newport': it counts as part of Brno or Cork"),
        ("库内奥", "No city called '库内奥': it is the province or state Cuneo. Its first cities by rank: Alba. "),
        ("munster", "No city called 'munster': it is the province or state Munster. None of its cities has a rank. "),
        ("China", "No city called 'China': it is a country or territory. "),
        ("中国", "No city called '中国': it is a country or territory. "),
        ("京", "No city called '京', nor any alike. "),
        ("Xyzzy", "No city called 'Xyzzy', nor any alike. "),
        ("", "No city called '', nor any alike. "),
    ],
)
def test_name_of_no_city_says_what_it_is(file: duckdb.DuckDBPyConnection, name: str, says: str) -> None:
    with pytest.raises(duckdb.InvalidInputException, match=f"{re.escape(says)}(For all of them: from core.cities)?$"):
        file.execute("select city_named($1)", [name]).fetchall()


@pytest.mark.parametrize("query", ["why('{}')", "standing('{}')", "compare('Alba', '{}')", "compare('{}', 'Alba')"])
@pytest.mark.parametrize(
    ("city", "says"),
    [
        ("Porto Alto", "Porto Alto is known but has no scores in this file. It lies elsewhere (Portugal): the file ranks "
         "mainland China. Where lists that name it are loaded, `make refresh SCOPE=PT` ranks it, "
         "and so does `make refresh SCOPE=world`"),
        ("Cork", "Cork is known but has no scores in this file. The lists that are loaded name it too rarely"),
    ],
)  # fmt: skip
def test_known_city_without_scores_is_an_error(file: duckdb.DuckDBPyConnection, query: str, city: str, says: str) -> None:
    with pytest.raises(duckdb.InvalidInputException, match=re.escape(says)):
        file.execute(f"from {query.format(city)}").fetchall()


def test_evidence_needs_rows_or_scores(tmp_path: Path) -> None:
    rows = [row | {"city": city} for row in published.TABLES["marts.evidence"] for city in ("Alba", "Cork")]
    published.write(tmp_path / "other.duckdb", marts_evidence=rows)
    with duckdb.connect(tmp_path / "other.duckdb", read_only=True) as other:
        assert len(other.execute("from evidence('Cork', 'deals')").fetchall()) == 3
        assert other.execute("from evidence('Brno', 'deals')").fetchall() == []
        with pytest.raises(duckdb.InvalidInputException, match="Porto Alto is known but has no scores"):
            other.execute("from evidence('Porto Alto', 'deals')").fetchall()


def test_evidence_is_every_row_of_every_year_the_latest_first(file: duckdb.DuckDBPyConnection) -> None:
    rows = file.execute("select label, year, source_file, source_row from evidence('alba', 'Deals')").fetchall()
    assert rows == [("first", 2019, "deals.csv", 2), ("second", 2018, "deals.csv", 2), ("undated", None, "deals.csv", 2)]


def test_compare_says_where_two_cities_are_apart(file: duckdb.DuckDBPyConnection) -> None:
    rows = file.execute("select indicator, difference, is_apart, a_status, b_status from compare('Alba', 'Brno')").fetchall()
    assert rows == [("deals", 30.0, True, "counted", "counted"), ("schools", -3.0, False, "inferred", "counted")]


def test_intervals_that_meet_do_not_set_cities_apart(tmp_path: Path) -> None:
    met = {"score": 61.0, "score_low": 56.0, "score_high": 66.0}
    alba, _, brno, _ = published.TABLES["marts.indicator_detail"]
    published.write(tmp_path / "other.duckdb", marts_indicator_detail=[alba, brno | met])
    with duckdb.connect(tmp_path / "other.duckdb", read_only=True) as other:
        asked = "select is_apart from compare('Alba', 'Brno') union all select is_apart from compare('Brno', 'Alba')"
        assert other.execute(asked).fetchall() == [(False,), (False,)]


def test_city_without_a_rank_comes_last_whatever_its_score(tmp_path: Path) -> None:
    alba, brno = (row for row in published.SCORES if (row["measure"], row["year"]) == ("Readiness", 2020))
    published.write(tmp_path / "other.duckdb", index_scores=[alba | {"rank": None}, brno])
    with duckdb.connect(tmp_path / "other.duckdb", read_only=True) as other:
        assert other.execute("select city, rank from top()").fetchall() == [("Brno", 2), ("Alba", None)]


@pytest.mark.parametrize(("p_first", "said"), [(0.985, "in 98.5% of the draws;"), (0.9906, "in 99.1% of the draws;")])
def test_readme_says_who_is_first_and_how_likely(tmp_path: Path, p_first: float, said: str) -> None:
    first = published.TABLES["index.ranking"][0] | {"p_first": p_first}
    published.write(tmp_path / "other.duckdb", index_ranking=[first])
    with duckdb.connect(tmp_path / "other.duckdb") as other:
        other.execute(queries.read("readme"))
        ((about,),) = other.execute("select about from readme where step = 0").fetchall()
    assert f"First by Readiness: Alba, {said}" in about


def test_top_takes_a_year_and_a_pillar(file: duckdb.DuckDBPyConnection) -> None:
    assert file.execute("select rank, city, score_low, rank_high from top()").fetchall() == [
        (1, "Alba", 65.0, 2),
        (2, "Brno", 45.0, 2),
    ]
    assert len(file.execute("from top(2019, 'venture deals')").fetchall()) == 2
    with pytest.raises(duckdb.InvalidInputException, match=r"No scores for 1950\. There are scores for 2019 to 2020"):
        file.execute("from top(1950)").fetchall()


def test_a_score_comes_before_a_pillar_of_its_name(tmp_path: Path) -> None:
    pillar = published.TABLES["core.indicators"][0] | {"pillar": "P1", "pillar_name": "realised"}
    published.write(tmp_path / "other.duckdb", core_indicators=[pillar])
    with duckdb.connect(tmp_path / "other.duckdb", read_only=True) as other:
        named = other.execute("select score_named('realised'), score_named('p1'), score_named('READINESS')").fetchall()
    assert named == [("Realised", "P1", "Readiness")]


def test_history_is_of_the_scope(file: duckdb.DuckDBPyConnection) -> None:
    assert file.execute("select measure from changed('2020-01-01')").fetchall() == [("this is the first known release",)]


@pytest.mark.parametrize("since", ["'2026-01-01 12:00+08'", "'2026-01-01 04:00'", "timestamptz '2026-01-01 12:00+08'"])
def test_changes_are_counted_from_a_time_in_utc_or_of_its_own_offset(tmp_path: Path, since: str) -> None:
    first = published.TABLES["core.release_history"][0]
    times = [datetime(2026, 1, 1, hour) for hour in (3, 5)]
    published.write(tmp_path / "other.duckdb", core_release_history=[first | {"made_at": time} for time in times])
    with duckdb.connect(tmp_path / "other.duckdb", read_only=True) as other:
        for zone in ("Asia/Shanghai", "America/New_York"):
            other.execute(f"set timezone = '{zone}'")
            assert other.execute(f"select since_release from changed({since})").fetchall() == [(times[0],)]


def test_part_of_a_change_is_unknown_if_one_release_does_not_say_it(tmp_path: Path) -> None:
    first = published.TABLES["core.release_history"][0]
    said = {2: {"value": 71.0, "news": None, "late_data": 1.0}, 3: {"value": 73.0, "news": 2.0}}
    rows = [first, *(first | {"made_at": datetime(2026, 1, day)} | parts for day, parts in said.items())]
    published.write(tmp_path / "other.duckdb", core_release_history=rows)
    with duckdb.connect(tmp_path / "other.duckdb", read_only=True) as other:
        changes = "select change, news, late_data from changed('2026-01-0{}')"
        assert [other.execute(changes.format(day)).fetchall() for day in (1, 2)] == [[(3.0, None, 1.0)], [(2.0, 2.0, 0.0)]]


def test_macros_resolve_in_an_attached_file(tmp_path: Path) -> None:
    published.write(tmp_path / "other.duckdb")
    page = (settings.SQL.parent / "docs" / "how-to.md").read_text("utf-8")
    (then,) = re.findall(r"`attach 'https://\S+' (as nv[^`]+)`", page)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{tmp_path / 'other.duckdb'}' {then}")
        assert connection.execute("select city from top() limit 1").fetchall() == [("Alba",)]


@pytest.mark.parametrize(
    ("asked", "found"),
    [("best towns", "Best Towns"), ("best", "Best Towns"), ("BestTowns", "Best Towns"), ("towns", None), ("", None)],
)
def test_ranking_is_known_by_a_part_of_its_name_if_no_other_has_it(tmp_path: Path, asked: str, found: str | None) -> None:
    first = published.TABLES["index.published_rankings"][0]
    rows = [first, first | {"ranking": "Small towns"}]
    published.write(tmp_path / "other.duckdb", index_published_rankings=rows)
    with duckdb.connect(tmp_path / "other.duckdb", read_only=True) as other:
        if found:
            assert other.execute("select ranking_named($1)", [asked]).fetchall() == [(found,)]
            return
        with pytest.raises(duckdb.InvalidInputException, match="There are Best Towns; Small towns"):
            other.execute("select ranking_named($1)", [asked]).fetchall()


def test_differs_takes_a_ranking_in_any_case_the_last_edition_first(file: duckdb.DuckDBPyConnection) -> None:
    rows = file.execute("select edition, city, difference, mainly, by_scope from differs('best towns')").fetchall()
    assert rows == [("2020", "Alba", 3, "scope", 3.0), ("2019", "Alba", 2, "scope", 2.0)]
    with pytest.raises(duckdb.InvalidInputException, match=r"No ranking called 'Worst'\. There are Best Towns"):
        file.execute("from differs('Worst')").fetchall()


#: The columns of the file's own tables: an argument called so is the column of the asker, not that of a table in the macro.
COLUMNS = (
    "city",
    "name",
    "kind",
    "province",
    "indicator",
    "measure",
    "year",
    "pillar",
    "pillar_name",
    "ranking",
    "score",
    "asked",
)


@pytest.mark.parametrize(
    ("macro", "value", "found"),
    [
        ("known_city", "'old town'", "Brno"),
        ("known_province", "'cuneo'", "Cuneo"),
        ("city_named", "'old town'", "Brno"),
        ("scored_city", "'old town'", "Brno"),
        ("indicator_named", "'DEALS'", "deals"),
        ("score_named", "'venture deals'", "P1"),
        ("scored_year", "2019", 2019),
        ("measured_year", "2019", 2019),
        ("ranking_named", "'best towns'", "Best Towns"),
    ],
)
def test_argument_may_be_a_column_of_any_name(file: duckdb.DuckDBPyConnection, macro: str, value: str, found: str | int) -> None:
    for column in COLUMNS:
        call, own = f"{macro}({column})", f"(values ({value}), ({value})) as q ({column})"
        grouped = f"select {call}, count(*) from {own} where {call} is not null group by {call}"
        assert file.execute(grouped).fetchall() == [(found, 2)], column
        joined = f"select count(*) from {own} inner join (values (1)) as p (n) on {call} is not null"
        assert file.execute(joined).fetchall() == [(2,)], column


def test_argument_is_asked_row_by_row(file: duckdb.DuckDBPyConnection) -> None:
    rows = file.execute("select city, known_city(city) from (values ('阿尔巴'), ('old town'), ('?'), (null)) as t (city)")
    assert rows.fetchall() == [("阿尔巴", "Alba"), ("old town", "Brno"), ("?", None), (None, None)]


def test_year_may_be_written_as_text(file: duckdb.DuckDBPyConnection) -> None:
    assert file.execute("from top('2020')").fetchall() == file.execute("from top(2020)").fetchall() != []


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("top('abc')", "No scores for abc. There are scores for 2019 to 2020"),
        ("top(2019.5)", "No scores for 2019.5. There are scores for 2019 to 2020"),
        ("top(date '2019-01-01')", "No scores for 2019-01-01. There are scores for 2019 to 2020"),
        ("changed('yesterday')", "No day or time: 'yesterday'. Write it as 2026-11-01, "),
        ("changed('2026-13-01 08:30:00+08')", "No day or time: '2026-13-01 08:30:00+08'. Write it as 2026-11-01, "),
        ("changed('2026-11-01 25:30:00+08')", "No day or time: '2026-11-01 25:30:00+08'. Write it as 2026-11-01, "),
        ("changed(2020)", "No day or time: '2020'. Write it as 2026-11-01, "),
    ],
)
def test_year_or_time_of_another_form_is_an_error_that_names_the_form(
    file: duckdb.DuckDBPyConnection, query: str, says: str
) -> None:
    with pytest.raises(duckdb.InvalidInputException, match=re.escape(says)):
        file.execute(f"from {query}").fetchall()
