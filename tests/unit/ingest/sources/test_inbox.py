"""The inbox: which of its files land in which table, and what is said where none can."""

from pathlib import Path

import polars as pl
import pytest

from pipelines import settings
from pipelines.errors import InputError
from pipelines.ingest import catalogue
from pipelines.ingest.fetchers import Project
from pipelines.ingest.landing import land, landing_path
from pipelines.ingest.sources import inbox
from tests.support.exports import COMPANIES_CSV, CRUNCHBASE, DEALS, DEALS_CSV, INVESTORS, PITCHBOOK, put
from tests.support.homes import ROOT
from tests.support.workbook import workbook


def test_file_lands_in_the_table_of_its_header(home: Path) -> None:
    put(
        **{
            "my rounds.csv": CRUNCHBASE.encode(),
            "b.xlsx": workbook(PITCHBOOK),
            "c.csv": COMPANIES_CSV.encode(),
            ".DS_Store": b"\0",
            "Thumbs.db": b"\0",
            "~$b.xlsx": b"x",
            "README.md": (ROOT / "data" / "inbox" / "README.md").read_bytes(),
        }
    )
    landed = land(inbox.SOURCE, DEALS, Project())
    assert landed is not None and landed.rows == 4
    frame = pl.read_parquet(landing_path("inbox", "deals"))
    assert frame["source_file"].unique().sort().to_list() == ["data/inbox/b.xlsx", "data/inbox/my rounds.csv"]
    assert land(inbox.SOURCE, INVESTORS, Project()) is None


def test_missing_and_empty_inbox_land_nothing(home: Path) -> None:
    assert land(inbox.SOURCE, DEALS, Project()) is None
    put()
    assert land(inbox.SOURCE, DEALS, Project()) is None


def test_inbox_that_is_a_file_is_an_error(home: Path) -> None:
    settings.INBOX.write_bytes(DEALS_CSV.encode())
    with pytest.raises(InputError, match="inbox: data/inbox: is a file where a folder should be"):
        land(inbox.SOURCE, DEALS, Project())


def test_files_in_a_folder_land_too_and_make_a_list_of_their_own(home: Path) -> None:
    put(**{"deals.csv": DEALS_CSV.encode()})
    (settings.INBOX / "成都").mkdir()
    (settings.INBOX / "成都" / "b.xlsx").write_bytes(workbook(PITCHBOOK))
    (settings.INBOX / "成都" / "README.md").write_text("notes")
    (settings.INBOX / "2024").mkdir()
    land(inbox.SOURCE, DEALS, Project())
    frame = pl.read_parquet(landing_path("inbox", "deals"))
    assert frame["source_file"].unique().sort().to_list() == ["data/inbox/deals.csv", "data/inbox/成都/b.xlsx"]
    lists = (
        catalogue.profiles().filter(pl.col("source").str.starts_with("inbox")).select("source", "completeness", "licence_class")
    )
    assert lists.rows() == [("inbox", "sample", "restricted"), ("inbox: 成都", "selection", "restricted")]


def test_folder_in_a_folder_is_an_error_that_names_it(home: Path) -> None:
    put(**{"deals.csv": DEALS_CSV.encode()})
    (settings.INBOX / "Chengdu" / "2024").mkdir(parents=True)
    with pytest.raises(InputError, match="inbox: data/inbox/Chengdu/2024: is not a file"):
        land(inbox.SOURCE, DEALS, Project())


def test_unknown_file_is_an_error_that_names_it(home: Path) -> None:
    put(**{"deals.csv": DEALS_CSV.encode(), "notes.csv": b"a,b\n1,2\n"})
    with pytest.raises(InputError, match=r"inbox: data/inbox/notes\.csv: its header is not that of a known export"):
        land(inbox.SOURCE, DEALS, Project())
