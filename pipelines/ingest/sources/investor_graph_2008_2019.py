"""Read who invested in which Chinese company in which round, mostly of 2008–2019, as a graph published on GitHub.

How the rounds were selected is not known; companies that are listed, or quoted on the NEEQ (新三板), are over-represented. It
gives no amounts. Companies stand by their registered names, investors by brands, funds or registered names, mixed. An
empty round is a strategic investment. 新三板 is no round: of its 573 edges each joins a company to 长江证券, a securities
firm that makes the market in its shares. Some edges are printed several times. Natural persons among investors were written
``(individual)`` before this copy was made; no person leaves the parser.

The publisher has companies, investors and edges in three files and blanked the names later. This copy joins them; the three
have not been seen, so nothing is fetched.
"""

import dataframely as dy
import polars as pl

from pipelines.ingest import columns
from pipelines.ingest.persons import is_person
from pipelines.ingest.readers.text import csv_rows
from pipelines.ingest.source import Source, fixed_table

COMMIT = "736ff0c19f230cafd769438bef7c01c4726b8b0d"
ROUNDS = [
    "种子轮", "天使轮", "PRE-A轮", "A轮", "A+轮", "PRE-B轮", "B轮", "B+轮", "C轮", "C+轮", "D轮", "D+轮", "E轮", "F轮", "G轮",
    "PRE-IPO轮", "私募增资", "IPO轮", "上市定增", "定向增发", "新三板", "新三板定增",
]  # fmt: skip


class Edges(dy.Schema):
    """One row per investor of a round, as printed."""

    date = columns.day("Date of the round.")
    round = columns.category("Round, listing or placement of shares; empty for a strategic investment.", ROUNDS, nullable=True)
    company = columns.text("Registered name of the company.")
    investor = columns.text("Brand, fund or registered name of the investor; empty for a natural person.", nullable=True)


def parse_edges(content: bytes) -> pl.DataFrame:
    """Return every edge of the file, without the names of persons."""
    name = pl.col("investor")
    firm = pl.when((name != "(individual)") & ~name.map_elements(is_person, pl.Boolean)).then(name)
    return csv_rows(content, Edges.column_names()).with_columns(firm)


SOURCE = Source(
    name="investor_graph_2008_2019",
    title="Investors of Chinese companies 2008–2019",
    publisher="chenyelu/angel-investment-kg; its own source is not stated",
    landing_page="https://github.com/chenyelu/angel-investment-kg",
    licence="None stated",
    licence_class="restricted",
    citation=f"chenyelu/angel-investment-kg at commit {COMMIT[:7]}",
    cadence="once",
    subjects=("deals", "companies", "investors"),
    priority=6,
    tables=(fixed_table("edges", Edges, 11_399, parse_edges, ()),),
)
