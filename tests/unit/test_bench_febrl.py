"""The scores on the febrl sets, by hand."""

import polars as pl

from bench import accuracy, febrl

RECORDS = pl.DataFrame(
    {
        "rec_id": ["rec-1-org", "rec-1-dup-0", "rec-2-org", "rec-2-dup-0", "rec-3-org"],
        "given_name": ["michaela", "michaela", None, "jacob", "courtney"],
        "surname": ["neumann", "neumann", None, "lanyon", "painter"],
        "suburb": ["dapto", "dapto", "broome", "broome", None],
        "date_of_birth": ["19151111", "19151112", "19080712", "19080712", None],
        "file": ["dataset1"] * 5,
        "person": ["rec-1", "rec-1", "rec-2", "rec-2", "rec-3"],
    }
)


def test_score_counts_pairs() -> None:
    found = RECORDS.select("rec_id", entity=pl.Series(["a", "a", "a", "b", "b"]))
    assert febrl.score(RECORDS, found) == {"records": 5, "pairs": 2, "precision": 0.25, "recall": 0.5, "f1": 0.333}


def test_matcher_sees_name_town_and_year_and_leaves_the_nameless_alone() -> None:
    entity = dict(febrl.by_matcher(RECORDS).iter_rows())
    assert entity["rec-1-org"] == entity["rec-1-dup-0"]
    assert len(set(entity.values())) == 4


def test_f1_is_as_printed_or_of_precision_and_recall() -> None:
    assert accuracy._f1({"f1": "0.9", "precision": "1", "recall": "1"}) == 0.9
    assert accuracy._f1({"f1": "", "precision": "1", "recall": "0.5"}) == 2 / 3
