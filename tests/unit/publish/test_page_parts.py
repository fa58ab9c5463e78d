"""Parts that the page is put together from: tables, JSON, scripts, styles, the policy, and what it holds for its reader."""

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import duckdb
import fastexcel
import polars as pl
import pytest

from pipelines import settings
from pipelines.publish import exports, texts
from pipelines.publish.report import city_pages, claims, explorer, page, prose, templates, vega
from pipelines.publish.report.figures import distance, geography, money, outlines, people, robustness, trust
from pipelines.publish.report.policy import policy
from pipelines.publish.report.tables import Column, table, text
from tests.support import release_world


@pytest.mark.parametrize(
    ("value", "column", "shown"),
    [
        (None, Column("n", "n"), "–"),
        (True, Column("n", "n"), "yes"),
        (False, Column("n", "n"), "no"),
        (1234.567, Column("score", "score"), "1,234.57"),
        (1234.567, Column("score", "score", 0), "1,235"),
        (0.256, Column("share", "share", share=True), "26%"),
        (0.001, Column("p_first", "chance", share=True), "<1%"),
        (0.001, Column("reliability", "known", share=True), "0%"),
        (2018, Column("year_to", "to"), "2018"),
        (2018, Column("first_origin", "origin"), "2018"),
        (2018, Column("n", "n"), "2,018"),
        ("word", Column("n", "n"), "word"),
    ],
)
def test_value_is_shown_as_its_column_says(value: Any, column: Column, shown: str) -> None:
    assert text(value, column) == shown


def test_table_has_numbers_to_sort_by_and_links_and_no_columns_that_are_missing() -> None:
    rows = pl.DataFrame({"city": ["A<b>", "https://x.org/?a&b"], "score": [1.5, None]})
    made = table(rows, [Column("city", "city"), Column("score", "score", 1), Column("other", "other")], "t", "All")
    assert made == (
        '<div class="wide" tabindex="0" role="group" aria-label="All"><table data-name="t"><caption>All</caption><thead><tr>'
        '<th scope="col" data-name="city" class="text">city</th><th scope="col" data-name="score">score</th></tr></thead>'
        "<tbody>\n"
        '<tr><td class="text">A&lt;b&gt;</td><td data-value="1.5">1.5</td></tr>\n'
        '<tr><td class="text"><a href="https://x.org/?a&amp;b" rel="noreferrer noopener">https://x.org/?a&amp;b</a></td>'
        "<td>–</td></tr>\n</tbody></table></div>"
    )


def test_json_and_scripts_cannot_end_their_element() -> None:
    assert templates.as_json({"a": "</script>é", "b": None}) == '{"a":"\\u003c/script>é","b":null}'
    with pytest.raises(ValueError, match="not JSON compliant"):
        templates.as_json(float("nan"))
    assert templates.script("export function f() {}\nexport const a = 1;\nlet b = '</script>'; export default b") == (
        "function f() {}\nconst a = 1;\nlet b = '<\\/script>'; export default b"
    )
    with pytest.raises(Exception, match="undefined"):
        templates.template("page.html").render()


def test_reach_is_that_of_the_city_furthest_beyond_the_benchmark() -> None:
    rows = [{"times_less_low": low} for low in (0.1, 0.5, 8.0, None)]
    assert templates.reach(rows) == pytest.approx(1.0)
    assert templates.reach([{"times_less_low": 2.0}]) == 0.0
    assert templates.reach([]) == 0.0


