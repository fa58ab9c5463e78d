"""Applications for a listing on a mainland exchange with sponsor, law firm and auditor, from Eastmoney's data centre.

What bites: these are applications, withdrawn ones too, so a row is a listing only by its ``status``; the registered
address is the province alone; several sponsors, law firms or auditors may stand in one field; an error comes with HTTP
200 and ``"success": false``.

Evidence: address, parameters and field names of report RPT_IPO_INFOALLNEW as used in akfamily/akshare and ports of it;
the frame of an answer, and the code 9201 of an empty one, as recorded in tests of public projects; the province as
measured by one of them in the sister report RPT_IPO_DECORGNEWEST, which counted 3,904 companies in August 2026. Not yet
seen live.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest.contract import ROW, doc
from pipelines.ingest.readers.text import json_value
from pipelines.ingest.request import Politeness, Request
from pipelines.ingest.source import Get, Source, Table

PAGE_SIZE = 500
MOST_PAGES = 100
FIELDS = {
    "company_zh": "DECLARE_ORG",
    "security_code": "SECURITY_CODE",
    "eastmoney_org_code": "ORG_CODE",
    "status": "STATE",
    "region": "REG_ADDRESS",
    "industry": "CSRC_INDUSTRY",
    "board": "PREDICT_LISTING_MARKET",
    "sponsor": "RECOMMEND_ORG",
    "law_firm": "LAW_FIRM",
    "auditor": "ACCOUNT_FIRM",
    "accepted_on": "ACCEPT_DATE",
    "updated_on": "UPDATE_DATE",
}

_CHANGED = "Compare the record with the fields expected; if the source changed for good, change its parser"


class ListingApplications(dy.Schema):
    """One row per application for a listing on the exchanges of Shanghai, Shenzhen or Beijing."""

    company_zh = dy.String(nullable=False, metadata=doc("Registered Chinese name."))
    security_code = dy.String(nullable=True, metadata=doc("Code of the share, where it has one."))
    eastmoney_org_code = dy.String(nullable=False, metadata=doc("Number of the company at the publisher."))
    status = dy.String(nullable=False, metadata=doc("Latest state in Chinese, such as 注册生效 (registration effective)."))
    region = dy.String(nullable=True, metadata=doc("Province of the registered address, in Chinese."))
    industry = dy.String(nullable=True, metadata=doc("Industry of the securities regulator, in Chinese."))
    board = dy.String(nullable=False, metadata=doc("Board applied for, in Chinese, such as 科创板 (STAR Market)."))
    sponsor = dy.String(nullable=True, metadata=doc("Sponsoring securities firms as printed."))
    law_firm = dy.String(nullable=True, metadata=doc("Law firms as printed."))
    auditor = dy.String(nullable=True, metadata=doc("Audit firms as printed."))
    accepted_on = dy.String(
        nullable=True, regex=r"^20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]$", metadata=doc("Day of acceptance.", "YYYY-MM-DD")
    )
    updated_on = dy.String(
        nullable=False, regex=r"^20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]$", metadata=doc("Day of that state.", "YYYY-MM-DD")
    )


def parse_applications(content: bytes) -> pl.DataFrame:
    """The applications of one page."""
    records = _result(content)["data"]
    if not 0 < len(records) <= PAGE_SIZE:
        raise refuse(f"{len(records)} rows on a page of {PAGE_SIZE}", "Fetch it again; look for repeated rows")
    rows = [_row(number, record) for number, record in enumerate(records, start=1)]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(FIELDS, pl.String) | {ROW: pl.Int32})
    # A day comes as 2025-06-18 00:00:00.
    return frame.with_columns(pl.col("accepted_on", "updated_on").str.replace(r" [0-9][0-9]:[0-9][0-9]:[0-9][0-9]$", ""))


def pages(get: Get) -> Iterator[Request]:
    """Every page; the first says how many there are."""
    count = _result(get(_page(1)))["pages"]
    if not 0 < count <= MOST_PAGES:
        raise refuse(f"{count} pages of {PAGE_SIZE} rows", "Open the landing page and see how long its list is")
    yield from map(_page, range(1, count + 1))


def _page(number: int) -> Request:
    parameters = {
        "sortColumns": "UPDATE_DATE,ORG_CODE",
        "sortTypes": "-1,-1",
        "pageSize": PAGE_SIZE,
        "pageNumber": number,
        "reportName": "RPT_IPO_INFOALLNEW",
        "columns": ",".join(FIELDS.values()),
        "source": "WEB",
        "client": "WEB",
    }
    return Request("https://datacenter-web.eastmoney.com/api/data/v1/get?" + urlencode(parameters, safe=","))


def _result(content: bytes) -> dict[str, Any]:
    match json_value(content):
        case {"success": True, "result": {"pages": int(), "data": list()} as result}:
            return dict(result)
        case {"success": False, "code": code, "message": message}:
            raise refuse(f"the publisher answers {code}: {message}", "Open the landing page and see whether its list still works")
        case _:
            raise refuse("is not a page of a report", _CHANGED)


def _row(number: int, record: Any) -> dict[str, Any]:
    row: dict[str, Any] = {ROW: number}
    for column, field in FIELDS.items():
        if not isinstance(record, dict) or field not in record:
            raise refuse("the field is missing", _CHANGED, row=number, column=field)
        value = record[field]
        if not isinstance(value, str | None):
            raise refuse(f"{value!r} is not text", _CHANGED, row=number, column=field)
        row[column] = (value or "").strip() or None
    return row


SOURCE = Source(
    name="eastmoney",
    title="Eastmoney: review of listing applications",
    publisher="East Money Information Co., Ltd.",
    landing_page="https://data.eastmoney.com/xg/ipo/",
    licence="free to read; no licence stated",
    licence_class="terms",
    citation="Eastmoney Data Center, IPO review information, data.eastmoney.com/xg/ipo",
    cadence="weekly",
    tables=(Table("listing_applications", ListingApplications, (2_500, 12_000), parse_applications, pages),),
    politeness=Politeness(seconds_between=1),
)
