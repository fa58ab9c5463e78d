"""What must not leak, must not listen, and must not be taken for a command."""

import ast
import re
from pathlib import Path

import dagster as dg
import pytest

from pipelines import settings
from pipelines.definitions import assemble
from pipelines.errors import InputError
from pipelines.ingest import sources
from pipelines.ingest.fetchers import Live
from pipelines.ingest.http import Client
from pipelines.ingest.landing import land, note_failure
from pipelines.ingest.request import Politeness
from pipelines.orchestration import failures
from pipelines.orchestration.assets import landing
from pipelines.warehouse import database, lock
from tests.support.homes import make_home, move_paths
from tests.support.site import Page, Site
from tests.unit.ingest.test_landing import source, table
from tools import licences

SECRET = "s3cr3t-t0k3n"
ROOT = Path(__file__).parents[2]


def test_planted_secret_is_in_no_file(
    home: Path, site: Site, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """In addresses with keys that work and that fail, in the webhook, in the environment of a run that fails."""
    site.pages |= {"/good.csv": Page(b"toy,price\nbear,3\nkite,4.5\n"), "/gone.csv": Page(status=403)}
    monkeypatch.setenv(settings.OPENALEX_KEY.name, SECRET)
    monkeypatch.setenv(settings.ALERT_URL.name, site(f"/{SECRET}"))
    monkeypatch.setenv(settings.ALERT_COMMAND.name, f"/nowhere/{SECRET}")
    with Client(Politeness(seconds_between=0.0), is_reachable=lambda _: True) as client:
        for name in ("good", "gone"):
            one = table(addresses=(site(f"/{name}.csv?api_key={SECRET}"),))
            try:
                land(source(one), one, Live(client))
            except InputError as error:
                note_failure(source(one), one, error)
    (settings.DATA / "inbox").mkdir()
    (settings.DATA / "inbox" / "mine.csv").write_text("what,is,this\n1,2,3\n")
    (inbox,) = (each for each in sources.ALL if each.name == "inbox")
    with dg.DagsterInstance.get() as instance:
        ran = (
            assemble()
            .resolve_job_def("land")
            .execute_in_process(instance=instance, asset_selection=landing.keys(inbox), raise_on_error=False)
        )
        event = next(event for event in ran.all_events if event.event_type_value == "PIPELINE_FAILURE")
        context = dg.build_run_status_sensor_context("alert_on_failure", event, instance, ran.dagster_run)
        told = str(assemble().resolve_sensor_def("alert_on_failure")(context.for_run_failure()))
    assert "answered HTTP" in told or "took the alert" in told or "could not" in told
    written = [path for path in home.rglob("*") if path.is_file() and "register" not in path.parts]
    assert len([path for path in written if "archive" in path.parts]) > 2
    assert [str(path) for path in written if SECRET.encode() in path.read_bytes()] == []
    assert SECRET not in told + "".join(capfd.readouterr()) + failures.why(ran.all_events)


def test_nothing_listens_beyond_this_machine() -> None:
    for file in ("Makefile", "deploy/nextvalley-web.service"):
        assert re.findall(r"--host (\S+)", (ROOT / file).read_text()) == ["127.0.0.1"], file
    compose = (ROOT / "deploy/compose.yaml").read_text()
    assert re.findall(r'ports: \["(\S+):3000:3000"\]', compose) == ["127.0.0.1"]
    assert compose.count("ports:") == 1


def test_home_named_like_a_statement_is_only_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "it's'); drop schema core; --"
    home.mkdir()
    move_paths(monkeypatch, make_home(home))
    try:
        with database.connect() as connection:
            assert connection.execute("select count(*) from landing.register__companies").fetchall() == [(0,)]
    finally:
        lock.release()


def put_into_statements(code: str) -> set[str]:
    """Return what f-strings put into SQL: those given to execute, query or sql, at once or by a variable of the same function."""
    put = set()
    scopes = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Module | ast.FunctionDef))
    for scope in scopes:
        calls = [node for node in ast.walk(scope) if isinstance(node, ast.Call)]
        asked = [call for call in calls if ast.unparse(call.func).rpartition(".")[2] in ("execute", "query", "sql")]
        given = [value for call in asked for value in call.args]
        names = {value.id for value in given if isinstance(value, ast.Name)}
        for node in ast.walk(scope):
            if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                given += [node.value] * bool(names & {ast.unparse(target) for target in targets})
        quoting = [call for call in calls if ast.unparse(call.func).rpartition(".")[2] == "quoted"]
        quoted = {part for call in quoting for value in call.args for part in ast.walk(value)}
        fields = [part for value in given for part in {*ast.walk(value)} - quoted if isinstance(part, ast.FormattedValue)]
        put |= {ast.unparse(part.value) + ("!r" if part.conversion == ord("r") else "") for part in fields}
    return put


def test_statements_are_found_where_they_are_made() -> None:
    code = """
def at_once(): connection.execute(f"from {one}")
def in_lines():
    connection.execute(
        f"from {two} "
        f"where {three!r}", [value]
    )
def by_name():
    text = f"from {four}"
    text += f" where {five}"
    said = f"{six}"
    sql(f"select {quoted(f'{nine}')}")
    return sql(text), query(connection, f"from x" if seven else f"from {eight}")
"""
    assert put_into_statements(code) == {"one", "two", "three!r", "four", "five", "eight", "quoted(f'{nine}')"}


def test_only_words_of_the_project_are_put_into_statements() -> None:
    """Each name or path in an f-string that becomes SQL is one of these; what users or upstreams write is a parameter."""
    allowed = re.compile(
        # The conditions of a scope are made of its code, and a code is one of the list of countries. What is made part by part
        # (first, query) is a model's SQL, cut by values that are quoted.
        r"first|query|here|is_curated|[\w.]+\.table|(model|made)\.(sql|schema)|schema|table|name|sql|few|failing|each|before|columns?"
        r"|settings\.BUILD\.stem|_earlier\(table\)"
        # What is read of the release before, and the tables that it fills, are constants of the project too.
        r"|rows\.name|rows\.sql"
        # Whether a table is left a view, and the counts that say so, are worked out from the model's own names.
        r"|kind|counts|'table' if is_view else 'view'"
        # What is hashed is a table of the build, a query of the project or a landing file, and of it all columns.
        r"|relation|', '\.join\(values\)"
        # Constants of the project, an order of rows and thresholds of names among them.
        r"|[A-Z_]+|', '\.join\(_[A-Z]+\)|best_first|value!r"
        r"|queries\.read\(.*\)"
        r"|(queries\.)?quoted\(.*\)"
    )
    found = {}
    for path in sorted((ROOT / "pipelines").rglob("*.py")):
        for value in put_into_statements(path.read_text("utf-8")):
            if not allowed.fullmatch(value):
                found[value] = path.name
    assert found == {}


def test_licences_of_packages_are_listed_and_compatible() -> None:
    installed, page = licences.installed(), licences.PAGE.read_text("utf-8")
    assert [licence for licence in installed if licences.line(licence) not in page] == [], "run `python -m tools.licences`"
    assert [licence for licence in installed if not licence.is_compatible] == []
    assert {"duckdb", "pytest"} <= {licence.package for licence in installed}
