"""Faults are planted one at a time, where they compute, and are found again by what they change."""

from pathlib import Path

import pytest
import sqlglot

from pipelines.warehouse import model
from tools.mutants import __main__ as mutants
from tools.mutants import python, sql
from tools.mutants.fault import Fault, accepted

CODE = '''"""Say 1 > 0."""
LIMIT: "int | None" = 60

@cache(1)
def near(days: list[int], strict: bool = True) -> list[int]:
    """Return 2 < 3."""
    if not days:
        raise ValueError(f"{1 + 1} days")
    forget(days)
    return [day * 2 for day in days if day < LIMIT and strict]
'''

QUERY = """-- One row per toy.
with priced as (select distinct toy, price from landing.shop__toys where price > 0)

select
    p.toy,  -- Toy. #unique
    sum(coalesce(m.parts, 1)) as parts  -- Parts.
from priced as p
left join core.makers as m on m.toy = p.toy and m.year >= 2010
group by p.toy
"""


def test_python_is_changed_where_it_computes() -> None:
    planted = {(fault.line, fault.after) for fault in python.faults("near.py", CODE)}
    assert planted == {
        (2, 'LIMIT: "int | None" = (600)'),
        (5, "def near(days: list[int], strict: bool = (False)) -> list[int]:"),
        (7, "if (days):"),
        (8, "pass"),
        (9, "pass"),
        (10, "return None"),
        (10, "return ([day * 2 for day in days])"),
        (10, "return [(day / 2) for day in days if day < LIMIT and strict]"),
        (10, "return [day * (3) for day in days if day < LIMIT and strict]"),
        (10, "return [day * 2 for day in days if (day < LIMIT or strict)]"),
        (10, "return [day * 2 for day in days if (day <= LIMIT) and strict]"),
    }
    for fault in python.faults("near.py", CODE):
        compile(fault.text, "near.py", "exec")
        assert fault.is_in_function == (fault.line > 5)


def test_queries_are_changed_and_stay_documented(tmp_path: Path) -> None:
    planted = sql.faults("toys.sql", QUERY)
    after = [fault.after for fault in planted]
    for change in (
        "WHERE price >= 0", "price > 1", "WHERE TRUE", "(SELECT toy, price FROM", "SUM(m.parts)", "COALESCE(m.parts, 2)",
        "INNER JOIN core.makers", "OR m.year >= 2010", "m.year > 2010", "MAX(COALESCE(m.parts, 1))",
    ):  # fmt: skip
        assert any(change in text for text in after), change
    assert len(set(after)) == len(after) > 10
    for fault in planted:
        file = tmp_path / "toys.sql"
        file.write_text(fault.text)
        changed = model.read(file, "core")
        assert [(column.name, column.doc, len(column.checks)) for column in changed.columns] == [
            ("toy", "Toy.", 1),
            ("parts", "Parts.", 0),
        ]
        assert sqlglot.parse_one(changed.sql, read="duckdb") != sqlglot.parse_one(QUERY, read="duckdb")


def test_a_sample_is_drawn_again_by_its_seed() -> None:
    drawn = mutants.drawn("claims", 5, 3)
    assert drawn == mutants.drawn("claims", 5, 3)
    assert drawn != mutants.drawn("claims", 5, 4)
    assert len(drawn) == 5
    assert all(fault.text != Path(fault.file).read_text("utf-8") for fault in drawn)


@pytest.mark.slow
@pytest.mark.parametrize(("missed", "status"), [(3, 0), (4, 1)])
def test_rooms_are_judged_together(
    missed: int, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three of the twelve faults of one room may be missed by luck, when others have none."""

    def judge(faults: list[Fault], *_: object) -> list[tuple[str, int]]:
        return [("survived" if place < missed else "killed", 1) for place in range(len(faults))]

    monkeypatch.setattr(mutants, "judged", judge)
    monkeypatch.setattr(mutants, "accepted", dict)
    monkeypatch.setattr(mutants.sys, "argv", ["mutants", "claims", "resolve", "--number", "11"])
    assert mutants.main() == status
    assert f"in all: {22 - missed} of 22 noticed" in capsys.readouterr().out


@pytest.mark.slow
def test_accepted_faults_can_still_be_planted_and_have_a_reason() -> None:
    known = accepted()
    for file in sorted({file for file, _, _ in known}):
        find = sql.faults if file.endswith(".sql") else python.faults
        planted = {fault.key for fault in find(file, Path(file).read_text("utf-8"))}
        assert {key for key in known if key[0] == file} - planted == set()
    assert all(len(reason) > 10 for reason in known.values())


@pytest.mark.slow
def test_tests_notice_what_they_test(tmp_path: Path) -> None:
    """A fault in what a test is about is noticed; one in what no chosen test reaches is not."""
    noticed = python.faults("pipelines/index/draws.py", Path("pipelines/index/draws.py").read_text("utf-8"))
    faults = [fault for fault in noticed if "0.5 * equal" in fault.before or "cumsum" in fault.before]
    elsewhere = mutants.drawn("publish", 1, 1)
    verdicts = mutants.judged([*faults, *elsewhere], ["tests/unit/index/test_draws.py"], tmp_path)
    assert [verdict for verdict, _ in verdicts] == ["killed"] * len(faults) + ["not reached"]
