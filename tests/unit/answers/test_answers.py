"""Answers for programs, on a published file made by hand."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipelines import settings
from pipelines.answers import bounded, gaps, tools
from pipelines.answers.file import Refusal, opened
from pipelines.cli import read
from pipelines.index import BENCHMARK
from tests.support import published
from tests.support.answers import rows_named


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the path of the published file; a test that wants other tables writes it anew."""
    path = tmp_path / "published.duckdb"
    monkeypatch.setattr(settings, "PUBLISHED", path)
    published.link(path)
    return path


def written_anew(file: Path, **tables: published.Rows) -> None:
    file.unlink()
    published.write(file, **tables)


@pytest.mark.slow
def test_every_answer_names_release_intervals_and_rows(file: Path) -> None:
    answers = [
        tools.rank(),
        tools.rank(2019, "venture deals"),
        tools.why("阿尔巴"),
        tools.compare("Alba", "Brno"),
        tools.claim("1"),
        tools.differs("best towns", "Alba"),
    ]
    with opened(file) as connection:
        for answer in answers:
            assert answer["release"]["content_hash"] == "abc"
            assert re.search(r"interval|separable", answer["answer"]), answer["answer"]
            assert answer["rows"]
            assert {row["row"]: rows_named(connection, row["row"]) for row in answer["rows"]} == {
                row["row"]: 1 for row in answer["rows"]
            }


def test_evidence_names_file_and_line_and_what_it_adds_up_to(file: Path) -> None:
    answer = tools.evidence("Alba", "Deals", first=2, skip=1)
    assert [row["row"] for row in answer["rows"]] == ["deals.csv:2", "deals.csv:2"]
    assert answer["n_rows"] == 3
    assert answer["answer"].startswith(
        "Evidence on deals in Alba, rows: 3. Deals in 2020: 1,200 (600 to 2,400) deals a year, relative, on the scale of "
        "register, 90% interval"
    )
    inferred = "Schools in 2020: inferred, since no list counts it there; the score is 30 (25 to 35), 90% interval."
    assert inferred in tools.evidence("Alba", "schools")["answer"]


def test_number_of_a_complete_list_is_no_estimate(file: Path) -> None:
    first, *others = published.TABLES["marts.indicator_detail"]
    written_anew(file, marts_indicator_detail=[first | {"census_count": 69.0}, *others])
    assert "Deals in 2020: 69 deals a year, as the complete list register counts." in tools.evidence("Alba", "Deals")["answer"]


def test_where_a_complete_list_counts_none_the_score_takes_another_number(file: Path) -> None:
    first, *others = published.TABLES["marts.indicator_detail"]
    written_anew(file, marts_indicator_detail=[first | {"census_count": 0.0}, *others])
    said = "0 deals a year, as the complete list register counts. Its score takes 1,200 (600 to 2,400), 90% interval."
    assert f"Deals in 2020: {said}" in tools.evidence("Alba", "Deals")["answer"]
    assert read.value({"census_count": 0.0, "value": 0.158, "status": "counted"}) == "0 → 0.16"
    assert read.value({"census_count": 3.0, "value": 2.9, "status": "counted"}) == "3"


def test_estimate_has_the_digits_that_the_page_gives_it(file: Path) -> None:
    first, *others = published.TABLES["marts.indicator_detail"]
    written_anew(file, marts_indicator_detail=[first | {"value": 161.3, "value_low": 54.19, "value_high": 373.8}, *others])
    assert (
        "160 (54 to 370) deals a year, relative, on the scale of register, 90% interval"
        in tools.evidence("Alba", "Deals")["answer"]
    )
    assert read.value({"census_count": None, "value": 161.3, "status": "counted", "is_relative": False}) == "160"


def test_cities_that_draws_do_not_part_are_not_separable(file: Path) -> None:
    said = tools.compare("Brno", "Alba")["answer"]
    assert said.startswith("Brno and Alba are not separable")
    assert "Brno 50 (45 to 55), Alba 70 (65 to 75). The first scores above the second in 24% of the draws." in said
    assert "ahead" not in said


@pytest.mark.parametrize(("p_above", "says"), [(0.97, "Alba is ahead of Brno."), (0.02, "Brno is ahead of Alba.")])
def test_a_city_is_ahead_where_draws_part_them(file: Path, p_above: float, says: str) -> None:
    pair = published.TABLES["index.pairwise"][0] | {"p_above": p_above}
    written_anew(file, index_pairwise=[pair])
    assert tools.compare("Alba", "Brno")["answer"].startswith(says)


