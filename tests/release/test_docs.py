"""README and docs/ show what the release says, and every command, query and example in them works."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines import cli, settings
from pipelines.ingest import sources
from tests.support.homes import ROOT, copy_home, made_once, make_home
from tests.support.pages import BLOCKS, files_of, written
from tools import documents

COMMANDS = [line for block in BLOCKS if block.language == "" for line in block.content.splitlines()]
QUERIES = [
    pytest.param(query.strip(), id=f"{block.page.stem}-{block.heading}")
    for block in BLOCKS
    if block.language == "sql" and block.path is None
    for query in block.content.split(";")
    if query.strip()
]


@pytest.mark.parametrize("page", documents.PAGES, ids=lambda page: page.name)
def test_pages_say_what_the_release_says(in_released: Path, page: Path) -> None:
    text = page.read_text("utf-8")
    assert documents.render(text) == text, "run `make docs`"


@pytest.mark.parametrize("page", documents.PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
        assert target.startswith("https://") or (page.parent / target).exists(), target
        # The website consists of docs/ alone.
        assert page.parent.name != "docs" or not target.startswith("../"), target


def test_readme_is_short() -> None:
    assert len(documents.PAGES[0].read_text("utf-8").splitlines()) <= 120


def test_blocks_are_of_a_kind_that_is_tested() -> None:
    kinds = {"", "sql", "text", "crontab", "yaml"}
    assert {block.language for block in BLOCKS if block.path is None} <= kinds


# Queries


def test_at_least_fifteen_questions_are_answered() -> None:
    text = (documents.ROOT / "docs" / "queries.md").read_text("utf-8")
    questions = re.findall(r"^### (.+)$", text, flags=re.MULTILINE)
    answered = {block.heading for block in BLOCKS if block.page.stem == "queries"}
    assert len(questions) >= 15
    assert set(questions) == answered
    assert all(question.endswith("?") for question in questions)


@pytest.mark.parametrize("query", QUERIES)
def test_queries_answer(released: Path, query: str) -> None:
    with duckdb.connect(released / "data" / "nextvalley.duckdb", read_only=True) as connection:
        if "since.marts" in query:
            (earlier,) = (released / "data" / "releases").glob("2*/nextvalley.duckdb")
            copy = released / "earlier.duckdb"
            copy.write_bytes(earlier.read_bytes())
            connection.execute(f"attach '{copy}' as since (read_only)")
        assert connection.execute(query).fetchall()


# Commands


def targets() -> set[str]:
    return set(re.findall(r"^([\w-]+):", (documents.ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE))


def check_make(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The target exists, and every source it names."""
    _, target, *variables = shlex.split(command)
    assert target in targets(), command
    given = dict(one.split("=", 1) for one in variables)
    assert set(given) <= {"SOURCES", "SCHEDULES", "REPLAY", "SCOPE", "ENGINE", "SPARK_REMOTE", "SPARK_FILES"}, command
    # The source that how-to.md adds is not one of the project's own.
    monkeypatch.setenv("SOURCES", given.get("SOURCES", "").replace("incubators", "register"))
    assert sources.selected()


def test_make_commands_are_targets_and_name_sources_that_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {"make refresh", "make test"} <= set(COMMANDS)
    for command in COMMANDS:
        if command.startswith("make "):
            check_make(command, monkeypatch)


def test_make_targets_named_in_the_text_exist() -> None:
    for page in documents.PAGES:
        assert set(re.findall(r"`make ([\w-]+)", page.read_text("utf-8"))) <= targets()


def test_commands_of_the_program_run(in_released: Path) -> None:
    commands = [command for command in COMMANDS if not command.startswith("make ")]
    assert commands
    for command in commands:
        if command == ".venv/bin/python -m tools.validation FOLDER":
            continue  # the recordings it needs are not part of the project
        before, _, arguments = command.partition("-m pipelines ")
        if command.startswith("./nextvalley "):
            arguments = command.removeprefix("./nextvalley ")
        else:
            assert before == ".venv/bin/python ", command
        result = CliRunner().invoke(cli.app, shlex.split(arguments))
        assert result.exit_code == 0, command


def test_schedule_calls_what_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    (cron,) = (block.content for block in BLOCKS if block.language == "crontab")
    matched = re.fullmatch(r"(?:[\d*]+ ){5} cd /\S+ && (make .+)", cron)
    assert matched
    check_make(matched[1], monkeypatch)


# How to add


def test_a_source_takes_no_more_than_forty_lines() -> None:
    assert len(written("pipelines/ingest/sources/incubators.py").splitlines()) <= 40


