"""A table that Python makes keeps its declaration, or is refused."""

from collections.abc import Iterator

import dataframely as dy
import duckdb
import polars as pl
import pytest

from pipelines.errors import InputError
from pipelines.orchestration.assets import schemas
from pipelines.schema import TableSchema, one_of, refers_to
from pipelines.warehouse import checks, database


class Toys(TableSchema):
    """One row per toy
    and shop."""

    table = "core.toys"

    toy = dy.String(primary_key=True, description="Toy.")
    shop = dy.String(primary_key=True, metadata=refers_to("core.shops.shop"), description="Shop.")
    price = dy.Float64(nullable=True, min=0, max=9, description="Price.")
    colour = dy.String(check=one_of("red", "blue"), description="Colour.")
    country = dy.String(nullable=True, regex="^[A-Z]{2}$", description="Country.")
    number = dy.Int64(unique=True, description="Number.")


GOOD = {
    "toy": ["bear", "kite"],
    "shop": ["A", "A"],
    "price": [1.5, None],
    "colour": ["red", "blue"],
    "country": ["CN", None],
    "number": [1, 2],
}


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("create schema core")
        opened.execute("create table core.shops as select 'A' as shop")
        yield opened


def test_frame_that_keeps_its_declaration_passes(connection: duckdb.DuckDBPyConnection) -> None:
    frame = pl.DataFrame(GOOD, Toys.types())
    database.write(connection, Toys.table, frame)
    checks.require(connection, Toys, frame.select(reversed(frame.columns)))
    assert Toys.arrange(frame.select(reversed(frame.columns))).columns == Toys.column_names()
    assert Toys.doc() == "One row per toy and shop."


@pytest.mark.parametrize(
    ("column", "values", "words"),
    [
        ("toy", ["bear", None], "column toy: is empty in the row toy None, shop A, .*, number 2. Fill the field"),
        ("toy", ["bear", "bear"], r"column toy, shop: \['bear', 'A'\] occurs more than once in the row toy bear, shop A, "),
        ("shop", ["A", "B"], "column shop: 'B' is not in core.shops.shop"),
        ("price", [-1.0, 1.0], "column price: -1.0 breaks “price >= 0”"),
        ("price", [1.0, 9.5], "column price: 9.5 breaks “price <= 9”"),
        ("price", [1.0, float("nan")], "column price: nan breaks “price is a finite number”"),
        ("country", ["CN", "Cn"], r"column country: 'Cn' breaks “country matches \^\[A-Z\]\{2\}\$”"),
        ("number", [7, 7], "^core.toys, column number: 7 occurs more than once in the row toy bear, shop A, "),
        ("colour", ["red", "green"], "column colour: 'green' breaks “colour is one of red, blue”"),
    ],
)
def test_wrong_value_is_refused(connection: duckdb.DuckDBPyConnection, column: str, values: list[object], words: str) -> None:
    frame = pl.DataFrame(GOOD | {column: values}, Toys.types())
    database.write(connection, Toys.table, frame)
    with pytest.raises(InputError, match=words):
        checks.require(connection, Toys, frame)
    assert all(outcome.failing == len(outcome.problems) for outcome in checks.examine_frame(connection, Toys, frame))


def test_columns_that_are_not_as_declared_are_refused() -> None:
    frame = pl.DataFrame(GOOD, Toys.types()).rename({"shop": "store"}).with_columns(pl.col("price").cast(pl.Float32))
    with pytest.raises(InputError) as caught:
        Toys.arrange(frame)
    assert [str(problem) for problem in caught.value.problems] == [
        f"core.toys, column shop: is missing. Make it, or drop it from {__name__}.Toys",
        f"core.toys, column store: is not declared. Declare it in {__name__}.Toys, or drop it from the frame",
        f"core.toys, column price: is Float32, not Float64. Cast it, or correct {__name__}.Toys",
    ]


def test_every_declaration_is_documented_and_named_once() -> None:
    names = [table.table for table in schemas.ALL]
    assert len(names) == len(set(names))
    for table in schemas.ALL:
        assert table.doc().startswith("One row"), table
        assert list(table.column_docs()) == table.column_names()
        assert table.empty().schema == table.types()
        assert checks.rules(table), table


def test_undocumented_declaration_is_an_error() -> None:
    class Bare(TableSchema):
        table = "core.bare"
        toy = dy.String()

    with pytest.raises(TypeError, match="begin its docstring with `One row per …`"):
        Bare.doc()
    with pytest.raises(TypeError, match="give a description of toy"):
        Bare.column_docs()
