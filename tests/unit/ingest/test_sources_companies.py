"""Lists of companies: what their files hold, and what damaged copies of them are refused for."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest

from pipelines.errors import Refused
from pipelines.ingest.contract import conform
from pipelines.ingest.source import Source
from pipelines.ingest.sources import eastmoney, financedatabase, wikidata, ycombinator
from tests.support.corruption import damaged_csv, damaged_json


def _read(source: Source, content: bytes) -> pl.DataFrame:
    (table,) = source.tables
    return conform(table.parse(content), table.contract)


def _refusal(source: Source, content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        _read(source, content)
    assert all(problem.remedy for problem in refused.value.problems)
    return str(refused.value)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


# FinanceDatabase.

# Hand-made: invented companies, in the shape of the upstream file.
LISTED = {
    "symbol": "600001.SS", "name": "Acme Robots Co., Ltd.", "summary": "Acme was founded in 1994.", "currency": "CNY",
    "sector": "Industrials", "industry_group": "Capital Goods", "industry": "Machinery", "exchange": "SHH", "mic": "XSHG",
    "market": "Shanghai Stock Exchange", "country": "China", "city": "Suzhou", "delisted": "False",
}  # fmt: skip


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., bytes]:
    """A file of the Shanghai exchange with one row per set of changes to ``LISTED``, long enough to be whole."""
    monkeypatch.setitem(financedatabase.EXCHANGES, "SHH", 1)

    def content(*changes: dict[str, str]) -> bytes:
        rows = [LISTED | {"symbol": f"60000{number}.SS"} | change for number, change in enumerate(changes)]
        frame = pl.DataFrame([{name: row.get(name, "") for name in financedatabase.HEADER} for row in rows])
        return frame.write_csv().encode()

    return content


def test_a_listed_company_keeps_its_seat_and_the_year_its_summary_tells(listed: Callable[..., bytes]) -> None:
    (row,) = _read(financedatabase.SOURCE, listed({})).rows(named=True)
    assert row == {
        "symbol": "600000.SS",
        "company": "Acme Robots Co., Ltd.",
        "country": "China",
        "region": None,
        "place": "Suzhou",
        "is_address_doubtful": False,
        "exchange": "SHH",
        "sector": "Industrials",
        "industry_group": "Capital Goods",
        "industry": "Machinery",
        "is_delisted": False,
        "founded_year": 1994,
        "source_row": 2,
    }


@pytest.mark.parametrize(
    ("summary", "year"),
    [
        ("The company was incorporated in March 2001 and is based in Wuhan.", 2001),
        ("Founded in 1669 as a pharmacy.", None),
        ("The pharmacy was founded in 1669 and is based in Beijing.", 1669),
        ("It opened 500 stores in 1994.", None),
        ("", None),
    ],
)
def test_the_year_founded_is_read_only_where_the_summary_says_so(
    listed: Callable[..., bytes], summary: str, year: int | None
) -> None:
    assert _read(financedatabase.SOURCE, listed({"summary": summary}))["founded_year"].to_list() == [year]


@pytest.mark.parametrize(
    "change",
    [
        {"symbol": "510300.SS"},
        {"symbol": "ACM^A"},
        {"name": "Acme CSI 300 ETF"},
        {"name": "Acme Growth Fund(LOF)"},
        {"name": "Acme Corp 6.000% Senior Notes Due 2026"},
        {"name": "Acme Corp Warrants"},
        {"country": ""},
    ],
)
def test_what_is_no_company_is_left_out(listed: Callable[..., bytes], change: dict[str, str]) -> None:
    assert _read(financedatabase.SOURCE, listed(change, {}))["source_row"].to_list() == [3]


@pytest.mark.parametrize(
    ("change", "is_doubtful"),
    [
        ({"state": "CA", "city": "San Francisco"}, True),
        ({"country": "United States", "state": "NV", "city": "Elko"}, True),
        ({"country": "Hong Kong", "city": "Central"}, True),
        ({"city": "Beijing"}, False),
        ({"city": ""}, False),
    ],
)
def test_addresses_joined_from_another_company_are_flagged_and_kept(
    listed: Callable[..., bytes], change: dict[str, str], is_doubtful: bool
) -> None:
    (row,) = _read(financedatabase.SOURCE, listed(change)).rows(named=True)
    assert (row["is_address_doubtful"], row["place"]) == (is_doubtful, change["city"] or None)


def test_a_cell_that_slid_by_a_column_is_refused_though_its_row_would_be_left_out(listed: Callable[..., bytes]) -> None:
    slid = {"sector": "Capital Goods", "exchange": "XSHG", "mic": "Shanghai Stock Exchange", "country": ""}
    assert "row 3, column exchange: 'XSHG' is not in the vocabulary" in _refusal(financedatabase.SOURCE, listed({}, slid))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"exchange": "SHZ"}, "row 3, column exchange: 'SHZ' is not in the vocabulary. Use one of SHH"),
        ({"delisted": "no"}, "row 3, column delisted: 'no' is not in the vocabulary"),
        ({"sector": "Robots"}, "row 3, column sector: 'Robots' is not in the vocabulary"),
        ({"symbol": ""}, "row 3, column symbol: is empty"),
        ({"symbol": "600000.SS"}, "row 3, column symbol: '600000.SS' occurs more than once"),
    ],
)
def test_a_listed_company_out_of_form_is_refused(listed: Callable[..., bytes], change: dict[str, str], said: str) -> None:
    assert said in _refusal(financedatabase.SOURCE, listed({}, change))


def test_a_file_of_too_few_listed_companies_is_refused(listed: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(financedatabase.EXCHANGES, "SHH", 3)
    assert "2 rows, expected at least 3" in _refusal(financedatabase.SOURCE, listed({}, {}))


@pytest.mark.recorded
@pytest.mark.parametrize("exchange", ["SHZ", "HKG", "NCM", "ASE"])
def test_damaged_files_of_listed_companies_are_refused(recordings: Path, exchange: str) -> None:
    content = (recordings / "financedatabase" / f"{exchange}.csv").read_bytes()
    for kind, damaged in damaged_csv(content, "utf-8", "industry_group").items():
        assert _refusal(financedatabase.SOURCE, damaged), kind


@pytest.mark.recorded
def test_recorded_listed_companies(recordings: Path) -> None:
    files = sorted((recordings / "financedatabase").glob("*.csv"))
    frame = pl.concat(_read(financedatabase.SOURCE, file.read_bytes()) for file in files)
    low, high = financedatabase.SOURCE.tables[0].rows
    assert low <= frame.height <= high
    assert frame["symbol"].is_unique().all()
    seated = frame.filter(pl.col("place").is_not_null())
    assert seated["founded_year"].is_not_null().mean() == pytest.approx(0.862, abs=0.001)
    mainland = seated.filter(pl.col("exchange").is_in(financedatabase.MAINLAND) & ~pl.col("is_address_doubtful"))
    assert mainland.height == 3374
    doubtful = frame.filter("is_address_doubtful")
    assert doubtful.height == 46
    assert "000004.SZ" in doubtful["symbol"]


# Y Combinator.

# Hand-made: an invented company, in the shape both of a search answer's hit and of a record of the list.
YC = {
    "id": 7, "name": "Acme", "slug": "acme", "former_names": ["Acorn", "Apex"], "all_locations": "San Francisco, CA, USA; Remote",
    "long_description": "Robots.", "team_size": 9, "industry": "B2B", "subindustry": "B2B -> Robots", "launched_at": 1326791480,
    "nonprofit": False, "batch": "Winter 2007", "status": "Acquired", "stage": "Growth",
    "_highlightResult": {"name": {"value": "<em>Acme</em>"}, "all_locations": {"value": ""}},
}  # fmt: skip


def _answer(*hits: dict[str, Any], total: int | None = None) -> bytes:
    return _json({"results": [{"hits": hits, "nbHits": len(hits) if total is None else total}]})


def test_both_shapes_of_the_directory_give_the_same_companies() -> None:
    frame = _read(ycombinator.SOURCE, _answer(YC, YC | {"id": 8}))
    assert frame.equals(_read(ycombinator.SOURCE, _json([YC, YC | {"id": 8}])))
    assert frame.row(0, named=True) == {
        "yc_id": 7,
        "company": "Acme",
        "former_names": "Acorn|Apex",
        "batch": "Winter 2007",
        "status": "Acquired",
        "stage": "Growth",
        "place": "San Francisco",
        "region": "CA",
        "country": "USA",
        "locations": "San Francisco, CA, USA; Remote",
        "team_size": 9,
        "industry": "B2B",
        "subindustry": "B2B -> Robots",
        "is_nonprofit": False,
        "launched_on": "2012-01-17",
        "source_row": 1,
    }


@pytest.mark.parametrize(
    ("locations", "first"),
    [
        ("", (None, None, None)),
        ("Remote", (None, None, None)),
        ("Remote; Paris, Île-de-France, France", ("Paris", "Île-de-France", "France")),
        ("Vienna, Vienna, Austria; Boston, MA, USA", ("Vienna", "Vienna", "Austria")),
        ("Copenhagen, Denmark", ("Copenhagen", None, "Denmark")),
        ("Singapore", (None, None, "Singapore")),
    ],
)
def test_the_first_location_that_is_not_remote_is_taken_apart(locations: str, first: tuple[str | None, ...]) -> None:
    (row,) = _read(ycombinator.SOURCE, _answer(YC | {"all_locations": locations})).rows(named=True)
    assert (row["place"], row["region"], row["country"]) == first
    assert row["locations"] == (locations or None)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (_answer(), "holds no company"),
        (_json([]), "holds no company"),
        (_answer(YC, total=2), "column hits: 1 of 2 companies"),
        (_json({"hits": [YC]}), "is neither a list of companies nor a search answer"),
        (_json(["Winter 2007"]), "row 1: 'Winter 2007' is not a record"),
        (_answer(YC, {key: YC[key] for key in YC if key != "batch"}), "row 2, column batch: the field is missing"),
        (_answer(YC | {"all_locations": None}), "row 1, column all_locations: None is not what stood here"),
        (_answer(YC | {"launched_at": 10**12}), "row 1, column launched_at: 1000000000000 is not what stood here"),
        (_answer(YC | {"id": True}), "row 1, column id: True is not what stood here"),
        (_answer(YC | {"status": "Sold"}), "row 1, column status: 'Sold' is not in the vocabulary"),
        (_answer(YC | {"batch": "W07"}), "row 1, column batch: 'W07' has the wrong form"),
        (_answer(YC | {"name": " "}), "row 1, column company: is empty"),
        (_answer(YC, YC), "row 2, column yc_id: 7 occurs more than once"),
        (b"<!DOCTYPE html><html><body><div id='app'></div></body></html>", "is a web page"),
    ],
)
def test_a_directory_out_of_form_is_refused(content: bytes, said: str) -> None:
    assert said in _refusal(ycombinator.SOURCE, content)


@pytest.mark.recorded
def test_recorded_directory_and_damaged_copies_of_it(recordings: Path) -> None:
    files = sorted((recordings / "yc_algolia").glob("*_*.json"))
    answers = [file for file in files if file.name != "yc_batches.json"] + [recordings / "yc_algolia" / "Unspecified.json"]
    frame = pl.concat(_read(ycombinator.SOURCE, file.read_bytes()) for file in answers)
    assert frame.height == 536
    assert frame["yc_id"].is_unique().all()
    assert frame["place"].is_not_null().sum() == 489
    content = answers[0].read_bytes()
    hits = json.loads(content)["results"][0]["hits"]
    renamed = content.replace(b'"all_locations":"', b'"locations":"')
    for damaged in [*damaged_json(content).values(), renamed, _json(hits * 10)]:
        _refusal(ycombinator.SOURCE, damaged)


# Wikidata.


def _sparql(*bindings: dict[str, str]) -> bytes:
    """Hand-made: an answer in SPARQL 1.1 Query Results JSON."""
    terms = [{name: {"type": "literal", "value": value} for name, value in binding.items()} for binding in bindings]
    return _json({"head": {"vars": wikidata.VARIABLES}, "results": {"bindings": terms}})


SEATED = {
    "company": "http://www.wikidata.org/entity/Q1",
    "companyLabel": "Acme",
    "name_zh": "甲",
    "place": "Hangzhou",
    "seat": "Yuhang District",
    "country": "CN",
    "founded": "1999",
    "founders": "18",
    "schools": "School A|School B",
}


def test_companies_seated_in_a_city_come_with_counts_of_their_founders() -> None:
    bare = {"company": "http://www.wikidata.org/entity/Q2", "companyLabel": "Q2", "place": "Hangzhou", "founders": "0"}
    frame = _read(wikidata.SOURCE, _sparql(SEATED, bare | {"schools": ""}))
    assert frame.rows() == [
        ("Q1", "Acme", "甲", "CN", "Hangzhou", "Yuhang District", 1999, None, 18, "School A|School B", 1),
        ("Q2", None, None, None, "Hangzhou", None, None, None, 0, None, 2),
    ]


def test_a_city_without_companies_is_a_valid_answer() -> None:
    assert _read(wikidata.SOURCE, _sparql()).height == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (_json({"head": {"vars": ["company"]}, "results": {"bindings": []}}), "is not an answer with the variables"),
        (_json([]), "is not an answer with the variables"),
        (_sparql(SEATED)[:-40] + b"java.util.concurrent.TimeoutException", "not readable as JSON"),
        (_sparql(SEATED, SEATED), "column wikidata_id: 'Q1' occurs more than once"),
        (_sparql(SEATED | {"company": "_:b0"}), "column wikidata_id: '_:b0' has the wrong form"),
        (_sparql(SEATED | {"founders": "many"}), "column founders_count: 'many' is not a whole number"),
        (_json({"head": {"vars": wikidata.VARIABLES}, "results": {"bindings": ["Acme"]}}), "row 1: 'Acme' is not a binding"),
        (
            _json({"head": {"vars": wikidata.VARIABLES}, "results": {"bindings": [{"place": "Hangzhou"}]}}),
            "row 1, column place: 'Hangzhou' is not a value",
        ),
    ],
)
def test_an_answer_of_wikidata_out_of_form_is_refused(content: bytes, said: str) -> None:
    assert said in _refusal(wikidata.SOURCE, content)


def test_every_city_is_asked_for_by_its_article_and_no_persons_name_is_fetched() -> None:
    (table,) = wikidata.SOURCE.tables
    assert isinstance(table.at, tuple)
    queries = [parse_qs(urlsplit(url).query)["query"][0] for url in table.at]
    for city, query in zip(wikidata.CITIES, queries, strict=True):
        assert f'schema:name "{city}"@en' in query
        selected = query.partition(" WHERE ")[0]
        assert "?founders" in selected and "?founder " not in selected and "founderLabel" not in query
        assert query.count("{") == query.count("}")


# Eastmoney.

# Hand-made: an invented company, in the shape of the report.
APPLICATION = {
    "SECURITY_CODE": "A25001", "STATE": "注册生效", "REG_ADDRESS": "江苏", "CSRC_INDUSTRY": "专用设备制造业",
    "ACCEPT_DATE": "2025-06-18 00:00:00", "DECLARE_ORG": "甲机器人股份有限公司", "PREDICT_LISTING_MARKET": "科创板",
    "LAW_FIRM": "乙律师事务所", "ACCOUNT_FIRM": "丙会计师事务所(特殊普通合伙)", "ORG_CODE": "10000001",
    "UPDATE_DATE": "2025-09-30 00:00:00", "RECOMMEND_ORG": "丁证券股份有限公司",
}  # fmt: skip


def _page(*data: dict[str, Any], pages: int = 1) -> bytes:
    return _json({"version": "0", "result": {"pages": pages, "data": data, "count": len(data)}, "success": True, "code": 0})


def test_an_application_names_province_sponsor_law_firm_and_auditor() -> None:
    (row,) = _read(eastmoney.SOURCE, _page(APPLICATION | {"ACCEPT_DATE": None})).rows(named=True)
    assert row == {
        "company_zh": "甲机器人股份有限公司",
        "security_code": "A25001",
        "eastmoney_org_code": "10000001",
        "status": "注册生效",
        "region": "江苏",
        "industry": "专用设备制造业",
        "board": "科创板",
        "sponsor": "丁证券股份有限公司",
        "law_firm": "乙律师事务所",
        "auditor": "丙会计师事务所(特殊普通合伙)",
        "accepted_on": None,
        "updated_on": "2025-09-30",
        "source_row": 1,
    }


def test_every_page_of_applications_is_asked_for() -> None:
    asked = list(eastmoney.pages(lambda _: _page(APPLICATION, pages=3)))
    assert [parse_qs(urlsplit(one.url).query)["pageNumber"] for one in asked] == [["1"], ["2"], ["3"]]
    with pytest.raises(Refused, match="1000000 pages"):
        list(eastmoney.pages(lambda _: _page(APPLICATION, pages=10**6)))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            _json({"version": None, "result": None, "success": False, "message": "返回数据为空", "code": 9201}),
            "the publisher answers 9201: 返回数据为空",
        ),
        (_json({"data": [APPLICATION]}), "is not a page of a report"),
        (_page(), "0 rows on a page of 500"),
        (_page(*[APPLICATION] * 501), "501 rows on a page of 500"),
        (_page(APPLICATION | {"LAW_FIRM": 7}), "row 1, column LAW_FIRM: 7 is not text"),
        (_page(APPLICATION, {"STATE": "终止"}), "row 2, column DECLARE_ORG: the field is missing"),
        (_page(APPLICATION | {"UPDATE_DATE": "2025/9/30"}), "column updated_on: '2025/9/30' has the wrong form"),
        (_page(APPLICATION)[:-30], "not readable as JSON"),
    ],
)
def test_a_page_of_applications_out_of_form_is_refused(content: bytes, said: str) -> None:
    assert said in _refusal(eastmoney.SOURCE, content)
