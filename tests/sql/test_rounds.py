"""Reports of one round by several sources are one deal."""

from datetime import date
from pathlib import Path

import pytest

from tests.support.models import Rows, build, run, with_branch


def report(
    name: str, dataset: str, low: str, high: str, round_: str, company: str = "C", amount: float | None = None
) -> dict[str, object]:
    return {
        "report": name, "dataset": dataset, "company_mention": company, "company": company, "date": low, "year": int(low[:4]),
        "date_low": date.fromisoformat(low), "date_high": date.fromisoformat(high), "round": round_,
        "amount_low": amount, "amount_high": amount, "currency": "CNY", "source_file": "f",
    }  # fmt: skip


def reported(table: str, *reports: dict[str, object]) -> Rows:
    """Return the rows of a model made from reports; C and c are two spellings of one company."""
    other = report("other", "inbox", "1999-01-01", "1999-01-01", "A", "Y", 1.0)
    return run(
        table,
        {
            "staging.deals": [row | {"source_row": number} for number, row in enumerate([*reports, other], 2)],
            "staging.deal_investors": [{"dataset": "itjuzi", "source_file": "f"}],
            "core.names": [{"mention": name, "kind": "company", "entity": f"Company {name.upper()}"} for name in "CcXY"],
            "core.places": [{"place_key": "p", "city": "c", "province": "p", "city_country": "CN"}],
            "core.exchange_rates": [{"currency": "CNY", "year": year, "per_usd": 8.0} for year in range(2010, 2016)],
        },
    )


def rounds(*reports: dict[str, object]) -> dict[str, object]:
    return {str(row["report"]): row["deal"] for row in reported("core.deal_reports", *reports) if row["report"] != "other"}


@pytest.mark.parametrize(
    ("low", "high", "round_", "company", "amount", "same"),
    [
        ("2012-05-10", "2012-05-10", "A", "C", None, True),
        ("2012-06-01", "2012-06-30", "unknown", "C", None, True),
        ("2012-09-10", "2012-09-10", "A", "C", None, False),
        ("2012-05-10", "2012-05-10", "B", "C", None, False),
        ("2012-05-10", "2012-05-10", "B", "C", 81.0, True),
        ("2012-05-10", "2012-05-10", "A", "C", 40.0, True),
        ("2012-06-01", "2012-06-30", "unknown", "C", 40.0, False),
        ("2012-05-10", "2012-05-10", "A", "X", 80.0, False),
    ],
    ids=[
        "nine days after", "unnamed, within sixty days", "too late", "another round", "another name, the same money",
        "the same name, other money by another source", "unnamed, other money", "another company",
    ],
)  # fmt: skip
def test_a_round_announced_twice_is_one_deal(
    low: str,
    high: str,
    round_: str,
    company: str,
    amount: float | None,
    same: bool,
) -> None:
    curated = report("curated", "register", "2012-05-01", "2012-05-31", "A", "C", 80.0)
    found = rounds(curated, report("listed", "itjuzi", low, high, round_, company, amount))
    assert (found["listed"] == "curated") is same


def test_a_round_spans_sixty_days_from_its_first_report() -> None:
    found = rounds(
        report("a1", "itjuzi", "2012-01-01", "2012-01-01", "A"),
        report("a2", "crunchbase_2015", "2012-02-20", "2012-02-20", "A"),
        report("a3", "inbox", "2012-04-10", "2012-04-10", "A"),
        report("b", "itjuzi", "2012-09-01", "2012-09-01", "B"),
        report("open", "crunchbase_investments", "2012-10-01", "2012-10-31", "unknown"),
        report("far", "crunchbase_investments", "2014-10-01", "2014-10-31", "unknown"),
    )
    assert found == {"a1": "a1", "a2": "a1", "a3": "a3", "b": "b", "open": "b", "far": "far"}


def test_reports_that_repeat_only_joined_ones_are_a_round_among_themselves() -> None:
    days = ("2012-01-01", "2012-02-20", "2012-04-10", "2012-04-12", "2012-04-13")
    datasets = ("itjuzi", "crunchbase_2015", "inbox", "crunchbase_investments", "itjuzi")
    found = rounds(
        *(report(f"a{number}", dataset, day, day, "A") for number, (day, dataset) in enumerate(zip(days, datasets, strict=True)))
    )
    assert found == {"a0": "a0", "a1": "a0", "a2": "a2", "a3": "a2", "a4": "a2"}


