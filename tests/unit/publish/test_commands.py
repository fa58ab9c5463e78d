"""The commands that read, on a published file made by hand."""

import csv
import json
import os
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from pipelines import __version__, cli, settings
from pipelines.cli.console import number
from pipelines.index import BENCHMARK, METHOD_VERSION
from pipelines.orchestration import refresh
from pipelines.publish import state
from tests.support import published
from tests.support.commands import output, runner


def program(file: Path, *arguments: str) -> str:
    """Return a program that runs a command in a process of its own."""
    return (
        "from pathlib import Path; from pipelines import cli, settings\n"
        f"settings.PUBLISHED = Path({str(file)!r})\n"
        f"cli.app({list(arguments)})"
    )


def test_setting_that_is_wrong_ends_any_command_with_its_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOURCES", "gawk")
    with pytest.raises(SystemExit) as ended:
        cli.app(["smoke"])
    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith("SOURCES: gawk: is not a source. Use shipped,")


def test_the_ranking_ends_with_answer_scope_and_lists(file: Path) -> None:
    published.link(file)
    said = output("rank")
    assert "1 Alba ° 70.0 65–75 1–2 >99% 70.0 8 (4–16)" in said
    assert "100: the Bay Area in 2015, or the city that leads in schools; ten points less is half as much." in said
    assert (
        "the Bay Area, in the same year, with the 90% interval, over the indicators that both have (of venture deals only "
        "deals), counted in deals and companies, not in money; what no list counts in a city is inferred."
    ) in said
    assert said.endswith(
        "In China, Alba has the most of what a Silicon Valley needs: its chance of ranking first is above 99% "
        "(60–90% if scored in other ways). Brno (60–90%) could be first too. "
        "3 lists: 3 from 3 sources (1 source without a city here). 2 of 3 cities of China are known well enough for a rank. No "
        "list counts: Listings and acquisitions. In the cities of rank 1 to 2, 0% to 50% of the weight of Readiness rests on "
        "what the project's own register alone counts."
    )
    assert "--all" not in said
    assert "2 Brno 50.0" in said
    assert "°: less than half of what is compared with the Bay Area is counted there, the rest inferred." in said


@pytest.mark.parametrize("year", [[], ["--year", "2019"]], ids=["newest", "earlier"])
def test_headings_of_a_ranking_are_all_chinese(file: Path, year: list[str]) -> None:
    published.link(file)
    headings, _, _ = output("rank", "--lang", "zh", *year).partition(" 1 ")
    assert re.findall("[a-z]+", headings) == []
    assert {"名次", "（90%区间）"} <= set(headings.split())


def test_chinese_names_and_sentences_stay_whole(file: Path) -> None:
    city = published.TABLES["core.cities"][0] | {"city_zh": "乌鲁木齐"}
    published.write(file, core_cities=[city, *published.TABLES["core.cities"][1:]])
    said = runner.invoke(cli.app, ["rank", "--lang", "zh"]).output
    assert "乌鲁木齐 °" in said
    assert "。 " not in said


def test_old_ranking_says_that_lists_end_there(file: Path) -> None:
    published.write(file, core_release=[published.TABLES["core.release"][0] | {"made_at": datetime(2028, 1, 1)}])
    assert output("rank").endswith(
        "2020 is the last year of which lists count enough deals in China: what happened since is not in the ranking."
    )


def test_what_no_list_counts_in_the_scope_sets_no_goalpost(file: Path) -> None:
    detail = published.TABLES["marts.indicator_detail"]
    published.write(file, marts_indicator_detail=[row for row in detail if row["indicator"] == "deals"])
    said = output("rank")
    assert "100: the Bay Area in 2015; ten points less is half as much." in said
    assert "over the indicators that both have, counted in deals and companies" in said
    said = output("rank", "--year", "2019")
    assert "stand the same in all years" not in said


def test_rows_of_a_city_that_no_list_looks_at_count_for_nothing(file: Path) -> None:
    detail = published.TABLES["marts.indicator_detail"]
    published.write(file, marts_indicator_detail=[row | {"n_lists": 0 if row["city"] == "Alba" else 1} for row in detail])
    assert "register alone counts" not in output("rank"), "it has rows of Alba alone, which are not read"
    published.write(file, marts_indicator_detail=[row | {"n_lists": 0 if row["indicator"] == "schools" else 1} for row in detail])
    assert "Outside the San Francisco Bay Area no list counts schools: these, with 50% of the weight" in output("rank")
    benchmark = [row | {"city": BENCHMARK, "n_lists": 1} for row in detail]
    published.write(file, marts_indicator_detail=[*(row | {"n_lists": 0} for row in detail), *benchmark])
    assert "no list counts deals and schools: these, with 100%" in output("rank")


