"""Weigh pairs of names that are alike: every outcome of every comparison, on one pair each."""

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines import settings
from pipelines.resolve.names import KINDS, linkage
from pipelines.resolve.names.clustering import Partition
from pipelines.resolve.names.database import lend
from pipelines.resolve.names.mentions import read_mentions
from pipelines.resolve.names.normalisation import form
from pipelines.resolve.names.weights import is_coined, same_name_probability
from tests.support.names import frame, mention

INVESTOR, FIRM, UNIVERSITY = ({"kind": kind} for kind in ("investor", "service_firm", "university"))
ONCE_GENERIC = "the same Latin name, once without its generic words (+2.6)"
LEEDS = {"country": "GB", "city": "Leeds"}

#: Two names with what else is known of them, and what the pair weighs beside the part of a name in common.
PAIRS: list[tuple[str, dict[str, Any], str, dict[str, Any], list[str]]] = [
    ("Aardvark Robotics", {"founded": 2001}, "Aardvark Robotics Inc", {"founded": 2010},
     ["the same Latin name (+3.2)", "founded in different years (-5.4)"]),
    ("Cormorant Ventures", INVESTOR, "Cormorant", INVESTOR,
     ["the same Latin name, once with words that an investing arm would have (+1.2)"]),
    ("Dunlin Venture Partners", INVESTOR, "Dunlin Partners", INVESTOR,
     ["the same Latin name, once with words that an investing arm would have (+1.2)"]),
    ("Egret Technology", {}, "Egret Technologies Group", {},
     ["the same Latin name but for some generic words of those it has (+4.2)"]),
    ("Bluebell Capital", INVESTOR, "Bluebell", INVESTOR, [ONCE_GENERIC]),
    ("Falcon Software", {}, "Falcon", {}, [ONCE_GENERIC]),
    ("Quelea Capital", INVESTOR, "Quelea Ventures", INVESTOR, ["the same Latin name with other generic words (-1.5)"]),
    ("Hummingbird Systems", {}, "Humingbird Systems", {}, ["Latin names one letter apart (+2.0)"]),
    ("Ibis Lab 12345", {}, "Ibis Lab 12346", {}, ["different Latin names (-2.5)"]),
    ("Jacana", LEEDS | {"founded": 2009}, "Jacanna", LEEDS | {"founded": 2009},
     ["short Latin names one letter apart (-1.0)", "the same country (+0.5)", "the same city (+1.2)",
      "founded in the same year (+3.9)"]),
    ("Kestrel Lark Merlin", {}, "KLM", {}, ["one Latin name is the initials of the other (+1.2)"]),
    ("Osprey Petrel LLP", FIRM, "Osprey Petrel & Quail LLP", FIRM,
     ["one Latin name begins with the other, as firms of partners are called (+3.0)"]),
    ("Raven Swift", {}, "Raven Swift Thrush", {}, ["one Latin name begins with the several words of the other (+1.0)"]),
    ("Vulture", {}, "Vulture Wigeon", {}, ["one Latin name begins with the one word of the other (-0.3)"]),
    ("Xenops University", UNIVERSITY, "Xenops University Hospital", UNIVERSITY, ["different Latin names (-2.5)"]),
    ("Zebra Alder", {}, "Zebra Birch", {}, ["different Latin names (-2.5)"]),
    ("云鹤", {"founded": 2001}, "云鹤有限公司", {"founded": 2010},
     ["the same Chinese name (+5.0)", "founded in different years (-5.4)"]),
    ("白鹭科技", {}, "白鹭网络科技", {}, ["the same Chinese name but for some generic words of those it has (+4.2)"]),
    ("苍鹰科技", {}, "苍鹰", {}, ["the same Chinese name, once without its generic words (+3.8)"]),
    ("青雕资本", INVESTOR, "青雕创投", INVESTOR, ["the same Chinese name with other generic words (-1.0)"]),
    ("绯雀云", {}, "绯雀云海", {}, ["one Chinese name begins with the other (-0.3)"]),
    ("灰雁山", {}, "灰雁河", {}, ["different Chinese names (-3.5)"]),
    ("Beijing Curlew", {}, "Beijing Curlew Technology", {}, [ONCE_GENERIC, "both names hold the same place (+0.5)"]),
    ("Shanghai Dotterel", {}, "Dotterel Technology", {"country": "CN", "city": "Shanghai"},
     [ONCE_GENERIC, "the place in one name is where the other is (+1.0)"]),
    ("China Eider", {}, "Eider Technology", {"country": "CN"},
     [ONCE_GENERIC, "the place in one name is where the other is (+1.0)"]),
    ("Beijing Fulmar", {}, "Fulmar Technology", {"country": "US"},
     [ONCE_GENERIC, "one name holds a place that the other does not (-3.0)"]),
    ("Grebe Software", {"country": "US"}, "Grebe", {"country": "US"}, [ONCE_GENERIC, "the same country (+0.5)"]),
    ("Heron Software", {"country": "US"}, "Heron", {"country": "GB"}, [ONCE_GENERIC, "different countries (-3.3)"]),
    ("Kingfisher Software", LEEDS, "Kingfisher", LEEDS | {"city": "York"},
     [ONCE_GENERIC, "the same country (+0.5)", "different cities (-3.3)"]),
    ("Moorhen Software", {"founded": 2001}, "Moorhen", {"founded": 2002}, [ONCE_GENERIC, "founded one year apart (+0.0)"]),
    ("Nuthatch Software", {"founded": 2001}, "Nuthatch", {"founded": 2003},
     [ONCE_GENERIC, "founded in different years (-5.4)"]),
]  # fmt: skip
#: Names so unlike that they are not even compared: short ones one letter apart, in no city and year that both are known by.
UNLIKE = [("Pipit", "Pipet"), ("Toucanet", "Toucanett"), ("苍山", "洱海")]


