"""The scorecard, from findings and published figures made by hand."""

from tests.support.models import Rows, run

CLAIMS: Rows = [
    {"claim": "15", "title": "It has a long way to go", "figures": "unicorns|share_of_unicorns", "source_row": 2}
    | dict.fromkeys(("statistic", "supported_if", "contradicted_if", "would_change"), "rule")
]
FIGURES: Rows = [
    {
        "city": city, "metric": metric, "edition_or_year": "2019", "value": "9", "unit": "count", "confidence": "high",
        "source": "Hurun", "source_file": "f", "source_row": row,
    }
    for row, (city, metric) in enumerate(
        [
            *(("Beijing", "unicorns"), ("Nowhere", "unicorns"), ("China", "unicorns")),
            *(("Beijing", "share_of_unicorns"), ("Beijing", "deals"), ("Akron", "unicorns"), ("Bay Area", "share_of_unicorns")),
        ]
    )
]  # fmt: skip
READ: Rows = [
    {
        "quantity": "unicorns",
        "list": "published: Hurun",
        "city": row["city"],
        "country": "CN" if row["city"] == "China" else None,
        "source_file": "f",
        "source_row": row["source_row"],
    }
    for row in FIGURES[:3]
]
COUNTED = {"quantity": "unicorns", "list": "published: Hurun", "country": "CN"}
CITIES: Rows = [{"city": city, "country": country} for city, country in (("Beijing", "CN"), ("Akron", "US"), ("Bay Area", "US"))]


def finding(period: str, dataset: str, completeness: str, is_headline: bool = True) -> dict[str, object]:
    numbers = ("first_year", "last_year", "estimate", "low", "high", "bound_low", "bound_high", "rows_to_decide", "n")
    texts = {"dataset": dataset, "measure": "m", "completeness": completeness, "found": "found", "detail": "", "sources": ""}
    judged = {"verdict": "supported", "is_rule": True, "is_headline": is_headline, "reading": None, "range_is": None}
    judged["is_partly_undated"] = False
    return {"claim": "15", "period": period} | dict.fromkeys(numbers, 12) | texts | judged


def scorecard(*evidence: dict[str, object]) -> Rows:
    return run(
        "claims.scorecard",
        {
            "landing.reference__claims": CLAIMS,
            "core.published_statistics": FIGURES,
            "core.published_counts": READ,
            "index.lists": [{"quantity": "unicorns", "list": "published: Hurun"}],
            "index.headline": [{"scope": "CN"}],
            "index.goalposts": [{"city": "Bay Area"}],
            "core.cities": CITIES,
            "marts.list_counts": [COUNTED | {"city": "Beijing"}, COUNTED | {"city": None}],
            "claims.evidence": [*evidence],
            "claims.verdicts": [{"claim": "15", "period": "current", "verdict": "supported", "found": "found"}],
        },
    )


def test_figures_that_the_index_reads_stand_apart_from_those_it_does_not() -> None:
    (row,) = scorecard(finding("current", "all lists", "all lists"))
    assert row["also_read"] == "Beijing 2019: unicorns 9 count (Hurun, high); China 2019: unicorns 9 count (Hurun, high)"
    assert row["published"] == (
        "Bay Area 2019: share_of_unicorns 9 count (Hurun, high); Beijing 2019: share_of_unicorns 9 count (Hurun, high); "
        "Nowhere 2019: unicorns 9 count (Hurun, high)"
    ), "not those of another city abroad"


def test_all_lists_together_are_not_one_source() -> None:
    index, list_ = finding("current", "all lists", "all lists"), finding("current", "hurun", "sample", is_headline=False)
    assert [row["agreement"] for row in scorecard(index)] == ["all lists together"]
    assert [row["agreement"] for row in scorecard(index, list_)] == ["sources agree"]
    assert [row["agreement"] for row in scorecard(finding("current", "hurun", "sample"))] == ["one source"]
