"""What others published on the claims, from figures made by hand."""

from tests.support.models import Rows, run

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


def test_figures_of_a_claim_are_about_the_scope_and_say_whether_the_index_reads_them() -> None:
    rows = run(
        "claims.figures",
        {
            "landing.reference__claims": [{"claim": "15", "figures": "unicorns|share_of_unicorns"}],
            "core.published_statistics": FIGURES,
            "core.published_counts": READ,
            "index.lists": [{"quantity": "unicorns", "list": "published: Hurun"}],
            "index.headline": [{"scope": "CN"}],
            "index.goalposts": [{"city": "Bay Area"}],
            "core.cities": CITIES,
            "marts.list_counts": [COUNTED | {"city": "Beijing"}, COUNTED | {"city": None}],
        },
    )
    assert {(row["city"], row["metric"]): row["is_list"] for row in rows} == {
        ("Beijing", "unicorns"): True,
        ("China", "unicorns"): True,
        ("Nowhere", "unicorns"): False,
        ("Beijing", "share_of_unicorns"): False,
        ("Bay Area", "share_of_unicorns"): False,
    }, "not those of another city abroad"
    assert len(rows) == 5
