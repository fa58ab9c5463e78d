"""Read deals of Indian start-ups, January 2015 to August 2017, that others collected from news (trak.in).

Dates run from the day to the year and are punctuated in three ways (01-08-2017, 12/05.2015, 22/01//2015). Amounts are in US
dollars with Indian grouping (1,00,000 is a hundred thousand). Every round that is not seed money is called private equity;
a series stands only among the remarks, if at all. Of two places the first counts. Investors are named with persons, with
phrases such as "and others", and joined by commas, "&" or "and": firms are kept.
"""

import re

import dataframely as dy
import polars as pl

from pipelines.ingest import columns
from pipelines.ingest.persons import firms, is_person
from pipelines.ingest.readers.text import CSV_TYPES, csv_rows, day_in
from pipelines.ingest.source import Source, fixed_table

COMMIT = "8f3e571ec3e360ffb374881bf28254671c2799cd"
URL = f"https://raw.githubusercontent.com/saahil1292/indian_startup/{COMMIT}/startup_funding.csv"
HEADER = {
    "SNo": "number", "Date": "date", "StartupName": "company", "IndustryVertical": "industry", "SubVertical": "subindustry",
    "CityLocation": "location", "InvestorsName": "investors", "InvestmentType": "round_type", "AmountInUSD": "amount",
    "Remarks": "series",
}  # fmt: skip
ROUND_TYPES = {
    "seedfunding": "seed", "privateequity": "private equity", "crowdfunding": "crowdfunding", "debtfunding": "debt",
}  # fmt: skip
#: Places outside India, as printed → country, and city if one is named.
ABROAD = {
    "US": ("US", None), "USA": ("US", None), "SFO": ("US", "San Francisco"), "Seattle": ("US", "Seattle"),
    "Dallas": ("US", "Dallas"), "New York": ("US", "New York"), "Boston": ("US", "Boston"), "London": ("GB", "London"),
    "Singapore": ("SG", None),
}  # fmt: skip

_SERIES = r"(?i)\b((?:pre[ -]+)?series[ -][a-h])\b"
#: Joined names are parted, except where the next word belongs to the same firm: Mitsui & Co., Plug and Play.
_JOINED = (
    r"[,;]|(?:^|\s+)(?:&|and)\s+(?!Betty|Business|Co\b|Company|Entrepr|Industries|Marketing|Mr\b|Play|Resorts|Susan|Technology)"
)
_VAGUE = re.compile(
    r"(?i)\b(not disclosed|un ?disclosed|unnamed|others?|hnis?|individuals?|experts|group of|existing|new investors"
    r"|angel investors)\b|^co\b"
)


class Deals(dy.Schema):
    """One row per deal."""

    number = columns.integer("Number in the list.", 0, primary_key=True)
    date = columns.day("Day announced.")
    company = columns.text("Company financed, as printed.")
    industry = columns.text("Industry, as printed.", nullable=True)
    country = columns.country("Country of the company; IN unless the first place printed is abroad.")
    place = columns.text("City of the company, as printed; the first one if there are two.", nullable=True)
    round_type = columns.category("Kind of deal; private equity is any round after seed.", [*ROUND_TYPES.values()], nullable=True)
    series = columns.text("Series among the remarks, such as Series A or Pre-Series A.", nullable=True)
    amount = columns.text(
        "US dollars with Indian grouping, as printed.", r"^[0-9]{1,4}(,[0-9]{2,3})*$", "1,00,000", nullable=True
    )
    usd = columns.usd("US dollars raised in the whole round; empty if undisclosed.")
    investors = columns.names("Firms that invest, separated by |.")


def split_investors(text: str) -> list[str]:
    """Return the firms named in one cell."""
    names: list[str] = []
    for piece in re.split(r"[,;]", text.replace("\\xa0", " ").replace("\xa0", " ")):
        parts = [part.strip() for part in re.split(_JOINED, piece)]
        # In "Anna and Bert Example" the first name stands for a person, too.
        has_person = any(map(is_person, parts))
        names += [part for part in parts if not (has_person and part.istitle() and " " not in part)]
    return firms([name for name in names if not _VAGUE.search(name)])


def parse_deals(content: bytes) -> pl.DataFrame:
    rows = csv_rows(content, list(HEADER)).rename(HEADER)
    kind = pl.col("round_type").str.replace_all(" ", "").str.to_lowercase()
    first = pl.col("location").str.split("/").list.first().str.strip_chars()
    country = first.replace_strict({place: code for place, (code, _) in ABROAD.items()}, default="IN")
    named = first.replace_strict({place: city for place, (_, city) in ABROAD.items()}, default=first, return_dtype=pl.String)
    series = pl.col("series").str.extract(_SERIES).str.to_lowercase().str.replace_all("[ -]+", " ")
    return rows.with_columns(
        date=day_in("date", r"^(?<d>[0-9]{2})[-/](?<m>[0-9]{2})(?:[-.]|//)(?<y>[0-9]{4})$"),
        country=country.fill_null("IN"),
        place=pl.when(named != "India").then(named),
        round_type=kind.replace(ROUND_TYPES),
        series=series,
        usd=pl.col("amount").str.replace_all(",", "").cast(pl.Float64, strict=False),
        investors=pl.col("investors").map_elements(lambda text: "|".join(split_investors(text)) or None, pl.String),
    )


SOURCE = Source(
    name="india_deals_2015_2017",
    title="Deals of Indian start-ups 2015–2017",
    publisher="trak.in, by way of Kaggle (Sudalai Rajkumar) and saahil1292/indian_startup",
    landing_page="https://github.com/saahil1292/indian_startup",
    licence="CC0 according to memory of its page on Kaggle, not confirmed",
    licence_class="restricted",
    citation=f"Indian Startup Funding, Kaggle, as in saahil1292/indian_startup at commit {COMMIT[:7]}",
    cadence="once",
    subjects=("deals", "companies", "investors"),
    priority=6,
    tables=(fixed_table("deals", Deals, 2_372, parse_deals, (URL,), CSV_TYPES),),
)
