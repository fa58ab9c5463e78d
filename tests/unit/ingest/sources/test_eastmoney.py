"""Eastmoney: a report page of an invented company, in the format of the upstream."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from pipelines.errors import Refused
from pipelines.ingest.sources import eastmoney
from tests.support.parsing import as_json, read, refusal, requests

(APPLICATIONS,) = eastmoney.SOURCE.tables
APPLICATION = {
    "SECURITY_CODE": "A25001", "STATE": "注册生效", "REG_ADDRESS": "江苏", "CSRC_INDUSTRY": "专用设备制造业",
    "ACCEPT_DATE": "2025-06-18 00:00:00", "DECLARE_ORG": "甲机器人股份有限公司", "PREDICT_LISTING_MARKET": "科创板",
    "LAW_FIRM": "乙律师事务所", "ACCOUNT_FIRM": "丙会计师事务所(特殊普通合伙)", "ORG_CODE": "10000001",
    "UPDATE_DATE": "2025-09-30 00:00:00", "RECOMMEND_ORG": "丁证券股份有限公司",
}  # fmt: skip


def page(*data: dict[str, Any], pages: int = 1) -> bytes:
    return as_json({"version": "0", "result": {"pages": pages, "data": data, "count": len(data)}, "success": True, "code": 0})


def test_application_names_its_advisers() -> None:
    frame = read(APPLICATIONS, page(APPLICATION | {"ACCEPT_DATE": None}))
    assert frame.rows() == [
        (
            "甲机器人股份有限公司", "A25001", "10000001", "注册生效", "江苏", "专用设备制造业", "科创板", "丁证券股份有限公司",
            "乙律师事务所", "丙会计师事务所(特殊普通合伙)", None, "2025-09-30", 1,
        )
    ]  # fmt: skip


def test_every_page_is_requested() -> None:
    found = requests(eastmoney.find_pages, page(APPLICATION, pages=3))
    assert [parse_qs(urlsplit(request.url).query)["pageNumber"] for request in found] == [["1"], ["2"], ["3"]]
    with pytest.raises(Refused, match="1000000 pages"):
        requests(eastmoney.find_pages, page(APPLICATION, pages=10**6))


def test_list_may_be_of_one_page() -> None:
    assert len(requests(eastmoney.find_pages, page(APPLICATION))) == 1
    assert APPLICATIONS.parse(page(*[APPLICATION] * 500)).height == 500, "a full page"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            as_json({"version": None, "result": None, "success": False, "message": "返回数据为空", "code": 9201}),
            "Eastmoney answers 9201: 返回数据为空",
        ),
        (as_json({"data": [APPLICATION]}), "is not a page of the report"),
        (page(), "0 rows on a page of 500"),
        (page(*[APPLICATION] * 501), "501 rows on a page of 500"),
        (page(APPLICATION | {"LAW_FIRM": 7}), "row 1, column LAW_FIRM: contains 7, expected text or null"),
        (page(APPLICATION, {"STATE": "终止"}), "row 2, column DECLARE_ORG: the field is missing"),
        (page(APPLICATION | {"UPDATE_DATE": "2025/9/30"}), "column updated_on: '2025/9/30' has the wrong form"),
        (page(APPLICATION)[:-30], "invalid JSON"),
    ],
)
def test_malformed_page_is_refused(content: bytes, problem: str) -> None:
    assert problem in refusal(APPLICATIONS, content)
