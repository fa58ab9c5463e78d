"""The published file explains itself to a person at a SQL prompt, remembers earlier releases, and comes in other formats."""

import json
import subprocess
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest
from frictionless import Package

from pipelines import settings
from pipelines.orchestration.assets.schemas import BUILT
from pipelines.publish import exports, history, identities, release_file
from pipelines.schema import TableSchema
from pipelines.warehouse import database
from pipelines.warehouse.model import read_all

# What the file says of itself


def test_only_the_schemas_promised_are_there_and_all_speak(published: duckdb.DuckDBPyConnection) -> None:
    sql = "select distinct schema_name from duckdb_tables() union select schema_name from duckdb_views() where not internal"
    assert {row[0] for row in published.execute(sql).fetchall()} == {"core", "marts", "index", "claims", "main"}
    assert published.execute("select view_name from duckdb_views() where not internal").fetchall() == [("readme",)]
    assert published.execute("select table_name from duckdb_tables() where schema_name = 'main'").fetchall() == []
    silent = published.execute(
        "select function_name from duckdb_functions() where database_name = current_database() and comment is null "
        "union all select view_name from duckdb_views() where not internal and comment is null "
        "union all select column_name from duckdb_columns() where not internal and comment is null"
    ).fetchall()
    assert silent == []


def test_every_query_that_the_readme_proposes_answers(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.execute("select step, about, try_this from readme").fetchall()
    assert [step for step, _, _ in rows] == list(range(len(rows)))
    (first,) = published.execute("select city from index.ranking where measure = 'Readiness' and rank = 1").fetchall()
    assert f"First by Readiness: {first[0]}, in " in rows[0][1]
    for _, _, query in rows:
        assert published.execute(query).fetchall(), query


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from why('Shenzen')", "No city called 'Shenzen'. The nearest: Shenzhen"),
        ("from compare('Beijing', 'Hangzhu')", "No city called 'Hangzhu'. The nearest: Hangzhou"),
        ("from evidence('Gotham', 'exits')", "No city called 'Gotham'"),
        (
            "from why('Hong Kong')",
            "The file ranks mainland China. Where lists that name it are loaded, `make refresh SCOPE=HK` ranks it",
        ),
        ("from compare('Beijing', '香港')", "Hong Kong is known but has no scores in this file."),
        ("from evidence('Oxford', 'deals_received')", "Oxford is known but has no scores in this file."),
        ("from why('昆山')", "No city called '昆山': it counts as part of Suzhou"),
        ("from why('Yiwu')", "No city called 'Yiwu': it counts as part of Jinhua"),
        ("from why('taizhou')", r"Several cities are called 'taizhou': Taizhou .Jiangsu., Taizhou .Zhejiang."),
        ("from why('浙江')", "it is the province or state Zhejiang. Its first cities by rank: Hangzhou, "),
        ("from why('京')", "No city called '京', nor any alike."),
        (
            "from evidence('Beijing', 'deals orignated')",
            "No indicator called 'deals orignated'. The nearest: deals_originated",
        ),
        ("from top(2010, 'capitol')", r"No score called 'capitol'. .* P1 \(schools\), P2 \(venture deals\)"),
        ("from top(1950)", "No scores for 1950. There are scores for 2000 to"),
    ],
)
def test_a_name_the_file_does_not_know_is_a_clear_error(published: duckdb.DuckDBPyConnection, query: str, words: str) -> None:
    with pytest.raises(duckdb.InvalidInputException, match=words):
        published.execute(query).fetchall()


