"""A mistake in the curated files is refused with one error that says where it is and what to do."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import InputError
from pipelines.ingest import archive, catalogue
from pipelines.ingest.fetchers import Project
from pipelines.ingest.landing import land, landing_path
from pipelines.ingest.sources import reference, register
from pipelines.resolve.places import resolve
from pipelines.warehouse import database
from tests.support.models import make
from tests.support.register import Change, drop_last_column, edit, replace_cell

TABLES = {table.name: table for table in register.SOURCE.tables}
REFERENCE = {table.name: table for table in reference.SOURCE.tables}


@pytest.mark.parametrize(
    ("file", "change", "words"),
    [
        ("zones.csv", drop_last_column, "zones.csv, row 1, column url: the column is missing. The columns expected are zone,"),
        ("city_population.csv", replace_cell(3, "-5"), "city_population.csv, row 2, column population: '-5' is below 1. Correct"),
        ("zones.csv", lambda lines: [], r"zones.csv: the file is empty. Restore it if it is your own; otherwise fetch it again"),
        ("zones.csv", lambda lines: [*lines, lines[1]], "column zone: .* occurs more than once. Keep one row"),
        ("zones.csv", replace_cell(3, "2099"), "zones.csv, row 2, column approved_year: '2099' is in the future. Correct"),
    ],
    ids=["missing column", "negative amount", "empty file", "duplicate key", "future date"],
)
def test_file_that_breaks_its_contract_does_not_land(home: Path, file: str, change: Change, words: str) -> None:
    edit(home, file, change)
    with pytest.raises(InputError, match=words):
        land(register.SOURCE, TABLES[file.removesuffix(".csv")], Project())


@pytest.mark.parametrize(("delimiter", "signs"), [(";", "semicolons"), ("\t", "tabs")])
def test_file_of_a_spreadsheet_that_separates_otherwise_is_one_problem(home: Path, delimiter: str, signs: str) -> None:
    edit(home, "zones.csv", lambda lines: [line.replace(",", delimiter) for line in lines])
    with pytest.raises(InputError) as refused:
        land(register.SOURCE, TABLES["zones"], Project())
    problem = f"its columns are separated by {signs}, not by commas. Save it with commas between them"
    assert str(refused.value) == f"register: data/register/zones.csv, row 1: {problem}"


def test_refused_file_is_not_what_was_built_from(home: Path) -> None:
    good = land(register.SOURCE, TABLES["zones"], Project())
    assert good is not None
    edit(home, "zones.csv", replace_cell(3, "2099"))
    with pytest.raises(InputError):
        land(register.SOURCE, TABLES["zones"], Project())
    assert archive.snapshots("register")[-1].sha256 != good.snapshots[0].sha256
    landed = pl.read_parquet(landing_path("register", "zones"))
    assert set(landed["source_sha256"]) == {good.snapshots[0].sha256}


@pytest.mark.slow
def test_city_that_the_gazetteer_lacks_is_refused(home: Path) -> None:
    edit(home, "zones.csv", replace_cell(2, "Atlantis"))
    land(register.SOURCE, TABLES["zones"], Project())
    for name in (*resolve.REFERENCE, "countries"):
        land(reference.SOURCE, REFERENCE[name], Project())
    with database.connect() as connection:
        for table, frame in catalogue.catalogue().items():
            database.write(connection, table, frame)
        make(connection, "staging.place_mentions", set())
        mentions = database.query(connection, "from staging.place_mentions order by all")
        frames = {name: database.query(connection, f"from landing.reference__{name}") for name in resolve.REFERENCE}
    words = "zones.csv, row 2, column city: the place 'Atlantis' in CN is not in the gazetteer. Correct"
    with pytest.raises(InputError, match=words):
        resolve.resolve_all(mentions, **frames)
