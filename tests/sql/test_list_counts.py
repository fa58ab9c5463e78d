"""What each list of companies and deals counts, on small hand-made frames: province alone, no date, no place, duplicates."""

from pathlib import Path

import pytest

from pipelines.ingest.sources import reference
from tests.support.list_counts import Count, Counts, counting
from tests.support.models import Rows, run

DEALS: Rows = [
    {"dataset": "list", "deal": "1", "company": "A", "country": "CN", "province": None, "city": "Hangzhou", "year": 2012},
    {"dataset": "list", "deal": "2", "company": "A", "country": "CN", "province": None, "city": "Hangzhou", "year": 2012},
    {"dataset": "list", "deal": "3", "company": "B", "country": "CN", "province": "Zhejiang", "city": None, "year": 2012},
    {"dataset": "list", "deal": "4", "company": "C", "country": None, "province": None, "city": None, "year": 2013},
    {"dataset": "register", "deal": "5", "company": "D", "country": "CN", "province": None, "city": "Hangzhou", "year": 2014},
]


def test_deals_keep_province_or_no_place_at_all(count: Count) -> None:
    assert count("deals_received", {"staging.venture_deals": DEALS}) == {
        ("deals_received", "list", "CN", "Zhejiang", "Hangzhou", 2012): 2,
        ("deals_received", "list", "CN", "Zhejiang", None, 2012): 1,
        ("deals_received", "list", None, None, None, 2013): 1,
        ("deals_received", "register", "CN", "Zhejiang", "Hangzhou", 2014): 1,
    }


def test_a_company_counts_at_its_first_deal(count: Count) -> None:
    later = {"dataset": "list", "deal": "0", "company": "A", "country": "GB", "city": "London", "year": 2013}
    companies: Rows = [{"company": name, "city_founded": "Beijing"} for name in "ABCD"]
    counts = count("backed_companies", {"staging.venture_deals": [*DEALS, later], "core.companies": companies})
    assert counts == {
        ("backed_companies", "list", "CN", "Zhejiang", "Hangzhou", 2012): 1,
        ("backed_companies", "list", "CN", "Zhejiang", None, 2012): 1,
        ("backed_companies", "list", None, None, None, 2013): 1,
        # The register knows where the company was founded; a list knows where it is now.
        ("backed_companies", "register", "CN", "Beijing", "Beijing", 2014): 1,
    }


def test_accelerated_companies_count_in_the_year_of_their_batch(count: Count) -> None:
    batches = {1: "Winter 2019", 2: "Summer 2019", 3: "Unspecified"}
    counts = count(
        "ycombinator",
        {
            "landing.ycombinator__companies": [{"yc_id": key, "batch": batch} for key, batch in batches.items()],
            "staging.companies": [
                {"dataset": "ycombinator", "mention": f"ycombinator/company:{key}", "place_key": "GB||London"} for key in batches
            ],
            "core.places": [{"place_key": "GB||London", "city_country": "GB", "province": None, "city": "London"}],
        },
    )
    assert counts == {("backed_companies", "ycombinator", "GB", "England", "London", 2019): 2}


def test_deal_is_split_over_the_homes_that_any_list_gives(count: Count) -> None:
    investor = {"dataset": "list", "deal": "1", "year": 2012, "is_located": False}
    beijing = {"country": "CN", "province": "Beijing", "city": "Beijing", "is_located": True}
    home = {"dataset": "all", "is_home": True}
    london = {"country": "GB", "province": "England", "city": "London"}
    counts = count(
        "deals_originated",
        {
            "core.deal_investors_by_source": [
                investor | beijing | {"investor": "A"},
                investor | {"investor": "B", "country": "CN", "province": "Zhejiang", "is_located": True},
                investor | {"investor": "C"},
                investor | {"investor": "nobody knows"},
                investor | {"deal": "2", "investor": "nobody knows"},
                investor | {"deal": "2", "investor": "nor this"},
                investor | beijing | {"dataset": "all", "investor": "A"},
            ],
            "staging.venture_deals": [{"dataset": "list", "deal": deal} for deal in "12"],
            "core.investor_places": [
                home | london | {"investor": "A"},
                home | london | {"investor": "C"},
                home | london | {"investor": "nobody knows", "is_home": False},
                home | london | {"investor": "nor this", "dataset": "other"},
            ],
        },
    )
    third = pytest.approx(1 / 3, abs=1e-6)
    assert counts == {
        ("deals_originated", "list", "CN", "Beijing", "Beijing", 2012): third,
        ("deals_originated", "list", "CN", "Zhejiang", None, 2012): third,
        ("deals_originated", "list", "GB", "England", "London", 2012): third,
        ("deals_originated", "list", None, None, None, 2012): 1,
    }