@pytest.mark.parametrize(("deals", "is_missed"), [(6.0, False), (6.5, True)])
def test_city_that_is_not_measured_is_named_if_a_list_knows_much_of_it(file: Path, deals: float, is_missed: bool) -> None:
    listed = published.TABLES["marts.list_counts"][0] | {"quantity": "deals_received"}
    counts = [
        listed | {"city": city, "n": n, "list": name}
        for city, n, name in (
            ("Alba", 3.0, "a"),
            ("Alba", 9.0, "b"),
            ("Brno", 5.0, "a"),
            ("Cork", deals, "a"),
            ("Cork", 4.0, "b"),
        )
    ]
    published.write(file, marts_list_counts=[*published.TABLES["marts.list_counts"], *counts])
    assert ("too few lists name it, is Cork, although" in output("rank")) == is_missed


@pytest.mark.slow
def test_numbers_stay_whole_in_a_narrow_terminal(file: Path) -> None:
    published.link(file)
    narrow = os.environ | {"COLUMNS": "40"}
    said = subprocess.check_output([sys.executable, "-c", program(file, "rank")], text=True, cwd=settings.SHIPPED, env=narrow)
    assert " ".join(said.split()) == output("rank")


@pytest.mark.parametrize(("n_inferred", "city"), [(4, "Alba 70.0"), (5, "Alba ° 70.0")])
def test_a_city_is_marked_if_most_of_it_is_inferred(file: Path, n_inferred: int, city: str) -> None:
    published.write(file, index_distance=[published.TABLES["index.distance"][0] | {"n_inferred": n_inferred}])
    assert f"1 {city}" in output("rank") and f"1 {city}" in output("rank", "--year", "2019")


@pytest.mark.parametrize(("year", "repeated"), [(2000, 2001), (2001, None), (2002, None), (2003, 2002), (2004, 2002)])
def test_a_ranking_of_another_year_says_how_to_read_it_and_what_it_repeats(file: Path, year: int, repeated: int | None) -> None:
    scores = [
        row | {"year": at, "score": row["score"] if at < 2002 else 60} for row in published.SCORES[:2] for at in range(2000, 2005)
    ]
    published.write(file, index_scores=scores)
    said = output("rank", "--year", str(year))
    assert "100: the Bay Area in 2015" in said and "chance of first: by the published choices." in said
    assert "1 of the 2 indicators of Readiness stand the same in all years" in said
    assert f"{year} repeats {repeated}, the nearest year" in said if repeated else "repeats" not in said


def test_a_long_ranking_is_cut_and_says_so(file: Path) -> None:
    first = published.TABLES["index.ranking"][0]
    cities = [
        first | {"city": f"City {rank}", "rank": rank, "measure": measure}
        for rank in range(1, 43)
        for measure in ("Readiness", "Realised")
    ]
    published.write(file, index_ranking=cities)
    cut, whole = output("rank"), output("rank", "--all")
    assert "City 40" in cut
    assert "City 41" not in cut
    assert "40 of 42 ranked cities; --all" in cut
    assert "City 42" in whole
    assert "--all" not in whole


def test_signs_of_claims_stand_with_what_they_mean(file: Path) -> None:
    row = published.TABLES["claims.scorecard"][0] | {"is_same_measure": False}
    undated = {"period": "current", "first_year": None, "last_year": None, "range_is": "precision of the simulation"}
    published.write(file, claims_scorecard=[row, row | undated])
    said = output("claims")
    assert "share holds 0.25–0.75† holds 0.25–0.75*†‡" in said
    assert "* wholly or partly by lists of another year or without one † not by the same statistic of the same list" in said


