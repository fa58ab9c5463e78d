"""Apply reviewed decisions about names."""

import polars as pl
import pytest

from pipelines import settings
from pipelines.errors import InputError
from pipelines.resolve.names import KINDS, NO_OVERRIDES, resolve
from tests.support.names import entities, frame, links, mention, override


def test_override_joins_what_nothing_else_would() -> None:
    rows = [mention("a", "Facebook", country="US"), mention("b", "Meta Platforms", country="IE")]
    assert entities(*rows) == ["Facebook", "Meta Platforms"]
    by_mention = links(*rows, overrides=override("Meta Platforms", "Facebook", "1"))
    assert {row["entity"] for row in by_mention.values()} == {"Facebook"}
    assert by_mention["b:Meta Platforms"]["how"] == "override"
    assert "“Meta Platforms” is “Facebook”: looked up" in by_mention["b:Meta Platforms"]["explanation"]


@pytest.mark.slow
def test_override_parts_what_would_be_joined() -> None:
    facts = {"kind": "investor", "country": "US", "city": "Boston"}
    names = ["Northgate Capital", "Northgate Capital Partners", "Northgate Capital, LP"]
    rows = [mention(source, name, **facts) for source, name in zip("abc", names, strict=True)]
    apart = [override("Northgate Capital", "Northgate Capital Partners", "0", kind) for kind in ("company", "investor")]
    assert entities(*rows, overrides=apart[0]) == ["Northgate Capital"] * 3, "the decision is about companies"
    assert entities(*rows, overrides=apart[1]) == ["Northgate Capital", "Northgate Capital Partners", "Northgate Capital"]


@pytest.mark.slow
def test_override_holds_for_every_name_of_an_entity() -> None:
    rows = [
        mention("register", "Sequoia Capital", "红杉资本", kind="investor", country="US"),
        mention("a", "红杉资本", kind="investor"),
        mention("b", "Sequoia", kind="investor", country="US"),
    ]
    assert entities(*rows, overrides=override("Sequoia Capital", "红杉资本", "0", "investor"))[0] == "Sequoia Capital"
    joined = entities(*rows, overrides=override("红杉资本", "Sequoia", "1", "investor"))
    assert joined == ["Sequoia Capital"] * 3


@pytest.mark.slow
def test_override_of_one_name_joins_or_parts_its_bearers() -> None:
    abroad = [mention("a", "Bolt", country="EE"), mention("b", "Bolt", country="US")]
    assert len(set(entities(*abroad, overrides=override("Bolt", "Bolt", "1")))) == 1
    nearby = [mention("a", "Bolt", country="US"), mention("b", "Bolt", country="US")]
    assert len(set(entities(*nearby))) == 1
    assert len(set(entities(*nearby, overrides=override("Bolt", "Bolt", "0")))) == 2


@pytest.mark.slow
def test_names_held_apart_stay_apart_after_one_has_joined_another() -> None:
    facts = {"kind": "investor", "country": "US", "city": "Boston"}
    rows = [
        mention("register", "Northgate Capital", "Kestrel Group", **facts),
        mention("a", "Northgate Capital", **facts),
        mention("b", "Northgate Capital Partners", **facts),
    ]
    assert entities(*rows) == ["Northgate Capital"] * 3
    parted = entities(*rows, overrides=override("Kestrel Group", "Northgate Capital Partners", "0", "investor"))
    assert parted == ["Northgate Capital", "Northgate Capital", "Northgate Capital Partners"]


def test_override_leaves_contradicted_homonyms_alone() -> None:
    rows = [mention("register", "Didi", country="CN"), mention("a", "滴滴打车", country="CN"), mention("b", "Didi", country="BR")]
    assert entities(*rows, overrides=override("Didi", "滴滴打车", "1")) == ["Didi", "Didi", "Didi (BR)"]


def test_contradicting_overrides_are_refused_by_row() -> None:
    rows = [mention("a", "Uber"), mention("b", "Didi")]
    both = pl.concat([override("Uber", "Didi", "0"), override("Didi", "Uber", "1")])
    with pytest.raises(InputError, match=r"name_overrides\.csv, row 3, column same: .*Remove one of the rows"):
        links(*rows, overrides=both)


def test_committed_overrides_are_valid_and_consistent() -> None:
    committed = pl.read_csv(settings.REFERENCE / "name_overrides.csv", infer_schema=False)
    assert committed.columns == NO_OVERRIDES.columns
    assert committed.null_count().sum_horizontal().item() == 0
    assert committed.filter(pl.col("kind").is_in(KINDS) & pl.col("same").is_in(["0", "1"])).height == committed.height
    rows = [
        mention("a", row[name], kind=row["kind"], mention=f"{row['kind']}:{row[name]}")
        for row in committed.iter_rows(named=True)
        for name in ("name_a", "name_b")
    ]
    rows = list({row["mention"]: row for row in rows}.values())
    entity = dict(resolve(frame(*rows), committed).select("mention", "entity").iter_rows())
    for row in committed.iter_rows(named=True):
        same = entity[f"{row['kind']}:{row['name_a']}"] == entity[f"{row['kind']}:{row['name_b']}"]
        assert same == (row["same"] == "1"), row


@pytest.mark.slow
def test_override_of_one_name_joins_the_two_best_ranked_bearers_alone() -> None:
    rows = [mention("register", "Bolt", country="EE"), mention("a", "Bolt", country="US"), mention("b", "Bolt", country="FR")]
    by_mention = links(*rows, overrides=override("Bolt", "Bolt", "1"))
    assert [by_mention[row["mention"]]["entity"] for row in rows] == ["Bolt", "Bolt", "Bolt (FR)"]
    assert (by_mention["a:Bolt"]["how"], by_mention["a:Bolt"]["probability"]) == ("override", 1.0)
