"""Companies that went through Y Combinator, with batch, status and locations, from its public directory.

The directory's own page is an empty shell that asks a search service with a key; yc-oss/api asks it daily and publishes
the answers without one. What bites: ``all_locations`` strings several places together, each "City, Region, Country" or
less of it, and "Remote" may be among them; a search answer repeats fields under ``_highlightResult``. Two shapes are
read, told apart by content: yc-oss' list of companies, and a search answer, ``{"results": [{"hits": […]}]}``, of one
batch. Descriptions, logos and whatever else is not named below are dropped.

Evidence: the search answers as recorded in akshaybhalotia/yc_company_scraper; the list as committed in yc-oss/api, whose
meta.json counted 6,116 companies in August 2026; its address not yet seen live.
"""

from datetime import UTC, datetime
from typing import Any

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest.contract import ROW, doc
from pipelines.ingest.readers.text import json_value
from pipelines.ingest.source import Source, Table

FIELDS: dict[str, tuple[type, ...]] = {
    "id": (int,),
    "name": (str,),
    "former_names": (list,),
    "batch": (str,),
    "status": (str,),
    "stage": (str,),
    "all_locations": (str,),
    "team_size": (int, type(None)),
    "industry": (str,),
    "subindustry": (str,),
    "nonprofit": (bool,),
    "launched_at": (int,),
}
#: No number of a record is larger; seconds since 1970 reach it in 2106.
MOST = 2**32

_CHANGED = "Compare the record with the fields expected; if the source changed for good, change its parser"


class Companies(dy.Schema):
    """One row per company of the directory."""

    yc_id = dy.Int64(primary_key=True, metadata=doc("Number of the company in the directory."))
    company = dy.String(nullable=False, metadata=doc("Name as printed."))
    former_names = dy.String(nullable=True, metadata=doc("Earlier names, separated by |."))
    batch = dy.String(
        nullable=False,
        regex=r"^((Winter|Spring|Summer|Fall) 20[0-9][0-9]|Unspecified)$",
        metadata=doc("Season and year of the programme; Unspecified where the directory does not say.", "Season and year"),
    )
    status = dy.Enum(["Active", "Inactive", "Acquired", "Public"], nullable=False, metadata=doc("What became of it."))
    stage = dy.Enum(["Early", "Growth"], nullable=True, metadata=doc("Stage as the directory puts it."))
    place = dy.String(nullable=True, metadata=doc("First part of the first location that is not Remote: its city, or region."))
    region = dy.String(nullable=True, metadata=doc("Middle part of that location, such as CA."))
    country = dy.String(nullable=True, metadata=doc("Last part of that location, such as USA."))
    locations = dy.String(nullable=True, metadata=doc("All locations as printed, separated by ; and Remote among them."))
    team_size = dy.Int32(nullable=True, min=0, metadata=doc("People, as the company last said."))
    industry = dy.String(nullable=True, metadata=doc("Industry, such as B2B."))
    subindustry = dy.String(nullable=True, metadata=doc("Industry and part of it, such as B2B -> Infrastructure."))
    is_nonprofit = dy.Bool(nullable=False, metadata=doc("Not for profit."))
    launched_on = dy.String(
        nullable=False,
        regex=r"^20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]$",
        metadata=doc("Day of its entry in the directory, which began in 2012; not the founding.", "YYYY-MM-DD"),
    )


def parse_companies(content: bytes) -> pl.DataFrame:
    """The companies of one answer; raises Refused for none at all and for an answer that is only a part."""
    records = _records(json_value(content))
    if not records:
        raise refuse("holds no company", "Fetch it again; if it stays empty, the directory has moved")
    rows = [_row(number, record) for number, record in enumerate(records, start=1)]
    return pl.DataFrame(rows, schema_overrides={"former_names": pl.String, "team_size": pl.Int64}, infer_schema_length=None)


def _records(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    match value:
        case {"results": [{"hits": [*hits], "nbHits": int(total)}]}:
            if len(hits) != total:
                raise refuse(f"{len(hits)} of {total} companies", "Ask for a whole batch on one page", column="hits")
            return hits
    raise refuse("is neither a list of companies nor a search answer", _CHANGED)


def _row(number: int, record: Any) -> dict[str, Any]:
    if not isinstance(record, dict):
        raise refuse(f"{record!r} is not a record", _CHANGED, row=number)
    for field, kinds in FIELDS.items():
        if field not in record:
            raise refuse("the field is missing", _CHANGED, row=number, column=field)
        value = record[field]
        if type(value) not in kinds or (isinstance(value, int) and not 0 <= value < MOST):
            raise refuse(f"{value!r} is not what stood here", _CHANGED, row=number, column=field)
    located = [one.strip() for one in record["all_locations"].split(";") if one.strip() not in ("", "Remote")]
    parts = [part.strip() for part in located[0].split(",")] if located else []
    return {
        "yc_id": record["id"],
        "company": record["name"].strip() or None,
        "former_names": "|".join(map(str, record["former_names"])) or None,
        "batch": record["batch"],
        "status": record["status"],
        "stage": record["stage"] or None,
        "place": parts[0] if len(parts) > 1 else None,
        "region": ", ".join(parts[1:-1]) or None,
        "country": parts[-1] if parts else None,
        "locations": record["all_locations"] or None,
        "team_size": record["team_size"],
        "industry": record["industry"] or None,
        "subindustry": record["subindustry"] or None,
        "is_nonprofit": record["nonprofit"],
        "launched_on": datetime.fromtimestamp(record["launched_at"], UTC).date().isoformat(),
        ROW: number,
    }


SOURCE = Source(
    name="ycombinator",
    title="Y Combinator startup directory",
    publisher="Y Combinator, by way of yc-oss/api",
    landing_page="https://www.ycombinator.com/companies",
    licence="terms of use of ycombinator.com",
    licence_class="terms",
    citation="Y Combinator, Startup Directory, www.ycombinator.com/companies",
    cadence="weekly",
    tables=(
        Table(
            "companies",
            Companies,
            (500, 9_000),
            parse_companies,
            ("https://yc-oss.github.io/api/companies/all.json",),
            accepts=("application/json",),
        ),
    ),
)
