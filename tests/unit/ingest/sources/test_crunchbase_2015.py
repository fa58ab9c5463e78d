"""Crunchbase 2015: invented companies, in the format of the upstream, and the recorded acquisitions."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.ingest.sources import crunchbase_2015
from pipelines.ingest.sources.crunchbase_2015 import ACQUIRER, ACQUISITION, COMPANY, INVESTOR, ROUND
from tests.support.parsing import csv_file, read, refusal, zipped

COMPANIES, ROUNDS, INVESTMENTS, ACQUISITIONS = crunchbase_2015.SOURCE.tables
DUCK = {"company_permalink": "/organization/duck", "company_name": "Duck", "company_country_code": "CHN"}
FINANCED = DUCK | {
    "funding_round_permalink": "/funding-round/0a", "funding_round_type": "venture", "funding_round_code": "A",
    "funded_at": "2014-03-01", "raised_amount_usd": "202250.03",
}  # fmt: skip
BOUGHT = DUCK | {"acquirer_permalink": "/organization/fox", "acquirer_name": "Fox", "acquired_at": "2014-03-01"}
BOUGHT_HEADER = [*COMPANY, *ACQUIRER, *ACQUISITION]


def rounds(*changes: dict[str, str]) -> bytes:
    return csv_file([*COMPANY, *ROUND], *(FINANCED | change for change in changes))


def investments(*changes: dict[str, str]) -> bytes:
    return csv_file([*COMPANY, *INVESTOR, *ROUND], *(FINANCED | change for change in changes))


def acquisitions(*changes: dict[str, str]) -> bytes:
    return csv_file(BOUGHT_HEADER, *(BOUGHT | change for change in changes))


def test_impossible_year_of_founding_keeps_its_printed_date() -> None:
    duck = {name.removeprefix("company_"): cell for name, cell in DUCK.items()} | {"status": "closed", "funding_total_usd": "-"}
    dates = ["1749-01-01 00:00:00", "1998-01-01", "2104-01-01", ""]
    rows = [duck | {"permalink": f"/organization/{row}", "founded_at": date} for row, date in enumerate(dates)]
    frame = read(COMPANIES, csv_file(crunchbase_2015.COMPANIES, *rows))
    assert frame["founded_year"].to_list() == [None, 1998, None, None]
    assert frame["founded_at"].to_list() == [*dates[:3], None]


def test_round_has_its_type_series_and_amount() -> None:
    frame = read(ROUNDS, rounds({}))
    assert frame.select("company", "country", "round_type", "round_code", "funded_year", "raised_usd").rows() == [
        ("Duck", "CHN", "venture", "A", 2014, 202250.03)
    ]
    assert "'/funding-round/0a' occurs more than once" in refusal(ROUNDS, rounds({}, {}))
    message = refusal(ROUNDS, rounds({"funding_round_type": "series-a"}))
    assert "column round_type: 'series-a' is not in the vocabulary" in message


def test_person_who_invested_leaves_nothing_but_the_investment() -> None:
    fund = {"investor_permalink": "/organization/egg-capital", "investor_name": "Egg Capital", "investor_city": "Beijing"}
    nameless, keyless = dict[str, str](), {"investor_name": "Fig Capital"}
    content = investments(fund, dict.fromkeys(INVESTOR, "/person/ann-example"), nameless, keyless)
    assert not any("ann-example" in str(cell) for row in INVESTMENTS.parse(content).rows() for cell in row)
    assert read(INVESTMENTS, content).select("investor_kind", "investor_key", "investor", "investor_place").rows() == [
        ("organization", "/organization/egg-capital", "Egg Capital", "Beijing"),
        ("person", None, None, None),
        (None, None, None, None),
        (None, None, "Fig Capital", None),
    ]
    message = refusal(INVESTMENTS, investments(fund | {"investor_permalink": "/product/pond"}))
    assert "column investor_kind: 'product' is not in the vocabulary" in message


def test_impossible_year_of_acquisition_keeps_its_printed_date() -> None:
    dates = ["1201-11-03 00:00:00", "1949-12-31", "1950-01-01", "2016-11-27", "3201-10-21"]
    frame = read(ACQUISITIONS, acquisitions(*({"acquired_at": date} for date in dates)))
    assert frame["acquired_at"].to_list() == dates
    assert frame["acquired_year"].to_list() == [None, None, 1950, 2016, None]
    message = refusal(ACQUISITIONS, acquisitions({"acquired_at": "03/11/2012"}))
    assert "column acquired_at: '03/11/2012' has the wrong form" in message


EGG = "/organization/egg\tEgg\t\tCHN\t02\tHangzhou\tHangzhou"
EGG_BOUGHT = f"{EGG}\t/organization/fox\tFox\t\tUSA\tCA\t\t\t2009-01-22 00:00:00\t2009-01\t2009-Q1\t2009\t7\tUSD"
CUT = f"{EGG}\t/organization/hen\tHen\tConditio"
REMAINDER = "ns|Technology,USA,CA,SF Bay Area,San Francisco,2000-07-19,2000-07,2000-Q3,2000,,USD"


def swallowing(*lines: str, remainder: str) -> bytes:
    """Return a file whose second record holds ``lines`` in one cell, and the remainder of the last one at its end."""
    swallower = {"company_permalink": crunchbase_2015.SWALLOWER, "company_name": "<img>", "acquirer_permalink": "/organization/x"}
    return csv_file(
        BOUGHT_HEADER,
        BOUGHT,
        swallower | {"acquirer_name": "\n".join(['">\t\t2016', *lines])},
        BOUGHT,
        dict(zip(BOUGHT_HEADER, remainder.split(","), strict=False)),
    )


def test_swallowed_acquisitions_return_to_their_own_lines() -> None:
    frame = read(ACQUISITIONS, swallowing(EGG_BOUGHT, CUT, remainder=REMAINDER))
    names = ("source_row", "company", "region", "acquirer", "acquirer_category", "acquired_at", "acquired_year", "price")
    assert frame.select(names).rows() == [
        (2, "Duck", None, "Fox", None, "2014-03-01", 2014, None),
        (4, "Egg", "2", "Fox", None, "2009-01-22", 2009, 7.0),
        (5, "Egg", "2", "Hen", "Conditions|Technology", "2000-07-19", 2000, None),
        (6, "Duck", None, "Fox", None, "2014-03-01", 2014, None),
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            swallowing(EGG_BOUGHT.replace("\t2009-Q1", ""), CUT, remainder=REMAINDER),
            "row 4: 19 fields in a swallowed row, expected 20",
        ),
        (swallowing(EGG_BOUGHT, CUT, remainder=""), "row 5: 10 fields in a swallowed row"),
        (acquisitions(*[{"company_permalink": crunchbase_2015.SWALLOWER}] * 2), "row 3: "),
        (acquisitions({"acquirer_name": f"Fox\n{EGG_BOUGHT}"}), "A tab means that the cell swallowed"),
        (
            acquisitions({"company_permalink": crunchbase_2015.REMAINDER}),
            r"row 2, column company_key: 'ns|Technology' has the wrong form",
        ),
    ],
)
def test_only_the_known_cell_may_hold_rows(content: bytes, problem: str) -> None:
    assert problem in refusal(ACQUISITIONS, content)


def test_recorded_acquisitions_know_their_lines(recordings: Path) -> None:
    content = (recordings / "crunchbase_export_2015/acquisitions.csv").read_bytes()
    frame = read(ACQUISITIONS, content)
    lines = content.decode("utf-8").split("\n")
    keys = [lines[row - 1].replace("\t", ",").partition(",")[0] for row in frame["source_row"]]
    assert frame["company_key"].to_list() == keys
    # Two rows hold the cell and its remainder, and 147 rows come out of the cell.
    assert frame.height == 18_968 - 2 + 147
    # The acquisition of ZDNet is the one that was cut in two.
    zdnet = frame.row(by_predicate=pl.col("company") == "ZDNet", named=True)
    assert (zdnet["acquirer"], zdnet["acquired_year"], zdnet["price"]) == ("CNET Networks", 2000, 1.6e9)
    assert zdnet["acquirer_category"].endswith("|Reviews and Recommendations|Technology")
    impossible = frame.filter(pl.col("acquired_at").is_not_null(), pl.col("acquired_year").is_null())
    assert impossible["acquired_at"].to_list() == ["3201-10-21", "1201-11-03 00:00:00"]


def test_copied_rounds_name_the_company_by_its_permalink_only() -> None:
    header = ["company_permalink", *ROUND]
    row = {name: cell for name, cell in FINANCED.items() if name in header}
    copy = csv_file(
        header, row | {"company_permalink": "/ORGANIZATION/DÉC\u00a0K", "funded_at": "05-01-2015"}, encoding="latin-1"
    )
    frame = read(ROUNDS, zipped({"rounds2.csv": copy}))
    assert frame.select("company_key", "company", "funded_at", "funded_year", "round_code").rows() == [
        ("/organization/déck", None, "2015-01-05", 2015, "A")
    ]


def test_recorded_copy_of_the_rounds_is_read_whole(recordings: Path) -> None:
    rounds = read(ROUNDS, (recordings / "cb_rounds2_2015" / "rounds2.zip").read_bytes())
    assert (rounds.height, rounds["company_key"].n_unique(), rounds["funded_at"].max()) == (114_949, 66_370, "2015-12-05")
