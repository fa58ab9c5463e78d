"""Name entities, explain links, and refuse bad mentions."""

import subprocess
import sys
from typing import Any

import pytest

from pipelines import settings
from pipelines.errors import InputError
from pipelines.resolve.names.linkage import outcomes
from pipelines.resolve.names.weights import COMPARISONS
from tests.support.names import entities, links, mention


def test_explanation_of_a_same_name_says_what_else_agreed() -> None:
    link = links(
        mention("register", "Bilibili", country="CN", city="Shanghai", founded=2009),
        mention("deals", "bilibili Inc", country="CN", city="Shanghai"),
    )["deals:bilibili Inc"]
    assert (link["how"], link["matched"], link["probability"]) == ("same name", "register:Bilibili", 0.985)
    assert link["explanation"] == (
        "“bilibili Inc” (deals) and “Bilibili” (register): the same name but for case, punctuation and legal endings; "
        "country and city agree"
    )


@pytest.mark.slow
def test_explanation_of_a_weighed_match_gives_its_bits() -> None:
    link = links(
        mention("register", "Xiaomi", country="CN", city="Beijing", founded=2010),
        mention("deals", "Xiaomi Technology", country="CN", city="Beijing", founded=2010),
    )["deals:Xiaomi Technology"]
    assert (link["how"], link["matched"]) == ("splink", "register:Xiaomi")
    assert 0.95 < link["probability"] < 1
    for text in (
        "once without its generic words (+2.6)",
        "the same country (+0.5)",
        "the same city (+1.2)",
        "in the same year (+3.9)",
    ):
        assert text in link["explanation"]


def test_explanation_counts_what_speaks_against_a_match() -> None:
    pair = {f"gamma_{name}": -1.0 for name in COMPARISONS} | {"gamma_city": 0.0, "gamma_country": 1.0}
    assert outcomes(pair).endswith(", the same country (+0.5), different cities (-3.3)")


def test_lone_mention_is_marked_alone() -> None:
    link = links(mention("a", "Lonely"))["a:Lonely"]
    assert (link["entity"], link["how"], link["matched"]) == ("Lonely", "alone", None)


@pytest.mark.slow
def test_best_rank_names_the_entity_and_homonyms_differ() -> None:
    rows = [mention(source, "Mercury", mention=f"{number}", key=f"{number}", **facts) for number, (source, facts) in enumerate([
        ("register", {"country": "US", "city": "Boston"}),
        ("a", {"country": "GB"}),
        ("a", {"country": "GB", "city": "Leeds"}),
        ("a", {"country": "GB"}),
        ("a", {"country": "GB", "city": "Leeds"}),
    ])]  # fmt: skip
    assert entities(*rows) == ["Mercury", "Mercury (GB)", "Mercury (Leeds)", "Mercury (2)", "Mercury (3)"]
    taken = mention("register", "Mercury (2)", key="2", country="FR")
    assert entities(*rows, taken) == ["Mercury", "Mercury (GB)", "Mercury (Leeds)", "Mercury (3)", "Mercury (4)", "Mercury (2)"]
    better = [mention("a", "Baidu, Inc.", country="CN"), mention("register", "Baidu", country="CN")]
    assert entities(*better) == ["Baidu", "Baidu"]


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({"kind": "school"}, r"column kind: 'school' is none of company, investor"),
        ({"name": "…"}, r"column name: '…' holds no letter or digit"),
        ({"source": None}, r"column source: None is empty"),
        ({"rank": None}, r"column rank: None is empty"),
        ({"mention": "a:Baidu"}, r"column mention: 'a:Baidu' is empty or not unique"),
    ],
)
def test_bad_mention_is_refused_with_row_and_column(fault: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=rf"mentions, row 1, {message}"):
        links(mention("a", "Baidu"), mention("b", "Sina") | fault)


ONE_SOURCE = """
import sys
import polars as pl
from pipelines.resolve.names import NO_OVERRIDES, resolve

facts = {"kind": "company", "source": "register", "name_other": None, "country": "CN", "city": None, "founded": None, "rank": 0}
keys = [f"Company {number}" for number in range(5000)]
mentions = pl.DataFrame({"mention": keys, "key": keys, "name": keys})
mentions = mentions.with_columns(**{name: pl.lit(fact) for name, fact in facts.items()})
links = resolve(mentions, NO_OVERRIDES)
assert links["entity"].to_list() == links["mention"].to_list()
assert "splink" not in sys.modules
"""


@pytest.mark.slow
def test_one_keyed_source_needs_no_splink() -> None:
    subprocess.run([sys.executable, "-c", ONE_SOURCE], check=True, cwd=settings.SHIPPED)
