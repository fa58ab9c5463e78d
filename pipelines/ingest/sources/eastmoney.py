"""Read applications for a listing on a mainland Chinese exchange, with sponsor, law firm and auditor, from Eastmoney.

Withdrawn applications are included, so only ``status`` tells which of them led to a listing. The registered address is
no more precise than the province. One field may name several sponsors, law firms or auditors. An error comes with HTTP
status 200 and ``"success": false``.

The address, parameters and field names of the report RPT_IPO_INFOALLNEW are those used by akfamily/akshare and its
ports. The structure of an answer and the code 9201 of an empty one are recorded in tests of public projects. One of them
measured the province in the sister report RPT_IPO_DECORGNEWEST, which counted 3,904 companies in August 2026. This
parser has not read the live report yet.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest import columns
from pipelines.ingest.readers.records import text_rows
from pipelines.ingest.readers.text import CHANGED, json_value
from pipelines.ingest.request import Request
from pipelines.ingest.source import Get, Source, Table

PAGE_SIZE = 500
MOST_PAGES = 100
FIELDS = {
    "company_zh": "DECLARE_ORG", "security_code": "SECURITY_CODE", "eastmoney_org_code": "ORG_CODE", "status": "STATE",
    "region": "REG_ADDRESS", "industry": "CSRC_INDUSTRY", "board": "PREDICT_LISTING_MARKET", "sponsor": "RECOMMEND_ORG",
    "law_firm": "LAW_FIRM", "auditor": "ACCOUNT_FIRM", "accepted_on": "ACCEPT_DATE", "updated_on": "UPDATE_DATE",
}  # fmt: skip


class ListingApplications(dy.Schema):
    """One row per application for a listing on the exchanges of Shanghai, Shenzhen or Beijing."""

    company_zh = columns.text("Registered Chinese name.")
    security_code = columns.text("Ticker of the share, if it has one.", nullable=True)
    eastmoney_org_code = columns.text("Eastmoney's identifier of the company.")
    status = columns.text("Latest state in Chinese, such as 注册生效 (registration effective).")
    region = columns.text("Province of the registered address, in Chinese.", nullable=True)
    industry = columns.text("Industry as classified by the securities regulator, in Chinese.", nullable=True)
    board = columns.text("Board applied for, in Chinese, such as 科创板 (STAR Market).")
    sponsor = columns.text("Sponsoring securities firms, as printed.", nullable=True)
    law_firm = columns.text("Law firms, as printed.", nullable=True)
    auditor = columns.text("Audit firms, as printed.", nullable=True)
    accepted_on = columns.day("Date on which the application was accepted.", nullable=True)
    updated_on = columns.day("Date of the latest state.")

    updated_on_is_not_before_accepted_on = columns.rule(pl.col("updated_on") >= pl.col("accepted_on"))


def parse_applications(content: bytes) -> pl.DataFrame:
    """Return the applications of one page."""
    records = _result(content)["data"]
    if not 0 < len(records) <= PAGE_SIZE:
        raise refuse(f"{len(records)} rows on a page of {PAGE_SIZE}", "Fetch the page again and look for repeated rows")
    frame = text_rows(records, FIELDS, str, type(None))
    # Dates are printed with a time: 2025-06-18 00:00:00.
    return frame.with_columns(pl.col("accepted_on", "updated_on").str.replace(r" [0-9][0-9]:[0-9][0-9]:[0-9][0-9]$", ""))


def find_pages(get: Get) -> Iterator[Request]:
    """Yield every page; the first page states how many there are."""
    count = _result(get(_page(1)))["pages"]
    if not 0 < count <= MOST_PAGES:
        raise refuse(f"{count} pages of {PAGE_SIZE} rows", "Open the landing page and check how long its list is")
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
            raise refuse(f"Eastmoney answers {code}: {message}", "Open the landing page and check that its list still works")
        case _:
            raise refuse("is not a page of the report", CHANGED)


SOURCE = Source(
    name="eastmoney",
    title="Eastmoney: review of listing applications",
    publisher="East Money Information Co., Ltd.",
    landing_page="https://data.eastmoney.com/xg/ipo/",
    licence="free to read; no licence stated",
    licence_class="terms",
    citation="Eastmoney Data Center, IPO review information, data.eastmoney.com/xg/ipo",
    cadence="weekly",
    subjects=("companies", "services", "listings"),
    priority=3,
    tables=(Table("listing_applications", ListingApplications, (2_500, 12_000), parse_applications, find_pages),),
)
