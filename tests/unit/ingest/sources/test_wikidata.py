"""Wikidata: hand-made answers in SPARQL 1.1 Query Results JSON."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from pipelines.ingest.sources import wikidata
from tests.support.parsing import as_json, read, refusal

(COMPANIES,) = wikidata.SOURCE.tables
COMPANY = {
    "company": "http://www.wikidata.org/entity/Q1", "companyLabel": "Acme", "name_zh": "甲", "place": "Hangzhou",
    "seat": "Yuhang District", "country": "CN", "founded": "1999", "founders": "18", "schools": "School A|School B",
}  # fmt: skip


def answer(*bindings: Any) -> bytes:
    return as_json({"head": {"vars": wikidata.VARIABLES}, "results": {"bindings": bindings}})


def binding(**values: str) -> dict[str, dict[str, str]]:
    return {name: {"type": "literal", "value": value} for name, value in values.items()}


def test_companies_come_with_counts_of_their_founders() -> None:
    bare = {"company": "http://www.wikidata.org/entity/Q2", "companyLabel": "Q2", "place": "Hangzhou", "founders": "0"}
    assert read(COMPANIES, answer(binding(**COMPANY), binding(**bare, schools=""))).rows() == [
        ("Q1", "Acme", "甲", "CN", "Hangzhou", "Yuhang District", 1999, None, 18, "School A|School B", 1),
        ("Q2", None, None, None, "Hangzhou", None, None, None, 0, None, 2),
    ]


def test_city_without_companies_is_a_valid_answer() -> None:
    assert read(COMPANIES, answer()).height == 0


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (as_json({"head": {"vars": ["company"]}, "results": {"bindings": []}}), "is not an answer with the variables"),
        (as_json([]), "is not an answer with the variables"),
        (answer(binding(**COMPANY))[:-40] + b"java.util.concurrent.TimeoutException", "invalid JSON"),
        (answer(*[binding(**COMPANY)] * 2), "column wikidata_id: 'Q1' occurs more than once"),
        (answer(binding(**COMPANY | {"company": "_:b0"})), "column wikidata_id: '_:b0' has the wrong form"),
        (answer(binding(**COMPANY | {"founders": "many"})), "column founders_count: 'many' is not a whole number"),
        (answer("Acme"), "row 1: 'Acme' is not a JSON object"),
        (answer({"place": "Hangzhou"}), "row 1, column place: 'Hangzhou' is not a value"),
    ],
)
def test_malformed_answer_is_refused(content: bytes, problem: str) -> None:
    assert problem in refusal(COMPANIES, content)


def test_every_city_is_queried_and_no_founder_named() -> None:
    assert isinstance(COMPANIES.addresses, tuple)
    queries = [parse_qs(urlsplit(url).query)["query"][0] for url in COMPANIES.addresses]
    for city, query in zip(wikidata.CITIES, queries, strict=True):
        assert f'schema:name "{city}"@en' in query
        selected = query.partition(" WHERE ")[0]
        assert "?founders" in selected and "?founder " not in selected and "founderLabel" not in query
        assert query.count("{") == query.count("}")