def test_macros_take_names_in_any_case_and_by_what_readers_see(published: duckdb.DuckDBPyConnection) -> None:
    def rows(sql: str) -> list[tuple[object, ...]]:
        return published.execute(sql).fetchall()

    assert rows("from why('BEIJING')") == rows("from why('Beijing')") != []
    names = ("Xian", "xi’an", "Peking", "Canton", "beijing ", "香港", "San Francisco", "Silicon Valley")
    assert [row for name in names for row in rows(f"select city_named('{name}')")] == [
        *(("Xi'an",), ("Xi'an",), ("Beijing",), ("Guangzhou",), ("Beijing",), ("Hong Kong",)),
        *[("San Francisco Bay Area",)] * 2,
    ]
    assert rows("from evidence('beijing', 'Deals originated')") == rows("from evidence('Beijing', 'deals_originated')") != []
    assert rows("from top(2012, 'p2')") == rows("from top(2012, 'venture deals')") != rows("from top(2011, 'venture deals')")


@pytest.mark.parametrize("table", [*history.MADE, *identities.MADE])
def test_rows_of_what_publishing_makes_are_in_one_order(table: type[TableSchema], published: duckdb.DuckDBPyConnection) -> None:
    rows = published.execute(f"from {table.table}").fetchall()
    assert rows == published.execute(f"from {table.table} order by all").fetchall()


def test_top_without_arguments_is_the_ranking(published: duckdb.DuckDBPyConnection) -> None:
    ranked = published.execute("select rank, city, score, p_first from index.ranking where measure = 'Readiness'").fetchall()
    top = published.execute("select rank, city, score, p_first from top() where rank is not null").fetchall()
    assert top == sorted(ranked)


