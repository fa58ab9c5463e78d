"""Read how well cities are connected by the offices of global service firms in 2020: data set 31 of GaWC.

The workbook comes from a public copy at a fixed commit, because its address on GaWC's own page is unknown. Only cities of
the United States carry their state in brackets ("San Francisco (California)"), and San Jose in Costa Rica "(CR)". Hong
Kong, Macao and the cities of Taiwan are listed under China.
"""

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest import columns
from pipelines.ingest.readers.workbook import check_header, sheet_rows
from pipelines.ingest.source import Source, fixed_table

URL = "https://raw.githubusercontent.com/ssaffarzadeh/30DayMapChallenge2025/244bf6a42d4cae7c551560b90899a75dfc6344c0/15Nov_FIRE/data/da31_gnc2020.xlsx"
HEADER = ("Rank", "City", "Country", "GNC_abs", "GNC_rel(%)")


class Connectivity(dy.Schema):
    """One row per city."""

    city = columns.text("City, as printed, with the state if it is in the United States.", primary_key=True)
    country = columns.text("Country, as printed.", primary_key=True)
    connectivity = columns.long_integer("Global network connectivity: sum over firms and cities.", 0, 500_000)
    connectivity_pct = columns.number("Global network connectivity, per cent of London's.", 0, 100)

    connectivity_pct_is_connectivity_in_per_cent_of_the_largest = columns.rule(
        (100 * pl.col("connectivity") / pl.col("connectivity").max() - pl.col("connectivity_pct")).abs() < 0.05
    )


def parse_connectivity(content: bytes) -> pl.DataFrame:
    """Return the cities of the sheet, whose ranks must follow each other."""
    rows = sheet_rows(content)
    check_header(rows[0], HEADER, 1)
    for number, row in enumerate(rows[1:], 2):
        if row[0] != str(number - 1):
            problem = f"{row[0]!r} where rank {number - 1} follows"
            raise refuse(problem, "Check whether a row was lost, moved or added", row=number, column="Rank")
    named = pl.DataFrame(rows[1:], schema=["rank", *Connectivity.column_names()], orient="row")
    return named.drop("rank").with_row_index("source_row", 2)


SOURCE = Source(
    name="gawc",
    title="Global network connectivity of cities 2020 (data set 31)",
    publisher="Globalization and World Cities research network, Loughborough University",
    landing_page="https://gawc.lboro.ac.uk/gawc-worlds/gawc-data/dataset-31/",
    licence="Free with acknowledgement",
    completeness="largest",
    licence_class="terms",
    citation="Derudder, B. and Taylor, P. J., Global network connectivity 2020, GaWC Data Set 31",
    cadence="once",
    is_worldwide=True,
    tables=(fixed_table("connectivity", Connectivity, 707, parse_connectivity, (URL,), ("application/octet-stream",)),),
)
