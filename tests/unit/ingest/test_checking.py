"""A person's edits are checked without landing them."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines import cli, settings
from pipelines.claims import scorecard
from pipelines.errors import InputError
from pipelines.ingest import checking
from pipelines.ingest.fetchers import Project
from pipelines.ingest.landing import land
from pipelines.ingest.source import Source
from pipelines.ingest.sources import inbox, register
from pipelines.orchestration import review
from tests.support.pages import written

HEADER = "company,country,city,date,round,amount,currency,investors,lead\n"


def change(file: str, before: str, after: str) -> None:
    path = settings.REGISTER / file
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")


def export(name: str, text: str) -> None:
    settings.INBOX.mkdir(parents=True, exist_ok=True)
    (settings.INBOX / name).write_text(text, "utf-8")


def only(name: str) -> Source:
    """Return the register with one of its tables."""
    return replace(register.SOURCE, tables=tuple(table for table in register.SOURCE.tables if table.name == name))


def test_register_as_committed_has_nothing_wrong_and_nothing_is_written(home: Path) -> None:
    checked = checking.check(register.SOURCE)
    assert (checked.files, checked.problems, checked.remarks) == (len(register.SOURCE.tables), [], [])
    assert checked.rows > 8_000
    assert not settings.LANDING.exists()
    assert not settings.ARCHIVE.exists()


@pytest.mark.parametrize(
    ("file", "before", "after", "says"),
    [
        ("companies.csv", ",2012,internet,", ",2102,internet,", "column founded"),
        ("companies.csv", ",CN,", ",XX,", "'XX' is not the code of a country"),
        ("deals.csv", ",2015-", ",2015-13-", "column date"),
        ("deals.csv", ",verified,", ",seen,", "column basis"),
    ],
)
def test_a_wrong_cell_is_named_with_file_row_and_remedy(home: Path, file: str, before: str, after: str, says: str) -> None:
    change(file, before, after)
    problems = checking.check(only(file.removesuffix(".csv"))).problems
    assert [problem.file for problem in problems] == [f"data/register/{file}"]
    assert says in str(problems[0])
    assert problems[0].row is not None
    assert problems[0].remedy


def test_all_wrong_files_of_the_inbox_are_named_at_once(home: Path) -> None:
    export("a.csv", HEADER + "Acme,CN,Beijing,yesterday,A,,,X,X\n")
    export("b.csv", HEADER + "Bolt,CN,Beijing,2021-02-03,A,,,X,X\n")
    export("c.csv", "x,y\n1,2\n")
    export("d.csv", "x,z\n1,2\n")
    checked = checking.check(inbox.SOURCE)
    found = [(problem.file, problem.row, problem.column) for problem in checked.problems]
    unknown = [(f"data/inbox/{name}.csv", None, None) for name in "cd"]
    assert list(dict.fromkeys(found)) == [("data/inbox/a.csv", 2, "date"), *unknown]
    assert (checked.files, checked.rows) == (2, 1), "what was read is counted"


def test_what_differs_from_the_last_landing_is_remarked(home: Path) -> None:
    source = only("valuations")
    land(source, source.tables[0], Project())
    assert checking.check(source).remarks == []
    path = settings.REGISTER / "valuations.csv"
    header, *rows = path.read_text("utf-8").splitlines(keepends=True)
    cells = [row.split(",", 3) for row in rows]
    thousandth = [f"{company},{year},{float(value) / 1000},{rest}" for company, year, value, rest in cells]
    path.write_text("".join([header, *thousandth]), "utf-8")
    assert any(remark.startswith("valuations: column value_usd_bn") for remark in checking.check(source).remarks)


@pytest.mark.slow
def test_the_command_ends_in_a_sentence_or_in_the_problems(home: Path) -> None:
    runner = CliRunner(env={"COLUMNS": "200"})
    fine = runner.invoke(cli.app, ["check"])
    assert (fine.exit_code, fine.stdout.splitlines()[-1]) == (0, "A refresh accepts them.")
    export("c.csv", "x,y\n1,2\n")
    wrong = runner.invoke(cli.app, ["check"])
    assert wrong.exit_code == 1
    assert "data/inbox: 0 files, 0 rows" in wrong.stdout
    assert "data/inbox/c.csv: its header is not that of a known export" in " ".join(wrong.stderr.split())


def told() -> tuple[str, str]:
    """Return what the command prints of what is there, and what it refuses."""
    result = CliRunner(env={"COLUMNS": "500"}).invoke(cli.app, ["check"])
    assert result.exit_code == (1 if result.stderr else 0)
    return result.stdout, result.stderr


def test_the_command_prints_remarks_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    checked = checking.Checked(register.SOURCE, 1, 1, [], ["of [/old] deals"], {})
    monkeypatch.setattr(checking, "SOURCES", [register.SOURCE])
    monkeypatch.setattr(checking, "check", lambda source: checked)
    for name, remarks in {"problems": [], "unfinished": [], "of_places": ["of [/new] places"]}.items():
        monkeypatch.setattr(review, name, lambda tables, remarks=remarks: remarks)
    printed, _ = told()
    assert printed.splitlines()[1:] == ["  of [/old] deals", "  of [/new] places", "A refresh accepts them."]


@pytest.mark.slow
def test_the_command_tells_places_that_are_no_city(home: Path) -> None:
    rows = "Acme,CN,Beijing,2021,A,,,,\nBolt,us,Xyzzyville,2021,A,,,,\nCore,,Suzhou,2021,A,,,,\nDorn,HK,,2021,A,,,,\n"
    export("a.csv", HEADER + rows)
    printed, refused = told()
    reach = "Cities named: 2 by deals. The other cities of their countries count as having none: export whole countries, or put"
    assert reach in " ".join(printed.split())
    assert "data/inbox: 1 file, 4 rows" in printed
    assert "2 rows without a city: data/inbox/a.csv, row 3: 'Xyzzyville'" in printed
    assert "row 4: 'Suzhou'" in printed
    assert refused == ""
    export("a.csv", HEADER + "Acme,CN,,2021,A,,,,\nBolt,CN,Jiangsu,2021,A,,,,\n")
    printed, refused = told()
    assert "Cities named" not in printed
    assert "are in" not in printed
    blank = "data/inbox/a.csv, row 2: no city is named; data/inbox/a.csv, row 3: 'Jiangsu' is a province"
    assert f"2 rows without a city: {blank}" in " ".join(printed.split())  # Lines are as wide as the terminal.
    assert refused == ""
    (settings.INBOX / "Jiangsu").mkdir()
    export("Jiangsu/a.csv", HEADER + "Acme,CN,苏州,2022,A,,,,\nBolt,,,2021,A,,,,\n")
    assert told()[0].count("without a city") == 1, "a row without a city is of the folder's province"
    export("Jiangsu/a.csv", HEADER + "Acme,CN,Wuhan,2021,A,,,,\n")
    change("companies.csv", ",CN,Beijing,", ",CN,Xyzzy,")
    refused = " ".join(told()[1].split())
    assert (
        "data/inbox/Jiangsu/a.csv, row 2, column city: 'Wuhan' counts for Wuhan, and the folder is for Jiangsu alone" in refused
    )
    assert "data/register/companies.csv, row" in refused
    assert "the place 'Xyzzy' in CN" in refused
    add_line("areas", "US,Palo Altoo,San Francisco Bay Area,")
    assert "areas.csv, row 97, column city: the place 'Palo Altoo' in US is not in the gazetteer" in " ".join(told()[1].split())


@pytest.mark.slow
def test_the_command_refuses_what_would_stop_a_refresh(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    indicators = settings.REFERENCE / "indicators.csv"
    indicators.write_text(indicators.read_text("utf-8").replace(",deals_received,,", ",deals_recieved,,"), "utf-8")
    claims = (settings.REFERENCE / "claims.csv").read_text("utf-8")
    edited = claims.replace("\n1,", "\n99,", 1).replace(",lawyers\n", ",lawyers|lawers\n", 1)
    (settings.REFERENCE / "claims.csv").write_text(edited, "utf-8")
    shutil.copytree(settings.SQL, tmp_path / "edited" / "sql")
    monkeypatch.setattr(settings, "SQL", tmp_path / "edited" / "sql")
    branch = settings.SQL / "staging" / "companies" / "hurun.sql"
    branch.write_text(branch.read_text("utf-8").replace("    company,\n", "", 1), "utf-8")
    _, text = told()
    refused = " ".join(text.split())  # Lines are as wide as the terminal.
    assert "data/reference/claims.csv: claim '99' has no test. Add it to the TESTS" in refused
    assert "data/reference/claims.csv: claim '1' is tested but not listed" in refused
    assert "claims.csv: claim '3a': no row of published_statistics.csv has the metric 'lawers' that figures names" in refused
    assert "'lawyers'" not in refused
    assert "sql/staging/companies/hurun.sql: column company is missing; in the table it is never empty. Add it" in refused
    assert "column quantity: 'deals_recieved' is not a quantity of the measurement model. Correct the spelling" in refused


def add_line(table: str, line: str) -> None:
    path = settings.REFERENCE / f"{table}.csv"
    path.write_text(path.read_text("utf-8") + line + "\n", "utf-8")


INDICATOR = written("data/reference/indicators.csv").strip().replace('"deals per 10,000 residents"', "{unit}")


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["deals a year per 10,000 residents", "deals per year"])
def test_unit_with_a_year_is_refused(home: Path, unit: str) -> None:
    add_line("indicators", INDICATOR.format(unit=f'"{unit}"'))
    refused = " ".join(told()[1].split())
    rule = "unit is without a year which is added to what lists count by year"
    assert f"data/reference/indicators.csv, row 17, column unit: {unit!r} breaks the rule that {rule}" in refused


@pytest.mark.slow
def test_what_is_begun_and_not_done_is_named(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told() == (told()[0], "")
    assert "no Chinese" not in told()[0]
    assert "no indicator" not in told()[0]
    shutil.copytree(settings.SQL, tmp_path / "edited" / "sql")
    monkeypatch.setattr(settings, "SQL", tmp_path / "edited" / "sql")
    branch = written("sql/marts/evidence/deal_density.sql").replace("'deal_density' as", "'patents' as")
    (settings.SQL / "marts" / "evidence" / "patents.sql").write_text(branch, "utf-8")
    add_line("indicators", INDICATOR.format(unit='"deals per 10,000 residents"'))
    add_line("claims", "99,A new claim,Measured so,It is so,It is not,More rows,")
    monkeypatch.setattr(scorecard, "CLAIMS", {*scorecard.CLAIMS, "99"})
    text, refused = told()
    printed = " ".join(text.split())  # Lines are as wide as the terminal.
    assert refused == ""
    assert "sql/marts/evidence/patents.sql: rows of 'patents', which is no indicator." in printed
    assert "indicator 'deal_density': no Chinese for name, definition, unit. Add it" in printed
    assert "claim '99': no Chinese for title, statistic, supported_if, contradicted_if, would_change. Add it" in printed
    assert "claim '99': its interval has no picture and no sentence." in printed
    assert printed.endswith("A refresh accepts them; unfinished: 4.")
    assert printed.count("no Chinese") == 2 and printed.count("no picture") == printed.count("no indicator") == 1


def refuse(path: Path) -> bytes:
    raise PermissionError(13, "Permission denied", str(path))


def test_file_or_folder_that_this_user_may_not_read_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export("mine.csv", HEADER)

    for method, named in (("read_bytes", "the file data/inbox/mine.csv"), ("iterdir", "data/inbox:")):
        with monkeypatch.context() as patched:
            patched.setattr(Path, method, refuse)
            problems = checking.check(inbox.SOURCE).problems
        assert problems
        for problem in problems:
            assert f"{named} cannot be read (Permission denied). Give this user the right to read it" in str(problem)


def test_landing_of_a_file_that_this_user_may_not_read_is_refused_by_its_name(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "is_file", refuse)
    source = only("deals")
    with pytest.raises(InputError, match=r"data/register/deals\.csv cannot be read \(Permission denied\)\. Give this user"):
        land(source, source.tables[0], Project())
