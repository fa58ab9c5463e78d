"""An edited reference file changes the rows of every source that looks something up in it."""

import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from pipelines import settings
from pipelines.ingest import lookups, sources
from pipelines.ingest.landing import Landed, land, landing_path
from pipelines.ingest.source import Source, Table
from pipelines.ingest.sources import edgar, form_d, reference
from tests.support.parsing import as_json
from tests.support.register import edit
from tests.support.shelf import Shelf
from tests.unit.ingest.sources import test_edgar, test_form_d

URL = "https://sec.example/file"


def landed(source: Source, content: bytes) -> Landed:
    """Land the first table of a source from one file, of which half the rows may be odd."""
    table = replace(source.tables[0], addresses=(URL,), rows=(1, 10), tolerates=0.5, is_final=False)
    result = land(source, table, Shelf({URL: content}))
    assert result is not None
    return result


def write_lines(home: Path, *lines: str) -> None:
    """Let the SEC's table of codes have these lines in place of those of the same codes."""
    codes = tuple(line[:3] for line in lines)
    edit(home, "edgar_locations.csv", lambda old: [*(line for line in old if not line.startswith(codes)), *lines], "reference")


def test_changed_meaning_of_a_code_changes_landed_rows(home: Path) -> None:
    content = as_json(test_edgar.issuer())
    assert landed(edgar.SOURCE, content).is_new
    assert not landed(edgar.SOURCE, content).is_new
    write_lines(home, "F4,China,TW,")
    assert landed(edgar.SOURCE, content).is_new
    assert pl.read_parquet(landing_path("edgar", "issuers"))["country"].to_list() == ["TW"]
    assert not landed(edgar.SOURCE, content).is_new


def test_code_that_is_added_releases_a_row_that_was_kept_out(home: Path) -> None:
    content = test_form_d.replaced("ISSUERS", "\tF4", "\t9Z")
    (kept_out,) = landed(form_d.SOURCE, content).quarantined
    assert "location code is in the table of the sec" in kept_out.reason
    write_lines(home, "9Z,Newland,CN,")
    assert landed(form_d.SOURCE, content).quarantined == []


def test_what_is_looked_up_is_kept_until_its_file_changes_or_is_gone(home: Path) -> None:
    path, read = settings.REFERENCE / "toys.csv", []

    @lookups.reads("toys.csv")
    def toys() -> str | None:
        read.append(path.is_file())
        return path.read_text("utf-8") if path.is_file() else None

    path.write_text("bear\n", "utf-8")
    assert [toys(), toys()] == ["bear\n", "bear\n"]
    path.write_text("bear\nkite\n", "utf-8")
    assert toys() == "bear\nkite\n"
    path.unlink()
    assert toys() is None
    assert read == [True, True, False]


def reads_in(code: str) -> set[str]:
    """Return the files of ``data/reference`` that code reads, by the two ways in which the project names them."""
    tables = {f"{name}.csv" for name in re.findall(r'reference\.FILES\.read\("(\w+)"\)', code)}
    paths = re.findall(r'settings\.([A-Z_]+)(?: / "([^"]+)")?', code)
    below = [getattr(settings, name) / file for name, file in paths if isinstance(getattr(settings, name), Path)]
    return tables | {path.relative_to(settings.REFERENCE).as_posix() for path in below if path.is_relative_to(settings.REFERENCE)}


TABLES = {f"{source.name}-{table.name}": table for source in sources.ALL if not source.is_local for table in source.tables}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_file_that_a_parser_reads_is_declared(table: Table) -> None:
    # The review of the reference tables reads the gazetteer too, but when these tables land, which no parser asks for.
    modules = [module for module in table.modules() if module.__name__.startswith("pipelines.ingest.sources.")]
    modules = [module for module in modules if module.__name__ != reference.review.__module__]
    read = {file for module in modules for file in reads_in(Path(str(module.__file__)).read_text("utf-8"))}
    assert read == set(lookups.named_in(modules)), "name the file with @reads at the function that reads it"


def test_all_that_covers_look_up_is_found() -> None:
    (covers,) = (source for source in sources.ALL if source.name == "edgar_covers")
    files = ["countries.csv", "edgar_locations.csv", "geonames/places.parquet", "provinces.csv"]
    assert lookups.named_in(covers.tables[0].modules()) == files
