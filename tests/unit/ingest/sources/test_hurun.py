"""Hurun: editions with an invented company, in the format of the upstream."""

import json
from typing import Any

import pytest

from pipelines.ingest.sources import hurun
from tests.support.corruption import HTML_ERROR
from tests.support.parsing import read, refusal

(UNICORNS,) = hurun.SOURCE.tables
#: A raw control character stands in the company's name.
UNICORN = {
    "hs_Rank_Unicorn_ID": 7001, "hs_Rank_Unicorn_Year": 2024, "hs_Rank_Unicorn_Ranking": 3,
    "hs_Rank_Unicorn_Wealth": 1560.5, "hs_Rank_Unicorn_Wealth_USD": 22, "hs_Rank_Unicorn_ComName_Cn": "甲",
    "hs_Rank_Unicorn_ComName_En": "Acme\x0bRobots", "hs_Rank_Unicorn_ComHeadquarters_Cn": "中国杭州",
    "hs_Rank_Unicorn_ComHeadquarters_En": "Hangzhou", "hs_Rank_Unicorn_Industry_Cn": "机器人",
    "hs_Rank_Unicorn_Industry_En": "Robots", "hs_Rank_Unicorn_ChaName_En": "A. Founder",
    "hs_Character": [{"hs_Character_Age": "40"}],
}  # fmt: skip


def edition(*rows: dict[str, Any], total: int | None = None) -> bytes:
    text = json.dumps({"total": len(rows) if total is None else total, "rows": rows}, ensure_ascii=False)
    return text.replace("\\u000b", "\x0b").encode()


def test_founders_and_control_characters_are_dropped() -> None:
    frame = read(UNICORNS, edition(UNICORN, UNICORN | {"hs_Rank_Unicorn_ID": "7002", "hs_Rank_Unicorn_Wealth": None}))
    assert frame.rows() == [
        (7001, 2024, 3, "Acme Robots", "甲", "Hangzhou", "中国杭州", "Robots", "机器人", 22.0, 1560.5, 1),
        (7002, 2024, 3, "Acme Robots", "甲", "Hangzhou", "中国杭州", "Robots", "机器人", 22.0, None, 2),
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (edition(UNICORN, total=1452), "contains 1 of 1452 rows"),
        (edition(), "is not a list of rows with their total"),
        (edition(UNICORN | {"hs_Rank_Unicorn_Wealth_USD": 220}), "differ by the exchange rate"),
        (
            edition(UNICORN | {"hs_Rank_Unicorn_Ranking": [3]}),
            "row 1, column hs_Rank_Unicorn_Ranking: contains [3], expected text or a whole number or a number or null",
        ),
        (edition({"hs_Rank_Unicorn_ID": 1}), "row 1, column hs_Rank_Unicorn_Year: the field is missing"),
        (edition(UNICORN | {"hs_Rank_Unicorn_ComName_En": ""}), "row 1, column company: is empty"),
        (edition(UNICORN, UNICORN), "row 2, column hurun_id: '7001' occurs more than once"),
        (edition(UNICORN)[:-20], "invalid JSON"),
        (HTML_ERROR, "is a web page"),
        (b"", "the file is empty"),
    ],
)
def test_malformed_edition_is_refused(content: bytes, problem: str) -> None:
    assert problem in refusal(UNICORNS, content)
