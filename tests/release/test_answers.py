"""A hundred questions to the server, made from the tables of a release and checked against them, not against its macros."""

import asyncio
import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines.answers import file
from pipelines.index import BENCHMARK
from pipelines.publish import wording
from tests.support.answers import rows_named
from tests.support.homes import ROOT

pytest.importorskip("mcp")

#: Words that put a city ahead; none may stand in an answer on cities whose order is not settled.
AHEAD = re.compile(r"\b(leads?|ahead|beats?|better|best)\b")

Check = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Question:
    """What is asked of a tool, and what its answer has to hold; ``check`` is the text of the refusal where one is due."""

    tool: str
    arguments: dict[str, Any]
    check: Check | str


class Release:
    """The tables of a release and its files."""

    def __init__(self, folder: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self.folder, self.connection = folder, connection

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        return pl.DataFrame(self.connection.sql(sql, params=list(values))).to_dicts()


def same(answered: dict[str, Any], row: dict[str, Any], *columns: str) -> None:
    assert {column: answered[column] for column in columns} == {column: row[column] for column in columns}


def of_ranks(release: Release) -> Iterator[Question]:
    for measure, year in [("Readiness", None), ("Realised", None), *(("P2", year) for year in range(2008, 2016))]:
        order = "from index.scores where measure = $1 and year = coalesce($2, (select year from index.headline)) and rank <= 25"
        rows = release.rows(f"{order} order by rank, score desc, city", measure, year)

        def check(answer: dict[str, Any], rows: list[dict[str, Any]] = rows) -> None:
            assert [row["city"] for row in answer["rows"]] == [row["city"] for row in rows]
            for answered, row in zip(answer["rows"], rows, strict=True):
                same(answered, row, "rank", "score", "score_low", "score_high", "rank_low", "rank_high", "p_first")
            for rival in (row["city"] for row in rows[: wording.NAMED] if row["rank_low"] == 1):
                assert rival in answer["answer"]
            is_settled = sum(row["rank_low"] == 1 for row in rows) == 1
            assert is_settled or not AHEAD.search(answer["answer"])

        yield Question("rank", {"score": measure, "year": year, "first": len(rows)}, check)


def of_cities(release: Release) -> Iterator[Question]:
    cities = release.rows("from index.ranking where measure = 'Readiness' and (rank <= 15 or rank % 40 = 0) order by rank, city")
    for city in cities:
        totals = release.rows(
            "select * from index.scores where city = $1 and year = (select year from index.headline)", city["city"]
        )
        values = release.rows(
            "from marts.indicator_detail where city = $1 and year = (select year from index.headline)", city["city"]
        )

        def check(
            answer: dict[str, Any],
            city: dict[str, Any] = city,
            totals: list[dict[str, Any]] = totals,
            values: list[dict[str, Any]] = values,
        ) -> None:
            answered = {row.get("indicator", row.get("measure")): row for row in answer["rows"]}
            assert len(answered) == len(totals) + len(values)
            for row in totals:
                same(answered[row["measure"]], row, "score", "score_low", "score_high", "rank", "rank_low", "rank_high")
            for row in values:
                same(answered[row["indicator"]], row, "value", "value_low", "value_high", "status", "n_lists", "known")
            assert f"(90% interval: {city['rank_low']} to {city['rank_high']})" in answer["answer"]
            assert f"{city['score']:.0f} ({city['score_low']:.0f} to {city['score_high']:.0f})" in answer["answer"]
            assert city["city"] in unescape((release.folder / answer["page"]).read_text("utf-8"))

        yield Question("why", {"city": city["city"]}, check)


def of_pairs(release: Release) -> Iterator[Question]:
    pairs = release.rows(
        "select p.* from index.pairwise as p join index.ranking as a on a.city = p.city and a.measure = p.measure "
        "join index.ranking as b on b.city = p.other and b.measure = p.measure "
        "where p.measure = 'Readiness' and a.rank <= 8 and b.rank in (a.rank + 1, a.rank + 3, a.rank + 20) "
        "order by a.rank, b.rank"
    )
    assert {pair["p_above"] > 0.95 for pair in pairs} == {True, False}
    for pair in pairs:

        def check(answer: dict[str, Any], pair: dict[str, Any] = pair) -> None:
            is_settled = not 0.05 < pair["p_above"] < 0.95
            assert bool(AHEAD.search(answer["answer"])) == is_settled
            assert ("not separable" in answer["answer"]) != is_settled
            (answered,) = [row for row in answer["rows"] if "p_above" in row]
            same(answered, pair, "city", "other", "p_above")

        yield Question("compare", {"city": pair["city"], "other": pair["other"]}, check)


def of_evidence(release: Release) -> Iterator[Question]:
    counts = release.rows(
        "select city, indicator, count(*) as n, sum(value) as total from marts.evidence group by city, indicator "
        "having count(*) between 5 and 150 order by hash(concat(city, indicator)) limit 20"
    )
    addresses = {row["url"] for row in release.rows("select url from core.files")}
    for row in counts:

        def check(answer: dict[str, Any], row: dict[str, Any] = row) -> None:
            assert (answer["n_rows"], len(answer["rows"])) == (row["n"], row["n"])
            assert sum(fact["value"] for fact in answer["rows"]) == pytest.approx(row["total"], rel=1e-12)
            for fact in answer["rows"]:
                assert fact["row"] == f"{fact['source_file']}:{fact['source_row']}"
                assert fact["source_file"] in addresses
                if fact["source_file"].startswith("data/register/") and fact["company"]:
                    assert fact["company"] in lines(fact["source_file"])[fact["source_row"]]

        yield Question("evidence", {"city": row["city"], "indicator": row["indicator"], "first": 200}, check)


def lines(name: str) -> dict[int, list[str]]:
    with (ROOT / name).open(encoding="utf-8", newline="") as opened:
        reader = csv.reader(opened)
        return dict((reader.line_num, row) for row in reader)  # noqa: C402  (line_num moves on with the row)


def of_claims(release: Release) -> Iterator[Question]:
    card = release.rows("from claims.scorecard order by claim_order, period")
    for claim in dict.fromkeys(row["claim"] for row in card):
        rows = [row for row in card if row["claim"] == claim]

        def check(answer: dict[str, Any], rows: list[dict[str, Any]] = rows) -> None:
            for answered, row in zip(answer["rows"], rows, strict=True):
                same(answered, row, "period", "verdict", "estimate", "low", "high", "n", "supported_if", "contradicted_if")
                assert f"{row['period']}: {wording.VERDICTS[row['verdict']]} ({row['verdict']};" in answer["answer"]

        yield Question("claim", {"number": claim}, check)


def of_rankings(release: Release) -> Iterator[Question]:
    for ranking in ("Startup Genome", "StartupBlink", "Global Power City Index"):
        rows = release.rows("from index.differs where ranking = $1", ranking)
        pages = {row["url"] for row in release.rows("select url from index.published_rankings where ranking = $1", ranking)}

        def check(answer: dict[str, Any], rows: list[dict[str, Any]] = rows, pages: set[str] = pages) -> None:
            named = {(row["edition"], row["city"]): row for row in rows}
            assert len(answer["rows"]) == len(named)
            for answered in answer["rows"]:
                row = named[answered["edition"], answered["city"]]
                same(answered, row, "our_rank", "their_rank", "difference", "by_scope", "by_data", "not_explained", "mainly")
                assert answered["url"] in pages
                assert answered["our_rank_low"] <= answered["our_rank"] <= answered["our_rank_high"]

        yield Question("differs", {"ranking": ranking}, check)


def of_what_cannot_be_said(release: Release) -> Iterator[Question]:
    (elsewhere,) = release.rows("select city from core.cities where country = 'GB' order by city limit 1")
    yield Question("why", {"city": "Atlantis"}, "No city called 'Atlantis'. The nearest")
    yield Question(
        "why",
        {"city": elsewhere["city"]},
        "has no scores in this file. It lies elsewhere (United Kingdom): the file ranks mainland China",
    )
    yield Question("why", {"city": "Beijing", "year": 1990}, "No scores for 1990. There are scores for")
    yield Question("compare", {"city": "Beijing", "other": "Atlantis"}, "No city called 'Atlantis'")
    yield Question("rank", {"score": "charm"}, "No score called 'charm'")
    yield Question("evidence", {"city": "Beijing", "indicator": "charm"}, "No indicator called 'charm'")
    yield Question("claim", {"number": "99"}, "No claim by '99'")
    yield Question("differs", {"ranking": "Tourism"}, "No ranking called 'Tourism'")
    yield Question("sql", {"statement": "drop table core.deals"}, "Only queries that read are answered, not DROP")
    yield Question("sql", {"statement": "from read_csv('/etc/hosts')"}, "Permission Error")


def of_queries(release: Release) -> Iterator[Question]:
    for table in ("core.deals", "core.companies", "core.universities", "core.cities"):
        (count,) = release.rows(f"select count(*) as n from {table}")

        def check(answer: dict[str, Any], count: dict[str, Any] = count) -> None:
            assert answer["rows"] == [count]

        yield Question("sql", {"statement": f"select count(*) as n from {table}"}, check)


KINDS = (of_ranks, of_cities, of_pairs, of_evidence, of_claims, of_rankings, of_what_cannot_be_said, of_queries)


async def ask(release: Release, questions: list[Question]) -> dict[str, str]:
    """Return question → what is wrong with its answer."""
    from mcp.client.client import Client

    from pipelines.answers.server import server

    wrong = {}
    ((hash_,),) = release.connection.execute("select content_hash from core.release").fetchall()
    async with Client(server()) as client:
        for question in questions:
            result = await client.call_tool(question.tool, question.arguments)
            try:
                if isinstance(question.check, str):
                    assert result.is_error
                    assert question.check in result.content[0].text
                else:
                    answer = result.structured_content
                    assert answer["release"]["content_hash"] == hash_
                    for name in {row[key] for row in answer["rows"] for key in ("row", "other_row") if key in row}:
                        assert "?" not in name or rows_named(release.connection, name) == 1, name
                    question.check(answer)
            except (AssertionError, KeyError, TypeError) as error:
                wrong[f"{question.tool} {question.arguments}"] = str(error)[:300]
    return wrong


def test_a_hundred_questions_are_answered_as_the_tables_say(in_released: Path) -> None:
    folder = (in_released / "data" / "release").resolve()
    # As the server opens it, and closed after: one process has a file open in one way.
    with file.opened(folder / "nextvalley.duckdb") as connection:
        release = Release(folder, connection)
        questions = [question for kind in KINDS for question in kind(release)]
        assert len(questions) >= 100
        assert asyncio.run(ask(release, questions)) == {}


def test_benchmark_is_what_cities_are_compared_with(in_released: Path) -> None:
    from pipelines.answers import tools

    answer = tools.why(BENCHMARK)
    assert answer["answer"].startswith(f"{BENCHMARK} is what cities are compared with")
    assert "page" not in answer
