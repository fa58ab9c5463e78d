"""Read the companies that went through Y Combinator, with batch, status and locations, from its public directory.

The directory's own page is an empty shell that queries a search service with a key. The repository yc-oss/api queries it
daily and publishes the answers without a key. Two formats are read and told apart by content: the company list of yc-oss,
and a search answer for one batch, ``{"results": [{"hits": […]}]}``. A search answer repeats fields under
``_highlightResult``. ``all_locations`` joins several places, each "City, Region, Country" or part of it, and "Remote" may
be among them. Descriptions, logos and all fields not named below are dropped.

The search answers are recorded in akshaybhalotia/yc_company_scraper, the list in yc-oss/api, whose meta.json counted
6,116 companies in August 2026. This parser has not read the live list yet.
"""

from datetime import UTC, datetime
from typing import Any

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest import columns
from pipelines.ingest.readers.records import field, read_each
from pipelines.ingest.readers.text import CHANGED, json_value
from pipelines.ingest.source import Source, Table

URL = "https://yc-oss.github.io/api/companies/all.json"
FIELDS: dict[str, tuple[type, ...]] = {
    "id": (int,), "name": (str,), "former_names": (list,), "batch": (str,), "status": (str,), "stage": (str,),
    "all_locations": (str,), "team_size": (int, type(None)), "industry": (str,), "subindustry": (str,), "nonprofit": (bool,),
    "launched_at": (int,),
}  # fmt: skip
#: Every number of a record is smaller; seconds since 1970 reach it in 2106.
MOST = 2**32


class Companies(dy.Schema):
    """One row per company of the directory."""

    yc_id = columns.long_integer("The directory's identifier of the company.", primary_key=True)
    company = columns.text("Name, as printed.")
    former_names = columns.text("Earlier names, separated by |.", nullable=True)
    batch = columns.text(
        "Season and year of the programme; Unspecified where the directory does not say.",
        r"^((Winter|Spring|Summer|Fall) 20[0-9][0-9]|Unspecified)$",
        "Write season and year, as in Winter 2007",
    )
    status = columns.category("What became of the company.", ["Active", "Inactive", "Acquired", "Public"])
    stage = columns.category("Stage, as the directory classifies it.", ["Early", "Growth"], nullable=True)
    place = columns.text("City or region: the first part of the first location that is not Remote.", nullable=True)
    region = columns.text("Middle part of that location, such as CA.", nullable=True)
    country = columns.text("Last part of that location, such as USA.", nullable=True)
    locations = columns.text("All locations, as printed, separated by semicolons; Remote may be among them.", nullable=True)
    team_size = columns.integer("Number of people, as the company last stated it.", 0, 100_000, nullable=True)
    industry = columns.text("Industry, such as B2B.", nullable=True)
    subindustry = columns.text("Industry and its part, such as B2B -> Infrastructure.", nullable=True)
    is_nonprofit = columns.flag("Whether it is a non-profit organisation.")
    launched_on = columns.day("Date of its entry in the directory, which began in 2012; not the date of founding.")


def parse_companies(content: bytes) -> pl.DataFrame:
    """Return the companies of one answer; raise Refused if it holds none, or only a part of what it states."""
    records = _records(json_value(content))
    if not records:
        raise refuse("contains no company", "Fetch it again; if it stays empty, the directory has moved")
    return read_each(records, _row, Companies.create_empty().schema | {"status": pl.String, "stage": pl.String})


def _records(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    match value:
        case {"results": [{"hits": [*hits], "nbHits": int(total)}]}:
            if len(hits) != total:
                raise refuse(f"contains {len(hits)} of {total} companies", "Ask for a whole batch on one page", column="hits")
            return hits
    raise refuse("is neither a list of companies nor a search answer", CHANGED)


def _row(record: Any) -> list[dict[str, Any]]:
    for name, kinds in FIELDS.items():
        value = field(record, name, *kinds)
        if isinstance(value, int) and not 0 <= value < MOST:
            raise refuse(f"{value} is out of range", CHANGED, column=name)
    locations = [location.strip() for location in record["all_locations"].split(";")]
    first = next((location for location in locations if location not in ("", "Remote")), None)
    parts = [part.strip() for part in first.split(",")] if first else []
    company = {
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
    }
    return [company]


SOURCE = Source(
    name="ycombinator",
    title="Y Combinator startup directory",
    publisher="Y Combinator, by way of yc-oss/api",
    landing_page="https://www.ycombinator.com/companies",
    licence="terms of use of ycombinator.com",
    licence_class="terms",
    citation="Y Combinator, Startup Directory, www.ycombinator.com/companies",
    cadence="weekly",
    subjects=("companies",),
    priority=3,
    tables=(Table("companies", Companies, (500, 9_000), parse_companies, (URL,), ("application/json",)),),
)
