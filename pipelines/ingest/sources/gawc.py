"""GaWC data set 31: how well cities are connected by the offices of global service firms, 2020.

The workbook is read from a public copy at a fixed commit; its address on GaWC's own page is not known. What bites: the
city carries a state in brackets in the United States only ("San Francisco (California)"), San Jose in Costa Rica
"(CR)", and Hong Kong, Macao and the cities of Taiwan are listed under China.
"""

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest.contract import doc
from pipelines.ingest.readers.workbook import check_header, sheet_rows
from pipelines.ingest.source import Source, Table

AT = "https://raw.githubusercontent.com/ssaffarzadeh/30DayMapChallenge2025/244bf6a42d4cae7c551560b90899a75dfc6344c0/15Nov_FIRE/data/da31_gnc2020.xlsx"
HEADER = ("Rank", "City", "Country", "GNC_abs", "GNC_rel(%)")


class Connectivity(dy.Schema):
    """One row per city."""

    city = dy.String(primary_key=True, metadata=doc("City as printed, with the state for the United States."))
    country = dy.String(primary_key=True, metadata=doc("Country as printed."))
    connectivity = dy.Int64(nullable=False, min=0, metadata=doc("Global network connectivity: sum over firms and cities."))
    connectivity_pct = dy.Float64(nullable=False, min=0, max=100, metadata=doc("The same, per cent of London's."))


def parse_connectivity(content: bytes) -> pl.DataFrame:
    rows = sheet_rows(content)
    check_header(rows[0], HEADER, 1)
    for number, row in enumerate(rows[1:], 2):
        if row[0] != str(number - 1):
            problem = f"{row[0]!r} where rank {number - 1} follows"
            raise refuse(problem, "Look whether a row was lost, moved or added", row=number, column="Rank")
    named = pl.DataFrame(rows[1:], schema=["rank", *Connectivity.column_names()], orient="row")
    return named.drop("rank").with_row_index("source_row", 2)


SOURCE = Source(
    name="gawc",
    title="Global network connectivity of cities 2020 (data set 31)",
    publisher="Globalization and World Cities research network, Loughborough University",
    landing_page="https://gawc.lboro.ac.uk/gawc-worlds/gawc-data/dataset-31/",
    licence="Free with acknowledgement",
    licence_class="terms",
    citation="Derudder, B. and Taylor, P. J., Global network connectivity 2020, GaWC Data Set 31",
    cadence="once",
    tables=(
        Table("connectivity", Connectivity, (707, 707), parse_connectivity, (AT,), ("application/octet-stream",), is_final=True),
    ),
)
