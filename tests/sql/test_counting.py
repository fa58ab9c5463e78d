"""What several sources list is counted once by the column that the table has for it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.models import Rows, build, run, with_branch

LISTED = {"listed_on": None, "board": None, "owner_type": None, "industry": None, "source_file": "f", "source_row": 1}
PLACES: Rows = [{"place_key": "x", "city": None, "city_country": None, "province": None}]
EQUITY = {"is_address_doubtful": False, "exchange": "SHZ", "sector": None, "industry_group": None, "industry": None,
          "is_delisted": False, "founded_year": None, "source_file": "f", "source_row": 1}  # fmt: skip
#: A share of a third source, which no company has.
UNNAMED: Rows = [{"symbol": "Z"}]


def test_symbol_that_two_sources_list_is_counted_once() -> None:
    companies = [(dataset, symbol) for dataset in ("a_share_2026", "financedatabase") for symbol in ("1.SZ", "2.SZ", "3.HK")]
    rows = run(
        "core.listed_companies",
        {
            "landing.a_share_2026__listings": [LISTED | {"ticker": symbol} for symbol in ("1.SZ", "2.SZ")],
            "landing.financedatabase__equities": [EQUITY | {"symbol": symbol} for symbol in ("2.SZ", "3.HK")],
            "staging.edgar_listed": UNNAMED,
            "staging.companies": [
                {"mention": f"{dataset}/company:{symbol}", "company": symbol, "company_key": symbol, "country": "CN"}
                for dataset, symbol in companies
            ],
            "core.names": [{"mention": f"{dataset}/company:{symbol}", "entity": symbol} for dataset, symbol in companies],
            "core.places": PLACES,
        },
    )
    assert [row["is_first_of_company"] for row in rows] == [True] * 4, "of the companies of each source"
    counted = [(row["dataset"], row["symbol"]) for row in rows if row["is_first_of_symbol"]]
    assert counted == [("a_share_2026", "1.SZ"), ("a_share_2026", "2.SZ"), ("financedatabase", "3.HK")]


#: Share → its name and its seat.
Shares = dict[str, tuple[str, str | None]]
FirstShares = Callable[[Shares], list[str]]


@pytest.fixture
def first_shares(tmp_path: Path) -> FirstShares:
    """Return the function that returns the symbols that stand for a company, of shares with a name and a seat."""
    model = with_branch("staging.companies", "financedatabase", tmp_path)

    def first(shares: Shares) -> list[str]:
        equities: Rows = [
            EQUITY | {"symbol": symbol, "company": name, "country": "China", "region": None, "place": place, "postcode": None}
            for symbol, (name, place) in shares.items()
        ]
        regions: dict[str, Rows] = {
            "landing.reference__prefectures": [{"city": "Lhasa", "province": "Tibet"}],
            "landing.reference__districts": [{"district": "Damxung", "city": "Lhasa"}],
            "landing.reference__provinces": [{"country": "CN", "province": "Tibet", "postcodes": "85"}],
            "core.countries": [{"written": "china", "country": "CN"}],
        }
        companies = build(model, {"landing.financedatabase__equities": equities} | regions)
        rows = run(
            "core.listed_companies",
            {
                "landing.a_share_2026__listings": [LISTED | {"ticker": "9.SZ"}],
                "landing.financedatabase__equities": equities,
                "staging.edgar_listed": UNNAMED,
                "staging.companies": companies,
                "core.names": [{"mention": row["mention"], "entity": row["company_key"]} for row in companies],
                "core.places": PLACES,
            },
        )
        found = sorted(str(row["symbol"]) for row in rows if row["is_first_of_company"])
        assert len({row["company"] for row in rows}) == len(found), "names have a company once"
        return found

    return first


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("PetroChina Co., Ltd.", "Petrochina Co., Ltd."),
        ("Triumph New Energy Company Limited Class H", "Triumph New Energy Company Limited"),
        ("Huadian Power International Corp.", "Huadian Power International Corporation Limited"),
    ],
)
def test_company_with_shares_on_two_exchanges_is_counted_once(name: str, other: str, first_shares: FirstShares) -> None:
    shares = {"857.HK": (name, "Beijing"), "601857.SS": (other, "Beijing"), "2.SZ": ("China Vanke Co., Ltd.", "Beijing")}
    assert first_shares(shares) == ["2.SZ", "601857.SS"]


def test_share_without_a_seat_is_that_of_the_company_of_its_name(first_shares: FirstShares) -> None:
    bank = "Bank of Zhengzhou Co., Ltd."
    assert first_shares({"002936.SZ": (bank, None), "6196.HK": (bank, "Zhengzhou")}) == ["6196.HK"]
    assert len(first_shares({"1.SZ": ("A Co., Ltd.", None), "2.SZ": ("B Co., Ltd.", None), "3.HK": (bank, None)})) == 3


def test_companies_of_one_name_in_two_cities_are_two(first_shares: FirstShares) -> None:
    assert len(first_shares({"1.SZ": ("A Co., Ltd.", "Beijing"), "2.HK": ("A Limited", "Shenzhen")})) == 2


def test_institutions_of_the_newest_edition_are_counted() -> None:
    lists = [
        {"edition": edition, "code": code, "university": code, "region": None, "place": None, "level": "本科", "note": None,
         "authority": None, "source_file": "f", "source_row": 1}
        for edition, code in ((2022, "a"), (2022, "b"), (2025, "a"), (2025, "c"))
    ]  # fmt: skip
    rows = run("core.institutions", {"landing.moe__institutions": lists, "core.places": PLACES})
    assert [row["code"] for row in rows if row["is_newest_edition"]] == ["a", "c"]


def test_shares_of_the_investors_of_a_deal_add_up_to_it() -> None:
    named = [{"dataset": dataset, "deal": deal, "year": 2012, "investor": investor} for dataset, deal, investor in (
        ("all", "A", "x"), ("all", "A", "y"), ("all", "B", "x"), ("register", "A", "x"),
    )]  # fmt: skip
    rows = run("core.deal_investors", {"core.deal_investors_by_source": named})
    assert [(row["deal"], row["investor"], row["share"]) for row in rows] == [("A", "x", 0.5), ("A", "y", 0.5), ("B", "x", 1.0)]


def test_city_of_two_provinces_is_one_place_with_one_share() -> None:
    area = {"unit_number": 1, "unit": "New York City", "level": "city", "city": "New York City", "country": "US"}
    state = {
        "area_number": 3,
        "unit_number": 2,
        "unit": "New York (province)",
        "level": "province",
        "city": None,
        "country": "US",
    }
    deals = [(1, 7), (1, 8), (2, 8), (3, 9), (None, 9)]
    rows = run(
        "marts.place_shares",
        {
            "staging.counted_datasets": [{"dataset_number": 1, "dataset": "a"}],
            "staging.areas": [
                area | {"area_number": 1, "province": "New Jersey"},
                area | {"area_number": 2, "province": "New York"},
                state | {"province": "New York"},
            ],
            "staging.counted_deals": [
                {"dataset_number": 1, "country": "US", "area_number": place, "year": 2011, "company_number": company}
                for place, company in deals
            ],
            "core.cities": [{"city": "New York City", "province": "New York"}],
        },
    )
    assert [(row["unit"], row["province"], row["n_deals"], row["n_companies"], row["share"]) for row in rows] == [
        ("New York (province)", "New York", 1, 1, 0.2),
        ("New York City", "New York", 3, 2, 0.6),
        ("not stated", None, 1, 1, 0.2),
    ]