def test_a_claim_of_other_years_or_with_bounds_is_marked(file: Path) -> None:
    row = published.TABLES["claims.scorecard"][0] | {"is_same_measure": True}
    now = {"period": "current", "first_year": 2020, "last_year": 2023}
    panel = {"claim": "7", "claim_order": 2, "title": "Brno grows", "bound_low": 0.1, "bound_high": 0.9}
    rows = [row, row | now, row | panel | {"first_year": 2001}, row | now | panel]
    published.write(file, claims_scorecard=rows)
    said = output("claims")
    assert "2009–2012 2020–2023" in said
    assert "exponent holds 0.25–0.75§¶ holds 0.25–0.75§ bounds 0.10–0.90 bounds 0.10–0.90" in said


def test_why_shows_totals_pillars_and_what_is_counted(file: Path) -> None:
    published.link(file)
    said = output("why", "alba")
    assert "Readiness 70 65–75 1 (1–2)" in said
    assert "venture deals 70 65–75 1 (1–2) 100%" in said
    assert "Deals 70 65–75 1,200 2 3 relative" in said
    assert "Schools 30 25–35 inferred 0 0" in said, "as its page has it, without a value that no list counts"
    assert "<0.0001" not in said
    assert "Deals deals a year the register first, 2019 Gazette" in said
    assert (
        "The San Francisco Bay Area has 8 times as much of these conditions as Alba, on average (90% interval: 4 to 16 times). "
        "Of the 8 indicators" in said
    )
    assert "compared, lists count 2 there; the rest is inferred." in said
    assert "immigrants" not in said


@pytest.mark.parametrize(("score", "says"), [(0.0, True), (0.1, False)])
def test_rank_of_a_score_of_0_is_said_to_be_shared(file: Path, score: float, says: bool) -> None:
    published.write(file, index_scores=[row | {"score": score, "score_low": 0.0} for row in published.SCORES])
    assert ("All cities that score 0 share one rank" in output("why", "Alba")) is says


@pytest.mark.parametrize(("years", "shown"), [((2018, 2021), "a, 2018"), ((2022, 2021), "b, 2021"), ((None,), "a, undated")])
def test_why_says_of_which_year_the_row_behind_a_value_is(file: Path, years: tuple[int | None, ...], shown: str) -> None:
    row = published.TABLES["marts.evidence"][0]
    rows = [row | {"label": label, "year": year, "year_to": year} for label, year in zip("ab", years, strict=False)]
    published.write(file, marts_evidence=rows)
    said = output("why", "Alba", "--year", "2020")
    assert "What a value is, and a row behind it: the newest up to 2020, else the first after it" in said
    assert f"the register {shown} Gazette" in said


def test_a_value_that_is_first_counted_after_the_year_says_so(file: Path) -> None:
    published.write(file, marts_indicator_detail=published.detail(first_year=2024))
    assert "Deals, from 2024 70 65–75" in output("why", "Alba")
    published.write(file, marts_indicator_detail=published.detail(first_year=2020))
    assert "Deals 70 65–75" in output("why", "Alba")


@pytest.mark.parametrize(
    ("changes", "name", "below"),
    [
        ({"last_year": 2020}, "Deals", ""),
        ({"last_year": None}, "Deals", ""),
        ({"last_year": 2017}, "Deals, to 2017", ""),
        ({"last_year": 2017, "status": "none counted"}, "Deals, none counted", " since 2000"),
        ({"last_year": None, "status": "none counted"}, "Deals, none counted", ""),
    ],
)
def test_an_indicator_that_no_list_counts_of_late_says_up_to_when(
    file: Path, changes: dict[str, object], name: str, below: str
) -> None:
    published.write(file, marts_indicator_detail=published.detail(**changes))
    said = output("why", "Alba")
    assert f"100% {name} 70 65–75 1,200 2 3{below}" in said
    assert ("since 2000" in said) == ("since" in below)


def test_the_ranking_says_up_to_which_year_what_is_counted(file: Path) -> None:
    published.write(file, marts_indicator_detail=published.detail(last_year=2017))
    assert "Lists end in" not in output("rank"), "another city of the same indicator has 2020"
    rows = [row | {"last_year": 2017} for row in published.TABLES["marts.indicator_detail"]]
    published.write(file, marts_indicator_detail=rows)
    assert output("rank").endswith("Lists end in 2017 for deals and schools.")