def test_deal_is_foreign_by_the_owner_of_an_investor(count: Count) -> None:
    investor = {"dataset": "list", "investor": "A", "country": "HK", "is_located": True}
    counts = count(
        "foreign_deals",
        {
            "core.deal_investors_by_source": [
                investor | {"deal": "1", "owner_country": "CN"},
                investor | {"deal": "2", "owner_country": "HK"},
            ],
            "staging.venture_deals": [
                {"dataset": "list", "deal": deal, "country": "CN", "city": "Beijing", "year": int(f"201{deal}")} for deal in "12"
            ],
        },
    )
    assert counts == {("foreign_deals", "list", "CN", "Beijing", "Beijing", 2012): 1}


def test_mainland_listings_count_unless_the_lists_are_loaded_that_they_were_counted_in(tmp_path: Path) -> None:
    counted: Rows = [{"city": "Hangzhou", "year": 2021, "listings": 38}, {"city": None, "year": 2025, "listings": 21}]

    def counts(dataset: str) -> Counts:
        inputs: dict[str, Rows] = {
            "landing.mainland_listings__listings": counted,
            "core.listed_companies": [{"dataset": dataset}],
        }
        return counting(tmp_path / dataset)("mainland_listings", inputs)

    assert counts("financedatabase") == {
        ("exits", "mainland_listings", "CN", "Zhejiang", "Hangzhou", 2021): 38,
        ("exits", "mainland_listings", "CN", None, None, 2025): 21,
    }
    assert counts("a_share_2026") == {}


def test_unicorns_count_as_they_stand(count: Count) -> None:
    def unicorn(dataset: str, company: str, since: str | None, city: str | None = None) -> dict[str, object]:
        return {"dataset": dataset, "company": company, "since": since, "city": city, "country": "CN", "exit_reason": None}

    counts = count(
        "unicorns",
        {
            "core.unicorns": [
                *(unicorn("dated", f"D{year}", f"{year}-02-03", "Beijing") for year in (2012, 2017, 2022)),
                unicorn("dated", "left", "2018-02-03", "Beijing") | {"exit_reason": "left the list"},
                unicorn("editions", "E", "2023", "Hangzhou"),
                unicorn("editions", "E", "2024", "Hangzhou"),
                unicorn("editions", "moved", "2024", "Hangzhou"),
                unicorn("editions", "moved", "2023", "Beijing") | {"country": "AA"},
                unicorn("undated", "Z", None),
            ],
            "core.companies": [{"company": "Z", "country": "CN", "province": "Zhejiang", "is_in_register": False}],
            "core.company_homes": [{"company": None, "city": None, "first_year": None, "last_year": None}],
        },
    )
    assert counts == {
        ("unicorns", "dated", "CN", "Beijing", "Beijing", 2022): 3,
        ("unicorns", "editions", "CN", "Zhejiang", "Hangzhou", None): 2,
        ("unicorns", "undated", "CN", "Zhejiang", None, None): 1,
    }


