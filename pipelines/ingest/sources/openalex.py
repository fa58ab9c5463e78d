"""OpenAlex: works per institution and year.

What bites: the API wants a key since February 2026 and counts every call; it gives works of all kinds per institution
and year, without the most cited; the aggregates of a public repository count articles, reviews, books and chapters of
an institution with its parts, and the tenth most cited of their field and year among them, for 288 universities. The
two are not comparable, so each row says how it was counted. The latest year is never complete. In the aggregates IIT
Madras is matched to its campus in Zanzibar, which counts no works. The API was not yet seen live.
"""

import math
import os
from collections.abc import Iterator
from typing import Any

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest.contract import doc
from pipelines.ingest.readers.text import csv_rows, json_value
from pipelines.ingest.request import Request
from pipelines.ingest.source import Get, Source, Table

KEY = "OPENALEX_KEY"
PAGE = 100
MOST_PAGES = 100  # beyond 10,000 results the API wants cursors
FIELDS = ("id", "ror", "display_name", "country_code", "counts_by_year")
QUERY = (
    "https://api.openalex.org/institutions?filter=type:education,works_count:>5000&sort=id"
    f"&select={','.join(FIELDS)}&per_page={PAGE}"
)
ALL_WORKS = "all works"
MAIN_WORKS = "articles, reviews, books and chapters"
#: The columns of an aggregate; those about ranks in other lists and about open access are not read.
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

    openalex_id = dy.String(
        primary_key=True, regex=r"^https://openalex\.org/I[0-9]+$", metadata=doc("OpenAlex id.", "https://openalex.org/I…")
    )
    year = dy.Int32(primary_key=True, min=1900, max=2100, metadata=doc("Year of publication."))
    counted = dy.Enum([ALL_WORKS, MAIN_WORKS], primary_key=True, metadata=doc("Which works count."))
    institution = dy.String(nullable=False, metadata=doc("Name OpenAlex displays."))
    ror_id = dy.String(nullable=True, regex=r"^https://ror\.org/0\w{8}$", metadata=doc("ROR id.", "https://ror.org/0…"))
    country = dy.String(nullable=True, regex=r"^[A-Z]{2}$", metadata=doc("ISO 3166-1 code.", "Two letters"))
    works = dy.Int64(
        nullable=False, min=0, metadata=doc("Works with an author there; one of several institutions counts for each.")
    )
    top10_works = dy.Int64(
        nullable=True, min=0, metadata=doc("Those among the tenth most cited of their field and year; empty if not known.")
    )

    @dy.rule()
    def top10_works_are_no_more_than_works(cls) -> pl.Expr:
        return pl.col("top10_works").is_null() | (pl.col("top10_works") <= pl.col("works"))


def find_pages(get: Get) -> Iterator[Request]:
    """Every page of the larger universities, by the number the first one states."""
    key = os.environ.get(KEY)
    if not key:
        raise refuse(f"{KEY} is not set", "Get a free key at https://openalex.org/settings/api and set it")
    count = _page(get(_request(key, 1)))["meta"]["count"]
    pages = math.ceil(count / PAGE)
    if not 1 <= pages <= MOST_PAGES:
        raise refuse(f"{count} institutions answer the query", f"Narrow it to at most {MOST_PAGES * PAGE}")
    yield from (_request(key, number) for number in range(1, pages + 1))


def parse_works(content: bytes) -> pl.DataFrame:
    """A page of the API (JSON) or an aggregate (CSV), told apart by the first character."""
    return _from_api(content) if content.lstrip().startswith(b"{") else _from_aggregate(content)


def _from_aggregate(content: bytes) -> pl.DataFrame:
    rows = csv_rows(content, HEADER)
    for row in rows.filter(pl.col("window_start").ne_missing(pl.col("window_end")))["source_row"]:
        raise refuse("the window is more than one year", "Use the file of a single year", row=row, column="window_end")
    return rows.select(
        "openalex_id",
        pl.col("window_start").alias("year"),
        pl.lit(MAIN_WORKS).alias("counted"),
        pl.col("display_name").alias("institution"),
        "ror_id",
        pl.col("country_code").alias("country"),
        "works",
        pl.col("top10_count").alias("top10_works"),
        "source_row",
    )


def _from_api(content: bytes) -> pl.DataFrame:
    rows = []
    for number, record in enumerate(_page(content)["results"], 1):
        if not isinstance(record, dict) or set(record) != set(FIELDS):
            raise refuse("the record's fields are not those asked for", f"Asked for are {', '.join(FIELDS)}", row=number)
        try:
            of_years = [{"year": one["year"], "works": one["works_count"]} for one in record["counts_by_year"]]
        except (KeyError, TypeError) as error:
            remedy = "Compare it with OpenAlex's documentation"
            raise refuse(f"a year lacks {error}", remedy, row=number, column="counts_by_year") from error
        of_record = {"openalex_id": record["id"], "ror_id": record["ror"], "institution": record["display_name"]}
        of_record |= {"country": record["country_code"], "counted": ALL_WORKS, "top10_works": None, "source_row": number}
        rows += [of_record | of_year for of_year in of_years]
    return pl.DataFrame(rows, infer_schema_length=None, strict=False)


def _request(key: str, page: int) -> Request:
    return Request(f"{QUERY}&page={page}&api_key={key}", accepts=("application/json",))


def _page(content: bytes) -> dict[str, Any]:
    page = json_value(content)
    if not isinstance(page, dict) or not isinstance(page.get("results"), list) or "count" not in page.get("meta", {}):
        raise refuse("is no page of results", "Compare it with OpenAlex's documentation: meta.count and results")
    if not page["results"]:
        raise refuse("the page holds no institution", "Look what the query asks for")
    return page


SOURCE = Source(
    name="openalex",
    title="OpenAlex: works of universities by year",
    publisher="OurResearch",
    landing_page="https://developers.openalex.org",
    licence="CC0-1.0",
    licence_class="open",
    citation="Priem, J., Piwowar, H. and Orr, R. (2022), OpenAlex: a fully-open index of scholarly works, arXiv:2205.01833",
    cadence="yearly",
    tables=(Table("works", Works, (864, 150_000), parse_works, find_pages),),
)
