"""Each figure's sentence follows its numbers, and its picture has room for its words."""

import json
import re

import polars as pl
import pytest

from pipelines import settings
from pipelines.publish import claim_numbers, texts
from pipelines.publish.report import claims, page
from pipelines.publish.report.figures import distance, geography, leads, lists, others, outlines, ranking, years
from pipelines.publish.report.figures.figure import Figure


def test_placeholders_are_the_same_in_both_languages() -> None:
    for english, other in texts.chinese().items():
        assert set(re.findall(r"\{(\w+)", english)) >= set(re.findall(r"\{(\w+)", other)), english
        assert other


#: Cities close together: those of one delta on a map of a country, and those of one coast on a map of the world.
DELTA = {"1 Shanghai": (121.46, 31.22), "2 Suzhou": (120.6, 31.3), "3 Hangzhou": (120.16, 30.29), "4 Nanjing": (118.78, 32.06)}
COAST = {"2 Boston": (-71.06, 46.8), "5 New York City": (-74.0, 44.1)}


@pytest.mark.parametrize("side", [(-2.0, 0.0), (2.0, 0.0), (0.0, -1.0), (0.0, 1.0)], ids=["west", "east", "south", "north"])
def test_label_may_touch_another_and_not_cover_it(side: tuple[float, float]) -> None:
    right, up = side
    assert geography._is_free((right, up, right + 2, up + 1), [(0.0, 0.0, 2.0, 1.0)], (-9.0, 9.0))
    assert not geography._is_free((0.9 * right, 0.9 * up, 0.9 * right + 2, 0.9 * up + 1), [(0.0, 0.0, 2.0, 1.0)], (-9.0, 9.0))


@pytest.mark.parametrize(
    ("cities", "degrees", "ends", "named"),
    [(DELTA, (16.0,), (112.0, 127.5), 4), (COAST, (1.1, 2.0, 4.1), (-130.0, 140.0), 2)],
    ids=["delta", "coast"],
)
def test_labels_on_the_map_cover_neither_dots_nor_each_other(
    cities: dict[str, tuple[float, float]], degrees: tuple[float, ...], ends: tuple[float, float], named: int
) -> None:
    rows = [{"preset": "city", "label": label, "x": x, "y": y} for label, (x, y) in cities.items()]
    placed = geography.with_label_places(pl.DataFrame(rows), degrees, ends).drop_nulls("place").to_dicts()
    assert len(placed) == named
    for degree in degrees:
        boxes = [geography.label_box(row, degree, *geography.LABEL_PLACES[row["place"]]) for row in placed]
        for one, (west, south, east, north) in enumerate(boxes):
            for left, low, right, top in boxes[:one]:
                assert right <= west or east <= left or top <= south or north <= low
            for x, y in cities.values():
                assert not (west < x < east and south < y < north)


def test_label_below_its_dot_lies_south_of_it() -> None:
    row = {"label": "Alba", "x": 10.0, "y": 50.0}
    (_, low, _, high), (_, south, _, north) = (
        geography.label_box(row, 10.0, *geography.LABEL_PLACES[place]) for place in ("below", "above")
    )
    assert low < high < 50.0 < south < north
    assert (high - low, 50.0 - (low + high) / 2) == (pytest.approx(1.3), pytest.approx(1.8))


def mapped(rows: list[tuple[str, str, int, float, float, float]]) -> Figure:
    columns = ["preset", "city", "rank", "score", "latitude", "longitude"]
    areas = pl.when(city="Delta").then(["Cork", "Dun"]).alias("members")
    no_borders = pl.DataFrame(schema={"level": pl.String, "geometry": pl.String})
    return geography.map_of_cities(pl.DataFrame(rows, columns, orient="row").with_columns(areas), no_borders)


def test_cities_of_the_far_west_are_labelled() -> None:
    chart = mapped([("city", "Alba", 1, 90.0, 40.0, -120.0), ("city", "Bex", 2, 80.0, 45.0, -110.0)]).chart
    assert chart is not None
    assert [row["place"] for row in chart["layer"][-1]["data"]["values"]] == ["right", "right"]