def test_two_tranches_of_one_source_stay_two() -> None:
    found = rounds(
        report("first", "itjuzi", "2012-01-01", "2012-01-01", "A", amount=80.0),
        report("second", "itjuzi", "2012-01-20", "2012-01-20", "A", amount=160.0),
        report("again", "itjuzi", "2012-01-21", "2012-01-21", "A", amount=160.0),
    )
    assert found == {"first": "first", "second": "second", "again": "second"}


def test_rounds_of_one_source_two_months_apart_may_be_one() -> None:
    march, may = ("2012-03-01", "2012-03-31"), ("2012-05-01", "2012-05-31")
    found = rounds(*(report(low, "crunchbase_investments", low, high, "A", amount=80.0) for low, high in (march, may)))
    assert set(found.values()) == {"2012-03-01"}


@pytest.mark.parametrize(("dataset", "same"), [("itjuzi", True), ("crunchbase_2015", False)], ids=["elsewhere", "of one source"])
def test_round_of_a_year_is_that_of_a_day_in_another_source_alone(dataset: str, same: bool) -> None:
    year = report("year", "crunchbase_2015", "2012-01-01", "2012-12-31", "A")
    found = rounds(year, report("day", dataset, "2012-08-20", "2012-08-20", "A", amount=80.0))
    assert (found["day"] == "year") is same


def test_deal_that_a_source_reports_twice_counts_once_for_it() -> None:
    """Reports 2 and 3 are of one source, and of the deal that another source reports as 1."""
    numbers = {1: (1, 1), 2: (1, 3), 3: (1, 3)}
    rows = run(
        "staging.counted_deals",
        {
            "staging.reports": [
                {"report_number": number, "dataset_number": 1 if number == 1 else 2, "year": 2012} for number in (1, 2, 3, 4)
            ],
            "staging.duplicate_reports": [
                {"report_number": number, "deal_number": deal, "source_deal": own} for number, (deal, own) in numbers.items()
            ],
            "staging.split_reports": [{"report_number": number} for number in numbers],
            "staging.merged_deals": [{"deal_number": 1}],
            "staging.areas": [{"area_number": None}],
            "staging.company_areas": [{"company_number": None, "first_year": 0, "last_year": 9999}],
        },
    )
    assert sorted((row["dataset_number"], row["deal_number"]) for row in rows) == [(-2, 4), (0, 1), (1, 1), (2, 3)]


def test_deal_of_a_company_that_moved_counts_for_its_home_of_that_year() -> None:
    rows = run(
        "staging.counted_deals",
        {
            "staging.reports": [
                {"report_number": year, "dataset_number": 1, "year": year, "company_number": 5} for year in (2019, 2020)
            ],
            "staging.company_areas": [
                {"company_number": 5, "first_year": 0, "last_year": 2019, "country": "CN", "area_number": 1},
                {"company_number": 5, "first_year": 2020, "last_year": 9999, "country": "SG", "area_number": 2},
            ],
            "staging.duplicate_reports": [{"report_number": None}],
            "staging.split_reports": [{"report_number": 2019}, {"report_number": 2020}],
            "staging.merged_deals": [{"deal_number": None}],
            "staging.areas": [{"area_number": None}],
        },
    )
    assert {(row["dataset_number"], row["year"], row["country"], row["area_number"]) for row in rows} == {
        (dataset, year, country, area) for dataset in (0, 1) for year, country, area in ((2019, "CN", 1), (2020, "SG", 2))
    }


def test_first_report_of_a_source_with_an_amount_stands_for_its_deal() -> None:
    rows = reported(
        "staging.duplicate_reports",
        report("elsewhere", "crunchbase_2015", "2012-01-01", "2012-01-01", "A"),
        report("bare", "itjuzi", "2012-01-02", "2012-01-02", "A"),
        report("spelt", "itjuzi", "2012-01-03", "2012-01-03", "A", "c", 80.0),
        report("again", "itjuzi", "2012-01-04", "2012-01-04", "A", amount=80.0),
    )
    numbers = {row["report_number"]: (row["deal_number"], row["source_deal"]) for row in rows}
    first, bare, spelt, again = sorted(numbers)
    assert numbers == {first: (first, first), bare: (first, spelt), spelt: (first, spelt), again: (first, spelt)}