@pytest.mark.slow
def test_number_of_a_complete_list_is_shown_instead_of_the_estimate(file: Path) -> None:
    published.write(file, marts_indicator_detail=published.detail(census_count=1234.5))
    assert "Deals 70 65–75 1,234.5 2 3" in output("why", "Alba")
    assert "Deals · deals a year 1,234.5 600 70" in output("compare", "Alba", "Brno")
    assert "Deals · deals a year 600 1,234.5 40" in output("compare", "Brno", "Alba")


@pytest.mark.parametrize(("count", "is_explained"), [(0.0, True), (1.0, False), (None, False)])
def test_score_beside_a_count_of_none_is_explained(file: Path, count: float | None, is_explained: bool) -> None:
    published.write(file, marts_indicator_detail=published.detail(census_count=count))
    for command in (["why", "Alba"], ["compare", "Alba", "Brno"], ["compare", "Brno", "Alba"]):
        assert ("→: a complete list counts none" in output(*command)) is is_explained


@pytest.mark.parametrize(("count", "is_explained"), [(33.5, True), (33.0, False), (None, False)])
def test_part_of_a_university_is_explained(file: Path, count: float | None, is_explained: bool) -> None:
    published.write(file, marts_indicator_detail=published.detail(census_count=count, indicator="elite_universities"))
    said = "Two universities that are one entry of the list count half each."
    assert (said in output("why", "Alba")) is is_explained


def test_indicator_of_a_pillar_without_a_score_is_shown(file: Path) -> None:
    published.write(file, index_scores=[row for row in published.SCORES if row["measure"] != "P1"])
    said = output("why", "Alba")
    assert "venture deals – – –" in said
    assert "Deals 70 65–75" in said, "as the research of the benchmark, whose schools have no score"


@pytest.mark.parametrize(("value", "digits", "shown"), [(-0.33, 0, "0"), (-0.04, 1, "0.0"), (-0.6, 0, "-1"), (None, 0, "–")])
def test_number_that_is_rounded_to_zero_has_no_sign(value: float | None, digits: int, shown: str) -> None:
    assert number(value, digits) == shown


def test_report_on_whose_scale_a_value_is_shows_its_own_number(file: Path) -> None:
    published.write(file, marts_indicator_detail=published.detail(report_count=78.0))
    assert "deals a year the register, itself 78" in output("why", "Alba")


def test_name_of_a_list_stays_whole_beside_long_rows(file: Path) -> None:
    rows = [row | {"label": "a name of many words " * 5, "source": "page, " * 30} for row in published.TABLES["marts.evidence"]]
    published.write(
        file, marts_evidence=rows, marts_indicator_detail=published.detail(yardstick="financedatabase: listed in China")
    )
    said = output("why", "Alba")
    assert "FinanceDatabase:" in said
    assert said.count("page,") == 9, "sixty letters of a source are enough to find it"


@pytest.mark.slow
def test_a_city_of_several_words_or_in_chinese_needs_no_quotes(file: Path) -> None:
    published.link(file)
    assert "Why Alba" in output("why", "阿尔巴市")
    assert "Alba and Brno" in output("compare", "Alba", "Brno")
    assert "Brno and Alba" in output("compare", "old", "town", "ALBA")
    assert runner.invoke(cli.app, ["compare", "Alba", "Brno", "Alba"]).output.strip() == "These are 3 cities; it takes 2."
    result = runner.invoke(cli.app, ["compare", "Porto", "Alto", "Brno"])
    assert "Porto Alto is known but has no scores in this file. It lies elsewhere (Portugal):" in " ".join(result.stderr.split())


def test_why_names_the_cities_that_have_a_part_of_that_name(file: Path) -> None:
    published.link(file)
    assert "Brno is also the name of a district, county or town that counts for: Cork." in output("why", "Brno")
    assert "also the name" not in output("why", "Alba")


def test_a_city_without_a_rank_says_why(file: Path) -> None:
    wide = published.SCORES[0] | {"year": 2020, "rank": None, "score_low": 20.0, "score_high": 60.0}
    published.write(file, index_scores=[wide])
    assert "Alba has no rank: its Readiness may be anything from 20 to 60, which is too wide for one." in output("why", "Alba")


