"""The graph of investors: invented companies in the format of the upstream, and the recorded file."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.ingest.sources import investor_graph_2008_2019 as source
from tests.support.parsing import csv_file, read, refusal

(EDGES,) = source.SOURCE.tables
EDGE = {"date": "2017-05-06", "round": "A轮", "company": "杭州甲有限公司", "investor": "乙资本"}


def file(*rows: dict[str, str]) -> bytes:
    return csv_file(EDGE, *rows)


def test_empty_round_and_persons_stay_empty() -> None:
    rows = (EDGE, EDGE | {"round": "", "investor": "(individual)"}, EDGE | {"investor": "王样本"})
    assert read(EDGES, file(*rows)).select("round", "investor").rows() == [("A轮", "乙资本"), (None, None), ("A轮", None)]


@pytest.mark.parametrize(
    ("cell", "value", "problem"),
    [
        ("round", "Z轮", "column round: 'Z轮' is not in the vocabulary"),
        ("date", "2017/5/6", "column date: '2017/5/6' has the wrong form"),
        ("company", "", "column company: is empty"),
    ],
)
def test_malformed_edge_is_refused(cell: str, value: str, problem: str) -> None:
    assert problem in refusal(EDGES, file(EDGE | {cell: value}))


def test_recorded_market_making_is_no_round_of_venture_capital(recordings: Path) -> None:
    edges = read(EDGES, (recordings / "investor_graph_2008_2019" / "edges.csv").read_bytes())
    market = edges.filter(pl.col("round") == "新三板")
    assert (edges.height, edges["company"].n_unique()) == (11_399, 3_064)
    assert (market.height, market["investor"].unique().to_list()) == (573, ["长江证券股份有限公司"])