@pytest.mark.parametrize(
    ("rows", "news"),
    [
        ([("Alba", 1, 90.0), ("Bex", 2, 80.0)], "This is the published boundary: each city with all that"),
        ([("Alba", 1, 90.0)], "Part of another here: Bex."),
        ([("Alba", 1, 90.0), ("Bex", 2, 82.0)], "Bex still ranks 2, with a score of 82 instead of 80."),
        ([("Bex", 1, 92.0), ("Alba", 2, 90.0)], "Bex ranks 1 instead of 2, with a score of 92 instead of 80."),
        ([("Alba", 1, 90.0), ("Bex", 2, 80.9)], "Bex still ranks 2, with a score of 81 instead of 80."),
        ([("Alba", 1, 90.0), ("Bex", 2, 80.6)], "This is the published boundary: each city with all that"),
        ([("Alba", 1, 90.0), ("Bex", 2, 79.8)], "This is the published boundary: each city with all that"),
        (
            [("Alba", 1, 90.0), ("Cork", 2, 80.0), ("Bex", 3, 79.8)],
            "Cork ranks 2 with a score of 80. Bex ranks 3 instead of 2, with a score of 80 as",
        ),
        ([("Delta", 1, 95.0), ("Bex", 2, 80.0)], "Cork–Dun ranks 1 with a score of 95. Part of another here: Alba."),
    ],
)
def test_news_of_a_boundary_are_what_it_changes(rows: list[tuple[str, int, float]], news: str) -> None:
    published = [("city", "Alba", 1, 90.0, 40.0, 10.0), ("city", "Bex", 2, 80.4, 45.0, 20.0)]
    figure = mapped([*published, *(("gba", city, rank, score, 40.0, 10.0 + rank) for city, rank, score in rows)])
    assert [*figure.news.values()][1].startswith(news)


def test_merged_area_is_named_by_its_cities() -> None:
    figure = mapped([("city", "Alba", 1, 90.0, 40.0, 10.0), ("gba", "Delta", 1, 95.0, 40.0, 10.0)])
    says = "Who is first depends on where a city ends: Alba (as its administrative city) and Cork–Dun (Cork and Dun as one)."
    assert (figure.says, figure.choices["boundary"][1]) == (says, "Cork and Dun as one")


def test_sentence_on_ranks_says_how_wide_the_middle_interval_is() -> None:
    def says(*ends: tuple[int, int], at_once: int = 1) -> str:
        columns = {"city": list("ABCDE")[: len(ends)], "rank": range(1, len(ends) + 1)}
        columns["is_inferred"] = [False] * len(ends)
        columns["rank_set_low"] = [1 if rank <= at_once else rank for rank in columns["rank"]]
        return ranking.ranks(
            pl.DataFrame(columns | dict(zip(("rank_low", "rank_high"), zip(*ends, strict=True), strict=True)))
        ).says

    first = "By the 90% intervals, only A could be first."
    assert says((1, 1)) == first
    assert says((1, 1), (2, 2), (3, 3)) == f"{first} Half of the next 2 cities could stand anywhere in a span of 1 rank or more."
    assert (
        says((1, 2), (2, 4), (2, 5), (2, 9))
        == f"{first} Half of the next 3 cities could stand anywhere in a span of 4 ranks or more."
    )
    assert says((2, 2)).startswith("Who is first is open: many cities are level.")
    assert says((1, 1), (2, 2), at_once=2).startswith(
        "By the 90% intervals, only A could be first; with all cities judged at once, A and B could be."
    )


