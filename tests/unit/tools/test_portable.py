"""The portable subset: every rule fires on what it is for, at its line, and the models keep all of them."""

from pathlib import Path

import pytest

from pipelines.warehouse import model
from tools.portable import RULES, findings

#: What is found → a query with it on line 2.
OFFENDING = {
    "QUALIFY": "select a from t\nqualify row_number() over (order by a) = 1",
    "DISTINCT ON": "select\ndistinct on (a) b from t",
    "arg_max, max_by": "select\narg_max(a, b) from t",
    "arg_min, min_by": "select\nmin_by(a, b) from t",
    "any_value": "select\nany_value(a) from t",
    "first": "select\nfirst(a) from t",
    "last": "select\nlast(a) from t",
    "USING": "select t.a from t\njoin u using (a)",
    "NATURAL JOIN": "select t.a from t natural\njoin u",
    "POSITIONAL JOIN": "select t.a from t positional\njoin u",
    "ASOF JOIN": "select t.a from t\nasof join u on t.a >= u.a",
    "several columns IN a query": "select a from t\nwhere (a, b) in (select (a, b) from u)",
    "a lambda": "select\nlist_transform(a, lambda x: x + 1) from t",
    "a list comprehension": "select\n[x for x in a] from t",
    "PIVOT or UNPIVOT": "select a from\n(pivot t on a using sum(b))",
    "COLUMNS()": "select\ncolumns('a.*') from t",
    "* EXCLUDE, REPLACE or RENAME": "select\n* exclude (a) from t",
    "GROUP BY ALL": "select a, count(*) as n from t\ngroup by all",
    "GROUP BY a position": "select a, count(*) as n from t\ngroup by 1",
    "ORDER BY ALL": "select a from t\norder by all",
    "UNION BY NAME": "select a from t\nunion by name select a from u",
    "a recursive WITH": "with recursive\nr as (select a from t) select a from r",
    "percentile_cont, quantile_cont": "select\nquantile_cont(a, 0.5) from t",
    "quantile": "select\nquantile(a, 0.5) from t",
    "a list in whatever order rows come": "select\nlist(a) from t",
    "string_agg": "select\nstring_agg(a, ',') from t",
    "string_split": "select\nstring_split(a, '|') from t",
    "the length of a list": "select\nlen(string_split_regex(a, '[|]')) from t",
    "jaro_winkler_similarity": "select\njaro_winkler_similarity(a, b) from t",
    "random()": "select\nrandom() as a from t",
    "the current date": "select\ncurrent_date as a from t",
    "the current time": "select\ncurrent_timestamp as a from t",
    "now() or today()": "select\nnow() as a from t",
    "a null without a type": "select\nnull as a union all select b from s.t",
    "the alias c used beside itself": "select a + 1 as c,\nc + 1 as d from s.t",
}

PORTABLE = """
with ranked as (
    select *, row_number() over (partition by a order by b) as turn from s.t
)

select
    a as first_name,
    cast(null as varchar) as nothing,
    list_sort(list(distinct b)) as listed,
    length(a) + array_length(string_split_regex(a, '[|]')) as n,
    median(b) as middle
from ranked
where turn = 1
group by a
order by first_name
"""


def found(tmp_path: Path, sql: str) -> list[tuple[str, int]]:
    file = tmp_path / "model.sql"
    file.write_text(sql)
    return [(one.what, one.line) for one in findings(file, {"s.t": frozenset({"a", "b"})})]


@pytest.mark.parametrize("what", OFFENDING)
def test_names_the_construct_and_its_line(what: str, tmp_path: Path) -> None:
    assert (what, 2) in found(tmp_path, OFFENDING[what])


def test_every_rule_has_an_offending_query() -> None:
    assert {rule.what for rule in RULES} <= OFFENDING.keys()


def test_message_names_file_line_and_the_portable_way(tmp_path: Path) -> None:
    file = tmp_path / "model.sql"
    file.write_text("select t.a from t\njoin u using (a)")
    (one,) = findings(file, {})
    assert str(one) == f"{file}:2: USING; join `on a.key = b.key`"


def test_portable_query_passes(tmp_path: Path) -> None:
    assert found(tmp_path, PORTABLE) == []


def test_alias_that_shadows_a_column_is_the_column(tmp_path: Path) -> None:
    assert found(tmp_path, "select a + 1 as b, b + 1 as c from s.t") == []


def test_branches_are_checked_each_at_its_own_lines(tmp_path: Path) -> None:
    (tmp_path / "_table.sql").write_text("-- One row per a.\nselect\n    a,  -- A.\n    b,  -- B.\n    c  -- C.\nfrom branches")
    (tmp_path / "left.sql").write_text("select a, null as b, null as c from s.t")
    (tmp_path / "right.sql").write_text("select\n    arg_max(a, b) as a,\n    max(b) as b,\n    null as c\nfrom s.t")
    files = model.sql_files(tmp_path)
    assert [(finding.file.name, finding.line, finding.what) for file in files for finding in findings(file, {})] == [
        ("left.sql", 1, "a null without a type"),
        ("right.sql", 2, "arg_max, max_by"),
        ("right.sql", 4, "a null without a type"),
    ]
