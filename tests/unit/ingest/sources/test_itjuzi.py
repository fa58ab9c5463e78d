"""IT桔子: invented companies and investors, in the format of the upstream, and the recorded files."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.ingest.sources import itjuzi
from tests.support.parsing import as_json, read, refusal

EVENTS, EVENT_INVESTORS, INVESTOR_FIRMS = itjuzi.SOURCE.tables
PAGE = "https://www.itjuzi.com/investevents/"
EVENT = f"2015-03-02,{PAGE}1,甲公司,教育,北京,A轮,数千万人民币,乙资本\n"
SHIFTED = "丙,上海,A轮,丁资本-丁集团,数百万人民币,\n"
TWICE = EVENT.replace(f"{PAGE}1", itjuzi.REPEATED[0])
NAMELESS = EVENT.replace("甲公司", "")


def file(*rows: str) -> bytes:
    return ("date,link,company,field,place,round,amount,investor\n" + "".join(rows)).encode("gbk")


def test_row_printed_without_its_field_is_repaired() -> None:
    (row,) = read(EVENTS, file(f"2011-05-01,{itjuzi.SHIFTED},{SHIFTED}")).drop("source_row", "link", "date").rows()
    assert row == ("丙", None, "上海", "A轮", "数百万人民币", "CNY", 1e6, 1e7, "order of magnitude", "丁资本-丁集团")


def test_rows_known_to_be_repeated_are_kept_once() -> None:
    assert read(EVENTS, file(TWICE, TWICE))["source_row"].to_list() == [2]


def test_one_company_is_known_to_lack_a_name() -> None:
    assert read(EVENTS, file(NAMELESS.replace(f"{PAGE}1", itjuzi.NAMELESS)))["company"].to_list() == [None]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (EVENT + f"2011-05-01,{PAGE}2,{SHIFTED}", "row 3, column place: 'A轮' is not in the vocabulary"),
        (EVENT + f"2011-05-01,{PAGE}2,{SHIFTED}", "row 3, column field: '上海' is not in the vocabulary"),
        (EVENT + EVENT, f"'{PAGE}1' occurs more than once"),
        (TWICE + TWICE.replace("A轮", "B轮"), "occurs more than once"),
        (NAMELESS, "company"),
        *(
            (EVENT.replace("数千万人民币", amount), f"column amount: '{amount}' has the wrong form")
            for amount in ("1.3.5亿美元", "3000", "约300万美元", "300万元")
        ),
    ],
)
def test_malformed_event_is_refused(rows: str, problem: str) -> None:
    assert problem in refusal(EVENTS, file(rows))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("乙资本", ["乙资本"]),
        ("乙资本,Alpha Fund阿尔法 , 丙创投(丙集团)", ["乙资本", "Alpha Fund阿尔法", "丙创投(丙集团)"]),
        ("乙基金;丙创投", ["乙基金", "丙创投"]),
        ("乙资本-乙集团,丁/丁门户,戊＋", ["乙资本-乙集团", "丁/丁门户", "戊＋"]),
        ("投资方未透露", []),
    ],
)
def test_investors_are_split_only_at_commas_and_semicolons(text: str, names: list[str]) -> None:
    assert itjuzi.split_investors(text) == names


def test_investor_has_its_event_and_position() -> None:
    undisclosed = EVENT.replace("乙资本", "投资方未透露").replace(f"{PAGE}1", f"{PAGE}2")
    frame = read(EVENT_INVESTORS, file(EVENT.replace("乙资本", '"乙资本,丙创投"'), undisclosed))
    assert frame.rows() == [(f"{PAGE}1", "乙资本", 1, 2), (f"{PAGE}1", "丙创投", 2, 2)]


FIRM = "https://www.itjuzi.com/investfirm/7"


def people(*records: object) -> bytes:
    """Return an array that describes nobody, and one with these records, without a separator as upstream."""
    return '[\n{"website": ["丙"]}\n]'.encode() + as_json(records)


def test_people_are_counted_by_firm_and_address() -> None:
    person = {"service_organization": [" 乙资本", FIRM], "address": ["广东", "深圳"], "investor_name": ["Nobody"]}
    frame = read(INVESTOR_FIRMS, people(person, {"service_organization": ["乙资本", FIRM]}, person))
    assert frame.rows() == [("乙资本", FIRM, "广东", "深圳", 2, 2), ("乙资本", FIRM, None, None, 1, 3)]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (people({"firm": ["乙", FIRM]}), "row 2, column firm: the field is unknown"),
        (people({"service_organization": ["乙"]}), "row 2, column service_organization: is not a pair of texts"),
        (people({"address": ["广东", "深圳"]}), "row 2, column firm: is empty"),
        (people()[:-2], "contains 1 JSON arrays, expected two"),
        (b'[{"investor_name": ["Nobody"]}][]', "the first array contains more than links"),
        (b'{"website": []}[]', "is not a sequence of arrays of records"),
    ],
)
def test_list_of_people_in_another_format_is_refused(content: bytes, problem: str) -> None:
    assert problem in refusal(INVESTOR_FIRMS, content)


def test_recorded_files_are_read_whole(recordings: Path) -> None:
    content = (recordings / "itjuzi_events_2016" / "invest_event.csv").read_bytes()
    investors = read(EVENT_INVESTORS, content)
    assert (read(EVENTS, content).height, investors.height, investors["investor"].n_unique()) == (15_298, 17_832, 2_207)
    firms = read(INVESTOR_FIRMS, (recordings / "itjuzi_investors_2016" / "investorinfo.json").read_bytes())
    assert firms.select(pl.len(), pl.col("people").sum(), n=pl.col("firm").n_unique()).row(0) == (1_398, 3_693, 801)
