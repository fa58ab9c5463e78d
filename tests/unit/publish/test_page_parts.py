"""Parts that the page is put together from: tables, JSON, scripts, charts, and the policy."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.index import BENCHMARK
from pipelines.ingest.sources import register
from pipelines.publish import texts
from pipelines.publish.report import claims, page, tables, templates, vega
from pipelines.publish.report.figures import geography, money, outlines
from pipelines.publish.report.figures.figure import in_words
from pipelines.publish.report.policy import policy
from pipelines.publish.report.tables import Column, table, text
from tests.support import release_world
from tests.support.databases import written


@pytest.mark.parametrize(
    ("value", "column", "shown"),
    [
        (None, Column("n", "n"), "–"),
        (True, Column("n", "n"), "yes"),
        (False, Column("n", "n"), "no"),
        (1234.567, Column("score", "score"), "1,234.57"),
        (12283.73, Column("goalpost_value", "scores 100 at"), "12,000"),
        (1234.567, Column("score", "score", 0), "1,235"),
        (-0.04, Column("score", "score", 1), "0.0"),
        (0.256, Column("share", "share", share=True), "26%"),
        (-0.001, Column("share", "share", share=True), "0%"),
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
        '<tr><td data-name="https://x.org/?a&amp;b" class="text">'
        '<a href="https://x.org/?a&amp;b" rel="noreferrer noopener">x.org</a></td>'
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


def test_years_and_ends_of_intervals_have_headings_of_their_own_in_chinese() -> None:
    with texts.language("zh", {}):
        assert [texts.say(title) for title in ("from year", "to year")] == ["从", "至"]
        ends = [texts.say(column.title) for column in (*tables.interval(), *claims.EVIDENCE[5:7])]
        assert ends == ["90%下限", "上限", "下限", "上限"]


def test_unit_after_a_number_is_a_measure_word_in_chinese() -> None:
    assert (texts.unit("unicorns"), texts.unit("unicorns", 1), texts.unit("unicorns", 1.5)) == ("unicorns", "unicorn", "unicorns")
    counted_once = [
        texts.unit(unit, 1) for unit in ("universities", "companies a year per 10,000 residents", "thousand residents")
    ]
    assert counted_once == ["university", "company a year per 10,000 residents", "thousand residents"]
    with texts.language("zh", {}):
        assert (texts.unit("unicorns", 1), texts.unit("deals a year"), texts.say("unicorns")) == ("家", "笔/年", "独角兽")


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


def test_map_of_continents_has_smaller_dots_and_coarser_outlines() -> None:
    corners = [(-20.0, -20.0), (20.12, -20.0), (20.12, 20.0), (-20.0, 20.0), (-20.0, -20.0)]
    borders = pl.DataFrame({"level": ["country"], "geometry": [json.dumps({"type": "Polygon", "coordinates": [corners]})]})

    def drawn(east: float) -> tuple[list[float], set[float]]:
        rows = [("city", "A", 1.0, 90.0, 0.0, 0.0), ("city", "B", 2.0, 80.0, 0.0, east)]
        columns = ["preset", "city", "rank", "score", "latitude", "longitude"]
        placed = pl.DataFrame(rows, columns, orient="row").with_columns(members=pl.lit(None, pl.List(pl.String)))
        chart = geography.map_of_cities(placed, borders).chart
        assert chart is not None
        land, dots = chart["layer"][0], chart["layer"][-1]["layer"][0]
        (polygon,) = land["data"]["values"][0]["geometry"]["coordinates"]
        return dots["encoding"]["size"]["scale"]["range"], {x for x, _ in polygon[0] if 0 < x < 30}

    # Eight degrees of margin come on top.
    assert drawn(81.9) == ([6, 420], {20.1})
    assert drawn(82.0) == ([6, 120], {20.0})


def test_release_without_a_table_lacks_what_is_made_of_it(tmp_path: Path) -> None:
    with written(release_world.published(tmp_path / "published.duckdb")) as connection:
        connection.execute("drop table index.backtest; drop table index.weight_flips")
    with page.reading(tmp_path / "published.duckdb") as frames:
        assert frames["backtest"].is_empty()
        assert page._figure(frames, "flips") is None
        assert page.first_screen(frames)["foretold"] == "There is not yet enough past to test it as a forecast."


def test_page_adds_fractions_in_one_order(tmp_path: Path) -> None:
    """With several threads the last digits of a sum are another each time."""
    with page.reading(release_world.published(tmp_path / "published.duckdb")) as frames:
        assert frames.of("select current_setting('threads') as threads").item() == 1


def test_page_carries_the_benchmark_and_the_first_thousand_by_rank(tmp_path: Path) -> None:
    with written(release_world.published(tmp_path / "published.duckdb")) as connection:
        connection.execute(
            "insert into index.scores by name select 'Readiness' as measure, year, format('Town {:04}', rank) as city, "
            "40 as score, true as is_ranked, rank from index.headline, range(5, 1100) as t (rank)"
        )
    with page.reading(tmp_path / "published.duckdb") as frames:
        carried = frames["carried_cities"]["city"]
    # Wuhan scores more than a town, but has no rank.
    assert {*carried.sort().tail(2)} == {"Town 0999", "Town 1000"}
    assert (carried.len(), BENCHMARK in carried, "Wuhan" in carried) == (1001, True, False)


def test_cities_come_before_what_is_abroad_and_that_before_other_cities() -> None:
    kinds = {"others": "other", "B": "city", "abroad": "abroad", "A": "city"}
    rows = pl.DataFrame({"origin": [*kinds, "others"], "origin_kind": [*kinds.values(), "other"]})
    assert money._cities_first(rows, "origin") == ["B", "A", "abroad", "others"]


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("published: Hurun unicorns 2024-04", "发布：胡润独角兽榜 2024-04"),
        ("published: PitchBook 2018 to 2023", "发布：PitchBook 2018–2023"),
        ("Hurun unicorns 2024-04", "胡润独角兽榜 2024-04"),
        ("c2003", "约2003"),
        ("2014-01 to 2015-12", "2014-01–2015-12"),
        ("Acme: a company", "Acme: a company"),
        ("Unheard report 2019", "Unheard report 2019"),
        ("Wuxi", "无锡"),
    ],
)
def test_names_of_lists_are_said_by_their_parts(english: str, chinese: str) -> None:
    assert texts.known(english) == english
    with texts.language("zh", {"Wuxi": "无锡"}):
        assert texts.known(english) == chinese


def test_scripts_part_what_they_list_in_the_language_of_the_reader() -> None:
    scripts = "".join((templates.HERE / name).read_text("utf-8") for name in page.SCRIPTS)
    assert scripts.count('.join(say("') > 1
    assert '.join("; ")' not in scripts
    assert '.join(", ")' not in scripts


def test_identifiers_are_told_by_name() -> None:
    assert texts.known("register: search offices") == "the register: executive-search offices"
    assert texts.known("openalex: top10_works") == "OpenAlex: works of listed universities in the world's most cited tenth"
    statistics = ("alpha", "kendall_tau", "leader_survival", "log_lead_trend", "share_gap_trend", "shorrocks_mobility")
    assert all(" " in texts.known(statistic) for statistic in statistics)
    with texts.language("zh", {}):
        assert texts.known("register: search offices") == "自建名册：猎头机构"
        assert texts.known(f"{register.SOURCE.title}: law offices") == "本项目自建名册：律所（上市业务）"
    assert "own register" in register.SOURCE.title, "a page of a city names it by its title alone"
    assert set(texts.IDENTIFIERS.values()) <= set(texts.chinese())


def test_chinese_closes_up_after_its_stops() -> None:
    page = "<b>一。</b> 二， 三。 <i>A. B</i>"
    assert texts.closed_up(page) == page
    with texts.language("zh", {}):
        assert texts.closed_up(page) == "<b>一。</b>二，三。 <i>A. B</i>"


def test_values_of_several_columns_are_said_in_the_language_of_the_reader() -> None:
    """Threads that polars would change columns in do not know the language."""
    rows = pl.DataFrame({"dataset": ["register"] * 9, "panel": ["all"] * 9})
    with texts.language("zh", {}):
        said = vega.each(rows, in_words, "dataset", "panel")
    assert said.unique().rows() == [("自建名册", "名录中的全部")]


@pytest.mark.parametrize("moved", ["delete from {table}", f"update {{table}} set city = '{BENCHMARK}'"])
@pytest.mark.parametrize(("figure", "quantity"), [("flows", "deals_originated"), ("returnees", "returnee_founders")])
def test_what_a_list_follows_in_no_city_but_the_benchmark_is_not_drawn(
    figure: str, quantity: str, moved: str, tmp_path: Path
) -> None:
    file = release_world.published(tmp_path / "published.duckdb")
    with page.reading(file) as frames:
        assert frames[figure].height
    with written(file) as connection:
        connection.execute(f"{moved.format(table='index.attention')} where quantity = '{quantity}'")
    with page.reading(file) as frames:
        assert frames[figure].is_empty()


def test_search_suggests_a_city_of_the_scope(tmp_path: Path) -> None:
    file = release_world.published(tmp_path / "published.duckdb")
    with written(file) as connection:
        connection.execute("update index.ranking set city_zh = null")
    with page.reading(file) as frames:
        assert page.first_screen(frames)["example"] == "Beijing", "without a Chinese name where it has none"
    with written(file) as connection:
        connection.execute("delete from index.ranking")
    with page.reading(file) as frames:
        assert page.first_screen(frames)["example"] == BENCHMARK