def test_sentence_on_ranks_over_the_years_counts_periods() -> None:
    """Years between the middles of periods are interpolated, and count once."""
    scores = pl.DataFrame(
        {
            "city": ["A"] * 14 + ["B"] * 14 + ["Bay"],
            "year": [*range(2000, 2014)] * 2 + [2000],
            "rank": [1] * 9 + [2] * 5 + [2] * 9 + [1] * 5 + [None],
            "rank_low": [1] * 9 + [1] * 5 + [2] * 9 + [1] * 5 + [None],
            "rank_high": [2] * 28 + [None],
        }
    )
    leading = pl.DataFrame({"city": ["A", "B"]})
    indicators = pl.DataFrame({"measure": ["Readiness"] * 3 + ["Realised"], "is_dated": [True, True, False, False]})
    figure = years.rank_years(scores, leading, indicators)
    assert figure.says == (
        "A ranks first in 2 of the 4 periods measured from 2000–2004 to 2012–2013; in 2 of them no other city could "
        "have been first."
    )
    assert "repeat. 1 of the 3 indicators of Readiness stand the same" in figure.note
    before = years.rank_years(scores.filter(pl.col("year") < 2009), leading, indicators.filter("is_dated"))
    assert before.note.endswith("they repeat.")
    assert before.says.startswith("A ranks first in each of the 2 periods measured from 2000–2004 to 2005–2009;")
    level = years.rank_years(scores.filter(pl.col("year").is_between(2005, 2011)), leading, indicators)
    assert level.says.startswith("A ranks first in 1 of the 2 periods measured"), "of cities first as often, by the alphabet"
    assert years._middles([2017, 2018]) == [2017, 2018]
    assert years._middles([2020, 2021]) == [2020]
    assert set(figure.rows["city"]) == {"A", "B"}


def test_course_of_the_scores_is_of_each_city_alone() -> None:
    rows = [
        {"city": city, "year": year, "score": score, "score_low": score - 9, "score_high": score + 9}
        for city, year, score in (
            *(("A", 2000, 94.0), ("A", 2002, 95.0), ("A", 2022, 97.4), ("A", 2023, 99.0)),
            *(("B", 2000, 93.0), ("B", 2002, 93.0), ("B", 2022, 92.0), ("B", 2023, 92.0)),
        )
    ]
    indicators = pl.DataFrame(
        {
            "measure": ["Readiness", "Readiness", "Realised"],
            "name": ["Research", "Deals", "Listings and acquisitions"],
            "is_dated": [False, True, False],
        }
    )
    leading, benchmark = pl.DataFrame({"city": ["A", "B"]}), pl.DataFrame({"benchmark": ["Bay"]})
    figure = years.score_years(pl.DataFrame(rows), leading, benchmark, indicators)
    assert figure.says == "Readiness from 2002 to 2022: A from 95 to 97 and B from 93 to 92.", "other years repeat them"
    assert "Lists count research in one year or without one, so 1 of the 2 indicators stand the same" in figure.note
    assert "Bay" not in json.dumps(figure.chart)
    dated = indicators.with_columns(is_dated=True)
    assert "Bay" not in years.score_years(pl.DataFrame(rows), leading, benchmark, dated).note


def test_sentence_on_other_ways_names_who_else_would_be_first() -> None:
    rows = pl.DataFrame(
        {
            "way": ["mean", "mean", "ranks", "ranks"],
            "is_published": [True, True, False, False],
            "city": ["A", "B"] * 2,
            "p_first": [0.8, 0.2, 0.7, 0.3],
        }
    )
    leading = pl.DataFrame({"city": ["A", "B"]})
    assert ranking.alternatives(rows, leading).says == (
        "A is the likeliest first by each of 2 ways to make the score, with a chance of at least 70%."
    )
    turned = rows.with_columns(pl.when(~pl.col("is_published")).then(1 - pl.col("p_first")).otherwise("p_first").alias("p_first"))
    assert ranking.alternatives(turned, leading).says == (
        "A is the likeliest first by 1 of 2 ways to make the score; by the others it is B."
    )


