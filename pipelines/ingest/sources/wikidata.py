"""Read companies seated in a city, with year founded and counts of their founders, from Wikidata (CC0): a query per city.

Queries are cut off after 60 seconds, and the answer then is broken JSON. One client may use 60 seconds of processing per
minute, hence the pause between cities. Coverage of China is thin. The query itself counts founders and collects their
schools per company, so no person's name is ever fetched. A city is named by its article in the English Wikipedia, its
districts by being located in it; Silicon Valley is its counties.

The endpoint, ``format=json`` and the limits follow the service's user manual and clients built on it. The properties are
P159 (headquarters), P112 (founder), P69 (educated at), P571 (inception) and P576 (dissolved), as documented. This parser
has not read a live answer yet.
"""

from typing import Any
from urllib.parse import quote

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest import columns
from pipelines.ingest.contract import ODD, ROW
from pipelines.ingest.readers.records import read_each
from pipelines.ingest.readers.text import CHANGED, json_value
from pipelines.ingest.request import DocumentedApi, Politeness
from pipelines.ingest.source import Parts, Source, Table

#: Titles of the English Wikipedia.
CITIES = [
    "Beijing", "Shanghai", "Shenzhen", "Guangzhou", "Hangzhou", "Chengdu", "Suzhou", "Wuhan", "Nanjing", "Xi'an", "Tianjin",
    "Chongqing", "Hefei", "Changsha", "Xiamen", "Qingdao", "Dalian", "Ningbo", "Fuzhou", "Wuxi", "Zhengzhou", "Shenyang",
    "Dongguan", "Zhuhai", "San Francisco", "Santa Clara County, California", "San Mateo County, California",
    "Alameda County, California",
]  # fmt: skip

VARIABLES = ["company", "companyLabel", "name_zh", "place", "seat", "country", "founded", "ended", "founders", "schools"]

# The counts stand in a subquery so that the labels outside it are looked up once per company. Q4830453 is "business". A
# date with a precision below 9 gives a decade or century instead of a year.
QUERY = """
SELECT {variables} WHERE {
  { SELECT ?company ?city (SAMPLE(?seat_name) AS ?seat) (MIN(?founded_year) AS ?founded) (MIN(?ended_year) AS ?ended)
      (COUNT(DISTINCT ?founder) AS ?founders) (GROUP_CONCAT(DISTINCT ?school; separator="|") AS ?schools) WHERE {
    ?article schema:about ?city; schema:isPartOf <https://en.wikipedia.org/>; schema:name "{title}"@en.
    ?company wdt:P159 ?site. ?site wdt:P131* ?city.
    ?company wdt:P31/wdt:P279* wd:Q4830453.
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

ENDPOINT = "https://query.wikidata.org/sparql"
#: The service's robots.txt keeps crawlers away from queries; its manual invites programs that name a contact.
API = DocumentedApi(ENDPOINT, "https://www.mediawiki.org/wiki/Wikidata_Query_Service/User_Manual")
ANSWER = ("application/sparql-results+json",)
ENTITY = "http://www.wikidata.org/entity/"


class Companies(dy.Schema):
    """One row per company with its seat in a city, according to Wikidata."""

    wikidata_id = columns.text("Wikidata's identifier of the company.", r"^Q[0-9]+$", "Write Q and digits", primary_key=True)
    company = columns.text("Name in English, or in Chinese if it has no English one.", nullable=True)
    company_zh = columns.text("Name in Chinese.", nullable=True)
    country = columns.country("Country of the city.", nullable=True)
    place = columns.text("City or county queried, as Wikidata names it in English.")
    seat = columns.text("Seat as stated: the city, a district or a street; one of them if there are several.", nullable=True)
    founded_year = columns.year("Year of inception; the first if there are several.", 1000, nullable=True)
    ended_year = columns.year("Year of dissolution; the first if there are several.", 1000, nullable=True)
    founders_count = columns.integer("Number of founders stated; 0 if none is.", 0)
    schools = columns.text("Schools that founders attended, separated by |, in no particular order.", nullable=True)

    ended_year_is_not_before_founded_year = columns.rule(pl.col("ended_year") >= pl.col("founded_year"))


def parse_companies(content: bytes) -> pl.DataFrame:
    """Return the companies of one city, which may have none, from SPARQL 1.1 Query Results JSON."""
    match json_value(content):
        case {"head": {"vars": list(variables)}, "results": {"bindings": list(bindings)}} if variables == VARIABLES:
            frame = read_each(bindings, _row, dict.fromkeys(VARIABLES, pl.String))
        case _:
            raise refuse(f"is not an answer with the variables {', '.join(VARIABLES)}", CHANGED)
    item = pl.col("company").str.strip_prefix(ENTITY)
    return frame.select(
        ["country", "place", "seat", "schools", ROW, ODD],
        wikidata_id=item,
        # The service gives the item's identifier where there is no label.
        company=pl.when(pl.col("companyLabel") != item).then("companyLabel"),
        company_zh="name_zh",
        founded_year="founded",
        ended_year="ended",
        founders_count="founders",
    )


def _row(binding: Any) -> list[dict[str, Any]]:
    """Return the values of an answer, which leaves out variables that are not bound."""
    if not isinstance(binding, dict):
        raise refuse(f"{binding!r} is not a JSON object", CHANGED)
    row: dict[str, Any] = {}
    for variable in VARIABLES:
        term = binding.get(variable, {"value": ""})
        if not isinstance(term, dict) or not isinstance(term.get("value"), str):
            raise refuse(f"{term!r} is not a value", CHANGED, column=variable)
        row[variable] = term["value"].strip() or None
    return [row]


def _url(title: str) -> str:
    variables = " ".join(f"?{variable}" for variable in VARIABLES)
    query = QUERY.replace("{variables}", variables).replace("{title}", title)
    return f"{ENDPOINT}?format=json&query={quote(' '.join(query.split()))}"


#: Address → city.
URLS = {_url(title): title for title in CITIES}

SOURCE = Source(
    name="wikidata",
    title="Wikidata: companies by city",
    publisher="Wikimedia Foundation",
    landing_page="https://query.wikidata.org/",
    licence="CC0 1.0",
    licence_class="open",
    citation="Wikidata contributors, query.wikidata.org",
    cadence="monthly",
    subjects=("companies",),
    priority=3,
    tables=(Table("companies", Companies, (1_000, 60_000), parse_companies, (*URLS,), ANSWER, parts=Parts("city", URLS.get)),),
    politeness=Politeness(seconds_between=15, most_seconds=120, contact="required", documented_api=API),
)