def test_policy_allows_what_the_page_carries_and_nothing_else() -> None:
    def allowed(content: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"

    assert policy(["a()", "b()"], "p {}", "data:") == (
        f"default-src 'none'; script-src {allowed('a()')} {allowed('b()')}; style-src-elem {allowed('p {}')}; "
        "style-src-attr 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert policy([], "p {}") == (
        f"default-src 'none'; style-src-elem {allowed('p {}')}; style-src-attr 'unsafe-inline'; base-uri 'none'; "
        "form-action 'none'"
    )


def test_unit_after_a_number_is_a_measure_word_in_chinese() -> None:
    assert texts.unit("unicorns") == "unicorns"
    with texts.language("zh", {}):
        assert (texts.unit("unicorns"), texts.unit("deals a year"), texts.say("unicorns")) == ("家", "笔/年", "独角兽")


def test_titles_are_translated_and_data_are_not() -> None:
    chart = {"title": "rank", "data": {"values": [{"title": "rank"}]}, "layer": [{"title": None}, {"x": {"title": "rank"}}]}
    chart |= {"mark": {"type": "bar", "size": 4}}
    with texts.language("zh", {}):
        said = vega.styled(chart)
    other = texts.chinese()["rank"]
    assert (said["title"], said["layer"]) == (other, [{"title": None}, {"x": {"title": other}}])
    assert (said["data"], said["mark"]) == (chart["data"], chart["mark"])
    assert said["autosize"] == {"type": "fit-x", "contains": "padding"}
    assert "autosize" not in vega.styled({"facet": {}})


def test_forest_has_a_line_for_each_label_or_kind_or_for_the_fullest_choice() -> None:
    rows = pl.DataFrame(
        {"label": ["a", "b", "b"], "kind": ["x", "x", "y"], "estimate": [1.0] * 3, "low": [0.0] * 3, "high": [2.0] * 3}
    )
    plain = vega.forest(rows, "label", "title", 1.0)
    assert plain["height"] == 24 * 2
    assert plain["layer"][0]["data"] == {"values": [{"at": 1.0}]}
    assert plain["layer"][1]["encoding"]["y"]["sort"] is None
    kinds = vega.forest(rows, "label", "title", 1.0, by="kind", step=10)
    assert kinds["height"] == 10 * 2 * 2
    assert kinds["layer"][1]["encoding"]["color"]["scale"] == {"domain": ["x", "y"], "range": vega.COLOURS[:2]}
    assert [entry["field"] for entry in kinds["layer"][1]["encoding"]["tooltip"]] == ["label", "kind", "estimate", "low", "high"]
    chosen = vega.forest(rows, "label", "title", 1.0, choices=["kind"])
    assert chosen["height"] == 24 * 2, "two rows are of kind x"
    assert chosen["params"] == [{"name": "kind", "value": "x"}]
    assert chosen["layer"][1]["transform"] == [{"filter": "datum.kind == kind"}]
    assert chosen["layer"][1]["encoding"]["y"]["sort"]["order"] == "descending"


def evidence_of(count: int) -> pl.DataFrame:
    rows = [
        {"city": "A", "measure": "deals", "label": f"Deal {number:04}", "year": 2000, "year_to": 2001, "value": 0.1234567}
        | {"dataset": "register", "source": "List", "url": None, "source_file": "a.csv", "source_row": number, "is_total": False}
        for number in range(count)
    ]
    return pl.DataFrame(rows, schema_overrides={"url": pl.String})


@pytest.mark.parametrize(("extra", "rows"), [(0, 50), (-1, 25)])
def test_as_many_rows_are_carried_as_there_is_room_for(extra: int, rows: int) -> None:
    made = explorer._evidence(evidence_of(60), 50)
    room = len(json.dumps(made, ensure_ascii=False).encode()) + extra
    held = explorer.evidence(evidence_of(60), room)["cities"]["A"]["deals"]
    assert (held["n"], len(held["rows"])) == (60, rows)
    assert held["rows"][0] == ["Deal 0000", 2000, 2001, 0.123457, 0, 1, 2, 3, 0]
    assert len(explorer.evidence(evidence_of(60), 0)["cities"]["A"]["deals"]["rows"]) == 5, "the fewest stay"


def test_course_of_a_city_has_a_place_for_every_year() -> None:
    rows = pl.DataFrame(
        {
            "city": ["A", "A", "B"],
            "measure": ["Readiness", "P1", "Readiness"],
            "year": [2001, 2003, 2002],
            "score": [70.4, 60.6, None],
            "score_low": [65.5, 55.0, None],
            "score_high": [75.6, 65.0, None],
            "rank": [1, None, None],
            "rank_low": [1, None, None],
            "rank_high": [3, None, None],
        }
    )
    assert explorer.years(rows) == {
        "first": 2001,
        "last": 2003,
        "cities": {"A": {"Readiness": [[70, 66, 76, 1, 1, 3], None, None], "P1": [None, None, [61, 55, 65]]}},
    }


@pytest.mark.parametrize(
    ("claim", "value", "shown", "place"),
    [
        ("1", 0.704, "70%", 70.4), ("15", 3.19, "319%", 100.0), ("2", 0.999, ">99%", 99.9), ("4", 2.5, "2.5", 78.47),
        ("4", 0.1, "0.1", 0.0),
        ("4", 9.0, "9", 100.0), ("6", 0.0, "1", 50.0), ("7", 1.05, "1.05", 55.0), ("7", 1.0, "1", 50.0),
    ],
)  # fmt: skip
def test_statistic_stands_on_the_scale_of_its_claim(claim: str, value: float, shown: str, place: float) -> None:
    scale = claims.SCALES[claim]
    assert scale.text(value) == shown
    assert scale.place(value) == pytest.approx(place, abs=0.01)


@pytest.mark.parametrize(
    ("claim", "low", "high", "says"),
    [
        ("14", 0.986, 0.994, "At least 98%"), ("14", 0.996, 1.0, "At least 99%"), ("2", 0.958, 0.988, "96% to 99%"),
        ("8", 0.002, 0.78, "<1% to 78%"), ("8", 0.002, 0.999, "<1% to >99%"), ("1", 0.704, 0.704, "70%"),
        ("15", 0.194, 3.187, "19% to 319%"),
    ],
)  # fmt: skip
def test_interval_says_what_the_draws_can(claim: str, low: float, high: float, says: str) -> None:
    assert claims.SCALES[claim].interval(low, high) == says


def test_threshold_of_a_logarithm_is_in_the_unit_that_is_shown() -> None:
    assert claims.SCALES["6"].mark(1.0) == 50.0
    assert [claims.SCALES["8"].mark(threshold) for threshold in claims.SCALES["8"].thresholds] == [5.0, 25.0]


@pytest.mark.parametrize(
    ("row", "sentence", "bar"),
    [
        ({"estimate": None, "low": None, "high": None}, "No row.", None),
        ({"verdict": "lists disagree"}, "No row.", None),
        ({"claim": "13"}, "No row.", None),
        ({"low": None, "high": None}, "50% is the chance that Beijing is ahead of the next city.", None),
        (
            {"low": 0.498, "high": 0.502},
            "No row. 50% is the chance that Beijing is ahead of the next city (best guess 50%). The claim needs 95%.",
            {"left": 49.8, "width": 0.8, "at": 50.0, "marks": [95.0]},
        ),
    ],
)
def test_claim_is_shown_with_what_it_has(row: dict[str, Any], sentence: str, bar: dict[str, Any] | None) -> None:
    plain = {"claim": "2", "estimate": 0.5, "low": 0.4, "high": 0.6, "verdict": "not separable", "found": "no row"}
    shown = claims._shown(plain | row)
    assert shown["sentence"] == sentence
    assert shown["bar"] == bar


def test_claims_are_of_the_curated_country_and_the_world() -> None:
    row = {"claim": "2", "estimate": None, "low": None, "high": None, "verdict": "no data", "found": "x", "detail": "y"}
    card = pl.DataFrame([row | {"period": period} for period in ("baseline", "current")])
    evidence = pl.DataFrame({"claim": ["2", "3a"]})
    for country, count in (("CN", 1), ("world", 1), ("US", 0)):
        made = claims.cards(country, card, evidence)
        assert len(made["claims"]) == count
        assert (made["tally"] == "") is (count == 0)
    (made,) = claims.cards("CN", card, evidence)["claims"]
    assert [period["period"] for period in made["periods"]] == ["current", "baseline"]
    assert (made["counted"], made["evidence"].height, made["dataset"]) == ("x; y", 1, None)


def test_polygon_keeps_its_corners_on_the_grid_once_each() -> None:
    ring = [(0.0, 0.0), (0.04, 0.0), (10.02, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)]
    shape = outlines.shape([json.dumps({"type": "Polygon", "coordinates": [ring]})], (-90.0, -90.0, 90.0, 90.0), 0.1)
    north = round(round(outlines.mercator(10.0) / 0.1) * 0.1, 3)
    assert shape["geometry"]["coordinates"] == [[[[0.0, 0.0], [10.0, 0.0], [10.0, north], [0.0, north], [0.0, 0.0]]]]
    assert outlines.mercator(0.0) == 0.0
    assert outlines.mercator(60.0) == pytest.approx(75.456, abs=0.001)
    pole = outlines.shape(
        [json.dumps({"type": "Polygon", "coordinates": [[(0, 80), (9, 90), (9, 80), (0, 80)]]})], (-1, 0, 99, 999), 1
    )
    assert max(y for _, y in pole["geometry"]["coordinates"][0][0]) == round(outlines.mercator(85.0))


def test_leader_that_changes_with_an_indicator_is_counted() -> None:
    rows = pl.DataFrame(
        {
            "name": ["x", "x", "y", "y", "z", "z"],
            "leader": ["A", "A", "A", "A", "B", "B"],
            "city": ["A", "B"] * 3,
            "score": [1.0] * 6,
            "score_change": [0.0] * 6,
            "rank": [1, 2] * 3,
            "rank_change": [0, 1, 0, -2, 1, -1],
        }
    )
    leading = pl.DataFrame({"city": ["A", "B"]})
    figure = robustness.left_out(rows, leading)
    assert figure.says == "A stays first in 2 of 3 cases."
    assert figure.chart is not None
    cells = figure.chart["data"]["values"]
    assert [cell["words"] for cell in cells] == ["▲0", "▼1", "▲0", "▲2", "▼1", "▲1"]
    assert figure.chart["height"] == 22 * 3
    stays = robustness.left_out(rows.filter(pl.col("leader") == "A"), leading)
    assert stays.says == "A stays first whichever indicator is left out."


def backtested(**columns: Sequence[object]) -> pl.DataFrame:
    """Return rows of ``index.backtest`` on three targets, of which the last did not go together with Readiness."""
    plain = {
        "target": ["deals, a", "deals, b", "exits, c"], "skill": [0.5, 0.4, 0.1], "low": [0.1, 0.2, 0.0], "high": [0.9, 0.9, 0.2],
        "n_cities": [14, 9, 9], "first_origin": [2005, 2004, 2006], "last_origin": [2006, 2012, 2007], "n_origins": [2, 9, 2],
        "p": [0.01, 0.004, 0.3], "tilt_least": [0.1, 0.1, -0.3], "tilt_most": [0.2, 0.2, -0.1], "n": [9, 9, 9],
        "trend_skill": [0.1, 0.1, 0.1], "trend_low": [0.0, 0.0, 0.0], "trend_high": [0.2, 0.2, 0.2],
    }  # fmt: skip
    return pl.DataFrame(plain | columns)


def test_backtest_in_short_names_each_quantity_once() -> None:
    rows = backtested()
    assert trust.in_short(rows) == (
        "Tested as of 2004–2012 in 14 cities: those with more of a simpler score, by the register alone, than goes with their "
        "size gained share in deals in five years (p ≤ 0.010). It did not demonstrably tell which would gain share in exits "
        "(p = 0.300). A forecast from it was better than the assumption that nothing changes for deals, but no better for exits."
    )
    assert trust.in_short(rows.head(2)).endswith("A forecast from it was better than the assumption that nothing changes.")
    named = rows.tail(1).with_columns(target=pl.lit("founders, d: companies founded, listed in China"))
    assert trust.in_short(named).startswith(
        "Tested as of 2006 and 2007 in 9 cities: a simpler score, by the register alone, did not demonstrably tell which gain "
        "share in companies founded and listed in China in five years (p = 0.300)."
    )
    assert "not yet enough past" in trust.in_short(rows.head(0))


def test_backtest_without_a_bet_says_that_the_two_went_together_nonetheless() -> None:
    """Two origins learned to bet against Readiness, with which gains then went together: no forecast from it has failed."""
    row = backtested(low=[0.0] * 3, high=[0.0] * 3, skill=[0.0] * 3, tilt_most=[-0.5] * 3).head(1)
    for said in (trust.in_short(row), trust.backtest(row).says):
        assert "as of 2005 and 2006" in said
        assert "gained share in deals in five years (p = 0.010)" in said
        assert "worse" not in said
        assert "earlier years had not shown" in said.lower()


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [
        (0.0, 0.5, "it is not clear"),
        (-0.5, 0.0, "it is not clear"),
        (0.1, 0.5, "Readiness by the register alone forecast deals better"),
        (-0.5, -0.1, "Readiness by the register alone forecast deals worse"),
    ],
)
def test_forecast_is_better_or_worse_only_beyond_zero(low: float, high: float, says: str) -> None:
    assert says in trust.backtest(backtested(low=[low] * 3, high=[high] * 3).head(1)).says