def numbered() -> Iterator[dict[str, Any]]:
    for number, (left, facts, right, others, _) in enumerate(PAIRS):
        yield mention("a", left, mention=f"{number}a", **facts)
        yield mention("b", right, mention=f"{number}b", **others)
    for number, (left, right) in enumerate(UNLIKE, len(PAIRS)):
        yield mention("a", left, mention=f"{number}a")
        yield mention("b", right, mention=f"{number}b")


@pytest.mark.slow
def test_every_outcome_weighs_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linkage, "THRESHOLD", dict.fromkeys(KINDS, 0.0))
    weighed = linkage.weigh(Partition(read_mentions(frame(*numbered())), {}))
    found = {}
    for pair in weighed.iter_rows(named=True):
        told = linkage.outcomes(pair).split(", ", 1)
        found[pair["printed_l"], pair["printed_r"]] = told
        bits = [float(number) for number in re.findall(r"\(([+-][0-9.]+)\)", ", ".join(told))]
        assert pair["weight"] == pytest.approx(sum(bits)), told
    expected = {(left, right): ["part of a name in common (-1.0)", ", ".join(outcomes)] for left, _, right, _, outcomes in PAIRS}
    assert found == expected


def test_rows_of_the_last_entity_have_numbers() -> None:
    last = 2**32 - 1
    records = read_mentions(frame(mention("a", "Tarragon (龙蒿)")))
    facts, names = (table.with_columns(number=pl.lit(last, pl.UInt32)) for table in (records.facts, records.names))
    with lend(facts.with_columns(entity="number"), names) as lent:
        lent.run((settings.SQL / "resolve" / "name_rows.sql").read_text("utf-8"), {})
        rows = lent.query("select row - 1000000 * entity::bigint, latin, cjk from rows order by row").rows()
    assert rows == [(1, "tarragon", "tarragon龙蒿"), (2, "tarragon", "龙蒿")]


def test_one_slip_is_one_letter_or_two_neighbours_swapped() -> None:
    words = pl.DataFrame({"word": ["".join(word) for length in range(6) for word in product("ab云", repeat=length)]})
    differing = "is_one_slip(l.word, r.word) <> (damerau_levenshtein(l.word, r.word) <= 1)"
    with duckdb.connect() as connection:
        connection.execute((settings.SQL / "resolve" / "macros.sql").read_text("utf-8"))
        connection.register("words", words)
        count = f"select count(*), count(*) filter (where {differing}) from words as l, words as r"
        assert connection.execute(count).fetchall() == [(364 * 364, 0)]
        apart = "select one_letter_apart(word || 'a', word || 'o'), short_one_letter_apart(word || 'a', word || 'o')"
        by_length = connection.execute(f"{apart} from (values ('kestrelba'), ('kestrelb'), ('kest'), ('kes')) as names (word)")
        assert by_length.fetchall() == [(True, True), (False, True), (False, True), (False, False)]


@pytest.mark.parametrize(
    ("name", "coined"),
    [
        ("Cernostic", True),
        ("Zillexus", True),
        ("Zillexu", False),
        ("AgBio", True),
        ("AgBi", False),
        ("4chan", True),
        ("云上云上云上云上", False),
    ],
)
def test_coined_word_is_long_or_of_words_run_together(name: str, coined: bool) -> None:
    assert is_coined(form("company", name)) is coined


@pytest.mark.parametrize(
    ("agreed", "probability"),
    [([], 0.9), (["country"], 0.97), (["city"], 0.985), (["country", "city"], 0.985), (["year founded"], 0.985)],
)
def test_one_name_is_likelier_one_entity_the_more_agrees(agreed: list[str], probability: float) -> None:
    assert same_name_probability(agreed) == probability
