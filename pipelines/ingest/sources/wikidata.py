"""Companies seated in a city, with year founded and counts about their founders, from Wikidata (CC0); a query per city.

What bites: queries are cut off after 60 seconds, and an answer cut off is broken JSON; one client may use 60 seconds of
processing per minute, so there is a pause between cities; coverage is thin for China. Founders are counted by the query
itself, and their schools gathered per company: no name of a person is ever fetched. A city is named by its article in
the English Wikipedia, its districts by being located in it; Silicon Valley is its counties.

Evidence: the endpoint, ``format=json`` and the limits as in the service's user manual and clients built on it; the
properties P159 (headquarters), P112 (founder), P69 (educated at), P571 (inception), P576 (dissolved) as documented.
Not yet seen live.
"""

from typing import Any
from urllib.parse import quote

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest.contract import ROW, doc
from pipelines.ingest.readers.text import json_value
from pipelines.ingest.request import Politeness
from pipelines.ingest.source import Source, Table

#: Titles of the English Wikipedia.
CITIES = [
    "Beijing", "Shanghai", "Shenzhen", "Guangzhou", "Hangzhou", "Chengdu", "Suzhou", "Wuhan", "Nanjing", "Xi'an", "Tianjin",
    "Chongqing", "Hefei", "Changsha", "Xiamen", "Qingdao", "Dalian", "Ningbo", "Fuzhou", "Wuxi", "Zhengzhou", "Shenyang",
    "Dongguan", "Zhuhai", "San Francisco", "Santa Clara County, California", "San Mateo County, California",
    "Alameda County, California",
]  # fmt: skip

VARIABLES = ["company", "companyLabel", "name_zh", "place", "seat", "country", "founded", "ended", "founders", "schools"]

# The subquery counts, so that the labels outside it are looked up once a company. Q4830453 is business. A date whose
# precision is below 9 is no year but a decade or century.
QUERY = """
SELECT {variables} WHERE {
  { SELECT ?company ?city (SAMPLE(?seat_name) AS ?seat) (MIN(?founded_year) AS ?founded) (MIN(?ended_year) AS ?ended)
      (COUNT(DISTINCT ?founder) AS ?founders) (GROUP_CONCAT(DISTINCT ?school; separator="|") AS ?schools) WHERE {
    ?article schema:about ?city; schema:isPartOf <https://en.wikipedia.org/>; schema:name "{title}"@en.
    ?company wdt:P159 ?site. ?site wdt:P131* ?city.
    ?company wdt:P31/wdt:P279* wd:Q4830453. hint:Prior hint:gearing "forward".
    OPTIONAL { ?site rdfs:label ?seat_name. FILTER(LANG(?seat_name) = "en") }
    OPTIONAL { ?company p:P571/psv:P571 [wikibase:timeValue ?began; wikibase:timePrecision ?exactly].
      FILTER(?exactly >= 9) BIND(YEAR(?began) AS ?founded_year) }
    OPTIONAL { ?company wdt:P576 ?end. BIND(YEAR(?end) AS ?ended_year) }
    OPTIONAL { ?company wdt:P112 ?founder.
      OPTIONAL { ?founder wdt:P69/rdfs:label ?school. FILTER(LANG(?school) = "en") } }
  } GROUP BY ?company ?city }
  ?city rdfs:label ?place. FILTER(LANG(?place) = "en")
  OPTIONAL { ?city wdt:P17/wdt:P297 ?country. }
  OPTIONAL { ?company rdfs:label ?name_zh. FILTER(LANG(?name_zh) = "zh") }
  SERVICE wikibase:label { bd:serviceParam wikibase:language "en,mul,zh". }
}
"""

ENTITY = "http://www.wikidata.org/entity/"

_CHANGED = "Compare the answer with the query; if the service changed for good, change the parser"


class Companies(dy.Schema):
    """One row per company that Wikidata seats in a city."""

    wikidata_id = dy.String(primary_key=True, regex=r"^Q[0-9]+$", metadata=doc("Item of the company.", "Q and digits"))
    company = dy.String(nullable=True, metadata=doc("Name in English, or in Chinese where it has no other."))
    company_zh = dy.String(nullable=True, metadata=doc("Name in Chinese."))
    country = dy.String(nullable=True, regex=r"^[A-Z]{2}$", metadata=doc("Country of the city.", "Write an ISO code"))
    place = dy.String(nullable=False, metadata=doc("City or county asked for, as Wikidata names it in English."))
    seat = dy.String(nullable=True, metadata=doc("Seat as stated: the city, a district, or a street in it; one of several."))
    founded_year = dy.Int32(nullable=True, min=1000, max=2100, metadata=doc("Year of inception, the first if several."))
    ended_year = dy.Int32(nullable=True, min=1000, max=2100, metadata=doc("Year of dissolution, the first if several."))
    founders_count = dy.Int32(nullable=False, min=0, metadata=doc("Number of founders stated; 0 where none is."))
    schools = dy.String(nullable=True, metadata=doc("Schools that founders attended, separated by |, in no order."))


def parse_companies(content: bytes) -> pl.DataFrame:
    """The companies of one city, in SPARQL 1.1 Query Results JSON; none is a valid answer."""
    match json_value(content):
        case {"head": {"vars": list(variables)}, "results": {"bindings": list(bindings)}} if variables == VARIABLES:
            rows = [_row(number, binding) for number, binding in enumerate(bindings, start=1)]
        case _:
            raise refuse(f"is not an answer with the variables {', '.join(VARIABLES)}", _CHANGED)
    frame = pl.DataFrame(rows, schema=dict.fromkeys(VARIABLES, pl.String) | {ROW: pl.Int32})
    item = pl.col("company").str.strip_prefix(ENTITY)
    return frame.select(
        "country",
        "place",
        "seat",
        "schools",
        ROW,
        wikidata_id=item,
        # Without a label the service gives the item's number.
        company=pl.when(pl.col("companyLabel") != item).then("companyLabel"),
        company_zh="name_zh",
        founded_year="founded",
        ended_year="ended",
        founders_count="founders",
    )


def _row(number: int, binding: Any) -> dict[str, Any]:
    if not isinstance(binding, dict):
        raise refuse(f"{binding!r} is not a binding", _CHANGED, row=number)
    row: dict[str, Any] = {ROW: number}
    for variable in VARIABLES:
        term = binding.get(variable, {"value": ""})  # an unbound variable is left out
        if not isinstance(term, dict) or not isinstance(term.get("value"), str):
            raise refuse(f"{term!r} is not a value", _CHANGED, row=number, column=variable)
        row[variable] = term["value"].strip() or None
    return row


def _url(title: str) -> str:
    query = QUERY.replace("{variables}", " ".join(f"?{one}" for one in VARIABLES)).replace("{title}", title)
    return f"https://query.wikidata.org/sparql?format=json&query={quote(' '.join(query.split()))}"


SOURCE = Source(
    name="wikidata",
    title="Wikidata: companies by city",
    publisher="Wikimedia Foundation",
    landing_page="https://query.wikidata.org/",
    licence="CC0 1.0",
    licence_class="open",
    citation="Wikidata contributors, query.wikidata.org",
    cadence="monthly",
    tables=(
        Table(
            "companies",
            Companies,
            (1_000, 60_000),
            parse_companies,
            tuple(map(_url, CITIES)),
            accepts=("application/sparql-results+json",),
        ),
    ),
    politeness=Politeness(seconds_between=15, most_seconds=120, needs_contact=True),
)