def test_sentence_on_flows_is_of_the_first_period_and_list() -> None:
    row = {"dataset": "register", "origin_kind": "city", "origin": "A", "destination_kind": "city", "destination": "A"}
    rows = [
        row | {"period": "now", "deals": 3.0, "share": 1.0},
        row | {"period": "then", "deals": 9.0, "share": 1.0},
        row | {"period": "then", "origin": "B", "deals": 9.0, "share": 0.5},
        row | {"dataset": "other", "period": "now", "origin": "B", "deals": 90.0, "share": 0.5},
    ]
    assert money.flows(pl.DataFrame(rows)).says == (
        "Of investors whose home is known, those in A are credited with 100% of the deals of now. Of the deals of companies in A "
        "it is 100%."
    )
    abroad = pl.DataFrame([row | {"period": "now", "origin_kind": "abroad", "origin": "abroad", "deals": 3.0, "share": 1.0}])
    assert money.flows(abroad).says == (
        "Of investors whose home is known, those abroad are credited with 100% of the deals of now."
    )


def test_sentence_on_returnees_is_of_the_first_two_cities() -> None:
    rows = pl.DataFrame({"city": ["A", "A", "B"], "field": ["tech", "finance", "tech"], "n": [29, 4, 21]})
    says = "Of A's returnee founders 29 come from technology and 4 from finance; of B's returnee founders 21 come from technology"
    assert people.returnees(rows, pl.DataFrame({"city": ["A", "B", "C"]})).says == f"{says} and 0 from finance."