def test_every_row_of_evidence_names_its_source(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.execute("select source, source_file, source_row from evidence('Beijing', 'deals_originated')").fetchall()
    assert rows
    assert all(None not in row for row in rows)


# What it remembers


@pytest.fixture
def changed() -> Callable[..., list[tuple[object, ...]]]:
    """The macro on a history written by hand, with the cities renamed: when, from what, to what."""

    def ask(
        history: list[tuple[object, ...]], since: str, renamed: Sequence[tuple[datetime, str, str]] = ()
    ) -> list[tuple[object, ...]]:
        with duckdb.connect() as connection:
            connection.execute("create schema core; create schema index; create schema marts")
            connection.execute("create table index.headline as select 2023 as year, 'CN' as scope")
            connection.execute(
                "create table core.release_history(content_hash text, made_at timestamp, method_version text, country text, "
                "measure text, subject text, rank int, value double, verdict text, news double, late_data double, "
                "correction double, method double)"
            )
            connection.execute("create table core.entities(id text, entity text)")
            columns = "made_at timestamp, kind text, id text, change text, entity text"
            connection.execute(f"create table core.entity_changes({columns})")
            for made_at, before, now in renamed:
                connection.execute("insert into core.entities values (?, ?)", [now, now])
                connection.execute("insert into core.entity_changes values (?, 'city', ?, 'renamed', ?)", [made_at, now, before])
            insert = "insert into core.release_history values (?, ?, '1', ?, ?, ?, ?, ?, ?, null, null, null, null)"
            connection.executemany(insert, history)
            macro = (settings.SQL / "macros.sql").read_text("utf-8").partition("create macro changed")[2]
            connection.execute(f"create macro changed{macro}")
            return connection.execute(
                "select measure, subject, rank_before, rank_now, round(change, 3), verdict_before, verdict_now, "
                "since_release from changed(?)",
                [since],
            ).fetchall()

    return ask


JAN, FEB, MARCH = datetime(2026, 1, 5), datetime(2026, 2, 2), datetime(2026, 3, 2)
HISTORY: list[tuple[object, ...]] = [
    ("a", JAN, "CN", "Readiness", "Beijing", 1, 80.0, None),
    ("a", JAN, "CN", "Readiness", "Shanghai", 2, 70.0, None),
    ("a", JAN, "CN", "claim, current", "7", None, 1.1, "not separable"),
    ("b", FEB, "CN", "Readiness", "Beijing", 1, 80.0, None),
    ("b", FEB, "CN", "Readiness", "Shanghai", 2, 71.5, None),
    ("b", FEB, "CN", "claim, current", "7", None, 1.1, "not separable"),
    ("u", FEB, "US", "Readiness", "Boston", 1, 60.0, None),
    ("c", MARCH, "CN", "Readiness", "Beijing", 2, 80.0, None),
    ("c", MARCH, "CN", "Readiness", "Shenzhen", 1, 81.0, None),
    ("c", MARCH, "CN", "claim, current", "7", None, 1.1, "supported"),
]


def test_changed_compares_with_the_release_of_that_time(changed: Callable[..., list[tuple[object, ...]]]) -> None:
    assert changed(HISTORY, "2026-02-10") == [
        ("Readiness", "Shenzhen", None, 1, None, None, None, FEB),
        ("Readiness", "Beijing", 1, 2, 0.0, None, None, FEB),
        ("Readiness", "Shanghai", 2, None, None, None, None, FEB),
        ("claim, current", "7", None, None, 0.0, "not separable", "supported", FEB),
    ]
    only_two = [row for row in HISTORY if row[1] != MARCH]
    assert changed(only_two, "2026-01-05") == [("Readiness", "Shanghai", 2, 2, 1.5, None, None, JAN)]


def test_changed_before_the_oldest_release_compares_with_that(changed: Callable[..., list[tuple[object, ...]]]) -> None:
    assert {row[-1] for row in changed(HISTORY, "2020-01-01")} == {JAN}


def test_city_that_was_renamed_is_one_in_changed(changed: Callable[..., list[tuple[object, ...]]]) -> None:
    renamed = [(MARCH, "Shanghai", "Shenzhen")]
    assert ("Readiness", "Shenzhen", 2, 1, 9.5, None, None, FEB) in changed(HISTORY, "2026-02-10", renamed)
    assert changed(HISTORY[:6], "2026-01-05", [(JAN, "Shanghai", "Shenzhen")])[0][1] == "Shanghai", "an older one of the name"


def test_changed_says_so_when_there_is_nothing_to_compare(changed: Callable[..., list[tuple[object, ...]]]) -> None:
    assert changed(HISTORY, "2026-12-01")[0][0] == "nothing has been released since"
    assert changed(HISTORY[:3], "2020-01-01")[0][0] == "this is the first known release"


def test_a_release_remembers_those_before_and_its_hash_does_not(released_copy: Path, tmp_path: Path) -> None:
    docs = release_file.docs(read_all(settings.SQL), BUILT)
    with duckdb.connect(settings.PUBLISHED, read_only=True) as connection:
        ((before,),) = connection.execute("select content_hash from core.release").fetchall()
        followed = connection.execute("from core.release_history order by all").fetchall()
    same = tmp_path / "same.duckdb"
    assert release_file.write(same, docs, "later code, same contents") == before
    with duckdb.connect(same, read_only=True) as connection:
        assert connection.execute("from core.release_history order by all").fetchall() == followed
    with database.connect() as connection:
        connection.execute("update index.ranking set score = score - 2 where measure = 'Readiness' and city = 'Beijing'")
    other = tmp_path / "other.duckdb"
    assert release_file.write(other, docs, "new facts") != before
    with duckdb.connect(other, read_only=True) as connection:
        rows = connection.execute("select measure, subject, round(change, 6) from changed('2000-01-01')").fetchall()
        releases = connection.execute("select count(distinct content_hash) from core.release_history").fetchall()
    assert rows == [("Readiness", "Beijing", -2.0)]
    assert releases == [(2,)]


# Other formats


def test_the_package_validates_with_its_data(released: Path) -> None:
    report = Package(str(released / "data" / "release" / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "type", "message"])
    package = json.loads((released / "data" / "release" / "datapackage.json").read_text("utf-8"))
    assert {one["name"] for one in package["resources"] if one["type"] == "table"} == {
        f"{t}.csv".replace("_", "-") for t in exports.MAIN
    }
    assert len(report.tasks) == len(package["resources"])


def test_a_csv_that_was_tampered_with_does_not_validate(released: Path, tmp_path: Path) -> None:
    folder = tmp_path / "release"
    subprocess.run(["cp", "-r", f"{released / 'data' / 'release'}/.", str(folder)], check=True)
    for name in ("datapackage.json", "index.ranking.csv"):
        (folder / name).chmod(0o644)
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    package["resources"] = [one for one in package["resources"] if one["path"] == "index.ranking.csv"]
    (folder / "datapackage.json").write_text(json.dumps(package), "utf-8")
    ranking = folder / "index.ranking.csv"
    ranking.write_text(ranking.read_text("utf-8").replace("Readiness,2023,1,", "Readiness,2023,first,"), "utf-8")
    report = Package(str(folder / "datapackage.json")).validate()
    assert {"hash-count", "type-error"} <= {row[0] for row in report.flatten(["type"])}


def test_package_describes_the_files_beside_it(released: Path) -> None:
    folder = released / "data" / "release"
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    made = {path.name for kind in ("*.parquet", "*.csv", "*.xlsx", "*.duckdb") for path in folder.glob(kind)}
    assert {one["path"] for one in package["resources"]} == made
    for resource in package["resources"]:
        content = (folder / resource["path"]).read_bytes()
        assert len(content) == resource["bytes"]
        if resource["format"] == "parquet":
            assert [field["name"] for field in resource["schema"]["fields"]] == pl.read_parquet(content).columns


def test_csv_and_workbook_say_what_the_file_says(released: Path, published: duckdb.DuckDBPyConnection) -> None:
    folder = released / "data" / "release"
    contents = pl.read_excel(folder / exports.WORKBOOK, sheet_name="contents")
    assert contents["sheet"].to_list() == list(exports.MAIN)
    cut = contents.filter(pl.col("rows") > exports.SHEET_ROWS)
    assert [*cut["shown"]] == [f"the first 3,000; all are in {table}.csv" for table in cut["sheet"]]
    assert set(contents.filter(pl.col("rows") <= exports.SHEET_ROWS)["shown"]) == {"all"}
    for table in ("index.ranking", "claims.scorecard", "core.founders"):
        frame = exports.ordered(pl.DataFrame(published.sql(f"from {table}")))
        numbers = [name for name, kind in frame.schema.items() if kind.is_float() or kind.is_integer()]
        csv = pl.read_csv(folder / f"{table}.csv", infer_schema_length=None)
        sheet = pl.read_excel(folder / exports.WORKBOOK, sheet_name=table)
        assert csv.columns == frame.columns == sheet.columns
        for column in numbers:
            assert csv[column].cast(pl.Float64).to_list() == pytest.approx(frame[column].cast(pl.Float64).to_list(), nan_ok=True)
            assert sheet[column].cast(pl.Float64).to_list() == pytest.approx(frame[column].cast(pl.Float64).to_list())


def test_the_package_has_the_keys_that_the_checks_enforce(released: Path) -> None:
    package = json.loads((released / "data" / "release" / "datapackage.json").read_text("utf-8"))
    schemas = {resource["name"]: resource["schema"] for resource in package["resources"] if "schema" in resource}
    assert schemas["core.cities"]["primaryKey"] == ["city"]
    assert schemas["index.scores"]["primaryKey"] == ["measure", "year", "city"]
    for name, schema in schemas.items():
        for key in schema.get("foreignKeys", []):
            target = schemas[key["reference"]["resource"]]
            assert set(key["reference"]["fields"]) <= {field["name"] for field in target["fields"]}, name


def test_empty_tables_name_the_source_that_fills_them(published: duckdb.DuckDBPyConnection) -> None:
    comments = dict(published.execute("select schema_name || '.' || table_name, comment from duckdb_tables()").fetchall())
    for table, sources in (
        ("core.founders_by_school", "yc_founders_schools"),
        ("marts.listing_services", "eastmoney or edgar_covers or pcaob"),
    ):
        assert published.execute(f"select count(*) from {table}").fetchall() == [(0,)]
        assert comments[table].endswith(f" Empty in this release: it is filled by {sources} (SOURCES).")
    assert "Empty in this release" not in comments["core.deals"]