@pytest.mark.parametrize(
    ("times", "says"),
    [
        (
            {"schools": (2.0, 1.5, 3.0, 2), "capital": (8.0, 0.9, 40.0, 1)},
            "A and the Bay are closest in schools, where the Bay has 2 (1.5–3) times as much. A is farthest behind in "
            "capital, where the Bay has 8 (0.9–40) times as much. In capital it is not known which has more. Of what lists "
            "count from 2020 on, only one source counts both in capital: a fall there may only mean that it collected less.",
        ),
        (  # Far ahead is not closest.
            {"schools": (0.25, 0.1, 0.5, 2), "capital": (1.1, 0.5, 2.0, 2)},
            "A and the Bay are closest in capital, where the Bay has 1.1 (0.5–2) times as much. In capital it is not known which "
            "has more. A is ahead in schools.",
        ),
        (  # None is behind.
            {"schools": (0.25, 0.1, 0.5, 2), "capital": (0.5, 0.4, 0.8, 2)},
            "A and the Bay are closest in capital, where the Bay has 0.5 (0.4–0.8) times as much. A is ahead in capital "
            "and schools.",
        ),
        (
            {"schools": (0.86, 0.18, 4.8, 2), "capital": (4.1, 0.8, 17.0, 2)},
            "A and the Bay are closest in schools, where the Bay has 0.86 (0.18–4.8) times as much. A is farthest behind "
            "in capital, where the Bay has 4.1 (0.8–17) times as much. In none of the 2 pillars that both have is it known which "
            "has more: every interval has 1 inside.",
        ),
    ],
)
def test_sentence_on_the_pillars_says_no_more_than_the_intervals(
    times: dict[str, tuple[float, float, float, int]], says: str
) -> None:
    names = ("times_less", "times_less_low", "times_less_high", "n_sources")
    rest = {"score": 50.0, "low": 40.0, "high": 60.0, "benchmark_score": 100.0, "years_behind": None, "how": "beyond the record"}
    rows = [
        {"pillar": pillar, "city": "A", "is_realised": pillar == "realised", "since": 2020}
        | dict(zip(names, ends, strict=True))
        | rest
        for pillar, ends in (times | {"realised": (99.0, 50.0, 200.0, 1)}).items()
    ]
    benchmark = pl.DataFrame({"benchmark": ["Bay"], "base_year": [2015]})
    for leading in (["A"], ["Bay", "A"]):
        assert distance.pillars(pl.DataFrame(rows), pl.DataFrame({"city": leading}), benchmark).says == says


@pytest.mark.parametrize(
    ("intervals", "says"),
    [
        ([(1.1, 1.3), (1.2, 1.4)], "A lead feeds itself"),
        ([(0.7, 0.9)], "The others catch up"),
        ([(1.1, 1.3), (0.9, 1.1)], "A lead may feed itself"),
        ([(0.7, 0.9), (0.9, 1.1)], "The others may catch up"),
        ([(1.1, 1.3), (0.7, 0.9)], "Whether a lead feeds itself cannot be told"),
        ([], "There is too little data"),
    ],
)
def test_sentence_on_the_snowball_follows_every_interval(intervals: list[tuple[float, float]], says: str) -> None:
    rows = [
        {"dataset": "d", "panel": str(panel), "statistic": "alpha", "estimate": 1.0, "low": low, "high": high, "n": 9}
        for panel, (low, high) in enumerate(intervals)
    ]
    other = {"dataset": "d", "panel": "0", "statistic": "log_lead_trend", "estimate": 0.0, "low": None, "high": None, "n": 9}
    assert leads.snowball(pl.DataFrame([other, *rows], infer_schema_length=None)).says.startswith(says)


@pytest.mark.parametrize("is_report", [(False, False, True), (False, False, False)])
def test_counts_of_both_stand_beside_the_estimate(is_report: tuple[bool, ...]) -> None:
    names = {"city": "Alba", "benchmark": "Bay", "pillar": "P", "year_from": 2000, "year_to": 2020}
    rows = pl.DataFrame(
        [
            names | {"name": name, "list": of, "n": 10.0, "benchmark_n": 10.0 * times, "times": times, "times_estimated": most}
            for name, of, times, most in (
                ("deals", "a", 0.5, 3.0),
                ("offices", "a", 2.0, 0.9),
                ("deals", "published: R 2012", 6.0, 3.0),
            )
        ]
    ).with_columns(is_report=pl.Series(is_report))
    figure = distance.counted_beside(rows)
    by_lists = "The Bay is ahead of Alba in 1 of 2 counts by sources. By reports it is ahead in 1 of 1."
    counts = by_lists if any(is_report) else "The Bay is ahead of Alba in 2 of 3 counts by sources."
    assert figure.says == f"{counts} By the estimate it is ahead in 1 of 2 indicators."
    shown = [column.title for column in figure.columns if column.name in rows.columns]
    assert shown[4:6] == ["Alba", "Bay"]