def test_map_of_continents_has_smaller_dots_and_coarser_outlines() -> None:
    corners = [(-20.0, -20.0), (20.12, -20.0), (20.12, 20.0), (-20.0, 20.0), (-20.0, -20.0)]
    borders = pl.DataFrame({"level": ["country"], "geometry": [json.dumps({"type": "Polygon", "coordinates": [corners]})]})

    def drawn(east: float) -> tuple[list[float], set[float]]:
        rows = [("city", "A", 1.0, 90.0, 0.0, 0.0), ("city", "B", 2.0, 80.0, 0.0, east)]
        columns = ["preset", "city", "rank", "score", "latitude", "longitude"]
        chart = geography.map_of_cities(pl.DataFrame(rows, columns, orient="row"), borders).chart
        assert chart is not None
        land, dots = chart["layer"][0], chart["layer"][-1]["layer"][0]
        (polygon,) = land["data"]["values"][0]["geometry"]["coordinates"]
        return dots["encoding"]["size"]["scale"]["range"], {x for x, _ in polygon[0] if 0 < x < 30}

    # Eight degrees of margin come on top.
    assert drawn(81.9) == ([6, 420], {20.1})
    assert drawn(82.0) == ([6, 120], {20.0})


def test_workbook_shows_the_first_rows_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "SHEET_ROWS", 2)
    rows = pl.DataFrame({"year": [2018, 2019, 2020], "is_in_register": [False, True, True]})
    notes = {"year": "Year.", "is_in_register": "Whether."}
    sheets = {"all": exports.Sheet("All.", rows.head(2), notes), "cut": exports.Sheet("Cut.", rows, notes)}
    exports.write_workbook(tmp_path / "book.xlsx", sheets)
    book = fastexcel.read_excel(tmp_path / "book.xlsx")
    assert book.load_sheet("contents").to_polars().rows() == [
        ("all", "All.", 2.0, "all"), ("cut", "Cut.", 3.0, "the first 2; all are in cut.csv"),
    ]  # fmt: skip
    assert book.load_sheet("cut").to_polars().rows() == [(2019.0, True), (2020.0, True)]
    with ZipFile(tmp_path / "book.xlsx") as parts:
        written = [re.findall("<t>(.*?)</t>", parts.read(f"xl/comments{number}.xml").decode()) for number in (1, 2)]
    assert written == [["Year.", "Whether."], ["The first 2 of 3 rows; all are in cut.csv. Year.", "Whether."]]


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