def test_the_register_counts_its_unicorns_in_the_middle_of_each_period(count: Count) -> None:
    def company(name: str, since: int, listed: int | None = None, ended: int | None = None) -> dict[str, object]:
        years = {"unicorn_year": since, "listing_year": listed, "exit_year": ended}
        return {"company": name, "country": "CN", "city": "Beijing", "is_in_register": True, **years}

    beijing = {"country": "CN", "province": "Beijing", "city": "Beijing"}
    hangzhou = {"country": "CN", "province": "Zhejiang", "city": "Hangzhou"}
    counts = count(
        "unicorns",
        {
            "core.unicorns": [{"dataset": "none", "exit_reason": "left"}],
            "core.companies": [
                company("stands", 2011),
                company("listed that year", 2012, listed=2012),
                company("listed before the middle", 2011, listed=2012),
                company("sold", 2013, listed=2019, ended=2018),
                company("moved", 2012),
                company("young", 2021),
            ],
            "core.company_homes": [
                *(
                    {"company": name, **beijing}
                    for name in ("stands", "listed that year", "listed before the middle", "sold", "young")
                ),
                {"company": "moved", **hangzhou, "last_year": 2015},
                {"company": "moved", **beijing, "first_year": 2016},
            ],
        },
    )
    assert counts == {
        ("unicorns", "register", "CN", "Beijing", "Beijing", 2012): 2,
        ("unicorns", "register", "CN", "Zhejiang", "Hangzhou", 2012): 1,
        ("unicorns", "register", "CN", "Beijing", "Beijing", 2017): 3,
        ("unicorns", "register", "CN", "Beijing", "Beijing", 2021): 3,
    }, "the last period is counted in the last year, where that is before its middle"


def test_sale_counts_once_if_large_or_of_unknown_price(count: Count) -> None:
    sale = {"dataset": "list", "company_printed": "X", "country": "GB", "city": "London", "acquired_year": 2012}
    exit_ = {"country": "CN", "city": "Beijing"}
    counts = count(
        "exits",
        {
            "core.acquisitions": [
                sale | {"acquirer": "A", "source_row": 2},
                sale | {"acquirer": "B", "source_row": 3},
                sale | {"company_printed": "Y", "price_usd": 49e6, "source_row": 4},
                sale | {"company_printed": "Z", "country": None, "city": None, "price_usd": 50e6, "source_row": 5},
                sale | {"company_printed": "U", "acquired_year": None, "source_row": 6},
            ],
            "core.exits": [
                exit_ | {"company": "A", "year": 2012, "how": "listing", "value_usd_m": None},
                exit_ | {"company": "A", "year": 2014, "how": "acquisition", "value_usd_m": 90.0},
                exit_ | {"company": "B", "year": 2012, "how": "merger", "value_usd_m": 49.0},
                exit_ | {"company": "C", "year": 2012, "how": "merger", "value_usd_m": None},
                exit_ | {"company": "D", "year": 2011, "how": "acquisition", "value_usd_m": 5.0},
                exit_ | {"company": "D", "year": 2013, "how": "listing", "value_usd_m": None},
                exit_ | {"company": "E", "year": None, "how": "listing", "value_usd_m": None},
            ],
        },
    )
    assert counts == {
        ("exits", "list: acquisitions", "GB", "England", "London", 2012): 1,
        ("exits", "list: acquisitions", None, None, None, 2012): 1,
        ("exits", "register", "CN", "Beijing", "Beijing", 2012): 2,
        ("exits", "register", "CN", "Beijing", "Beijing", 2013): 1,
    }, "a company that is listed and sold later counts once"