@pytest.mark.parametrize(
    ("ranks", "says"),
    [
        (((1, 1), (2, 2)), "Alba is ahead of Brno. Readiness in 2019: Brno 50 (45 to 55), Alba 70 (65 to 75)."),
        (((1, 2), (2, 3)), "Brno and Alba are not separable"),
        (((2, 3), (1, 2)), "Brno and Alba are not separable"),
        ((None, (1, 1)), "Brno and Alba are not separable"),
    ],
)
def test_in_years_without_draws_the_intervals_of_ranks_decide(
    file: Path, ranks: tuple[tuple[int, int] | None, ...], says: str
) -> None:
    of_city = dict(zip(published.CITIES, ranks, strict=True))
    scores = []
    for row in published.SCORES:
        low, high = of_city[str(row["city"])] or (None, None)
        scores.append(row | {"rank": low, "rank_low": low, "rank_high": high})
    written_anew(file, index_scores=scores)
    said = tools.compare("Brno", "Alba", 2019)["answer"]
    assert said.startswith(says)
    assert ("The 90% intervals of their ranks: " in said) == (None not in ranks)


def test_answers_say_who_has_a_score_of_100(file: Path) -> None:
    assert "the Bay Area in the base year, or the city that leads in schools; ten points" in tools.rank()["how_to_read"]
    counted = [row for row in published.TABLES["marts.indicator_detail"] if row["indicator"] == "deals"]
    written_anew(file, marts_indicator_detail=counted)
    assert "the Bay Area in the base year; ten points" in tools.rank()["how_to_read"], "no list counts schools in the scope"


def test_a_city_is_compared_with_the_benchmark_over_what_both_have(file: Path) -> None:
    theirs = [published.SCORES[0] | {"city": BENCHMARK, "year": year, "rank": None} for year in (2019, 2020)]
    detail = [row | {"city": BENCHMARK} for row in published.TABLES["marts.indicator_detail"] if row["city"] == "Alba"]
    written_anew(
        file,
        index_scores=[*published.SCORES, *theirs],
        marts_indicator_detail=[*published.TABLES["marts.indicator_detail"], *detail],
        core_cities=published.WITH_BENCHMARK,
    )
    said = tools.compare(BENCHMARK, "Alba")["answer"]
    distance = (
        "The San Francisco Bay Area has 8 times as much of these conditions as Alba, on average (90% interval: 4 to 16 "
        "times). Of the 8 indicators compared, "
        "lists count 2 there; the rest is inferred."
    )
    assert said.startswith(distance)
    assert distance in tools.why("Alba")["answer"]
    assert "Their scores are means of different indicators" in said
    assert "ahead" not in said


def test_difference_names_the_page_of_its_ranking(file: Path) -> None:
    pages = published.TABLES["index.published_rankings"]
    written_anew(file, index_published_rankings=[*pages, pages[0] | {"ranking": "Another", "url": "https://example.com"}])
    assert {row["url"] for row in tools.differs("Best Towns")["rows"]} == {"https://example.org/towns"}


def test_a_verdict_that_is_not_separable_reads_undecided(file: Path) -> None:
    assert tools.claim(" 1 ") == tools.claim("alba")
    assert tools.claim("alba")["answer"] == (
        "Alba leads, baseline: holds (supported; 0.25 to 0.75, 90% interval). "
        "Alba leads, current: undecided (not separable; 0.25 to 0.75, 90% interval; 0.10 to 0.90 with all that is imputed taken "
        "either way)."
    )


def test_a_city_without_a_rank_says_what_it_lacks(file: Path) -> None:
    wide = published.SCORES[0] | {"year": 2020, "rank": None, "score_low": 20.0, "score_high": 60.0}
    detail = [
        row | {"rows_to_halve": 5 if row["indicator"] == "deals" else 4} for row in published.TABLES["marts.indicator_detail"]
    ]
    written_anew(file, index_scores=[wide], marts_indicator_detail=detail)
    assert tools.why("Alba")["answer"].startswith(
        "Alba has no rank: its Readiness may be anything from 20 to 60, which is too wide for one. No list counts its schools. "
        "4 further rows of a complete list would halve the uncertainty of schools against other cities."
    )
    said = gaps.without_rank("Alba", 20.0, 60.0, [{"name": "Schools", "status": "counted", "rows_to_halve": 1}])
    assert said.endswith(" 1 further row of a complete list would halve the uncertainty of schools against other cities.")
    with pytest.raises(Refusal, match="No city is known well enough in 2020"):
        tools.rank(2020)


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: tools.why("Albo"), "No city called 'Albo'. The nearest: Alba"),
        (lambda: tools.why("Porto Alto"), "Porto Alto is known but has no scores in this file. It lies elsewhere (Portugal):"),
        (lambda: tools.why("Cork"), "Cork is known but has no scores in this file. The lists that are"),
        (lambda: tools.compare("Alba", "阿尔巴"), "Both names are of Alba: name two cities."),
        (lambda: tools.compare("Alba", "Cork"), "Cork is known but has no scores"),
        (lambda: tools.evidence("Cork", "deals"), "Cork is known but has no scores"),
        (lambda: tools.rank(1950), "No scores for 1950. There are scores for 2019 to 2020"),
        (lambda: tools.rank(score="charm"), "No score called 'charm'."),
        (lambda: tools.evidence("Alba", "charm"), "No indicator called 'charm'."),
        (lambda: tools.claim("3"), "No claim by '3'. There are: 1 (Alba leads), 2 (Brno leads far behind)."),
        (lambda: tools.claim("leads"), "Several claims by 'leads'."),
        (lambda: tools.claim(""), "No claim by ''."),
        (lambda: tools.differs("Worst"), "No ranking called 'Worst'."),
        (lambda: tools.differs("Best Towns", "Brno"), "Best Towns: no rank of Brno that stands beside one of this release."),
    ],
)
def test_what_the_release_cannot_say_is_refused_in_words(file: Path, ask: Callable[[], object], says: str) -> None:
    with pytest.raises(Refusal) as refusal:
        ask()
    assert str(refusal.value).startswith(says)