def test_text_that_a_spreadsheet_may_take_for_a_formula_is_marked() -> None:
    frame = pl.DataFrame({"a": ["=1", "+1", "-1", "@x", "\t", "a=1", None], "n": [-1] * 7})
    assert exports.neutralised(frame)["a"].to_list() == ["'=1", "'+1", "'-1", "'@x", "'\t", "a=1", None]


def test_largest_and_latest_rows_come_first_and_those_without_a_year_last() -> None:
    rows = evidence_of(4).with_columns(year=pl.Series([2000, None, 2002, 2002]), value=pl.Series([1.0, 1.0, 1.0, 5.0]))
    held = explorer.evidence(rows, 10_000)["cities"]["A"]["deals"]["rows"]
    assert [row[0] for row in held] == ["Deal 0003", "Deal 0002", "Deal 0000", "Deal 0001"]


def test_totals_that_reports_print_come_after_what_lists_name() -> None:
    rows = evidence_of(3).with_columns(value=pl.Series([99.0, 1.0, 2.0]), is_total=pl.Series([True, False, False]))
    held = explorer.evidence(rows, 10_000)["cities"]["A"]["deals"]
    assert (held["n"], held["totals"]) == (3, 1)
    assert [row[0] for row in held["rows"]] == ["Deal 0002", "Deal 0001", "Deal 0000"]


