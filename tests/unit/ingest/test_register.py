"""What the committed register covers, and that it keeps its word to the reader."""

import polars as pl
import pytest

from pipelines import settings
from pipelines.ingest.sources import register

HUBS = [
    "Beijing",
    "Shanghai",
    "Shenzhen",
    "Hangzhou",
    "Guangzhou",
    "Chengdu",
    "Nanjing",
    "Suzhou",
    "Wuhan",
    "Xi'an",
    "Dalian",
    "Tianjin",
]


def table(name: str) -> pl.DataFrame:
    return register.FILES.parse(name, (settings.REGISTER / f"{name}.csv").read_bytes())


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("universities", 190), ("companies", 600), ("investors", 150), ("investor_offices", 260), ("deals", 600),
        ("founders", 400), ("service_firms", 180), ("zones", 160), ("published_statistics", 35),
    ],
)  # fmt: skip
def test_every_file_keeps_its_contract_and_its_size(name: str, least: int) -> None:
    assert table(name).height >= least


def test_all_hubs_are_covered() -> None:
    counts = table("companies").group_by("city").len()
    found = dict(counts.iter_rows())
    assert {hub: found.get(hub, 0) for hub in HUBS if found.get(hub, 0) < 10} == {}


@pytest.mark.parametrize(
    ("city", "sector", "least"),
    [
        ("Shanghai", "gaming", 8), ("Guangzhou", "gaming", 3), ("Shenzhen", "telecom_equipment", 5),
        ("Shenzhen", "consumer_electronics", 5), ("Chengdu", "semiconductors", 5), ("Dalian", "it_outsourcing", 3),
    ],
)  # fmt: skip
def test_the_sectors_of_the_claims_are_covered(city: str, sector: str, least: int) -> None:
    companies = table("companies")
    assert companies.filter((pl.col("city_founded") == city) & (pl.col("sector").cast(pl.String) == sector)).height >= least


def test_benchmark_failures_programmes_and_early_deals_are_covered() -> None:
    companies, universities, deals = table("companies"), table("universities"), table("deals")
    assert companies.filter(pl.col("country") == "US").height >= 100
    assert companies.filter(pl.col("exit_how").cast(pl.String) == "closure").height >= 60
    assert universities.filter(pl.col("is_dfc").cast(pl.String) == "1").height == 147
    assert universities.filter(pl.col("is_985").cast(pl.String) == "1").height == 39
    assert universities.filter((pl.col("country") != "CN") & (pl.col("is_leading_technical").cast(pl.String) == "1")).height >= 25
    assert deals.filter(pl.col("date") < "2013").height >= 220
    assert set(range(1999, 2025)) <= set(deals["date"].str.slice(0, 4).cast(pl.Int32))


def test_no_contact_data_and_no_database_named_as_source() -> None:
    for name in register.FILES.contracts:
        frame = table(name)
        text = frame.select(pl.concat_str(pl.all().cast(pl.String), separator=" ", ignore_nulls=True)).to_series()
        assert frame.filter(text.str.contains(r"[\w.+-]+@[\w-]+\.\w+")).is_empty(), name
        assert frame.filter(pl.col("source").str.contains(r"\+\d{1,3}[ -]\d|\(\d{3}\) ?\d{3}|\d{3}-\d{3,4}-\d{4}")).is_empty(), (
            name
        )
        if "basis" in frame.columns:
            assert frame.filter(pl.col("source").str.contains(r"(?i)crunchbase|itjuzi|IT桔子")).is_empty(), name


def test_verified_row_has_an_address() -> None:
    for name, (schema, _) in register.FILES.contracts.items():
        if "basis" in schema.column_names():
            verified = table(name).filter(pl.col("basis").cast(pl.String) == "verified")
            assert verified["url"].null_count() == 0, name
