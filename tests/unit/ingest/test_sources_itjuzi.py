"""IT桔子: what its two files hold, and what damaged copies of them are refused for."""

import json
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import Refused
from pipelines.ingest.contract import conform
from pipelines.ingest.sources import itjuzi

TABLES = {table.name: table for table in itjuzi.SOURCE.tables}
PAGE = "https://www.itjuzi.com/investevents/"

# Hand-made: invented companies and investors, in the shape of the upstream file.
HEADER = "date,link,company,field,place,round,amount,investor\n"
EVENT = f"2015-03-02,{PAGE}1,甲公司,教育,北京,A轮,数千万人民币,乙资本\n"


def _read(table: str, content: bytes) -> pl.DataFrame:
    return conform(TABLES[table].parse(content), TABLES[table].contract)


def _events(*rows: str) -> pl.DataFrame:
    return _read("events", (HEADER + "".join(rows)).encode("gbk"))


def _refusal(rows: str) -> str:
    with pytest.raises(Refused) as refused:
        _events(rows)
    return str(refused.value)


def test_the_row_printed_without_its_field_is_put_in_order() -> None:
    shifted = f"2011-05-01,{itjuzi.SHIFTED},丙,上海,A轮,丁资本-丁集团,数百万人民币,\n"
    (row,) = _events(shifted).drop("source_row", "link", "date").rows()
    assert row == ("丙", None, "上海", "A轮", "数百万人民币", "CNY", 1e6, 1e7, "order of magnitude", "丁资本-丁集团")


def test_any_other_shifted_row_is_refused_by_its_row_and_columns() -> None:
    message = _refusal(EVENT + f"2011-05-01,{PAGE}2,丙,上海,A轮,丁资本-丁集团,数百万人民币,\n")
    assert "row 3, column place: 'A轮' is not in the vocabulary" in message
    assert "row 3, column field: '上海' is not in the vocabulary" in message


def test_rows_known_to_be_printed_twice_are_kept_once_and_others_refused() -> None:
    twice = EVENT.replace(f"{PAGE}1", itjuzi.REPEATED[0])
    assert _events(twice, twice)["source_row"].to_list() == [2]
    assert f"'{PAGE}1' occurs more than once" in _refusal(EVENT + EVENT)
    assert "occurs more than once" in _refusal(twice + twice.replace("A轮", "B轮"))


def test_a_company_without_a_name_is_known_once() -> None:
    nameless = EVENT.replace("甲公司", "")
    assert _events(nameless.replace(f"{PAGE}1", itjuzi.NAMELESS))["company"].to_list() == [None]
    assert "company" in _refusal(nameless)


@pytest.mark.parametrize("amount", ["1.3.5亿美元", "3000", "约300万美元", "300万元"])
def test_an_amount_of_another_form_is_refused(amount: str) -> None:
    assert f"column amount: '{amount}' has the wrong form" in _refusal(EVENT.replace("数千万人民币", amount))


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
def test_investors_are_split_at_commas_and_semicolons_alone(text: str, names: list[str]) -> None:
    assert itjuzi.split_investors(text) == names


def test_each_named_investor_of_an_event_is_a_row() -> None:
    rows = EVENT.replace("乙资本", '"乙资本,丙创投"') + EVENT.replace("乙资本", "投资方未透露").replace(f"{PAGE}1", f"{PAGE}2")
    frame = _read("event_investors", (HEADER + rows).encode("gbk"))
    assert frame.rows() == [(f"{PAGE}1", "乙资本", 1, 2), (f"{PAGE}1", "丙创投", 2, 2)]


FIRM = "https://www.itjuzi.com/investfirm/7"


def _people(*people: object) -> bytes:
    """Hand-made: an array that describes nobody, and one with these records, run together as upstream."""
    return ('[\n{"website": ["丙"]}\n]' + json.dumps(people)).encode()


def test_people_are_counted_by_firm_and_address_and_nothing_else_of_them_is_kept() -> None:
    person = {"service_organization": [" 乙资本", FIRM], "address": ["广东", "深圳"], "investor_name": ["Nobody"]}
    frame = _read("investor_firms", _people(person, {"service_organization": ["乙资本", FIRM]}, person))
    assert frame.rows() == [("乙资本", FIRM, "广东", "深圳", 2, 2), ("乙资本", FIRM, None, None, 1, 3)]
    assert "Nobody" not in str(frame.rows())


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (_people({"firm": ["乙", FIRM]}), "row 2, column firm: the field is not known"),
        (_people({"service_organization": ["乙"]}), "row 2, column service_organization: is not a pair of texts"),
        (_people({"address": ["广东", "深圳"]}), "row 2, column firm: is empty"),
        (_people()[:-2], "holds 1 JSON arrays, expected two"),
        (b'[{"investor_name": ["Nobody"]}][]', "the first array holds more than links"),
        (b'{"website": []}[]', "is not made of arrays of records"),
    ],
)
def test_a_list_of_people_of_another_shape_is_refused(content: bytes, problem: str) -> None:
    with pytest.raises(Refused, match=problem.replace("(", r"\(")):
        _read("investor_firms", content)


@pytest.mark.recorded
def test_recorded_events_and_investors_are_all_read(recordings: Path) -> None:
    content = (recordings / "itjuzi_events_2016" / "invest_event.csv").read_bytes()
    assert _read("events", content).height == 15_298
    investors = _read("event_investors", content)
    assert investors.height == 17_832
    assert investors["investor"].n_unique() == 2_207


@pytest.mark.recorded
def test_recorded_people_are_all_counted(recordings: Path) -> None:
    frame = _read("investor_firms", (recordings / "itjuzi_investors_2016" / "investorinfo.json").read_bytes())
    assert (frame.height, frame["people"].sum(), frame["firm"].n_unique()) == (1_398, 3_693, 801)