@pytest.mark.parametrize(
    ("lang", "says"),
    [
        ("en", "San Francisco Bay Area is what cities are compared with; its Readiness in 2020 is 101 (98 to 104)."),
        ("zh", "旧金山湾区是各城市的比较基准；其2020年的就绪度为101（98至104）。"),
    ],
)
def test_the_benchmark_has_no_rank_since_it_is_the_benchmark(file: Path, lang: str, says: str) -> None:
    theirs = {"city": BENCHMARK, "year": 2020, "rank": None, "score": 101.0, "score_low": 98.0, "score_high": 104.0}
    published.write(
        file,
        index_scores=[published.SCORES[0] | theirs],
        marts_indicator_detail=[row | {"city": BENCHMARK} for row in published.TABLES["marts.indicator_detail"]],
        core_cities=published.WITH_BENCHMARK,
    )
    said = output("why", BENCHMARK, "--lang", lang)
    assert says.replace(" ", "") in said.replace(" ", "")
    assert "too wide" not in said
    assert ("Most of its returnee founders are immigrants" if lang == "en" else "其有海外经历的创始人多为移民") in said


def test_a_pillar_without_a_score_is_shown_with_what_is_counted_of_it(file: Path) -> None:
    other = published.TABLES["marts.indicator_detail"][0] | {"pillar": "P2", "pillar_name": "founder culture", "name": "Founders"}
    published.write(file, marts_indicator_detail=[*published.TABLES["marts.indicator_detail"], other])
    said = output("why", "Alba")
    assert "founder culture – – – Founders 70" in said
    assert "No score for founder culture: lists count too few of the indicators there." in said
    assert "创业文化没有得分：名录统计当地的指标太少。" in output("why", "Alba", "--lang", "zh")


def test_long_names_leave_room_for_what_is_compared(file: Path) -> None:
    cities = {"Alba": BENCHMARK, "Brno": "Xishuangbanna"}
    tables = {
        table.replace(".", "_"): [row | {"city": cities.get(str(row["city"]), row["city"])} for row in published.TABLES[table]]
        for table in ("index.scores", "marts.indicator_detail", "core.cities")
    }
    names = [{"name": name, "kind": "city", "city": name, "province": None} for name in cities.values()]
    published.write(file, **tables, core_place_names=names)
    said = output("compare", BENCHMARK, "Xishuangbanna")
    assert "Deals · deals a year 1,200 600 70 40 30" in said
    assert "San San Francisco Xishuan- Francisco Xishuan- Bay Area gbanna Bay Area gbanna difference," in said


def test_heads_of_a_comparison_are_all_chinese(file: Path) -> None:
    published.link(file)
    heads, _, _ = output("compare", "Alba", "Brno", "--lang", "zh").partition("Deals")
    assert re.findall("[a-z]{2,}", heads.replace("Brno", "").replace("Alba", "")) == []


def test_compare_marks_differences_that_the_intervals_do_not_carry(file: Path) -> None:
    published.link(file)
    said = output("compare", "Alba", "Brno")
    assert "indicator · unit value value score score points Readiness rank 1 rank 2 70 50 20 ~" in said
    assert "venture deals rank 1 rank 2 70 50 20 ~ Deals · deals a year 1,200 600 70 40 30 relative relative" in said
    assert "Schools · deals a year inferred 12 30 33 -3 ~" in said
    assert "Alba Brno Alba Brno difference, indicator" in said, "each head has its city and what is in the column"
    assert (
        "score: points; 100 is the Bay Area in 2015, or the city that leads in schools, ten points less is half as much." in said
    )


@pytest.mark.parametrize(
    "command", [["rank"], ["rank", "--year", "2019"], ["why", "Alba"], ["compare", "Alba", "Brno"]], ids=" ".join
)
def test_rows_come_as_json_and_csv(file: Path, command: list[str]) -> None:
    published.link(file)
    rows = json.loads(runner.invoke(cli.app, [*command, "--json"]).stdout)
    lines = list(csv.DictReader(runner.invoke(cli.app, [*command, "--csv"]).stdout.splitlines()))
    assert len(rows) == len(lines) == 2
    assert [*rows[0]] == [*lines[0]]
    assert {str(row.get("score", row.get("a_score"))) for row in rows} == {
        line.get("score", line.get("a_score")) for line in lines
    }
    assert {line.get("is_apart", "true") for line in lines} <= {"true", "false"}, "as DuckDB and JSON write them"


