"""The labelled pairs of company names are well formed and say what their sources print."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator

import polars as pl
import pytest

from bench import pairs
from pipelines import settings

RECORDED = settings.SHIPPED / "data" / "recordings"
PAIRS = pairs.read_pairs()


def members(archive: str) -> Iterator[str]:
    with zipfile.ZipFile(RECORDED / f"{archive}.zip") as file:
        for name in file.namelist():
            yield file.read(name).decode("latin-1" if archive.startswith("crunchbase") else "utf-8")


def rows(archive: str) -> Iterator[dict[str, str]]:
    for text in members(archive):
        yield from csv.DictReader(io.StringIO(text, newline=None))


def printed() -> dict[str, set[tuple[str, str | None]]]:
    """Return, by source, each key with every name that its row has."""
    companies = pl.read_csv(settings.REGISTER / "companies.csv", infer_schema=False)
    organisations = [json.loads(line) for text in members("ror") for line in text.splitlines()]
    issuers = [json.loads(text) for text in members("edgar_submissions_cn_issuers")]
    return {
        "register": {(name, name) for name in companies["company"]},
        "financedatabase": {(row["symbol"], row["name"]) for row in rows("financedatabase")},
        "crunchbase_2013": {(row["permalink"], row["name"]) for row in rows("crunchbase_2013_us") if "founded_year" in row},
        "edgar": {(str(int(issuer["cik"])), issuer["name"]) for issuer in issuers},
        "ror": {(row["id"].removeprefix("https://ror.org/"), name) for row in organisations for name in names(row)},
    }


def names(organisation: dict) -> Iterator[str]:
    """Yield the names of an organisation in either version of the schema of ROR."""
    if "names" in organisation:
        yield from (name["value"] for name in organisation["names"])
    else:
        yield from [organisation["name"], *organisation["aliases"], *(label["label"] for label in organisation["labels"])]


def test_pairs_are_enough_and_well_formed() -> None:
    assert PAIRS.height >= 300
    assert 0.3 < PAIRS["same"].mean() < 0.7  # type: ignore[operator]
    assert not PAIRS.select("source_a", "name_a", "source_b", "name_b").is_duplicated().any()
    assert not PAIRS["note"].is_null().any()
    for side in "ab":
        assert PAIRS[f"country_{side}"].str.contains("^[A-Z]{2}$").all()
        assert PAIRS[f"founded_{side}"].drop_nulls().str.contains(r"^\d{4}$").all()


@pytest.mark.slow
def test_names_stand_in_their_sources() -> None:
    known = printed()
    sides = [row for pair in PAIRS.iter_rows(named=True) for row in pairs.sides(pair)]
    assert [row["mention"] for row in sides if (row["key"], row["name"]) not in known[row["source"]]] == []


def test_languages_are_those_that_both_have() -> None:
    def between(other: str | None, second: str) -> str:
        pair = {"source_a": "register", "key_a": "1", "name_a": "Hikvision", "name_other_a": other}
        return pairs.languages(pair | {"source_b": "ror", "key_b": "2", "name_b": second, "name_other_b": None})

    assert between("海康威视", "Hikvision Co.") == pairs.ENGLISH
    assert between("海康威视", "杭州海康威视") == pairs.CHINESE
    assert between(None, "杭州海康威视") == pairs.ACROSS


def test_scores_by_hand() -> None:
    world = pl.DataFrame({"same": [True, True, True, True, False, False], "linked": [True, True, True, False, True, False]})
    assert pairs.scores(world) == {
        "pairs": 6, "same": 4, "wrong": 1, "missed": 1, "precision": 0.75, "recall": 0.75, "f1": 0.75,
    }  # fmt: skip
    assert pairs.ratios(0, 0, 3) == {"precision": None, "recall": 0.0, "f1": None}


@pytest.mark.slow
def test_what_is_joined_is_right_and_no_less_than_it_was() -> None:
    languages = [pairs.languages(pair) for pair in PAIRS.iter_rows(named=True)]
    found = pairs.judged(PAIRS.with_columns(languages=pl.Series(languages)), with_facts=True, with_register=False)
    score = pairs.scores(found)
    assert score["precision"] >= 0.98
    assert score["recall"] >= 0.50
