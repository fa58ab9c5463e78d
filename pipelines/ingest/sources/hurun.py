"""Read the world's unicorns with city, industry and valuation from the yearly lists of the Hurun Research Institute.

Each edition has a number of its own, so a new year is a new line in ``EDITIONS``. Strings hold raw control characters.
Each record also describes founders, who are dropped at once. The lists hold survivors only, as the institute counts them.

The address, parameters and field names are those used by akfamily/akshare, Tianu-Laqian/DPv1 and a published R script
that checked the editions 2023–2026 against the institute's reports (1,361, 1,452, 1,522 and 1,602 rows). Only that script
says that dollars are in billions, so a rule checks the implied exchange rate. This parser has not read the live list yet.
"""

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest import columns
from pipelines.ingest.readers.records import text_rows
from pipelines.ingest.readers.text import CHANGED, json_value, not_html
from pipelines.ingest.request import Politeness
from pipelines.ingest.source import Parts, Source, Table

EDITIONS = {2023: "MKIUCQ1P", 2024: "E9W1YX99", 2025: "E9W16F3H", 2026: "E9A16F3H"}
#: Address → edition.
URLS = {
    f"https://www.hurun.net/en-US/Rank/HsRankDetailsList?num={number}&search=&offset=0&limit=3000": str(year)
    for year, number in EDITIONS.items()
}

#: The page that shows the list, and asks for its rows.
PAGE = "https://www.hurun.net/en-US/Rank/HsRankDetails?pagetype=unicorn"

FIELDS = {
    "hurun_id": "hs_Rank_Unicorn_ID", "edition": "hs_Rank_Unicorn_Year", "rank": "hs_Rank_Unicorn_Ranking",
    "company": "hs_Rank_Unicorn_ComName_En", "company_zh": "hs_Rank_Unicorn_ComName_Cn",
    "place": "hs_Rank_Unicorn_ComHeadquarters_En", "place_zh": "hs_Rank_Unicorn_ComHeadquarters_Cn",
    "industry": "hs_Rank_Unicorn_Industry_En", "industry_zh": "hs_Rank_Unicorn_Industry_Cn",
    "valuation_usd_bn": "hs_Rank_Unicorn_Wealth_USD", "valuation_cny_100m": "hs_Rank_Unicorn_Wealth",
}  # fmt: skip

#: Replaces control characters, which JSON does not allow within strings, by spaces.
_BLANK = bytes.maketrans(bytes(range(32)), b" " * 32)


class Unicorns(dy.Schema):
    """One row per unicorn and yearly edition of the list."""

    hurun_id = columns.long_integer("Hurun's identifier of the row.", primary_key=True)
    edition = columns.year("Year of the list.", 2019, ahead=1)
    rank = columns.integer("Rank by valuation; equal valuations share a rank.", 1, 10_000)
    company = columns.text("English name, as printed.")
    company_zh = columns.text("Chinese name, as printed.", nullable=True)
    place = columns.text("Headquarters, as printed in English: country, city, or both.", nullable=True)
    place_zh = columns.text("Headquarters, as printed in Chinese.", nullable=True)
    industry = columns.text("Industry in English.", nullable=True)
    industry_zh = columns.text("Industry in Chinese.", nullable=True)
    valuation_usd_bn = columns.number("Valuation, billions of US dollars.", 0, 5_000)
    valuation_cny_100m = columns.number("Valuation, hundred millions of yuan (亿元).", 0, 350_000, nullable=True)

    # A dollar has cost 6.0 to 8.3 yuan since 1994, and both figures are rounded.
    valuation_usd_bn_and_valuation_cny_100m_differ_by_the_exchange_rate = columns.rule(
        (pl.col("valuation_cny_100m") / 10 / pl.col("valuation_usd_bn")).is_between(5, 10)
    )


def parse_unicorns(content: bytes) -> pl.DataFrame:
    """Return the rows of one edition; raise Refused unless it holds as many as it states."""
    not_html(content)
    match json_value(content.translate(_BLANK)):
        case {"rows": [*records], "total": int(total)} if records:
            pass
        case _:
            raise refuse("is not a list of rows with their total", CHANGED)
    if len(records) != total:
        remedy = "Ask for all rows at once; if there are more now, raise the limit"
        raise refuse(f"contains {len(records)} of {total} rows", remedy)
    return text_rows(records, FIELDS, str, int, float, type(None))


SOURCE = Source(
    name="hurun",
    title="Hurun Global Unicorn Index",
    publisher="Hurun Research Institute",
    landing_page=PAGE,
    licence="free to read; no licence stated",
    family="unicorn lists",
    licence_class="terms",
    citation="Hurun Research Institute, Global Unicorn Index, www.hurun.net",
    cadence="yearly",
    subjects=("companies",),
    priority=3,
    is_worldwide=True,
    tables=(Table("unicorns", Unicorns, (1_300, 8_000), parse_unicorns, (*URLS,), parts=Parts("edition", URLS.get)),),
    politeness=Politeness(seconds_between=5, referer=PAGE),
)
