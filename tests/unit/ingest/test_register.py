"""The committed register: what it covers, and what it promises its readers."""

import polars as pl

from pipelines.ingest.sources import register

HUBS = [
    "Beijing", "Shanghai", "Shenzhen", "Hangzhou", "Guangzhou", "Chengdu", "Nanjing", "Suzhou", "Wuhan", "Xi'an", "Dalian",
    "Tianjin",
]  # fmt: skip


def table(name: str) -> pl.DataFrame:
    return register.FILES.read(name)


def test_files_keep_their_contract_and_size() -> None:
    least = {
        "universities": 190, "companies": 600, "investors": 150, "investor_offices": 260, "deals": 600, "founders": 400,
        "service_firms": 180, "zones": 160, "published_statistics": 35,
    }  # fmt: skip
    assert {name: table(name).height for name in least if table(name).height < least[name]} == {}


def test_every_hub_has_ten_companies() -> None:
    counts = dict(table("companies").group_by("city").len().iter_rows())
    assert {hub: counts.get(hub, 0) for hub in HUBS if counts.get(hub, 0) < 10} == {}


def test_sectors_of_the_claims_are_covered() -> None:
    least = {
        ("Shanghai", "gaming"): 8, ("Guangzhou", "gaming"): 3, ("Shenzhen", "telecom_equipment"): 5,
        ("Shenzhen", "consumer_electronics"): 5, ("Chengdu", "semiconductors"): 5, ("Dalian", "it_outsourcing"): 3,
    }  # fmt: skip
    counts = {
        (city, str(sector)): count
        for city, sector, count in table("companies").group_by("city_founded", "sector").len().iter_rows()
    }
    assert {key: counts.get(key, 0) for key in least if counts.get(key, 0) < least[key]} == {}


def test_failures_programmes_and_early_deals_are_covered() -> None:
    companies, universities, deals = table("companies"), table("universities"), table("deals")
    assert companies.filter(pl.col("country") == "US").height >= 100
    assert companies.filter(pl.col("exit_how").cast(pl.String) == "closure").height >= 60
    assert universities.filter(pl.col("is_dfc").cast(pl.String) == "1").height == 147
    assert universities.filter(pl.col("is_985").cast(pl.String) == "1").height == 39
    assert universities.filter((pl.col("country") != "CN") & (pl.col("is_leading_technical").cast(pl.String) == "1")).height >= 25
    assert deals.filter(pl.col("date") < "2013").height >= 220
    assert set(range(1999, 2025)) <= set(deals["date"].str.slice(0, 4).cast(pl.Int32))


def test_rows_name_public_sources_and_no_contact_data() -> None:
    phone = r"\+\d{1,3}[ -]\d|\(\d{3}\) ?\d{3}|\d{3}-\d{3,4}-\d{4}"
    for name in register.FILES.contracts:
        frame = table(name)
        text = frame.select(pl.concat_str(pl.all().cast(pl.String), separator=" ", ignore_nulls=True)).to_series()
        assert frame.filter(text.str.contains(r"[\w.+-]+@[\w-]+\.\w+")).is_empty(), name
        assert frame.filter(pl.col("source").str.contains(phone)).is_empty(), name
        if "basis" in frame.columns:
            assert frame.filter(pl.col("source").str.contains(r"(?i)crunchbase|itjuzi|IT桔子")).is_empty(), name
