"""Measure the resolution of company names on labelled pairs in Chinese and English: ``python -m bench.pairs``.

A row of ``company_names.csv`` is a pair: two rows of open sources, each with the name it prints and with country, city and
year founded where its source has them; whether both are one company; and what makes the pair hard. The names of each language are
resolved together, with nothing but the name, and with what the source knows beside it; then all, as in a build, with the register
beside them, whose rows have names in both languages. Prints precision, recall and F1, and every error of the last way;
``bench/results/pairs.json`` gets the counts.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import settings
from pipelines.resolve.names import MENTION_SCHEMA, NO_OVERRIDES, resolve
from pipelines.resolve.names.vocabulary import CJK

PAIRS = Path(__file__).with_name("company_names.csv")
RESULTS = Path(__file__).parent / "results" / "pairs.json"

ENGLISH, CHINESE, ACROSS = "both in English", "both in Chinese", "one in English, one in Chinese"
#: Way → whether the facts beside the name are given, and whether the register is beside the pairs.
WAYS = {
    "name alone": (False, False),
    "with country, city and year": (True, False),
    "as in a build, beside the register": (True, True),
}
FACTS = ("country", "city", "founded")
#: Sources of several names a company: each stands alone here, since the key would join them without a look at the names.
MANY_NAMES = frozenset({"ror"})

Row = dict[str, Any]


def read_pairs() -> pl.DataFrame:
    return pl.read_csv(PAIRS, infer_schema=False).with_columns(pl.col("same") == "1")


def sides(pair: Row) -> tuple[Row, Row]:
    """Return the two rows of a pair, each with the id of its mention."""
    first, second = (
        {column.removesuffix(side): value for column, value in pair.items() if column.endswith(side)} for side in ("_a", "_b")
    )
    for row in (first, second):
        row["mention"] = f"{row['source']}:{row['key']}" + (f":{row['name']}" if row["source"] in MANY_NAMES else "")
    return first, second


def languages(pair: Row) -> str:
    """Return in which language both have a name; a row of the register has names in two."""
    first, second = ({bool(CJK.search(row[name])) for name in ("name", "name_other") if row[name]} for row in sides(pair))
    shared = first & second
    return ACROSS if not shared else ENGLISH if False in shared else CHINESE


def register() -> Iterator[Row]:
    """Yield the companies of the register that have a Chinese name, as the rows of a pair."""
    companies = pl.read_csv(settings.REGISTER / "companies.csv", infer_schema=False).filter(pl.col("company_zh").is_not_null())
    for row in companies.iter_rows(named=True):
        yield {
            "mention": f"register:{row['company']}",
            "source": "register",
            "key": row["company"],
            "name": row["company"],
            "name_other": row["company_zh"],
            **{fact: row[fact] for fact in FACTS},
        }


def mentions(rows: Iterable[Row], *, with_facts: bool) -> pl.DataFrame:
    """Return ``MENTION_SCHEMA`` of the distinct rows; the register is trusted most, as in a build."""
    distinct = {
        row["mention"]: row
        | {"kind": "company", "rank": 0 if row["source"] == "register" else 1}
        | ({"key": None} if row["source"] in MANY_NAMES else {})
        | ({} if with_facts else dict.fromkeys(FACTS))
        | ({"founded": int(row["founded"])} if with_facts and row["founded"] else {})
        for row in rows
    }
    return pl.DataFrame([{name: row[name] for name in MENTION_SCHEMA} for row in distinct.values()], schema=MENTION_SCHEMA)


def linked(pairs: pl.DataFrame, *, with_facts: bool, with_register: bool) -> list[bool]:
    """Return whether the two of each pair came out as one entity. No reviewed decision answers in the matcher's place."""
    both = [sides(pair) for pair in pairs.iter_rows(named=True)]
    rows = [row for pair in both for row in pair] + (list(register()) if with_register else [])
    found = resolve(mentions(rows, with_facts=with_facts), NO_OVERRIDES)
    entity = dict(found.select("mention", "entity").iter_rows())
    return [entity[first["mention"]] == entity[second["mention"]] for first, second in both]


def judged(pairs: pl.DataFrame, *, with_facts: bool, with_register: bool) -> pl.DataFrame:
    """Return the pairs with ``linked``; without the register each language by itself, so that no row of two languages helps."""
    worlds = [pairs] if with_register else pairs.partition_by("languages", maintain_order=True)
    return pl.concat(
        world.with_columns(pl.Series("linked", linked(world, with_facts=with_facts, with_register=with_register)))
        for world in worlds
    )


def scores(pairs: pl.DataFrame) -> dict[str, float]:
    """Return pairs and errors, precision, recall and F1 of pairs with ``same`` and ``linked``; null where none was linked."""
    right, wrong, missed = (
        pairs.filter(pl.col("same") == same, pl.col("linked") == link).height
        for same, link in ((True, True), (False, True), (True, False))
    )
    return {"pairs": pairs.height, "same": right + missed, "wrong": wrong, "missed": missed, **ratios(right, wrong, missed)}


def ratios(right: int, wrong: int, missed: int) -> dict[str, Any]:
    """Return precision, recall and F1; null if nothing is right."""
    if not right:
        return {"precision": None, "recall": 0.0 if missed else None, "f1": None}
    precision, recall = right / (right + wrong), right / (right + missed)
    f1 = 2 * precision * recall / (precision + recall)
    return {"precision": round(precision, 3), "recall": round(recall, 3), "f1": round(f1, 3)}


def main() -> None:
    pairs = read_pairs()
    pairs = pairs.with_columns(pl.Series("languages", [languages(pair) for pair in pairs.iter_rows(named=True)]))
    results: dict[str, Any] = {}
    for way, (with_facts, with_register) in WAYS.items():
        found = judged(pairs, with_facts=with_facts, with_register=with_register)
        parts = {name: found.filter(languages=name) for name in (ENGLISH, CHINESE, ACROSS)} | {"all": found}
        results[way] = {name: scores(part) for name, part in parts.items()}
        for name, score in results[way].items():
            print(f"{way}, {name}: {score}")
    for pair in found.filter(pl.col("same") != pl.col("linked")).iter_rows(named=True):
        print(f"  {'missed' if pair['same'] else 'wrong'}: {pair['name_a']} | {pair['name_b']} ({pair['note']})")
    RESULTS.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
