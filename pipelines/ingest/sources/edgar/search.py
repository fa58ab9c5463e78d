"""Read the answers of EDGAR's full-text search for prospectuses of companies with business in China.

Search finds documents, of which a filing may have several, and counts only up to 10,000.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest import columns
from pipelines.ingest.readers.records import field, read_each
from pipelines.ingest.request import Request
from pipelines.ingest.source import Get
from pipelines.ingest.sources.edgar.identifiers import JSON, accession_number, cik_of, filing_day, fits_day, location, locations
from pipelines.ingest.sources.edgar.submissions import record_of, texts

SEARCH = "https://efts.sec.gov/LATEST/search-index"
#: Only prospectuses of companies with business in China contain this phrase.
PHRASE = '"PRC legal counsel"'
FIRST_YEAR = 2001
PAGE_SIZE = 100
#: The search answers one in seven requests with HTTP 500 if they follow each other faster.
SECONDS_BETWEEN = 1.0
#: Forms filed by natural persons, whose names are not kept.
_PERSONAL_FORMS = {"3", "4", "5", "144"}


class Hits(dy.Schema):
    """One row per filing found by full-text search; a filing whose documents fall on two pages is on both."""

    accession = accession_number(primary_key=True)
    form = columns.text("Form.")
    filed_on = filing_day("Date of filing.")
    cik = columns.long_integer("SEC's number of the first filer.", 1)
    company = columns.text("Name of the first filer.")
    place = columns.text("City of its business address, as filed.", nullable=True)
    location_code = columns.text("SEC's code of the state or country of that address.", nullable=True)
    country = columns.country("Country of that code.", nullable=True)
    sic = columns.text("Industry (SIC).", r"^[0-9]{4}$", "Write four digits", nullable=True)
    n_documents = columns.integer("Documents of the filing found on this page.", 1)
    total_hits = columns.long_integer("Documents found in total, as the search states.", 1)
    is_total_capped = columns.flag("Whether there are more documents than the search counts.")

    accession_has_the_year_of_filed_on = columns.rule(fits_day())


def parse_hits(content: bytes) -> pl.DataFrame:
    """Return the filings on one page of an answer, each once, in the order found."""
    hits, total, is_capped = _answer(content)
    if len(hits) > PAGE_SIZE:
        raise refuse(f"{len(hits)} hits on a page of {PAGE_SIZE}", "Fetch the page again and look for repeated hits")
    documents = read_each(hits, _document, Hits.create_empty().schema)
    is_first = pl.col("accession").is_null() | pl.col("accession").is_first_distinct()
    return documents.with_columns(
        n_documents=pl.len().over("accession").cast(pl.Int32), total_hits=pl.lit(total), is_total_capped=pl.lit(is_capped)
    ).filter(is_first)


def _place_and_code(printed: str) -> tuple[str | None, str | None]:
    """Return city and code of a business address such as "Beijing, F4"; some lack the code, or have none that is known."""
    place, _, code = printed.rpartition(", ")
    return (place or None, code) if code in locations() else (printed or None, None)


def _document(hit: Any) -> list[dict[str, Any]]:
    """Return the filing that a document found belongs to; nothing for forms of persons."""
    document = field(hit, "_source", dict)
    form = field(document, "form", str)
    return [] if form.removesuffix("/A") in _PERSONAL_FORMS else [_filing(document, form)]


def _filing(document: dict[str, Any], form: str) -> dict[str, Any]:
    place, code = _place_and_code(_first(document, "biz_locations") or "")
    return {
        "accession": field(document, "adsh", str),
        "form": form,
        "filed_on": field(document, "file_date", str),
        "cik": cik_of(_first(document, "ciks")),
        # Names are printed with tickers and number: Example Link Ltd  (EXLK)  (CIK 0000000123)
        "company": re.sub(r"(  \([^()]*\))+$", "", _first(document, "display_names") or ""),
        "place": place,
        "location_code": code,
        "country": location(code).country,
        "sic": _first(document, "sics"),
    }


def _first(record: dict[str, Any], name: str) -> str | None:
    return next(iter(texts(record, name)), None)


def _answer(content: bytes) -> tuple[list[Any], int, bool]:
    """Return hits, total, and whether the total is only a lower bound; raise Refused for an incomplete answer."""
    answer = record_of(content)
    if field(answer, "timed_out", bool) or field(field(answer, "_shards", dict), "failed", int):
        raise refuse("the search did not reach all documents", "Fetch it again later")
    hits = field(answer, "hits", dict)
    total = field(hits, "total", dict)
    return field(hits, "hits", list), field(total, "value", int), field(total, "relation", str) != "eq"


def find_pages(get: Get) -> Iterator[Request]:
    """Yield every page of answers, year by year; raise Refused if a year has more documents than the search counts."""
    for year in range(FIRST_YEAR, date.today().year + 1):
        _, total, is_capped = _answer(get(_page(year, 0)))
        if is_capped:
            raise refuse(f"more than {total} hits in {year}", "Search shorter periods, or a rarer phrase")
        for start in range(0, total, PAGE_SIZE):
            yield _page(year, start)


def _page(year: int, start: int) -> Request:
    period = {"dateRange": "custom", "startdt": f"{year}-01-01", "enddt": f"{year}-12-31"}
    query = urlencode({"q": PHRASE, "forms": "F-1", **period, "from": start})
    return Request(f"{SEARCH}?{query}", accepts=JSON, seconds_between=SECONDS_BETWEEN)
