"""AMAC, the Asset Management Association of China: registered managers of private funds, with the cities of their offices.

What bites: many managers are registered in one city and work in another; days are milliseconds of their first moment in
China; older entries may lack the office. The list names each manager's legal representative, who is dropped. Field
names are those of published clients; not yet seen live.
"""

from collections.abc import Iterator
from typing import Any

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest.contract import doc
from pipelines.ingest.readers.text import json_value
from pipelines.ingest.request import Politeness, Request
from pipelines.ingest.source import Get, Source, Table

LIST = "https://gs.amac.org.cn/amac-infodisc/api/pof/manager"
PAGE = 100
FIELDS = {
    "registerNo": "registration",
    "managerName": "manager",
    "primaryInvestType": "kind",
    "establishDate": "established",
    "registerDate": "registered",
    "officeProvince": "office_region",
    "officeCity": "office_place",
    "registerProvince": "registered_region",
    "registerCity": "registered_place",
}


def _day(text: str) -> dy.String:
    return dy.String(nullable=True, regex=r"^(19|20)[0-9][0-9]-[0-9][0-9]-[0-9][0-9]$", metadata=doc(text, "Write YYYY-MM-DD"))


class Managers(dy.Schema):
    """One row per registered manager of private funds."""

    registration = dy.String(primary_key=True, regex=r"^[A-Z]+[0-9]+$", metadata=doc("Registration number.", "P and digits"))
    manager = dy.String(nullable=False, metadata=doc("Chinese name of the manager."))
    kind = dy.String(nullable=True, metadata=doc("Kind of fund it chiefly manages, as printed."))
    established = _day("Day the company was founded.")
    registered = _day("Day it was registered with the association.")
    office_region = dy.String(nullable=True, metadata=doc("Province of its office."))
    office_place = dy.String(nullable=True, metadata=doc("City of its office."))
    registered_region = dy.String(nullable=True, metadata=doc("Province of its registered address."))
    registered_place = dy.String(nullable=True, metadata=doc("City of its registered address."))


def find_pages(get: Get) -> Iterator[Request]:
    """Every page of the list, whose first says how many there are."""
    pages = _page(get(_request(0)))["totalPages"]
    if not isinstance(pages, int) or pages < 1:
        raise refuse(f"the list says it has {pages!r} pages", "Look at the first page; its form has changed")
    yield from (_request(number) for number in range(pages))


def parse_managers(content: bytes) -> pl.DataFrame:
    """The managers of one page; ``source_row`` counts them."""
    page = _page(content)
    records: list[Any] = page["content"]
    if len(records) != PAGE and not page["last"]:
        raise refuse(f"a page in the midst of the list holds {len(records)} managers, not {PAGE}", "Fetch it again")
    for number, record in enumerate(records, 1):
        for field in FIELDS:
            if not isinstance(record, dict) or field not in record:
                raise refuse("the field is missing", "Compare the record with the fields expected", row=number, column=field)
    rows = [{name: record[field] for field, name in FIELDS.items()} for record in records]
    texts = dict.fromkeys(FIELDS.values(), pl.String) | {"established": pl.Int64, "registered": pl.Int64}
    try:
        frame = pl.DataFrame(rows, schema=texts)
    except (TypeError, pl.exceptions.PolarsError) as error:
        raise refuse(f"a field changed its type: {error}", "Compare the records with the fields expected") from error
    return frame.with_columns(
        pl.col(pl.String).str.strip_chars().replace("", None),
        pl.from_epoch(pl.col("established", "registered"), "ms").dt.convert_time_zone("Asia/Shanghai").dt.date().cast(pl.String),
    ).with_row_index("source_row", 1)


def _request(number: int) -> Request:
    return Request(f"{LIST}?page={number}&size={PAGE}", body="{}", accepts=("application/json",))


def _page(content: bytes) -> dict[str, Any]:
    page = json_value(content)
    if not isinstance(page, dict) or not {"content", "totalPages", "last"} <= set(page) or not isinstance(page["content"], list):
        raise refuse("is no page of the list", "Compare it with the fields expected: content, totalPages, last")
    return page


SOURCE = Source(
    name="amac",
    title="Registered managers of private funds",
    publisher="Asset Management Association of China",
    landing_page="https://gs.amac.org.cn/amac-infodisc/res/pof/manager/index.html",
    licence="Free to read; no licence stated for reuse",
    licence_class="terms",
    citation="中国证券投资基金业协会，私募基金管理人公示",
    cadence="monthly",
    tables=(Table("managers", Managers, (15_000, 30_000), parse_managers, find_pages),),
    politeness=Politeness(seconds_between=3.0),
)