def test_money_into_a_listed_company_is_no_venture_capital() -> None:
    deal = {"dataset": "list", "company": "A", "year": 2014}
    deals: Rows = [
        deal | {"deal": "1", "year": 2013},
        deal | {"deal": "2"},
        deal | {"deal": "3", "year": 2015},
        deal | {"deal": "4", "company": "B", "year": 2020},
        deal | {"deal": "5", "company": None},
        deal | {"deal": "6", "company": "B"},
        deal | {"dataset": "all", "deal": "1", "year": 2013},
    ]
    rounds = {"6": "post-IPO", "5": None}
    rows = run(
        "staging.venture_deals",
        {
            "core.deals_by_source": deals,
            "core.deal_reports": [{"dataset": "list", "report": key, "round": rounds.get(key, "A")} for key in "123456"],
            "core.companies": [{"company": "A", "listing_year": 2014}, {"company": "B", "listing_year": None}],
        },
    )
    assert [(row["dataset"], row["deal"]) for row in rows] == [("list", "1"), ("list", "2"), ("list", "4"), ("list", "5")]


def test_deals_of_pitchbook_that_finance_nobody_are_no_venture_capital() -> None:
    mapped = dict(reference.FILES.read("rounds").select("written", "round").iter_rows())
    kinds = ["Early Stage VC", "PE Growth/Expansion", "Angel (individual)", "Merger/Acquisition", "Out of Business", "PIPE",
             "Buyout/LBO", "Bankruptcy: Liquidation", "IPO", "Share Repurchase", "Public Investment 2nd Offering"]  # fmt: skip
    rows = run(
        "staging.venture_deals",
        {
            "core.deals_by_source": [{"dataset": "inbox", "deal": kind, "year": 2014} for kind in kinds],
            "core.deal_reports": [{"dataset": "inbox", "report": kind, "round": mapped[kind.lower()]} for kind in kinds],
            "core.companies": [{"company": "A"}],
        },
    )
    assert {row["deal"] for row in rows} == {"Early Stage VC", "PE Growth/Expansion", "Angel (individual)"}


#: A share that counts, of a company with a seat.
LISTED = {"is_delisted": False, "is_address_doubtful": False, "is_first_of_company": True}
#: No company of the register.
UNKNOWN: dict[str, Rows] = {"core.companies": [{"company": "another", "is_in_register": True, "city": "London"}]}


def test_american_exchanges_count_only_if_all_are_loaded(count: Count) -> None:
    listed = LISTED | {"dataset": "financedatabase", "listed_year": None}
    beijing, london = {"country": "CN", "city": "Beijing"}, {"country": "GB", "city": "London"}
    shares: Rows = [
        listed | beijing | {"exchange": "SHH", "founded_year": 2001},
        listed | beijing | {"exchange": "HKG", "founded_year": 2001, "is_first_of_company": False},
        listed | beijing | {"exchange": "HKG", "founded_year": 2011, "is_delisted": True},
        listed | beijing | {"exchange": "NCM"},
        listed | london | {"exchange": "SHH", "is_address_doubtful": True},
        listed | london | {"exchange": "HKG"},
        listed | beijing | {"dataset": "dated", "exchange": "SZ", "board": "ChiNext", "listed_year": 2015},
        listed | beijing | {"dataset": "dated", "exchange": "SZ", "board": "ChiNext"},
    ]
    dated = {("exits", "dated: listed on ChiNext", "CN", "Beijing", "Beijing", 2015): 1}
    assert count("listed_companies", UNKNOWN | {"core.listed_companies": shares}) == dated | {
        ("exits", "financedatabase: listed in China", "CN", "Beijing", "Beijing", None): 1,
        ("exits", "financedatabase: listed in China", None, None, None, None): 1,
        ("founders", "financedatabase: companies founded, listed in China", "CN", "Beijing", "Beijing", 2001): 1,
    }


def test_years_in_which_most_founded_are_not_listed_yet_are_no_part_of_a_list(count: Count) -> None:
    listed = LISTED | {"country": "CN", "city": "Beijing"}
    shares: Rows = [
        listed | {"dataset": "dated", "listed_year": 2024, "founded_year": 2014},
        listed | {"dataset": "dated", "listed_year": 2020, "founded_year": 2015},
        listed | {"dataset": "undated", "founded_year": 2011},
        listed | {"dataset": "undated", "founded_year": 2012},
        listed | {"dataset": "undated", "founded_year": 2021},
    ]
    founded = [key for key in count("listed_companies", UNKNOWN | {"core.listed_companies": shares}) if key[0] == "founders"]
    assert sorted((name, year) for _, name, *_, year in founded) == [
        ("dated: companies founded, listed", 2014),
        ("undated: companies founded, listed", 2011),
    ]


