"""Resolve recorded names whose entities are known."""

import io
from pathlib import Path

import polars as pl
import pytest

from pipelines.resolve.names import NO_OVERRIDES, resolve


@pytest.mark.recorded
def test_links_of_two_exports_agree_with_their_keys(recordings: Path) -> None:
    """The second export's permalinks are hidden, and then tell which links were right."""
    old = (recordings / "crunchbase_2013_us" / "crunchbase-companies.csv").read_bytes().decode("latin-1")
    first = pl.read_csv(io.StringIO(old.replace("\r\n", "\n").replace("\r", "\n")), infer_schema=False).select(
        "permalink", "name", "city", pl.col("founded_year").cast(pl.Int32, strict=False).alias("founded"), source=pl.lit("2013")
    )
    new = pl.read_csv(recordings / "crunchbase_export_2015" / "acquisitions.csv", infer_schema=False)
    second = new.filter(pl.col("company_country_code") == "USA").select(
        permalink="company_permalink",
        name="company_name",
        city="company_city",
        founded=pl.lit(None, pl.Int32),
        source=pl.lit("2015"),
    )
    mentions = (
        pl.concat([first, second])
        .filter(pl.col("name").str.contains(r"\w"))
        .with_columns(pl.col("permalink").str.split("/").list.last())
        .unique(["source", "permalink"], keep="first", maintain_order=True)
        .with_row_index("mention")
        .with_columns(
            pl.col("mention").cast(pl.String),
            kind=pl.lit("company"),
            key=pl.when(source="2013").then("permalink"),
            name_other=pl.lit(None, pl.String),
            country=pl.lit("US"),
            rank=pl.lit(0),
        )
    )
    entity = mentions.join(resolve(mentions, NO_OVERRIDES), on="mention")
    sides = entity.filter(source="2013"), entity.filter(source="2015")
    linked = sides[0].join(sides[1], on="entity")
    known = sides[0].join(sides[1], on="permalink")
    right = linked.filter(pl.col("permalink") == pl.col("permalink_right")).height
    assert right / linked.height >= 0.96  # most of the others are in the database twice
    assert known.filter(pl.col("entity") == pl.col("entity_right")).height / known.height >= 0.93