def test_two_curated_deals_stay_two() -> None:
    found = rounds(
        report("one", "register", "2012-05-01", "2012-05-31", "strategic"),
        report("two", "register", "2012-06-01", "2012-06-30", "strategic"),
    )
    assert found == {"one": "one", "two": "two"}


@pytest.mark.parametrize(("curated", "listed", "same"), [
    ("2012-05-01", "2012-06-30", True), ("2012-05-01", "2012-07-01", False),
    ("2012-06-30", "2012-05-01", True), ("2012-07-01", "2012-05-01", False),
    ("2012-11-20", "2013-01-19", True), ("2013-01-19", "2012-11-20", True),
])  # fmt: skip
def test_reports_sixty_days_apart_at_most_are_of_one_round(curated: str, listed: str, same: bool) -> None:
    found = rounds(report("curated", "register", curated, curated, "A"), report("listed", "itjuzi", listed, listed, "A"))
    assert (found["listed"] == "curated") is same


def test_round_has_the_amount_of_the_most_trusted_report_that_gives_one() -> None:
    datasets: Rows = [
        {"dataset": name, "dataset_number": number, "source_priority": priority}
        for number, (name, priority) in enumerate([("inbox", 6), ("itjuzi", 3), ("register", 1)], 1)
    ]
    reports: Rows = [
        {"report_number": number, "dataset_number": dataset, "usd_low": low, "usd_high": high}
        for number, dataset, low, high in [(1, 3, None, None), (2, 2, 50.0, 99.0), (3, 2, 50.0, 60.0), (4, 1, 70.0, 70.0)]
    ]
    alone = reports[3] | {"report_number": 5}
    rows = run("staging.merged_deals", {
        "staging.reports": [*reports, alone],
        "staging.datasets": datasets,
        "staging.duplicate_reports": [{"report_number": number, "deal_number": 1} for number in (1, 2, 3, 4)],
    })  # fmt: skip
    assert rows == [{"deal_number": 1, "n_reports": 4, "n_sources": 3, "usd_low": 50.0, "usd_high": 60.0}]


def crunchbase_2013(tmp_path: Path, *rows: dict[str, object]) -> Rows:
    """Return the reports made of rounds of that source, each of which has a row of its own."""
    return build(
        with_branch("staging.deals", "crunchbase_2013", tmp_path),
        {
            "landing.crunchbase_2013__rounds": [row | {"source_row": number} for number, row in enumerate(rows, 2)],
            "landing.reference__rounds": [{"written": "angel", "round": "angel"}],
            "core.countries": [{"written": "usa", "country": "US"}],
        },
    )


ANGELS: dict[str, object] = {
    "company_key": "/company/a", "company": "A", "category": None, "country": "USA", "region": "MA", "metro": "Boston",
    "place": "Boston", "round_type": "angel", "funded_at": "2012-01-01", "raised_usd": 5.0, "source_file": "f",
}  # fmt: skip


def test_rows_of_crunchbase_2013_that_are_alike_are_one_round(tmp_path: Path) -> None:
    unknown = ANGELS | {"raised_usd": None}
    other = [ANGELS | {"company_key": "/company/b"}, ANGELS | {"round_type": "venture"}, ANGELS | {"funded_at": "2012-01-02"}]
    rows = crunchbase_2013(tmp_path, ANGELS, ANGELS, unknown, unknown, *other)
    assert sorted(one["source_row"] for one in rows) == [2, 4, 6, 7, 8]


def test_first_of_january_in_crunchbase_2013_means_the_year(tmp_path: Path) -> None:
    days = ("2012-01-01", "2012-02-01", "2012-11-01", "2012-01-11")
    rows = crunchbase_2013(tmp_path, *(ANGELS | {"funded_at": day} for day in days))
    dates = [row["date"] for row in sorted(rows, key=lambda row: row["source_row"])]
    assert dates == ["2012", *days[1:]]