@pytest.mark.parametrize("year", [[], ["--year", "2019"]], ids=["newest", "earlier"])
def test_chinese_readers_find_the_chinese_names_in_csv_too(file: Path, year: list[str]) -> None:
    published.link(file)
    lines = runner.invoke(cli.app, ["rank", "--lang", "zh", "--csv", *year]).stdout.splitlines()
    row = next(csv.DictReader(lines))
    assert (row["city"], row["city_zh"], row["rank"]) == ("Alba", "阿尔巴", "1")
    assert "city_zh" not in runner.invoke(cli.app, ["rank", "--csv", *year]).stdout


@pytest.mark.slow
def test_a_reader_who_leaves_early_is_no_error(file: Path) -> None:
    published.link(file)
    command = [sys.executable, "-c", program(file, "rank", "--json")]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False, cwd=settings.SHIPPED)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["why", "Cork"], "Cork is known but has no scores in this file. The lists that are loaded name it too rarely"),
        (["why", "Porto Alto"], "`make refresh SCOPE=PT` ranks it"),
        (["why", "Albo"], "No city called 'Albo'. The nearest: Alba. For those with a rank: `rank --all`"),
        (["compare", "Alba", "阿尔巴"], "Both names are of Alba: name two cities."),
        (["rank", "--year", "1950"], "No scores for 1950. There are scores for 2019 to 2020"),
    ],
)
def test_a_question_without_an_answer_is_one_clear_error(file: Path, command: list[str], says: str) -> None:
    published.link(file)
    result = runner.invoke(cli.app, command)
    assert result.exit_code == 1
    assert says in " ".join(result.stderr.split())


