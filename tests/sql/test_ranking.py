"""The ranking, and the indicators behind it, from tables of the index made by hand."""

from tests.support.models import Rows, run

HEADLINE: Rows = [{"year": 2020, "scope": "CN"}]
INDICATORS: Rows = [
    {"indicator": "research", "pillar": "P1", "measure": "Readiness", "weight": 1.0},
    {"indicator": "schools", "pillar": "P1", "measure": "Readiness", "weight": 3.0},
    {"indicator": "deals", "pillar": "P2", "measure": "Readiness", "weight": 1.0},
    {"indicator": "uncounted", "pillar": "P1", "measure": "Readiness", "weight": 100.0},
]
PILLARS: Rows = [
    {"pillar": "P1", "measure": "Readiness", "weight": 0.8},
    {"pillar": "P2", "measure": "Readiness", "weight": 0.2},
]


def value(indicator: str, width: float, year: int = 2020, n_lists: int = 1) -> dict[str, object]:
    return {
        "city": "Alba", "year": year, "indicator": indicator, "score": 50.0, "score_low": 50.0, "score_high": 50.0 + width,
        "n_lists": n_lists, "rows_to_halve": int(width),
    }  # fmt: skip


def score(city: str, rank: int | None, rank_low: int, year: int = 2020, measure: str = "Readiness") -> dict[str, object]:
    numbers = dict.fromkeys(("score", "score_low", "score_high", "p_first", "p_first_low", "p_first_high", "p_top3"), 0.5)
    ranks = {"rank_low": rank_low, "rank_high": rank, "rank_set_low": 1, "rank_set_high": 9}
    return {"measure": measure, "year": year, "city": city, "rank": rank} | numbers | ranks


def test_ranking_names_who_can_be_first_and_the_indicator_that_is_known_least() -> None:
    rows = run(
        "index.ranking",
        {
            "core.indicators": INDICATORS,
            "index.goalposts": [{"indicator": name} for name in ("research", "schools", "deals")],
            "index.pillars": PILLARS,
            "index.headline": HEADLINE,
            # By weight: research 0.2 × 20, schools 0.6 × 7, deals 0.2 × 19; another year does not count.
            "marts.indicator_values": [
                value("research", 20),
                value("schools", 7),
                value("deals", 19),
                value("deals", 90, year=2019),
                # Research 0.2 × 20, schools 0.6 × 7, deals 0.2 × 22; and two that are as wide.
                *(value(name, width) | {"city": "Brno"} for name, width in (("research", 20), ("schools", 7), ("deals", 22))),
                *(value(name, 10) | {"city": "Dole"} for name in ("research", "deals")),
            ],
            "index.scores": [
                score("Alba", 1, 1),
                score("Brno", 2, 2),
                score("Cork", None, 1),
                score("Dole", 3, 3),
                score("Alba", 1, 1, year=2019),
                score("Alba", 1, 1, measure="P1"),
            ],
            "index.distance": [
                {"measure": measure, "city": "Alba", "year": 2020, "times_less": times}
                | {"times_less_low": times / 2, "times_less_high": times * 2, "n_compared": 8, "n_inferred": 6}
                for measure, times in (("Readiness", 8.0), ("P1", 4.0))
            ],
        },
    )
    assert [(row["city"], row["rank"], row["can_be_first"]) for row in rows] == [
        ("Alba", 1, True),
        ("Brno", 2, False),
        ("Dole", 3, False),
    ]
    assert [(row["widest_indicator"], row["rows_to_halve"]) for row in rows] == [("schools", 7), ("deals", 22), ("deals", 10)]
    assert [(row["times_less"], row["times_less_low"], row["times_less_high"]) for row in rows] == [
        (8, 4, 16),
        (None, None, None),
        (None, None, None),
    ]
    assert [(row["n_compared"], row["n_inferred"]) for row in rows] == [(8, 6), (None, None), (None, None)]


def test_an_indicator_that_no_list_counts_is_inferred() -> None:
    values: Rows = [
        value(name, 1.0, n_lists=n) | dict.fromkeys(("value", "value_low", "value_high", "n_rows", "known"), 0.0)
        for name, n in (("research", 2), ("schools", 0))
    ]
    goalposts: Rows = [{"indicator": name, "unit": "things", "yardstick": "a list"} for name in ("research", "schools")]
    tables = {"core.indicators": INDICATORS, "marts.indicator_values": values, "index.goalposts": goalposts}
    rows = run("marts.indicator_detail", tables)
    assert {row["indicator"]: row["status"] for row in rows} == {"research": "counted", "schools": "inferred"}
