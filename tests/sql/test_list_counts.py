"""What each kind of list counts, on small hand-made frames: province alone, no date, no place, duplicates."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.models import Rows, build, run, with_branch

CITIES: Rows = [
    {"city": "Beijing", "country": "CN", "province": "Beijing"},
    {"city": "Hangzhou", "country": "CN", "province": "Zhejiang"},
    {"city": "London", "country": "GB", "province": "England"},
]
#: Quantity, list, country, province, city, year → number.
Counts = dict[tuple[object, ...], object]
Count = Callable[[str, dict[str, Rows]], Counts]


@pytest.fixture
def count(tmp_path: Path) -> Count:
    """Return the function that counts with one branch of the lists."""

    def run_branch(branch: str, inputs: dict[str, Rows]) -> Counts:
        keys = ("quantity", "list", "country", "province", "city", "year")
        model = with_branch("marts.list_counts", branch, tmp_path)
        rows = build(model, {"core.cities": CITIES, **inputs})
        assert len({tuple(row[key] for key in keys) for row in rows}) == len(rows)
        return {tuple(row[key] for key in keys): row["n"] for row in rows}

    return run_branch


DEALS: Rows = [
    {"dataset": "list", "deal": "1", "company": "A", "country": "CN", "province": None, "city": "Hangzhou", "year": 2012},
    {"dataset": "list", "deal": "2", "company": "A", "country": "CN", "province": None, "city": "Hangzhou", "year": 2012},
    {"dataset": "list", "deal": "3", "company": "B", "country": "CN", "province": "Zhejiang", "city": None, "year": 2012},
    {"dataset": "list", "deal": "4", "company": "C", "country": None, "province": None, "city": None, "year": 2013},
    {"dataset": "register", "deal": "5", "company": "D", "country": "CN", "province": None, "city": "Hangzhou", "year": 2014},
    {"dataset": "all", "deal": "1", "company": "A", "country": "CN", "province": None, "city": "Hangzhou", "year": 2012},
]


def test_deals_keep_province_or_no_place_at_all(count: Count) -> None:
    assert count("deals_received", {"core.deals_by_source": DEALS}) == {
        ("deals_received", "list", "CN", "Zhejiang", "Hangzhou", 2012): 2,
        ("deals_received", "list", "CN", "Zhejiang", None, 2012): 1,
        ("deals_received", "list", None, None, None, 2013): 1,
        ("deals_received", "register", "CN", "Zhejiang", "Hangzhou", 2014): 1,
    }


def test_a_company_counts_at_its_first_deal(count: Count) -> None:
    later = {"dataset": "list", "deal": "0", "company": "A", "country": "GB", "city": "London", "year": 2013}
    companies: Rows = [{"company": name, "city_founded": "Beijing"} for name in "ABCD"]
    counts = count("backed_companies", {"core.deals_by_source": [*DEALS, later], "core.companies": companies})
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


def test_listed_unicorns_are_dated_and_of_the_last_five_years(count: Count) -> None:
    def unicorn(dataset: str, company: str, since: str | None, city: str | None = None) -> dict[str, object]:
        return {"dataset": dataset, "company": company, "since": since, "city": city, "country": "CN"}

    counts = count(
        "unicorns",
        {
            "core.unicorns": [
                *(unicorn("dated", f"D{year}", f"{year}-02-03", "Beijing") for year in (2012, 2017, 2018, 2022)),
                unicorn("dated", "D", None, "Beijing"),
                unicorn("editions", "E", "2023", "Hangzhou"),
                unicorn("editions", "E", "2024", "Hangzhou"),
                unicorn("editions", "moved", "2023", "Hangzhou"),
                unicorn("editions", "moved", "2024", "Beijing"),
                unicorn("undated", "Z", None),
            ],
            "core.companies": [
                {"company": "Z", "country": "CN", "province": "Zhejiang", "is_in_register": False},
                {"company": "R", "country": "CN", "city": "Hangzhou", "unicorn_year": 2015, "is_in_register": True},
            ],
        },
    )
    assert counts == {
        ("unicorns", "dated", "CN", "Beijing", "Beijing", 2018): 1,
        ("unicorns", "dated", "CN", "Beijing", "Beijing", 2022): 1,
        ("unicorns", "editions", "CN", "Zhejiang", "Hangzhou", None): 1,
        ("unicorns", "editions", "CN", "Beijing", "Beijing", None): 1,
        ("unicorns", "undated", "CN", "Zhejiang", None, None): 1,
        ("unicorns", "register", "CN", "Zhejiang", "Hangzhou", 2015): 1,
    }


def test_sale_counts_once_if_large_or_of_unknown_price(count: Count) -> None:
    sale = {"dataset": "list", "company_printed": "X", "country": "GB", "city": "London", "acquired_year": 2012}
    exit_ = {"country": "CN", "city": "Beijing", "year": 2012}
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
                exit_ | {"how": "listing", "value_usd_m": None},
                exit_ | {"how": "merger", "value_usd_m": 49.0},
                exit_ | {"how": "merger", "value_usd_m": None},
            ],
        },
    )
    assert counts == {
        ("exits", "list: acquisitions", "GB", "England", "London", 2012): 1,
        ("exits", "list: acquisitions", None, None, None, 2012): 1,
        ("exits", "register", "CN", "Beijing", "Beijing", 2012): 2,
    }


#: A share that counts, of a company with a seat.
LISTED = {"is_delisted": False, "is_address_doubtful": False, "is_first_of_company": True}


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
    assert count("listed_companies", {"core.listed_companies": shares}) == dated | {
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
    founded = [key for key in count("listed_companies", {"core.listed_companies": shares}) if key[0] == "founders"]
    assert sorted((name, year) for _, name, *_, year in founded) == [
        ("dated: companies founded, listed", 2014),
        ("undated: companies founded, listed", 2011),
    ]


def test_all_exchanges_make_one_list_of_the_world(count: Count) -> None:
    listed = LISTED | {"dataset": "financedatabase", "country": "GB", "city": "London"}
    shares: Rows = [listed | {"exchange": exchange} for exchange in ("NMS", "NYQ", "HKG")]
    counts = count("listed_companies", {"core.listed_companies": shares})
    assert counts == {("exits", "financedatabase: listed", "GB", "England", "London", None): 3}


def test_companies_founded_are_those_of_lists_that_say_when(count: Count) -> None:
    listed = {"country": "CN", "place_key": "CN||Hangzhou"}
    counts = count(
        "founders",
        {
            "core.companies": [
                {
                    "company": "R",
                    "country": "CN",
                    "city": "Beijing",
                    "city_founded": "Hangzhou",
                    "founded": 2012,
                    "is_in_register": True,
                }
            ],
            "core.listed_companies": [{"dataset": "shares"}],
            "core.places": [
                {"place_key": "CN||Hangzhou", "city_country": "CN", "city": "Hangzhou"},
                {"place_key": "CN|Zhejiang|", "city_country": "CN", "province": "Zhejiang"},
            ],
            "staging.companies": [
                listed | {"dataset": "list", "founded": 2010},
                listed | {"dataset": "list", "founded": None},
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
        ("founders", "list: companies founded", "CN", "Zhejiang", None, 2010): 1,
        ("founders", "list: companies founded", "CN", None, None, 2010): 1,
    }


def test_research_is_of_the_newest_edition(count: Count) -> None:
    works = {"dataset": "openalex", "measure": "top10_works", "country": "GB", "city": "London"}
    counts = count(
        "research",
        {
            "core.research": [
                works | {"year": 2022, "value": 5.0},
                works | {"year": 2024, "value": 7.0},
                works | {"year": 2024, "value": 2.0, "city": None},
                works | {"year": 2024, "value": 90.0, "measure": "works"},
                works | {"year": None, "value": 1.5, "dataset": "csrankings", "measure": "cs_faculty"},
            ]
        },
    )
    assert counts == {
        ("research", "openalex: top10_works", "GB", "England", "London", 2024): 7,
        ("research", "openalex: top10_works", "GB", None, None, 2024): 2,
        ("research", "csrankings: cs_faculty", "GB", "England", "London", None): 1.5,
    }


def test_universities_of_today_count_and_single_records_do_not(count: Count) -> None:
    school = {"province": "Zhejiang", "city": "Hangzhou", "edition": 2025, "is_undergraduate": True}
    counts = count(
        "universities",
        {
            "core.institutions": [
                school,
                school | {"city": None},
                school | {"edition": 2022},
                school | {"is_undergraduate": False},
            ],
            "landing.ror__organisations": [{"ror_id": "one"}],
            "staging.universities": [{"dataset": "ror", "country": "GB", "place_key": "GB||London"}],
            "core.places": [{"place_key": "GB||London", "city_country": "GB", "province": None, "city": "London"}],
        },
    )
    assert counts == {
        ("universities", "moe", "CN", "Zhejiang", "Hangzhou", 2025): 1,
        ("universities", "moe", "CN", "Zhejiang", None, 2025): 1,
    }


def test_an_elite_university_counts_once_whatever_its_programmes(count: Count) -> None:
    elite = {"province": "Zhejiang", "city": "Hangzhou", "university": "浙江大学", "share": 1.0}
    university = {"country": "CN", "city": "Beijing", "is_985": False, "is_211": False, "is_dfc": False}
    counts = count(
        "elite_universities",
        {
            "core.elite_universities": [elite | {"programme": "985"}, elite | {"programme": "211"}],
            "core.universities": [university | {"is_leading_technical": True}, university | {"is_leading_technical": False}],
        },
    )
    assert counts == {
        ("elite_universities", "elite", "CN", "Zhejiang", "Hangzhou", None): 1,
        ("elite_universities", "register", "CN", "Beijing", "Beijing", None): 1,
    }


def test_services_count_offices_mandates_and_connectivity(count: Count) -> None:
    connected = {"Newark": ("Beijing", 50), "New York": ("Beijing", 150), "London": ("London", 200)}
    office = {"country": "CN", "city": "Beijing"}
    mandate = {"dataset": "list", "document": "1", "firm": "A", "kind": "law", "country": "CN", "city": "Beijing"}
    counts = count(
        "services",
        {
            "landing.gawc__connectivity": [
                {"city": name, "country": "x", "connectivity": score} for name, (_, score) in connected.items()
            ],
            "core.countries": [{"written": "x", "country": "XX"}],
            "core.places": [
                *({"place_key": f"XX||{name}", "city": city} for name, (city, _) in connected.items()),
                {"place_key": "CN|浙江|", "city": None, "province": "Zhejiang"},
            ],
            "landing.amac__managers": [{"office_region": "浙江", "office_place": None}],
            "core.service_offices": [
                office | {"kind": "law", "practice": "listing"},
                office | {"kind": "law", "practice": "M&A"},
                office | {"kind": "bank", "practice": "M&A"},
            ],
            "core.listing_advisers": [mandate, mandate, mandate | {"firm": "B", "country": None, "city": None}],
        },
    )
    assert counts == {
        ("services", "gawc", "CN", "Beijing", "Beijing", 2020): 75,
        ("services", "gawc", "GB", "England", "London", 2020): 100,
        ("services", "amac", "CN", "Zhejiang", None, None): 1,
        ("services", "register: law offices", "CN", "Beijing", "Beijing", None): 1,
        ("services", "register: investment banks", "CN", "Beijing", "Beijing", None): 1,
        ("services", "list: law mandates", "CN", "Beijing", "Beijing", None): 1,
        ("services", "list: law mandates", None, None, None, None): 1,
    }


def test_graduates_and_migrants_are_of_the_newest_census_and_blanks_are_not_zero(count: Count) -> None:
    census = {"city": "Hangzhou", "province": "Zhejiang", "year": 2020, "bachelor": 2_500_000, "from_other_provinces": None}
    beijing = {"city": "Beijing", "bachelor": 6_000_000, "from_other_provinces": 8_000_000}
    assert count("residents", {"core.census_residents": [census, census | {"year": 2010}, census | beijing]}) == {
        ("graduates", "census_county", "CN", "Zhejiang", "Hangzhou", 2020): 2500,
        ("graduates", "census_county", "CN", "Beijing", "Beijing", 2020): 6000,
        ("migrants", "census_county", "CN", "Beijing", "Beijing", 2020): 8000,
    }


def test_reports_count_in_the_cities_they_print() -> None:
    row = {"source": "Report 2017", "edition_or_year": "2017", "city": "Beijing", "metric": "deals_received", "value": "1391"}
    unicorns = {"source": "Hurun", "edition_or_year": "2023-04 (data end-2022)", "metric": "unicorns", "value": "79"}
    statistics: Rows = [
        row,
        row | unicorns,
        row | unicorns | {"city": "San Francisco Bay Area", "value": "290"},
        row | {"metric": "share_of_vc_amount"},
        row | {"value": "~70"},
        row | {"edition_or_year": "c2020"},
    ]
    counts = run("core.published_counts", {"core.published_statistics": statistics})
    assert sorted((line["quantity"], line["list"], line["city"], line["year"], line["n"]) for line in counts) == [
        ("deals_received", "published: Report 2017", "Beijing", 2017, 1391),
        ("unicorns", "published: Hurun 2023-04", "Beijing", 2023, 79),
        ("unicorns", "published: Hurun 2023-04", "San Francisco Bay Area", 2023, 290),
    ]


def test_reports_count_where_the_city_is_known(count: Count) -> None:
    row = {"quantity": "unicorns", "list": "published: Hurun 2023-04", "year": 2023}
    rows: Rows = [row | {"city": "London", "n": 42}, row | {"city": "San Francisco (city)", "n": 181}]
    assert count("published", {"core.published_counts": rows}) == {
        ("unicorns", "published: Hurun 2023-04", "GB", "England", "London", 2023): 42,
    }


def test_population_is_the_registers_where_no_census_has_it(count: Count) -> None:
    census = {"region": "浙江", "place": "杭州市"}
    counts = count(
        "population",
        {
            "landing.census__prefectures": [
                census | {"year": 2010, "population": 8_700_000},
                census | {"year": 2020, "population": 11_900_000},
            ],
            "core.places": [{"place_key": "CN|浙江|杭州市", "province": "Zhejiang", "city": "Hangzhou"}],
            "core.city_population": [
                {"city": "Hangzhou", "year": 2020, "population": 1},
                {"city": "London", "year": 2011, "population": 1},
                {"city": "London", "year": 2021, "population": 8_800_000},
            ],
        },
    )
    assert counts == {
        ("population", "census", "CN", "Zhejiang", "Hangzhou", 2020): 1190,
        ("population", "register: population", "GB", "England", "London", 2021): 880,
    }