@pytest.mark.parametrize(
    ("p_narrows", "says"),
    [
        ([0.99, 0.5], "From 2017 to 2022 A gained on the Bay."),
        ([0.5, 0.5], "From 2017 to 2022 none of these cities clearly gained on the Bay."),
        ([0.97, 0.01], "From 2017 to 2022 A gained on the Bay. Clearly farther away are B."),
        ([0.97, None], "From 2017 to 2022 A gained on the Bay. Of B it cannot be told."),
        (
            [None, None],
            "Whether any of these cities gained on the Bay from 2017 to 2022 cannot be told: fewer than two sources count both "
            "in all of these years.",
        ),
    ],
)
def test_sentence_on_growth_names_who_surely_gains_or_loses(p_narrows: list[float | None], says: str) -> None:
    rows = pl.DataFrame({"city": ["A", "B"], "p_narrows": p_narrows}, {"city": pl.String, "p_narrows": pl.Float64}).with_columns(
        year_from=2017, year_to=2022, change=1.0, change_low=0.0, change_high=2.0, benchmark_change=1.5, times=1.1, gap=9.0
    )
    figure = others.growth(rows, pl.DataFrame({"city": ["A", "B"]}), pl.DataFrame({"benchmark": ["Bay"]}))
    assert figure.says == says


def test_sentence_on_other_rankings_counts_agreement_and_names_the_reason() -> None:
    parts = dict.fromkeys(("by_scope", "by_boundary", "by_indicators", "by_weights", "by_data", "by_year", "not_explained"), 0.0)
    rows = [
        {
            "ranking": "R",
            "edition": "2024",
            "city": city,
            "our_rank": 1,
            "their_rank": 1 + gap,
            "difference": gap,
            "mainly": mainly,
        }
        | parts
        for city, gap, mainly in (("A", 0, None), ("B", 2, "scope"), ("C", 3, "scope"), ("D", -1, "data"))
    ]
    assert others.differs(pl.DataFrame(rows)).says == (
        "1 rankings by others place our cities 4 times in their newest edition, 1 times at our rank. "
        "Where they differ, it is most often because of which cities are ranked (2)."
    )


def test_outlines_are_cut_to_the_frame_of_the_map() -> None:
    square = json.dumps({"type": "Polygon", "coordinates": [[[-10, -10], [50, -10], [50, 50], [-10, 50], [-10, -10]]]})
    far_away = json.dumps({"type": "MultiPolygon", "coordinates": [[[[90, 0], [95, 0], [95, 5], [90, 0]]]]})
    shape = outlines.shape([square, far_away], (0.0, 0.0, 40.0, 30.0), 0.1)
    (polygon,) = shape["geometry"]["coordinates"]
    corners = {tuple(point) for point in polygon[0]}
    assert corners == {(0.0, 0.0), (40.0, 0.0), (40.0, 30.0), (0.0, 30.0)}
    assert polygon[0][0] == polygon[0][-1]


def test_every_claim_of_the_argument_has_a_scale_in_its_unit() -> None:
    assert set(claim_numbers.SCALES) == {row["claim"] for row in pl.read_csv(settings.REFERENCE / "claims.csv").to_dicts()}
    assert {scale.unit for scale in claim_numbers.SCALES.values()} <= set(texts.chinese())


def test_claims_are_tallied_in_one_sentence() -> None:
    def judged(*verdicts: str) -> list[dict[str, object]]:
        return [{"verdict": verdict, "first_year": 2020, "last_year": 2023} for verdict in verdicts]

    undated = {"verdict": "supported", "first_year": None, "last_year": None}
    assert claims.tally([*judged("supported", "no data", "contradicted"), undated]) == (
        "Of the 4 parts of the argument, 3 can be tested in 2020–2023: 2 hold, 1 does not, and the data cannot decide 0. The "
        "other 1 cannot be tested."
    )
    assert claims.tally(judged("lists disagree", "lists disagree", "not separable")) == (
        "Of the 3 parts of the argument, 3 can be tested in 2020–2023: 0 hold, none is refuted, lists disagree on 2, and the "
        "data cannot decide 1."
    )


