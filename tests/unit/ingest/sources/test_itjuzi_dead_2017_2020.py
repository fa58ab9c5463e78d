"""IT桔子's closed companies: invented ones in the format of the upstream, and the recorded file."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.ingest.sources import itjuzi_dead_2017_2020 as source
from tests.support.parsing import read, refusal

(COMPANIES,) = source.SOURCE.tables
ROW = "甲网,存活5年10个月,2012/2/1,2017/12/31,教育,广东,不明确"
HEADER = ",".join([*source.COLUMNS, "file_year"])


@pytest.mark.parametrize(
    ("content", "row"), [(f"{ROW}\n".encode("gbk"), 1), (f"{HEADER}\n{ROW},2017\n".encode(), 2)], ids=["published", "recorded"]
)
def test_published_and_recorded_files_are_read(content: bytes, row: int) -> None:
    assert read(COMPANIES, content).rows() == [("甲网", "2012-02-01", "2017-12-31", "教育", "广东", "不明确", row)]


@pytest.mark.parametrize(
    ("cell", "value", "problem"),
    [
        ("2012/2/1", "2018/2/1", "break the rule that founded is not after closed"),
        ("2012/2/1", "2012年2月", "column founded: '2012年2月' has the wrong form"),
        ("不明确", "Z轮", "column funding_status: 'Z轮' is not in the vocabulary"),
        (",广东", "", "6 fields where the header has 7"),
    ],
)
def test_malformed_row_is_refused(cell: str, value: str, problem: str) -> None:
    assert problem in refusal(COMPANIES, ROW.replace(cell, value).encode("gbk"))


def test_recorded_file_is_read_whole(recordings: Path) -> None:
    companies = read(COMPANIES, (recordings / "itjuzi_dead_2017_2020" / "dead_companies.csv").read_bytes())
    assert companies["closed"].str.slice(0, 4).value_counts().sort("closed").rows() == [
        ("2017", 912),
        ("2018", 1_135),
        ("2019", 1_045),
        ("2020", 640),
    ]
    assert companies.filter(pl.col("province") == "北京").height == pytest.approx(0.386 * companies.height, rel=0.01)
