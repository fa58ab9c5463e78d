"""Unicorns of the world with city, industry and valuation, from the Hurun Research Institute's yearly lists.

What bites: each edition has a number of its own, so a new year is a new line in ``EDITIONS``; raw control characters
stand inside strings; each row also tells of founders, who are dropped at once; survivors only, by the institute's count.

Evidence: address, parameters and field names as used in akfamily/akshare, Tianu-Laqian/DPv1 and a published R script
that checked the editions 2023–2026 against the institute's reports (1,361, 1,452, 1,522 and 1,602 rows). Whether dollars
come in billions follows from that script alone, hence the rule on the exchange rate. Not yet seen live.
"""

from typing import Any

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest.contract import ROW, doc
from pipelines.ingest.readers.text import json_value, not_html
from pipelines.ingest.request import Politeness
from pipelines.ingest.source import Source, Table

EDITIONS = {2023: "MKIUCQ1P", 2024: "E9W1YX99", 2025: "E9W16F3H", 2026: "E9A16F3H"}

FIELDS = {
    "hurun_id": "hs_Rank_Unicorn_ID",
    "edition": "hs_Rank_Unicorn_Year",
    "rank": "hs_Rank_Unicorn_Ranking",
    "company": "hs_Rank_Unicorn_ComName_En",
    "company_zh": "hs_Rank_Unicorn_ComName_Cn",
    "place": "hs_Rank_Unicorn_ComHeadquarters_En",
    "place_zh": "hs_Rank_Unicorn_ComHeadquarters_Cn",
    "industry": "hs_Rank_Unicorn_Industry_En",
    "industry_zh": "hs_Rank_Unicorn_Industry_Cn",
    "valuation_usd_bn": "hs_Rank_Unicorn_Wealth_USD",
    "valuation_cny_100m": "hs_Rank_Unicorn_Wealth",
}

_CHANGED = "Compare the record with the fields expected; if the source changed for good, change its parser"
_BLANK = bytes.maketrans(bytes(range(32)), b" " * 32)


class Unicorns(dy.Schema):
    """One row per unicorn and yearly edition of the list."""

    hurun_id = dy.Int64(primary_key=True, metadata=doc("Number of the row at the publisher."))
    edition = dy.Int32(nullable=False, min=2019, max=2100, metadata=doc("Year of the list."))
    rank = dy.Int32(nullable=False, min=1, metadata=doc("Rank by valuation; ties share one."))
    company = dy.String(nullable=False, metadata=doc("English name as printed."))
    company_zh = dy.String(nullable=True, metadata=doc("Chinese name as printed."))
    place = dy.String(nullable=True, metadata=doc("Headquarters as printed in English: country, city, or both."))
    place_zh = dy.String(nullable=True, metadata=doc("Headquarters as printed in Chinese."))
    industry = dy.String(nullable=True, metadata=doc("Industry in English."))
    industry_zh = dy.String(nullable=True, metadata=doc("Industry in Chinese."))
    valuation_usd_bn = dy.Float64(nullable=False, min=0, metadata=doc("Valuation, billions of US dollars."))
    valuation_cny_100m = dy.Float64(nullable=True, min=0, metadata=doc("Valuation, hundred millions of yuan (亿元)."))

    @dy.rule()
    def valuation_usd_bn_and_valuation_cny_100m_differ_by_the_exchange_rate(cls) -> pl.Expr:
        # A dollar has cost 6.0 to 8.3 yuan since 1994; both figures are rounded.
        return (pl.col("valuation_cny_100m") / 10 / pl.col("valuation_usd_bn")).is_between(5, 10)


def parse_unicorns(content: bytes) -> pl.DataFrame:
    """The rows of one edition; raises Refused unless all that it counts are there."""
    not_html(content)
    match json_value(content.translate(_BLANK)):
        case {"rows": [*records], "total": int(total)} if records:
            pass
        case _:
            raise refuse("is not a list of rows with their total", _CHANGED)
    if len(records) != total:
        raise refuse(f"{len(records)} of {total} rows", "Ask for all rows at once; if there are now more, raise the limit")
    rows = [_row(number, record) for number, record in enumerate(records, start=1)]
    return pl.DataFrame(rows, schema=dict.fromkeys(FIELDS, pl.String) | {ROW: pl.Int32})


def _row(number: int, record: Any) -> dict[str, Any]:
    row: dict[str, Any] = {ROW: number}
    for column, field in FIELDS.items():
        if not isinstance(record, dict) or field not in record:
            raise refuse("the field is missing", _CHANGED, row=number, column=field)
        value = record[field]
        if type(value) not in (str, int, float, type(None)):
            raise refuse(f"{value!r} is neither text nor a number", _CHANGED, row=number, column=field)
        row[column] = None if value is None else str(value).strip() or None
    return row


SOURCE = Source(
    name="hurun",
    title="Hurun Global Unicorn Index",
    publisher="Hurun Research Institute",
    landing_page="https://www.hurun.net/en-US/Rank/HsRankDetails?pagetype=unicorn",
    licence="free to read; no licence stated",
    licence_class="terms",
    citation="Hurun Research Institute, Global Unicorn Index, www.hurun.net",
    cadence="yearly",
    tables=(
        Table(
            "unicorns",
            Unicorns,
            (1_300, 8_000),
            parse_unicorns,
            tuple(
                f"https://www.hurun.net/en-US/Rank/HsRankDetailsList?num={number}&search=&offset=0&limit=3000"
                for number in EDITIONS.values()
            ),
        ),
    ),
    politeness=Politeness(seconds_between=5),
)