def test_what_a_range_is_stands_with_it_and_so_do_bounds_and_other_readings() -> None:
    row = {"claim": "1", "period": "current", "dataset": "register", "verdict": "not separable", "estimate": 0.81, "low": 0.77}
    row |= {"high": 0.85, "range_is": "90% interval", "bound_low": 0.58, "bound_high": 0.92, "found": "", "detail": ""}
    other = row | {"verdict": "contradicted", "estimate": 0.39, "low": 0.35, "high": 0.44}
    evidence = pl.DataFrame(
        [
            row | {"reading": None},
            other | {"reading": "the lead investor at home there"},
            other | {"reading": "x", "period": "y"},
            row | {"reading": "an investor at home there", "estimate": 0.72, "low": 0.66, "high": 0.78, "verdict": "supported"},
        ],
        infer_schema_length=None,
    )
    shown = claims._shown(row, claims._readings(row, evidence))
    assert shown["sentence"] == (
        "77% to 85% of the register's deals have an investor with an office in Beijing (best guess 81%). The claim needs an "
        "interval within 60% to 80% that reaches 65% to 75%. With what is not known taken either way: 58% to 92%."
    )
    assert shown["readings"] == (
        "By other readings of its words: an investor at home there 66% to 78% (holds); the lead investor at home there 35% to "
        "44% (does not hold)."
    )
    figures = row | {"claim": "9", "range_is": "range of published figures", "found": "games 30% against 10%", "bound_low": None}
    assert claims._shown(figures, [])["sentence"] == (
        "Games 30% against 10%. The range is of published figures, each a tenth more or less."
    )


def test_interval_of_a_claim_stands_against_its_threshold() -> None:
    row = {"claim": "6", "estimate": 0.0, "low": -0.7, "high": 0.7, "verdict": "not separable", "found": "", "detail": ""}
    card = claims.cards(
        "CN",
        pl.DataFrame([row | {"period": "current"}]),
        pl.DataFrame(),
        pl.DataFrame(schema={"claim": pl.String, "metric": pl.String}),
        pl.DataFrame(),
    )["claims"][0]
    assert card["sentence"].startswith("0.5 to 2 times the odds of technology")
    assert card["bar"]["marks"] == [50.0]
    assert card["bar"]["left"] < card["bar"]["at"] == 50.0 < card["bar"]["left"] + card["bar"]["width"]


def test_founders_that_a_list_counts_are_companies_and_its_number_is_not_of_rows() -> None:
    of_list = {
        "quantity": "founders",
        "list": "register: companies founded",
        "n": 1291.0,
        "attention_noise": 0.3,
        "elasticity": 0.9,
    }
    figure = lists.lists(pl.DataFrame([of_list | {"n_cities": 32, "scores_moved": 13}]))
    assert figure.says.endswith("is the register: companies founded for companies founded.")
    assert figure.rows["quantity"].to_list() == ["companies founded"]
    assert figure.chart is not None
    (bar,) = figure.chart["data"]["values"]
    assert bar["name"] == "the register: companies founded · companies founded", "the list first, as readers call it"
    assert "rows" not in {column.title for column in figure.columns}
    moved = pl.DataFrame([of_list | {"city": "A", "moved": 0.5, "dataset": "register"}])
    with texts.language("zh", {}):
        read = page._in_language(moved)
        assert lists.influence(read).rows["quantity"].to_list() == ["创办的公司"], "and so are those of a frame in Chinese"
    assert "(companies founded) moves the first ten cities most: +0.5 points" in lists.influence(moved).says
    ends = {"city": "A", "attention": 3.0, "attention_low": 2.0, "attention_high": 4.0}
    of_city = pl.DataFrame([{"quantity": "founders"} | ends])
    assert "3.0 times as much of A (companies founded)" in lists.attention(of_city, pl.DataFrame({"city": ["A"]})).says
