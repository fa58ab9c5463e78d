"""The commands that read, on a published file made by hand."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines import cli, settings
from pipelines.publish import state
from tests.support import published

runner = CliRunner()


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the path of the published file, which the test writes; the console is 80 letters wide."""
    monkeypatch.setattr(settings, "PUBLISHED", tmp_path / "published.duckdb")
    monkeypatch.setattr(cli.console, "_width", 80)
    return tmp_path / "published.duckdb"


def output(*arguments: str) -> str:
    result = runner.invoke(cli.app, arguments)
    assert result.exit_code == 0, result.output
    assert max(len(line) for line in result.output.splitlines()) <= 80
    return " ".join(result.output.split())


def test_the_ranking_ends_with_answer_scope_and_lists(file: Path) -> None:
    published.write(file)
    said = output("rank")
    assert "1 Alba 70.0 65–75 1–2 >99% 70.0 8 (4–16)" in said
    assert "100: the Bay Area in 2015, or the city that leads in schools; ten points less is half as much." in said
    assert said.endswith(
        "Alba is the likeliest next Silicon Valley: its chance of ranking first is >99%. Only Brno (<1%) could be first instead. "
        "Scope: CN. 2 lists; 2 of 3 cities are known well enough for a rank. No list counts: Exits."
    )
    assert "--all" not in said


def test_a_long_ranking_is_cut_and_says_so(file: Path) -> None:
    first = published.TABLES["index.ranking"][0]
    cities = [
        first | {"city": f"City {rank}", "rank": rank, "measure": measure}
        for rank in range(1, 43)
        for measure in ("Readiness", "Realised")
    ]
    published.write(file, index_ranking=cities)
    assert "City 40" in output("rank")
    assert "City 41" not in output("rank")
    assert "40 of 42 ranked cities; --all" in output("rank")
    assert "City 42" in output("rank", "--all")
    assert "--all" not in output("rank", "--all")


def test_why_tells_what_is_counted_from_what_is_inferred(file: Path) -> None:
    published.write(file)
    said = output("why", "alba")
    assert "P1 Deals 1,200 600–2,401 70 65–75 2 50% 3" in said
    assert "P1 Schools <0.001 <0.001–<0.001 30 25–35 0 50% 0" in said
    assert "Deals first Gazette" in said


def test_compare_marks_differences_that_the_intervals_do_not_carry(file: Path) -> None:
    published.write(file)
    said = output("compare", "Alba", "Brno")
    assert "P1 Deals 1,200 600 70 40 30 P1" in said
    assert "P1 Schools <0.001 12.0 30 33 -3 ~" in said


@pytest.mark.parametrize(
    ("city", "says"),
    [
        ("Cork", "Cork: no scores, outside the scope or named by too few lists."),
        ("Albo", "No city called 'Albo'. The nearest are: Alba"),
    ],
)
def test_a_city_without_an_answer_is_one_clear_error(file: Path, city: str, says: str) -> None:
    published.write(file)
    result = runner.invoke(cli.app, ["why", city])
    assert result.exit_code == 1
    assert says in " ".join(result.stderr.split())


def test_lists_that_the_release_before_lacked_are_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert state.lists() == set()
    published.write(file)
    assert state.lists() == {("deals", "register"), ("deals", "itjuzi"), ("deals", "dull")}
    cli._say_moved({("deals", "register")})
    assert capsys.readouterr().out.splitlines() == [
        "New list dull (deals): 1,200 rows, moved no city by half a point.",
        "New list itjuzi (deals): 1,200 rows, moved 1 city, most Alba by +2.0.",
    ]
    cli._say_moved(set())
    assert capsys.readouterr().out == ""