def test_listing_without_a_sure_city_is_where_the_register_has_the_company(count: Count) -> None:
    listed = LISTED | {"dataset": "financedatabase", "exchange": "SHH"}
    shares: Rows = [
        listed | {"company": "no city", "country": "CN"},
        listed | {"company": "doubtful", "country": "GB", "city": "London", "is_address_doubtful": True},
        listed | {"company": "sure", "country": "CN", "city": "Beijing"},
        listed | {"company": "not curated", "country": "CN"},
    ]
    hangzhou = {"country": "CN", "province": "Zhejiang", "city": "Hangzhou", "is_in_register": True}
    companies: Rows = [
        *(hangzhou | {"company": name} for name in ("no city", "doubtful", "sure")),
        hangzhou | {"company": "not curated", "is_in_register": False},
    ]
    counts = count("listed_companies", {"core.listed_companies": shares, "core.companies": companies})
    assert {key[2:5]: n for key, n in counts.items()} == {
        ("CN", "Zhejiang", "Hangzhou"): 2,
        ("CN", "Beijing", "Beijing"): 1,
        ("CN", None, None): 1,
    }


def test_all_exchanges_make_one_list_of_the_world(count: Count) -> None:
    listed = LISTED | {"dataset": "financedatabase", "country": "GB", "city": "London"}
    shares: Rows = [listed | {"exchange": exchange} for exchange in ("NMS", "NYQ", "HKG")]
    counts = count("listed_companies", UNKNOWN | {"core.listed_companies": shares})
    assert counts == {("exits", "financedatabase: listed", "GB", "England", "London", None): 3}


def test_companies_founded_are_those_of_lists_that_say_when(count: Count) -> None:
    listed = {"country": "CN", "place_key": "CN||Hangzhou"}
    counts = count(
        "founders",
        {
            "core.companies": [
                {"company": f"R{year}", "country": "CN", "city": "Beijing", "city_founded": "Hangzhou"}
                | {"founded": year, "is_in_register": True}
                for year in (2012, 2013, None)
            ],
            "staging.founding_years": [{"dataset": "register", "last_year": 2012}, {"dataset": "list", "last_year": 2010}],
            "core.listed_companies": [{"dataset": "shares"}],
            "core.places": [
                {"place_key": "CN||Hangzhou", "city_country": "CN", "city": "Hangzhou"},
                {"place_key": "CN|Zhejiang|", "city_country": "CN", "province": "Zhejiang"},
            ],
            "staging.companies": [
                listed | {"dataset": "list", "founded": 2010},
                listed | {"dataset": "list", "founded": 2011},
                listed | {"dataset": "list", "founded": None},
                listed | {"dataset": "without deals", "founded": 2011},
                {"dataset": "list", "founded": 2010, "country": "CN", "place_key": "CN|Zhejiang|"},
                {"dataset": "list", "founded": 2010, "country": "CN", "place_key": "CN||Nowhere"},
                listed | {"dataset": "shares", "founded": 2010},
                listed | {"dataset": "register", "founded": 2012},
            ],
        },
    )
    assert counts == {
        ("founders", "register: companies founded", "CN", "Zhejiang", "Hangzhou", 2012): 1,
        ("founders", "list: companies founded", "CN", "Zhejiang", "Hangzhou", 2010): 1,
        ("founders", "without deals: companies founded", "CN", "Zhejiang", "Hangzhou", 2011): 1,
        ("founders", "list: companies founded", "CN", "Zhejiang", None, 2010): 1,
        ("founders", "list: companies founded", "CN", None, None, 2010): 1,
    }