@pytest.mark.parametrize(
    ("ranks", "says"),
    [
        ({"P1": 3, "P2": 1, "P6": 9}, "By rank among all cities, strongest in capital (1), weakest in schools (3)"),
        ({"P1": 2, "P2": 2}, None),
        ({"P6": 1}, None),
    ],
)
def test_strongest_and_weakest_pillar_are_those_of_readiness(ranks: dict[str, int], says: str | None) -> None:
    pillars = {"P1": ("schools", "Readiness"), "P2": ("capital", "Readiness"), "P6": ("realised", "Realised")}
    indicators = pl.DataFrame(
        [{"pillar": code, "pillar_name": name, "measure": measure} for code, (name, measure) in pillars.items()]
    )
    scores = pl.DataFrame([{"city": "A", "measure": measure, "rank": rank} for measure, rank in ranks.items()])
    assert explorer._strongest_and_weakest(explorer.pillars_by_rank(scores, indicators).get("A", [])) == says


def test_what_is_not_known_of_a_city_is_said() -> None:
    rows = [
        {"pillar": "schools", "city": "A", "times_less": None, "is_realised": False, "score": 50.0, "low": 40.0, "high": 60.0}
        | {"benchmark_score": None, "years_behind": None, "how": None}
    ]
    frame = pl.DataFrame(rows, schema_overrides={"times_less": pl.Float64})
    benchmark = pl.DataFrame({"benchmark": ["Bay"], "base_year": [2015]})
    figure = distance.pillars(frame, pl.DataFrame({"city": ["A"]}), benchmark)
    assert figure.says == "How far A is in each pillar is not known."
    assert city_pages._deck({"scores": {"P1": [1.0, 0.0, 2.0]}}, None, {}) == "It has no rank: too few lists name it."
    assert city_pages._hinges(9).startswith("In the register it has 9 of the 10 rows that a city needs")
    for rows in (10, 19):
        assert city_pages._hinges(rows).startswith(f"In the register it has {rows} rows, and a city needs 10")
    assert city_pages._hinges(20) == city_pages._hinges(None) == ""


def test_money_that_the_questions_quote_is_as_published() -> None:
    file = settings.REGISTER / "published_statistics.csv"
    (row,) = pl.read_csv(file, infer_schema=False).filter(pl.col("metric") == "vc_received").iter_rows(named=True)
    assert (row["city"], row["edition_or_year"], row["source"]) == ("Beijing", "2012", "Martin Prosperity Inst.")
    bay = int(re.findall(r"SF Bay ~(\d+)", row["note"])[0])
    (answer,) = (answer for question, answer in prose.QUESTIONS if "money" in question)
    assert f"some {bay / float(row['value']):.0f} times as much venture capital as those of Beijing" in answer


def test_release_without_a_table_lacks_what_is_made_of_it(tmp_path: Path) -> None:
    with duckdb.connect(release_world.published(tmp_path / "published.duckdb")) as connection:
        connection.execute("drop table index.backtest; drop table index.weight_flips")
    with page.reading(tmp_path / "published.duckdb", "en") as frames:
        assert frames["backtest"].is_empty()
        assert page._figure(frames, "flips") is None
        assert page.first_screen(frames)["foretold"] == "There is not yet enough past to test it as a forecast."


def test_a_ranked_benchmark_is_no_distance_from_itself(tmp_path: Path) -> None:
    with duckdb.connect(release_world.published(tmp_path / "published.duckdb")) as connection:
        connection.execute("update index.ranking set times_less = null where rank = 1")
    with page.reading(tmp_path / "published.duckdb", "en") as frames:
        said = page.first_screen(frames)["how_far"]
        assert frames["ranking"]["city"][1] in said
        assert frames["ranking"]["city"][0] not in said


def test_cities_come_before_what_is_abroad_and_that_before_other_cities() -> None:
    kinds = {"others": "other", "B": "city", "abroad": "abroad", "A": "city"}
    rows = pl.DataFrame({"origin": [*kinds, "others"], "origin_kind": [*kinds.values(), "other"]})
    assert money._cities_first(rows, "origin") == ["B", "A", "abroad", "others"]
