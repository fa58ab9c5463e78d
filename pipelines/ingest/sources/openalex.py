"""Read the number of works per university and year from OpenAlex.

Works come in two formats that are not comparable, so each row states what was counted. The API gives works of all kinds
per institution and year, without the most cited. It meters every call: without a key it allows some hundred a day, with a
free key a hundred times that. The
aggregates in a public repository cover 288 universities. They count articles, reviews, books and chapters of an
institution and its parts, and how many of these are in the most cited tenth of their field and year.

The latest year is never complete. The aggregates match IIT Madras to its campus in Zanzibar, which has no works. This
parser has not read the live API yet.
"""

import math
from collections.abc import Iterator
from typing import Any

import dataframely as dy
import polars as pl

from pipelines import settings
from pipelines.errors import refuse
from pipelines.ingest import columns
from pipelines.ingest.readers.records import field, read_each, refuse_rows
from pipelines.ingest.readers.text import csv_rows, json_value
from pipelines.ingest.request import Request
from pipelines.ingest.source import Get, Source, Table

PAGE_SIZE = 100
#: The API pages through no more than 10,000 results.
MOST_PAGES = 100
FIELDS = ("id", "ror", "display_name", "country_code", "counts_by_year")
QUERY = (
    "https://api.openalex.org/institutions?filter=type:education,works_count:>5000&sort=id"
    f"&select={','.join(FIELDS)}&per_page={PAGE_SIZE}"
)
ALL_WORKS = "all works"
MAIN_WORKS = "articles, reviews, books and chapters"
#: Columns that the API gives as whole numbers.
WHOLE = {"year": pl.Int64, "works": pl.Int64, "top10_works": pl.Int64}
#: Columns of an aggregate; ranks in other lists and open access are ignored.
HEADER = [
    "canonical_name", "display_name", "matched_name", "source_names", "country_code", "openalex_id", "ror_id",
    "window_key", "window_label", "window_start", "window_end", "works", "cited_by_proxy", "top10_count", "top1_count",
    "top10_share", "top1_share", "h_index", "field_entropy", "active_fields", "international_collab_count",
    "international_collab_share", "core_source_count", "core_source_share", "oa_count", "oa_share", "oa_gold_count",
    "oa_hybrid_count", "oa_green_count", "oa_bronze_count", "oa_diamond_count", "closed_count", "sdg_count", "sdg_share",
    "funder_count", "has_medical_school_or_center", "arwu_2025_rank", "qs_2027_rank", "usnews_2026_2027_rank",
]  # fmt: skip


class Works(dy.Schema):
    """One row per institution, year and way of counting."""

    openalex_id = columns.text(
        "OpenAlex identifier.", r"^https://openalex\.org/I[0-9]+$", "Write https://openalex.org/I and digits", primary_key=True
    )
    year = columns.year("Year of publication.", 1900, primary_key=True)
    counted = columns.category("Kinds of works counted.", [ALL_WORKS, MAIN_WORKS], primary_key=True)
    institution = columns.text("Name that OpenAlex displays.")
    ror_id = columns.text("ROR identifier.", r"^https://ror\.org/0\w{8}$", "Write https://ror.org/0…", nullable=True)
    country = columns.country("Country.", nullable=True)
    works = columns.long_integer(
        "Works with an author at the institution; a joint work counts for each institution.", 0, 1_000_000
    )
    top10_works = columns.long_integer(
        "Works among the most cited tenth of their field and year; empty if unknown.", 0, nullable=True
    )

    top10_works_are_no_more_than_works = columns.rule(
        pl.col("top10_works").is_null() | (pl.col("top10_works") <= pl.col("works"))
    )


def find_pages(get: Get) -> Iterator[Request]:
    """Yield every page of the larger universities; the first page states how many institutions there are."""
    count = _page(get(_request(1)))["meta"]["count"]
    pages = math.ceil(count / PAGE_SIZE)
    if not 1 <= pages <= MOST_PAGES:
        raise refuse(f"{count} institutions match the query", f"Narrow it to at most {MOST_PAGES * PAGE_SIZE}")
    yield from map(_request, range(1, pages + 1))


def parse_works(content: bytes) -> pl.DataFrame:
    """Return the works on a page of the API (JSON) or in an aggregate (CSV), told apart by the first character."""
    if not content.lstrip().startswith(b"{"):
        return _from_aggregate(content)
    return read_each(_page(content)["results"], _years, dict.fromkeys(Works.column_names(), pl.String) | WHOLE)


def _from_aggregate(content: bytes) -> pl.DataFrame:
    rows = csv_rows(content, HEADER)
    is_longer = pl.col("window_start").ne_missing(pl.col("window_end"))
    refuse_rows(rows, is_longer, "window_end", "the window is longer than one year", "Use the file of a single year")
    return rows.select(
        ["openalex_id", "ror_id", "works", "source_row"],
        year="window_start",
        counted=pl.lit(MAIN_WORKS),
        institution="display_name",
        country="country_code",
        top10_works="top10_count",
    )


def _years(record: Any) -> list[dict[str, Any]]:
    """Return a row for each year of an institution."""
    if not isinstance(record, dict) or set(record) != set(FIELDS):
        raise refuse("the record's fields are not those requested", f"Requested are {', '.join(FIELDS)}")
    institution = {
        "openalex_id": field(record, "id", str),
        "ror_id": field(record, "ror", str, type(None)),
        "institution": field(record, "display_name", str),
        "country": field(record, "country_code", str, type(None)),
        "counted": ALL_WORKS,
    }
    years = field(record, "counts_by_year", list)
    return [institution | {"year": field(year, "year", int), "works": field(year, "works_count", int)} for year in years]


def _request(page: int) -> Request:
    key = settings.OPENALEX_KEY.value()
    return Request(f"{QUERY}&page={page}" + (f"&api_key={key}" if key else ""), accepts=("application/json",))


def _page(content: bytes) -> dict[str, Any]:
    page = json_value(content)
    if not isinstance(page, dict) or not isinstance(page.get("results"), list) or "count" not in page.get("meta", {}):
        raise refuse("is not a page of results", "Compare it with OpenAlex's documentation: meta.count and results")
    if not page["results"]:
        raise refuse("the page contains no institution", "Check what the query asks for")
    return page


SOURCE = Source(
    name="openalex",
    title="OpenAlex: works of universities by year",
    publisher="OurResearch",
    landing_page="https://developers.openalex.org",
    licence="CC0-1.0",
    completeness="largest",
    licence_class="open",
    citation="Priem, J., Piwowar, H. and Orr, R. (2022), OpenAlex: a fully-open index of scholarly works, arXiv:2205.01833",
    cadence="yearly",
    subjects=("universities",),
    priority=5,
    is_worldwide=True,
    tables=(Table("works", Works, (864, 150_000), parse_works, find_pages),),
)
