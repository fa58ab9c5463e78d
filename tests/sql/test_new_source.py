"""Prove that a source is added by its parser and its mapping files: the example of docs/how-to.md, with nothing edited."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from duckdb import DuckDBPyConnection

from pipelines import settings
from pipelines.ingest import catalogue, sources
from pipelines.ingest.fetchers import Project
from pipelines.ingest.landing import land
from pipelines.ingest.source import Subject
from pipelines.orchestration.review import MAPPED_IN
from pipelines.resolve import names
from pipelines.resolve.places import resolve
from pipelines.warehouse import database, model
from tests.support.models import Makers, make
from tests.support.pages import files_of
from tests.support.shelf import Files

FILES = files_of("incubators")
PARSER = next(path for path in FILES if path.endswith(".py"))
ROUNDS = b"""company,city,date,series,usd,incubator,incubator_city
Zebrafinch,Shenzhen,2011-05-06,Series A,2000000,Quokka Garage,Beijing
Wombat,Shanghai,2011-07-08,Series B,,Bilby Nest,Shenzhen
"""


@pytest.fixture
def landed(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Land the source and the reference tables, with the source's files beside those of the project."""
    project = settings.SQL.resolve()
    settings.SQL.unlink()
    shutil.copytree(project, settings.SQL)
    (home / "pipelines").unlink()
    for path, content in FILES.items():
        assert not (home / path).exists()
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text(content, "utf-8")
    monkeypatch.setattr(sources, "__path__", [*sources.__path__, str((home / PARSER).parent)])
    monkeypatch.setattr(sources, "ALL", sources.discover())
    monkeypatch.setenv("SOURCES", "incubators")
    recording = Files({"incubators.csv": ROUNDS})
    recording.via = "replay"
    for source in sources.ALL:
        for table in source.tables:
            if source.name in ("reference", "incubators"):
                land(source, table, Project() if source.is_local else recording)
    yield
    # Importing a module also makes it an attribute of its package.
    del sys.modules["pipelines.ingest.sources.incubators"], vars(sources)["incubators"]


def places(connection: DuckDBPyConnection) -> pl.DataFrame:
    mentions = database.query(connection, "from staging.place_mentions order by all")
    frames = {name: database.query(connection, f"from landing.reference__{name}") for name in resolve.REFERENCE}
    keys = mentions.select("country", "region", "place", "place_key", "n")
    return resolve.resolve_all(mentions, **frames).join(keys, on=["country", "region", "place"], nulls_equal=True)


def entities(connection: DuckDBPyConnection) -> pl.DataFrame:
    mentions = database.query(connection, "from staging.name_mentions order by mention")
    links = names.resolve(mentions, database.query(connection, "from landing.reference__name_overrides"))
    return links.join(mentions.select("mention", "kind", pl.col("source").alias("dataset"), "name"), on="mention")


MADE_BY_PYTHON: Makers = {
    "core.source_profiles": ((), lambda _: catalogue.profiles()),
    "core.places": (("staging.place_mentions",), places),
    "core.names": (("staging.name_mentions",), entities),
}


@pytest.mark.slow
@pytest.mark.usefixtures("landed")
def test_deals_of_a_new_source_are_counted_with_no_file_edited() -> None:
    models = {made.table: made for made in model.read_all(settings.SQL)}
    with database.connect() as connection:
        built: set[str] = set()
        make(connection, "marts.deal_flows", built, models, MADE_BY_PYTHON)
        make(connection, "core.deals", built, models, MADE_BY_PYTHON)
        flows = database.query(connection, "from marts.deal_flows where dataset = 'incubators' order by year, origin")
        deals = database.query(connection, "from core.deals order by company")
        make(connection, "marts.list_counts", built, models, MADE_BY_PYTHON)
        counts = database.query(connection, "from marts.list_counts where list = 'incubators' order by quantity, city")
    assert flows.select("origin", "destination", "year", "n_deals", "usd_fractional").rows() == [
        ("Beijing", "Shenzhen", 2011, 1, 2e6),
        ("Shenzhen", "Shanghai", 2011, 1, None),
    ]
    assert deals.select("company", "city", "round", "usd_low", "source").rows() == [
        ("Wombat", "Shanghai", "B", None, "incubators"),
        ("Zebrafinch", "Shenzhen", "A", 2e6, "incubators"),
    ]
    assert counts.select("quantity", "province", "city", "year", "n").rows() == [
        ("backed_companies", "Shanghai", "Shanghai", 2011, 1),
        ("backed_companies", "Guangdong", "Shenzhen", 2011, 1),
        ("deals_originated", "Beijing", "Beijing", 2011, 1),
        ("deals_originated", "Guangdong", "Shenzhen", 2011, 1),
        ("deals_received", "Shanghai", "Shanghai", 2011, 1),
        ("deals_received", "Guangdong", "Shenzhen", 2011, 1),
    ]


@pytest.mark.parametrize("subject", MAPPED_IN)
def test_subject_is_stated_by_sources_with_a_mapping_file(subject: Subject) -> None:
    mapped = {path.stem for folder in MAPPED_IN[subject] for path in model.branch_files(settings.SQL / "staging" / folder)}
    assert mapped == {source.name for source in sources.ALL if subject in source.subjects}
