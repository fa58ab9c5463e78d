"""The catalogue says on what the parser of each table was tried."""

from pathlib import Path

import polars as pl

from pipelines.ingest import archive, catalogue
from pipelines.ingest.request import Reply


def verified(table: str) -> str:
    """Return on what the parser of a landing table was tried."""
    return str(catalogue.catalogue()["core.sources"].filter(pl.col("table_name") == table)["verified"].item())


def test_parser_is_tried_on_what_came_over_the_network_last(home: Path) -> None:
    assert not verified("landing.amac__managers").startswith("live")
    for table, via, day in (("managers", "live", 1), ("managers", "live", 2), ("managers", "replay", 3), ("others", "live", 4)):
        reply = Reply(200, {}, f"{table} {day}".encode(), f"2020-01-0{day}")
        archive.record("amac", [archive.store("amac", table, f"{day}.json", via, reply, None)])
    assert verified("landing.amac__managers") == "live 2020-01-02"
    assert verified("landing.register__deals") == "in the project"