def test_rows_of_the_inbox_are_new_or_known(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from pipelines.orchestration import review

    monkeypatch.setattr(review, "landed_of_one_place", lambda: ["All 5 deals of f are in Alba"])
    published.link(file)
    cli.run.say_inbox()
    assert " ".join(capsys.readouterr().out.split()) == (
        "inbox: 4 rows (deals: 2 new, 1 known; investors: 0 new, 1 known). "
        "inbox: 3 places without a city: f, row 3: 'Suzhou' is lost; f, row 4: no city is named; f, row 5: 'Xyzzy' is a country "
        "inbox: All 5 deals of f are in Alba"
    )


def test_without_an_inbox_nothing_is_said_of_it(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    register = [row for row in published.TABLES["core.deal_reports"] if row["dataset"] == "register"]
    names = [row for row in published.TABLES["core.names"] if row["dataset"] == "register"]
    published.write(file, core_deal_reports=register, core_names=names)
    cli.run.say_inbox()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("n_unknown", "said"),
    [(0, ""), (1, "f, row 4, column city: 'Brnno'."), (4, "f, row 6, column city: 'Brnno'; and 1 more rows.")],
)
def test_misspelt_cities_of_reports_are_named(n_unknown: int, said: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = published.TABLES["core.published_counts"]
    unknown = [{"city": "Brnno", "country": None, "source_file": "f", "source_row": 4 + row} for row in range(n_unknown)]
    published.write(file, core_published_counts=[*known, *unknown])
    cli.run.say_unknown_cities()
    out = " ".join(capsys.readouterr().out.split())
    assert (said in out and "no source names these cities" in out) if said else out == ""


def test_lists_that_the_release_before_lacked_or_had_are_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert state.lists() == set()
    published.write(file)
    assert state.lists() == {("deals", "register"), ("deals", "itjuzi"), ("deals", "dull")}
    cli.run.say_lists({("deals", "register"), ("deals", "inbox")})
    said = " ".join(capsys.readouterr().out.split())
    assert "held fixed: dull (deals): 1,200 rows, no city itjuzi (deals): 1,200 rows, 1 city," in said
    assert said.endswith("most Alba by +2.0 List gone: inbox (deals)")
    for unchanged in (set[tuple[str, ...]](), state.lists()):
        cli.run.say_lists(unchanged)
        assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("by", "says"),
    [
        ({}, ""),
        ({"Alba": 0.9}, "Readiness in no city; Realised in no city."),
        ({"Alba": -1.0}, "Readiness in 1 city, most in Alba (-1.0); Realised in no city."),
        ({"Alba": 1.0, "Brno": -2.5}, "Readiness in 2 cities, most in Brno (-2.5); Realised in no city."),
    ],
)
def test_scores_that_have_changed_are_counted(
    by: dict[str, float], says: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert state.scores() == {}
    published.write(file)
    before = {key: score - (by.get(key[2], 0.0) if key[1] == "Readiness" else 0.0) for key, score in state.scores().items()}
    cli.run.say_changed({("world", *key[1:]): 50.0 for key in before})
    assert capsys.readouterr().out == ""
    scope = next(iter(before))[0]
    cli.run.say_changed(before | {(scope, "Readiness", "Gone"): 50.0})
    assert " ".join(capsys.readouterr().out.split()).removeprefix("Changed by a point or more since the release before: ") == says


def test_refresh_ends_with_the_sources_that_failed_whatever_else_is_odd(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published.link(settings.PUBLISHED)
    done = refresh.Refreshed(published=True, failures="gawc: it is a web page.", remarks=["doubtful cells, used as they are: 2"])
    monkeypatch.setattr(refresh, "is_current", lambda: False)
    monkeypatch.setattr(refresh, "refresh", lambda: done)
    for module, shown in ((cli.ranking, "rank"), (cli.verdicts, "claims"), (cli.run, "_say_shipped")):
        monkeypatch.setattr(module, shown, lambda: None)
    result = runner.invoke(cli.app, ["refresh"])
    assert result.exit_code == 1
    assert "Odd about what landed: 1 remarks." in result.output
    assert result.output.split("`from readme`)\n")[1].startswith("\ngawc: it is a web page.\nEach of these sources")


def test_state_of_a_source_is_shown_as_it_is(file: Path) -> None:
    failed = "failed: inbox: data/inbox/[/old] a.csv, row 2, column [date]: wrong"
    row = {"table_name": "landing.inbox__deals", "n_rows": 0, "licence_class": "open", "retrieved_at": None, "status": failed}
    row |= {"source": "inbox", "via": None}
    published.write(file, core_sources=[row])
    assert "[/old] a.csv, row 2," in output("sources") and "[date]: wrong" in output("sources")


def test_sources_are_dated_by_their_files_and_related_to_the_lists(file: Path) -> None:
    row = {"n_rows": 5, "licence_class": "open", "retrieved_at": "2025-06-20T00:00:00Z", "status": "landed"}
    rows = [("moe", "shipped"), ("moe", "live"), ("register", "project")]
    landed = [row | {"table_name": f"landing.{name}__{via}", "source": name, "via": via, "status": via} for name, via in rows]
    published.write(file, core_sources=landed)
    said = output("sources")
    assert "moe__shipped 5 open 2025-06-20 shipped" in said
    assert "register__project 5 open – project" in said
    assert "3 tables of 2 sources. 1 of the sources are behind the 3 lists" in said
    assert said.endswith(
        "(`from index.lists`; a report that the register quotes is a list of its own). The others say what names and places "
        "mean, or stand beside. –: files of the project, as new as the release."
    )


def test_sources_with_strings_attached_are_named_first(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOURCES", "eastmoney,hurun_rich_list,form_d")
    cli.run._say_licences()
    said = " ".join(capsys.readouterr().err.split())
    assert "(terms; local use only)" in said and "(restricted; local use only)" in said and said.count("local use only") == 2


def test_recordings_that_ship_are_dated_by_their_newest_bytes(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = {"source": "moe", "via": "shipped", "retrieved_at": "2025-06-20T00:00:00Z"}
    tables = [
        ("schools", 1234, row),
        ("rows_of_all", 5, row | {"retrieved_at": "2025-06-21T00:00:00Z"}),
        ("x", 9, row | {"via": "live"}),
    ]
    rows = [of | {"table_name": f"landing.moe__{name}", "n_rows": n, "licence_class": "open"} for name, n, of in tables]
    published.write(file, core_sources=rows)
    cli.run._say_shipped()
    assert "moe 2025-06-21T00:00:00Z rows of all 5, schools 1,234 To fetch" in " ".join(capsys.readouterr().out.split())


def test_note_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    cli.console.note("of [/old] deals [x]")
    assert capsys.readouterr().out == "of [/old] deals [x]\n"


def test_version_is_that_of_package_and_method(file: Path) -> None:
    """Nothing has to be published for it."""
    file.unlink(missing_ok=True)
    said = runner.invoke(cli.app, ["--version"])
    assert (said.exit_code, said.output) == (0, f"nextvalley {__version__}, index method {METHOD_VERSION}\n")
