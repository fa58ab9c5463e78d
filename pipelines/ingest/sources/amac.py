"""Read registered managers of private funds, with the cities of their offices, from AMAC (Asset Management Association of China).

Many managers are registered in one city and work in another, and older entries may lack the office. Dates are printed as
the milliseconds at which the day began in China. The list names each manager's legal representative, who is dropped.
Field names are those of published clients; this parser has not read the live list yet.
"""

from collections.abc import Iterator
from typing import Any

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest import columns
from pipelines.ingest.readers.records import field, read_each
from pipelines.ingest.readers.text import json_value
from pipelines.ingest.request import Politeness, Request
from pipelines.ingest.source import Get, Source, Table

LIST = "https://gs.amac.org.cn/amac-infodisc/api/pof/manager"
PAGE_SIZE = 20
FIELDS = {
    "registerNo": "registration", "managerName": "manager", "primaryInvestType": "kind", "establishDate": "established",
    "registerDate": "registered", "officeProvince": "office_region", "officeCity": "office_place",
    "registerProvince": "registered_region", "registerCity": "registered_place",
}  # fmt: skip
DATES = ["established", "registered"]


def _date(holds: str) -> dy.String:
    return columns.day(holds, r"^(19|20)[0-9][0-9]-[0-9][0-9]-[0-9][0-9]$", nullable=True)


class Managers(dy.Schema):
    """One row per registered manager of private funds."""

    registration = columns.text("Registration number.", r"^[A-Z]+[0-9]+$", "Write P and digits", primary_key=True)
    manager = columns.text("Chinese name of the manager.")
    kind = columns.text("Kind of fund it mainly manages, as printed.", nullable=True)
    established = _date("Date on which the company was founded.")
    registered = _date("Date on which it registered with the association.")
    office_region = columns.text("Province of its office.", nullable=True)
    office_place = columns.text("City of its office.", nullable=True)
    registered_region = columns.text("Province of its registered address.", nullable=True)
    registered_place = columns.text("City of its registered address.", nullable=True)


def find_pages(get: Get) -> Iterator[Request]:
    """Yield every page of the list; the first page states how many there are."""
    pages = _page(get(_request(0)))["totalPages"]
    if not isinstance(pages, int) or pages < 1:
        raise refuse(f"the list states {pages!r} pages", "Open the first page; its format has changed")
    yield from (_request(number) for number in range(pages))


def parse_managers(content: bytes) -> pl.DataFrame:
    """Return the managers of one page, numbered from 1."""
    page = _page(content)
    records: list[Any] = page["content"]
    if len(records) != PAGE_SIZE and not page["last"]:
        raise refuse(f"a page that is not the last contains {len(records)} managers, not {PAGE_SIZE}", "Fetch it again")
    schema = {name: pl.Int64 if name in DATES else pl.String for name in FIELDS.values()}
    return read_each(records, _manager, schema).with_columns(
        pl.col(pl.String).str.strip_chars().replace("", None),
        pl.from_epoch(pl.col(DATES), "ms").dt.convert_time_zone("Asia/Shanghai").dt.date().cast(pl.String),
    )


def _manager(record: Any) -> list[dict[str, Any]]:
    return [{name: field(record, printed, int if name in DATES else str, type(None)) for printed, name in FIELDS.items()}]


def _request(number: int) -> Request:
    return Request(f"{LIST}?page={number}&size={PAGE_SIZE}", body="{}", accepts=("application/json",))


def _page(content: bytes) -> dict[str, Any]:
    match json_value(content):
        case {"content": list(), "totalPages": _, "last": _} as page:
            return dict(page)
    raise refuse("is not a page of the list", "Compare it with the fields expected: content, totalPages and last")


SOURCE = Source(
    name="amac",
    title="Registered managers of private funds",
    publisher="Asset Management Association of China",
    landing_page="https://gs.amac.org.cn/amac-infodisc/res/pof/manager/index.html",
    licence="Free to read; no licence stated for reuse",
    licence_class="terms",
    citation="中国证券投资基金业协会，私募基金管理人公示",
    cadence="monthly",
    subjects=("investors",),
    priority=3,
    tables=(Table("managers", Managers, (15_000, 30_000), parse_managers, find_pages),),
    politeness=Politeness(seconds_between=3.0),
)