def test_a_year_that_repeats_another_says_so(file: Path) -> None:
    assert "2020 repeats 2019, the nearest year" in tools.rank(2020)["answer"]
    scores = [row | {"score": row["year"]} for row in published.SCORES]
    written_anew(file, index_scores=scores)
    assert "repeats" not in tools.rank(2020)["answer"]


def test_file_that_cannot_be_read_is_named_with_a_remedy(file: Path) -> None:
    content = file.read_bytes()
    foreign = file.with_name("foreign.duckdb")
    with duckdb.connect(foreign) as other:
        other.execute("create table mine as select 1")
    damaged = content[:20_000] + bytes(len(content) - 20_000)
    for number, found in enumerate((content[:5000], b"", b"text", damaged, foreign.read_bytes())):
        file.unlink()
        file = file.with_name(f"{number}.duckdb")
        file.write_bytes(found)
        settings.PUBLISHED = file
        for ask in (tools.rank, lambda: tools.why("Alba")):
            with pytest.raises(
                Refusal, match=rf"{re.escape(str(file))} (cannot be read|is not a release|is damaged)(.|\n)*make refresh"
            ):
                ask()


def test_query_returns_rows_as_json_has_them(file: Path) -> None:
    answer = tools.sql("select city, 'NaN'::double as x from core.cities order by city limit 1; -- the first")
    assert (answer["rows"], answer["answer"]) == ([{"city": "Alba", "x": None}], "Rows: 1.")
    assert answer["release"]["content_hash"] == "abc"


def test_query_returns_what_json_does_not_have_as_null_or_text(file: Path) -> None:
    nested = "{'x': 'inf'::double, 'y': ['nan'::double, 1], 'z': map {date '2020-01-02': 2}}"
    answer = json.loads(bounded.main(file, f"select {nested} as n"), parse_constant=pytest.fail)
    assert answer["rows"] == [{"n": {"x": None, "y": [None, 1], "z": {"2020-01-02": 2}}}]


def test_long_answers_are_cut_and_say_so(file: Path) -> None:
    answer = tools.sql("from range(5000)")
    assert (len(answer["rows"]), answer["answer"]) == (bounded.ROWS, f"The first {bounded.ROWS:,} rows; there are more.")


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("from core.cities; from core.cities", "One query at a time; this is 2."),
        ("-- nothing", "One query at a time; this is 0."),
        ("create temp table mine as select 1", "Only queries that read are answered, not CREATE."),
        ("set threads = 9", "Only queries that read are answered, not SET."),
        ("load json", "Only queries that read are answered, not LOAD."),
        ("selec", 'Parser Error: syntax error at or near "selec"'),
        ("from nowhere", "Catalog Error: Table with name nowhere does not exist"),
        ("from read_text('/etc/hosts')", "Permission Error: Cannot access file"),
        ("from glob('/*')", "Permission Error: Cannot access file"),
        ("select a.city, b.city from core.cities a, core.cities b", "2 columns are called city. Name them with `as`."),
        ("from why('Albo')", "No city called 'Albo'."),
        ("select repeat('x', 300000)", "The answer has 300,"),
    ],
)
def test_query_that_may_not_run_is_refused(file: Path, statement: str, says: str) -> None:
    # In this process, which is faster; the limits of its own one are tested below.
    assert json.loads(bounded.main(file, statement))["refusal"].startswith(says)


@pytest.mark.slow
def test_query_imports_nothing_from_the_working_directory(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(3)")
    monkeypatch.chdir(tmp_path)
    assert bounded.run("select 1 as n", seconds=60) == ([{"n": 1}], False)


@pytest.mark.slow
@pytest.mark.parametrize("statement", ["select count(*) from range(1000000000000)", "select repeat('x', 900000000)"])
def test_query_that_does_not_end_is_stopped(file: Path, statement: str) -> None:
    with pytest.raises(Refusal, match="The query took longer than 3 seconds"):
        bounded.run(statement, seconds=3)


def test_query_that_wants_more_memory_takes_none_of_the_disk(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written_anew(file)
    monkeypatch.setattr("pipelines.answers.file.MEMORY", "30MB")
    with opened(file) as connection, pytest.raises(duckdb.OutOfMemoryException):
        connection.execute("select count(*) from (select range from range(2000000) order by hash(range))")


@pytest.mark.slow
def test_query_that_wants_the_memory_is_stopped(file: Path) -> None:
    with pytest.raises(Refusal, match="memory"):
        bounded.run("select list(range) from range(300000000)", seconds=60)
