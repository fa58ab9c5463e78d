"""Locate the places of recordings: what share of the rows that state a place, and where."""

import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import polars as pl
import pytest

from pipelines.resolve.places.countries import iso2
from pipelines.resolve.places.reading import words
from tests.support.places import Mention, committed, mentions, resolve


def _crunchbase(raw: Path, side: str) -> Iterator[Mention]:
    archive = zipfile.ZipFile(raw / "crunchbase_investments_2014" / "UnicornsApp.zip")
    table = pl.read_csv(io.BytesIO(archive.read("UnicornsApp/public_html/maptime.csv")), infer_schema=False)
    for country, place in table.select(f"{side}_country_code", f"{side}_city").iter_rows():
        yield iso2(country), None, place


def _itjuzi_events(raw: Path) -> Iterator[Mention]:
    content = (raw / "itjuzi_events_2016" / "invest_event.csv").read_bytes().decode("gbk", errors="replace")
    for place in pl.read_csv(io.BytesIO(content.encode()), infer_schema=False)["place"]:
        yield "CN", None, place


def _itjuzi_investors(raw: Path) -> Iterator[Mention]:
    text = (raw / "itjuzi_investors_2016" / "investorinfo.json").read_text()
    for array in text.replace("][", "]\0[").split("\0"):
        for record in json.loads(array):
            if address := record.get("address"):
                yield "CN", address[0], address[1]


def _ministry(raw: Path) -> Iterator[Mention]:
    for path in sorted((raw / "moe_list").glob("*.xls")):
        for row in pl.read_excel(path, has_header=False, engine="calamine").iter_rows():
            if row[4] and row[4] != "所在地":
                yield "CN", None, row[4]


def _census(raw: Path) -> Iterator[Mention]:
    table = pl.read_csv(raw / "census_china" / "derived_nogeom.csv", infer_schema=False)
    for province, city in table.select("province", "city").iter_rows():
        yield "CN", province, city


def _financedatabase(raw: Path) -> Iterator[Mention]:
    for path in sorted((raw / "financedatabase").glob("*.csv")):
        table = pl.read_csv(path, infer_schema=False).filter(pl.col("country") == "China")
        for state, city in table.select("state", "city").iter_rows():
            yield "CN", state, city


def _counted(counts: Counter[Mention]) -> pl.DataFrame:
    """Return the mentions resolved, with n, the number of rows that write each."""
    frame = resolve(mentions(counts))
    return frame.with_columns(pl.Series("n", [counts[row] for row in frame.select("country", "region", "place").iter_rows()]))


@pytest.mark.parametrize(
    ("read", "least"),
    [
        (partial(_crunchbase, side="company"), 0.95),  # the others are mostly names that several states share
        (partial(_crunchbase, side="investor"), 0.97),
        (_itjuzi_events, 0.999),
        (_itjuzi_investors, 1.0),
        (_ministry, 1.0),
        (_census, 1.0),
        (_financedatabase, 0.98),
    ],
    ids=["Crunchbase companies", "Crunchbase investors", "IT桔子 events", "IT桔子 investors", "Ministry", "census", "A-shares"],
)
def test_stated_places_are_located(read: Callable[[Path], Iterator[Mention]], least: float, recordings: Path) -> None:
    """A province or country counts as located where no more is stated."""
    stated = _counted(Counter(read(recordings))).filter(~pl.col("reason").is_in(["blank", *words("blank").values()]))
    assert stated.filter(pl.col("level") != "none")["n"].sum() / stated["n"].sum() >= least


def test_prefectures_have_their_code(recordings: Path) -> None:
    census = pl.read_csv(recordings / "census_china" / "derived_nogeom.csv", infer_schema=False)
    located = resolve(mentions(census.select(pl.lit("CN"), "province", "city").iter_rows()))
    located = located.filter(pl.col("city_country") == "CN").join(committed("prefectures"), on="city", suffix="_p")
    both = located.join(census, left_on=["region", "place"], right_on=["province", "city"])
    assert both.height == census.height - 2  # Hong Kong and Macau are not prefectures.
    assert both.filter(pl.col("code") != pl.col("city_code"))["place"].to_list() == []


def test_name_without_its_state_means_the_same_place(recordings: Path) -> None:
    content = (recordings / "crunchbase_2013_us" / "crunchbase-companies.csv").read_bytes().decode("mac_roman")
    table = pl.read_csv(io.BytesIO(content.replace("\r", "\n").encode()), infer_schema=False).drop_nulls(["state_code", "city"])
    counts: Counter[Mention] = Counter(("US", state, city) for state, city in table.select("state_code", "city").iter_rows())
    with_state = _counted(counts).filter(pl.col("level") == "city")
    bare = resolve(mentions({("US", None, city) for _, _, city in counts})).filter(pl.col("level") == "city")
    both = with_state.join(bare, on="place", suffix="_bare")
    assert both["n"].sum() / with_state["n"].sum() >= 0.94
    assert both.filter(pl.col("city") == pl.col("city_bare"))["n"].sum() / both["n"].sum() >= 0.985
