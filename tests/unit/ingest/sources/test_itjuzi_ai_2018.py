"""IT桔子's companies in artificial intelligence: invented ones in the format of the upstream, and the recorded file."""

from pathlib import Path

import pytest

from pipelines.ingest.sources import itjuzi_ai_2018 as source
from tests.support.parsing import csv_file, read, refusal

COMPANIES, ROUNDS = source.SOURCE.tables
COMPANY = {
    "公司名称": "甲智能", "工商名称": "杭州甲有限公司", "公司网址": "http://example.org", "成立时间": "2015-03",
    "地点": "浙江-杭州", "运营状态": "运营中", "行业": "硬件", "子行业": "-",
}  # fmt: skip
ROUND = {"融资时间": "2017-05-06", "轮次": "A轮", "融资金额": "数千万人民币", "投资方": "乙资本,王样本,丙创投(丙集团)"}
SEED = {"融资时间": "2016-01-01", "轮次": "天使轮", "融资金额": "未透露人民币", "投资方": "-"}
NO_ROUND = {"融资时间": "-", "轮次": "-", "融资金额": "-", "投资方": "-"}


def file(*rows: dict[str, str]) -> bytes:
    """Return a file with a column that the parser drops, as the file as published has."""
    return csv_file([*source.HEADER, "电话"], *({"电话": "000", **row} for row in rows))


def test_facts_of_a_company_stand_on_its_first_row_only() -> None:
    content = file(COMPANY | ROUND, SEED, COMPANY | {"公司名称": "丁科技", "地点": "欧洲-德国"} | NO_ROUND)
    assert read(COMPANIES, content).select("company", "region", "place", "subindustry", "source_row").rows() == [
        ("甲智能", "浙江", "杭州", None, 2),
        ("丁科技", "欧洲", "德国", None, 4),
    ]
    assert read(ROUNDS, content).drop("amount").rows() == [
        ("甲智能", "2017-05-06", "A轮", "CNY", 1e7, 1e8, "order of magnitude", "乙资本|丙创投(丙集团)", 2),
        ("甲智能", "2016-01-01", "天使轮", None, None, None, "undisclosed", None, 3),
    ]


@pytest.mark.parametrize(
    ("cell", "value", "problem"),
    [
        ("轮次", "Z轮", "column round: 'Z轮' is not in the vocabulary"),
        ("融资时间", "2017-13-01", "column date: '2017-13-01' has the wrong form"),
        ("融资金额", "很多", "break the rule that amount reads as a number"),
        ("地点", "浙江", "column place: is empty"),
    ],
)
def test_malformed_row_is_refused(cell: str, value: str, problem: str) -> None:
    table = COMPANIES if cell == "地点" else ROUNDS
    assert problem in refusal(table, file(COMPANY | ROUND | {cell: value}))


def test_recorded_file_is_read_whole(recordings: Path) -> None:
    content = (recordings / "itjuzi_ai_2018" / "deals_reduced.csv").read_bytes()
    companies, rounds = read(COMPANIES, content), read(ROUNDS, content)
    assert (companies.height, rounds.height) == (820, 1_153)
    years = rounds["date"].str.slice(0, 4).value_counts().rows_by_key("date", unique=True)
    assert [years[year] for year in ("2015", "2016", "2017", "2018")] == [(215,), (272,), (259,), (211,)]
    # 945 rounds name an investor; of these six name persons only.
    assert rounds["investors"].is_not_null().sum() == 939
