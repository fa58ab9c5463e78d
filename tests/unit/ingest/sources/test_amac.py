"""AMAC: hand-made pages with an invented manager."""

from typing import Any

import pytest

from pipelines.errors import Refused
from pipelines.ingest.request import Request
from pipelines.ingest.sources import amac
from tests.support.corruption import damaged_json
from tests.support.parsing import as_json, read, refusal, requests

(MANAGERS,) = amac.SOURCE.tables


def manager(**changes: Any) -> dict[str, Any]:
    return {
        "registerNo": "P1000001",
        "managerName": "甲资本管理有限公司",
        "artificialPersonName": "张三",
        "primaryInvestType": "私募股权、创业投资基金管理人",
        "establishDate": 1312156800000,  # Midnight of 1 August 2011 in London.
        "registerDate": 1396281600000,  # Midnight of 1 April 2014 in Shanghai.
        "officeProvince": "北京市",
        "officeCity": "北京市",
        "registerProvince": "西藏自治区",
        "registerCity": "",
        "officeAddress": "某路1号",
    } | changes


def page(*managers: Any, is_last: bool = True, pages: Any = 3) -> bytes:
    return as_json({"content": managers, "totalPages": pages, "last": is_last})


def test_manager_has_two_addresses_and_names_no_person() -> None:
    frame = read(MANAGERS, page(manager(), manager(registerNo="P1000002", officeProvince=None, establishDate=None)))
    kind = "私募股权、创业投资基金管理人"
    assert frame.rows() == [
        ("P1000001", "甲资本管理有限公司", kind, "2011-08-01", "2014-04-01", "北京市", "北京市", "西藏自治区", None, 1),
        ("P1000002", "甲资本管理有限公司", kind, None, "2014-04-01", None, "北京市", "西藏自治区", None, 2),
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b'{"error": "busy"}', "is not a page of the list"),
        (b'{"content": null, "totalPages": 1, "last": true}', "is not a page of the list"),
        (page(None), "row 1: None is not a JSON object"),
        (page(manager(registerDate=10**18)), "column registered"),
        (page(manager(registerDate=10**30)), "column registerDate: contains 1"),
        (page(manager(), is_last=False), "contains 1 managers, not 20"),
        (
            page(manager(), {name: value for name, value in manager().items() if name != "officeCity"}),
            "row 2, column officeCity: the field is missing",
        ),
        (page(manager(registerDate="2014-04-01")), "row 1, column registerDate: contains '2014-04-01', expected a whole number"),
        (page(manager(registerNo="1000001")), "column registration: '1000001' has the wrong form"),
        (page(manager(registerDate=-5_000_000_000_000)), "column registered"),
        (page(manager(), manager()), "'P1000001' occurs more than once"),
    ],
)
def test_malformed_page_is_refused(content: bytes, problem: str) -> None:
    assert problem in refusal(MANAGERS, content)


def test_damaged_page_is_refused() -> None:
    full = page(*(manager(registerNo=f"P{number}") for number in range(20)), is_last=False)
    assert read(MANAGERS, full).height == 20
    for content in damaged_json(full).values():
        refusal(MANAGERS, content)


def test_every_page_is_requested_by_post() -> None:
    sent: list[Request] = []

    def get(request: Request) -> bytes:
        sent.append(request)
        return page(pages=2)

    found = list(amac.find_pages(get))
    assert [request.url.rpartition("?")[2] for request in found] == ["page=0&size=20", "page=1&size=20"]
    assert sent == found[:1]
    assert {request.body for request in found} == {"{}"}
    with pytest.raises(Refused, match="states None pages"):
        requests(amac.find_pages, page(pages=None))