def _extend(home: Path) -> None:
    """Copy the project, add the source, the table and the indicator of how-to.md, and refresh by the command."""
    make_home(home)
    for name in ("pipelines", "sql"):
        (home / name).unlink()
        shutil.copytree(documents.ROOT / name, home / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path, content in (files_of("incubators") | files_of("deals_by_round") | files_of("deal_density")).items():
        (home / path).write_text(content, "utf-8")
    for path in ("data/reference/replay.csv", "data/reference/indicators.csv"):
        with (home / path).open("a", encoding="utf-8") as file:
            file.write(written(path))
    (home / "recordings").mkdir()
    (home / "recordings" / "incubators.csv").write_text(
        "company,city,date,series,usd,incubator,incubator_city\n"
        "Zebrafinch,Shenzhen,2011-05-06,Series A,2000000,Quokka Garage,Beijing\n"
        "Numbat,Atlantis,2012-01-02,Series B,,Quokka Garage,Beijing\n"
    )
    _python(home, REFRESH)


#: What the command does, and the button in the UI, which makes the pages in the same way: they are left out.
REFRESH = "from pipelines import cli; cli.app(['refresh'])"
MATERIALIZE_ALL = """
from tests.support.blank_pages import file_alone
file_alone(setattr)
from pipelines.orchestration.code_location import assemble
assemble().get_implicit_global_asset_job_def().execute_in_process()
"""

#: The index is not what these tests are about.
UNFITTED = """
from tests.support.draws import use_rough
use_rough(setattr)
"""


def _python(home: Path, code: str) -> None:
    """Run the copy of the project in a home, with a rough index."""
    environment = settings.environment(
        NEXTVALLEY_HOME=str(home),
        DAGSTER_HOME=str(home),
        PYTHONPATH=f"{home}{os.pathsep}{ROOT}",
        SOURCES="incubators",
        REPLAY=str(home / "recordings"),
    )
    command = [sys.executable, "-c", UNFITTED + code]
    run = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, timeout=600)
    assert run.returncode == 0, run.stderr


@pytest.fixture(scope="module")
def extended_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project with what how-to.md adds, refreshed; tests only read it."""
    return made_once(tmp_path_factory, "extended", _extend)


@pytest.fixture
def extended(extended_home: Path) -> Path:
    """Return the file that the copy of the project has published."""
    return extended_home / "data" / "nextvalley.duckdb"


def test_added_source_reaches_deals_and_flows(extended: Path) -> None:
    with duckdb.connect(extended, read_only=True) as connection:
        deals = "select company, city, round, usd_low, source_row from core.deals where source = 'incubators' order by company"
        assert connection.execute(deals).fetchall() == [("Numbat", None, "B", None, 3), ("Zebrafinch", "Shenzhen", "A", 2e6, 2)]
        flows = "select origin, destination, year, n_deals from marts.deal_flows where dataset = 'incubators' order by year"
        assert connection.execute(flows).fetchall() == [("Beijing", "Shenzhen", 2011, 1), ("Beijing", None, 2012, 1)]
        status = "select status, verified, n_rows, licence_class from core.sources where source = 'incubators'"
        assert connection.execute(status).fetchall() == [("landed", "recorded bytes", 2, "open")]
        assert connection.execute("select redistribution from core.release").fetchall() == [
            ("may be redistributed, with its sources named",)
        ]


def test_added_table_is_published_with_its_documentation(extended: Path) -> None:
    with duckdb.connect(extended, read_only=True) as connection:
        rows = "select round, n_deals from marts.deals_by_round where dataset = 'incubators' order by round"
        assert connection.execute(rows).fetchall() == [("A", 1), ("B", 1)]
        comment = "select comment from duckdb_columns() where table_name = 'deals_by_round' and column_name = 'n_deals'"
        assert connection.execute(comment).fetchall() == [("Deals.",)]


def test_added_indicator_is_scored_and_walks_back_to_its_rows(extended: Path) -> None:
    with duckdb.connect(extended, read_only=True) as connection:
        (row,) = pl.DataFrame(connection.sql("from why('Beijing') where indicator = 'deal_density'")).iter_rows(named=True)
        deals = "select count(*) from core.deals_by_source where city = 'Beijing' and dataset <> 'all'"
        ((counted,),) = connection.execute(deals).fetchall()
        evidence = connection.execute("select count(*) from evidence('Beijing', 'Deal density')").fetchall()
        goalpost = connection.execute("select city from index.goalposts where indicator = 'deal_density'").fetchall()
    assert counted > 0
    assert row["evidence_rows"] == counted
    assert evidence == [(counted,)]
    assert 0 < row["score_low"] < row["score"] < row["score_high"]
    assert goalpost == [("San Francisco Bay Area",)]


def test_materialize_all_publishes_what_refresh_does(extended_home: Path, tmp_path: Path) -> None:
    """Of what was added, too."""

    def published() -> tuple[Path, list[tuple[str]]]:
        file = (home / "data" / "nextvalley.duckdb").resolve()
        with duckdb.connect(file, read_only=True) as connection:
            return file, connection.execute("select content_hash from core.release").fetchall()

    home = copy_home(extended_home, tmp_path / "copy")
    file, content = published()
    # With the present release in place, nothing would be new.
    for link in ("nextvalley.duckdb", "release"):
        (home / "data" / link).unlink()
    _python(home, MATERIALIZE_ALL)
    other, same = published()
    assert other != file
    assert same == content
