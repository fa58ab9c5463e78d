"""Read China's companies in artificial intelligence, and their rounds up to December 2018, from an export of IT桔子.

Others exported the search for one keyword and published it without a licence, so this is one sector and not the market. The
file as published also holds teams, telephone numbers and postal addresses. Only the columns of ``HEADER`` are read, and only
a copy without the others has been seen. As published, a company's facts stand on the first of its rows only. A dash means
none. A place is a city, a district of a municipality, or a country under its continent. Listings (IPO上市, 新三板), sales of
shares after them and takeovers (并购) stand among the rounds. Investors who are persons are left out.
"""

import re

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest import columns
from pipelines.ingest.amounts import KINDS, with_amounts
from pipelines.ingest.contract import ROW
from pipelines.ingest.persons import firms
from pipelines.ingest.readers.text import CSV_TYPES, csv_rows
from pipelines.ingest.source import Source, fixed_table

COMMIT = "cd7e08af71d6c65859977d0be3d4a0187293aa76"
URL = (
    f"https://raw.githubusercontent.com/hao44le/itjuzi-data/{COMMIT}/%E5%85%AC%E5%8F%B8%E5%88%97%E8%A1%A8_820%E6%9D%A1_"
    "2018%E5%B9%B412%E6%9C%8825%E6%97%A510%E6%97%B616%E5%88%8646%E7%A7%92.csv"
)
COMPANY = {
    "公司名称": "company", "工商名称": "legal_name", "公司网址": "website", "成立时间": "founded", "地点": "location",
    "运营状态": "status", "行业": "industry", "子行业": "subindustry",
}  # fmt: skip
ROUND = {"融资时间": "date", "轮次": "round", "融资金额": "amount", "投资方": "investors"}
HEADER = [*COMPANY, *ROUND, "融资总额", "估值"]
STATUSES = ["运营中", "已关闭", "已转型", "未上线"]
ROUNDS = [
    "种子轮", "天使轮", "Pre-A轮", "A轮", "A+轮", "Pre-B轮", "B轮", "B+轮", "C轮", "C+轮", "D轮", "E轮", "F轮-上市前", "战略投资",
    "IPO上市", "IPO上市后", "新三板", "新三板定增", "并购",
]  # fmt: skip


class Companies(dy.Schema):
    """One row per company that the search found."""

    company = columns.text("Product or company, as printed.", primary_key=True)
    legal_name = columns.text("Registered name.", nullable=True)
    website = columns.text("Website.", nullable=True)
    founded = columns.text("Month of founding.", r"^(19|20)[0-9][0-9]-(0[1-9]|1[0-2])$", "Write YYYY-MM")
    region = columns.text("Province or municipality; a continent if abroad.")
    place = columns.text("City, or district of a municipality; a country if abroad.")
    status = columns.category("In business (运营中), closed, in another business, or not begun.", STATUSES)
    industry = columns.text("Industry.")
    subindustry = columns.text("Part of the industry.", nullable=True)


class Rounds(dy.Schema):
    """One row per dated round, listing or takeover of a company."""

    company = columns.text("Product or company, as printed.", primary_key=True)
    date = columns.text(
        "Date of the announcement.",
        r"^(19|20)[0-9][0-9]-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
        "Write YYYY-MM-DD",
        primary_key=True,
    )
    round = columns.category("Round, as printed.", ROUNDS, primary_key=True)
    amount = columns.text("Amount or its class, as printed.")
    currency = columns.currency(nullable=True)
    amount_low = columns.number("Lowest possible amount in that currency; empty if undisclosed.", 0, nullable=True)
    amount_high = columns.number("Highest possible amount; empty if open.", 0, nullable=True)
    amount_kind = columns.category("One figure, a range, an order of magnitude, or undisclosed.", KINDS)
    investors = columns.names("Firms that invest, separated by |.")

    amount_reads_as_a_number_with_its_size_and_currency = columns.rule(pl.col("amount_kind").cast(pl.String) != "unreadable")


def _rows(content: bytes) -> pl.DataFrame:
    """Return the columns of ``HEADER``, the facts of a company on each of its rows."""
    rows = csv_rows(content, HEADER, ignores_others=True).rename(COMPANY | ROUND)
    blank = pl.col(*COMPANY.values(), *ROUND.values()).replace("-", None)
    is_first = pl.col("company").is_not_null()
    filled = rows.with_columns(blank).with_columns(pl.col(*COMPANY.values()).first().over(is_first.cum_sum()))
    repeated = filled.filter(~pl.struct("company", "date", "round").is_first_distinct())
    if not repeated.is_empty():
        problem = f"{repeated['company'][0]!r} has the same round twice"
        raise refuse(problem, "Look for repeated rows", row=repeated[ROW][0])
    return filled


def parse_companies(content: bytes) -> pl.DataFrame:
    location = pl.col("location").str.split_exact("-", 1).struct.rename_fields(["region", "place"])
    rows = _rows(content).unique([*COMPANY.values()], keep="first", maintain_order=True)
    return rows.with_columns(location.alias("location")).unnest("location")


def parse_rounds(content: bytes) -> pl.DataFrame:
    """Return the rows that have a date, each with its investors."""
    investors = pl.col("investors").map_elements(_investors, pl.String)
    return with_amounts(_rows(content).filter(pl.col("date").is_not_null()).with_columns(investors))


def _investors(text: str) -> str | None:
    return "|".join(firms([name.strip() for name in re.split("[,;]", text)])) or None


SOURCE = Source(
    name="itjuzi_ai_2018",
    title="IT桔子: companies in artificial intelligence and their rounds to 2018",
    publisher="IT桔子, by way of hao44le/itjuzi-data",
    landing_page="https://www.itjuzi.com",
    licence="None stated; exported from a site that reserves its rights",
    licence_class="restricted",
    citation=f"IT桔子 (itjuzi.com), export of 25 December 2018, as in hao44le/itjuzi-data at commit {COMMIT[:7]}",
    cadence="once",
    subjects=("deals", "companies", "investors"),
    priority=5,
    tables=(
        fixed_table("companies", Companies, 820, parse_companies, (URL,), CSV_TYPES),
        fixed_table("rounds", Rounds, 1_153, parse_rounds, (URL,), CSV_TYPES),
    ),
)
