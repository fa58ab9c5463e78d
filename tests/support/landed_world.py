"""Make a small world of awkward rows, build every model from it, and sum up what the tables hold.

``python -m tests.support.landed_world FOLDER`` writes every table of the world as CSV, to compare what a change of a query does
row by row.

Each landing table has a few dozen rows drawn from the few words of ``landed.toml``: so there are duplicates, ties, gaps, dates
at the ends of periods, names that nothing else has, and sources that contradict each other. What is drawn depends on nothing but
the names of table and column and the number of the row, so a new column or source changes no other. Tables that Python makes are
drawn likewise, except places and names, which are looked up.
"""

import csv
import hashlib
import re
import sys
import tomllib
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import dataframely as dy
import duckdb
import polars as pl

from pipelines import settings
from pipelines.claims import scorecard
from pipelines.index import gather
from pipelines.index.diagnostics import distance
from pipelines.index.tables import lists, scores, values
from pipelines.ingest import catalogue, sources
from pipelines.resolve.names.links import Names
from pipelines.resolve.places.table import Places
from pipelines.warehouse import database, model
from tests.support.models import Makers, make

#: The words from which rows are drawn, and rows written by hand.
_WRITTEN = tomllib.loads((Path(__file__).parent / "landed.toml").read_text("utf-8"))

#: Column, also with its table → its words.
WORDS: dict[str, str] = {name: words for names, words in _WRITTEN["words"].items() for name in names.split(", ")}

#: Rows drawn for each table; those that repeat a key are left out. Few of places of investors, so that some have none.
DRAWN = 40
FEW = {
    "register__investor_offices": 24,
    "register__investors": 8,
    "itjuzi__investor_firms": 12,
    "inbox__investors": 6,
    "amac__managers": 18,
}

#: Where the exports lie, of which the folders are of a city and of a province.
FOLDERS = ("", "合肥市/", "Anhui/")

#: Tables that Python makes of numbers, which models read.
COMPUTED = (
    values.IndicatorValues, values.Goalposts, values.Pillars, scores.Scores, distance.Distance, lists.Attention, lists.Lists,
    gather.Headline,
    scorecard.ClaimEvidence, scorecard.ClaimVerdict,
)  # fmt: skip

Schema = type[dy.Schema]


def build() -> duckdb.DuckDBPyConnection:
    """Return a database with every table of the world."""
    connection = duckdb.connect(config={"threads": "1"})
    for schema in ("landing", *model.SCHEMAS):
        connection.execute(f"create schema {schema}")
    models = {made.table: made for made in model.read_all(settings.SQL)}
    read = {table for made in models.values() for table in made.depends}
    for source in sources.ALL:
        for table in source.tables:
            name = f"{source.name}__{table.name}"
            if f"landing.{name}" in read:
                database.write(connection, f"landing.{name}", _with_origin(drawn(name, table.contract), name))
    for schema in COMPUTED:
        database.write(connection, schema.table, drawn(schema.table, schema))
    database.write(connection, "core.source_profiles", _profiles())
    done: set[str] = set()
    for table in models:
        make(connection, table, done, models, LOOKED_UP)
    return connection


def drawn(table: str, schema: Schema) -> pl.DataFrame:
    """Return the rows of a table: those written by hand, or else drawn; and those that are added."""
    columns = schema.columns()
    rows = (_rows("rows", table) or [{}] * FEW.get(table, DRAWN)) + _rows("added", table)
    pools = {name: _pool(table, name, column) for name, column in columns.items() if any(name not in row for row in rows)}
    made = [
        {name: _typed(row[name], column) if name in row else pools[name](number) for name, column in columns.items()}
        for number, row in enumerate(rows)
    ]
    frame = pl.DataFrame(made, {name: column.dtype for name, column in columns.items()})
    return frame.unique(key, keep="first", maintain_order=True) if (key := schema.primary_key()) else frame


def _rows(kind: str, table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(_WRITTEN[kind].get(table, ""))))


def _pool(table: str, name: str, column: dy.Column) -> Callable[[int], object]:
    """Return what draws the value of a row."""
    listed = WORDS.get(f"{table}.{name}") or WORDS.get(name) or WORDS.get(name.rpartition("_")[2]) or ""
    words = [word for word in filter(None, listed.split("; ")) if _fits(word, column)] or _default(name, column)
    if not words and not column.nullable:
        raise ValueError(f"{table}.{name}: no word fits its contract; add some to tests/support/landed.toml")

    def draw(row: int) -> object:
        number = int(hashlib.md5(f"{table} {name} {row}".encode()).hexdigest()[:8], 16)
        if not words or (column.nullable and number % 4 == 0):
            return None
        return _typed(_filled(words[number // 4 % len(words)], row, number), column)

    return draw


def _filled(word: str, row: int, number: int) -> str:
    """Return a word with the number of the row, or one of a few numbers, where it wants one."""
    return word.format(row=row, few=number // 7 % 12) if "{" in word else word


def _fits(word: str, column: dy.Column) -> bool:
    """Return whether a contract allows a word."""
    try:
        value = _typed(_filled(word, 1, 7), column)
    except ValueError:
        return False
    if isinstance(column, dy.Enum):
        return value in column.categories
    if isinstance(column, dy.String):
        return not column.regex or bool(re.search(column.regex, str(value)))
    low, high = getattr(column, "min", None), getattr(column, "max", None)
    return (low is None or value >= low) and (high is None or value <= high)


def _default(name: str, column: dy.Column) -> list[str]:
    """Return words for a column that has none: a few of its categories, numbers within its bounds, or texts."""
    if isinstance(column, dy.Enum):
        return [*column.categories[:4], *column.categories[4:][-2:]]
    if isinstance(column, dy.Bool):
        return ["1", "1", ""]
    texts = [f"{name} {letter}" for letter in "abc"] if isinstance(column, dy.String) else []
    return [
        word for word in (texts or ["0", "1", "2", "5", "10", "0.5", "50", "100", "60000", "2e3", "1e4"]) if _fits(word, column)
    ]


def _typed(word: str, column: dy.Column) -> object:
    if not word and column.nullable:
        return None
    if isinstance(column, dy.Bool):
        return bool(word)
    if isinstance(column, dy.Int32 | dy.Int64):
        return int(word)
    return float(word) if isinstance(column, dy.Float64) else word


def _with_origin(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Add where each row stands: a curated table in a file of its own, exports in some folders, others in a few that a source's
    tables share."""
    source, _, name = table.partition("__")
    if source in ("register", "reference"):
        files, numbers = [f"data/{source}/{name}.csv"] * frame.height, range(2, frame.height + 2)
    elif source == "inbox":
        files = [f"data/inbox/{FOLDERS[row % len(FOLDERS)]}{name}.csv" for row in range(frame.height)]
        numbers = range(2, frame.height + 2)
    else:
        count = 1 if source == "cb_insights" else 2 + len(name) % 3
        files = [f"{source}/{row % count}.csv" for row in range(frame.height)]
        numbers = [2 + (frame.height - row) // count for row in range(frame.height)]
    return frame.with_columns(
        pl.Series("source_row", list(numbers), pl.Int32),
        pl.Series("source_file", files, pl.String),
        pl.lit("").alias("source_sha256"),
    )


def _profiles() -> pl.DataFrame:
    """Return sources with few priorities, so that some have the same; one is left out."""
    schema = catalogue.SourceProfiles
    made = []
    for source in (source for source in sources.ALL if source.name != "crunchbase_investments"):
        number = int(hashlib.md5(source.name.encode()).hexdigest()[:8], 16)
        is_curated = source.name == "register"
        made.append(
            {"source": source.name, "priority": 1 if is_curated else 2 + number % 4, "licence_class": "open", "subjects": "",
             "is_worldwide": number % 3 == 0, "is_curated": is_curated, "completeness": ("sample", "census")[number // 3 % 2],
             "family": ("one", "two", source.name)[number // 6 % 3]}
        )  # fmt: skip
    exports = next(row for row in made if row["source"] == "inbox")
    made += [exports | {"source": f"inbox: {folder[:-1]}", "completeness": "selection"} for folder in FOLDERS if folder]
    return pl.DataFrame(made, schema.types())


def _places(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return the places of the world but Utopia (乌有): by the name of a city, or of a province, or by the country."""
    cities = {written: (city, *of) for city, (*of, names) in _WRITTEN["cities"].items() for written in names.split("|")}
    provinces = {
        written: (province, country)
        for province, (country, names) in _WRITTEN["provinces"].items()
        for written in names.split("|")
    }
    mentions = database.query(connection, "from staging.place_mentions order by all")
    made = []
    for mention in mentions.filter(~pl.col("place_key").str.contains("Utopia|乌有")).iter_rows(named=True):
        place, region = mention["place"] or "", mention["region"] or ""
        city, province, country = cities.get(place) or cities.get(place[:2] if "," in place else "") or ("", "", "")
        if not province:
            province, country = (
                provinces.get(region) or (not city and provinces.get(place)) or ("", country or mention["country"])
            )
        level = "city" if city else "province" if province else "country" if country else "none"
        number = len(place)
        made.append(
            {name: mention[name] for name in ("place_key", "country", "region", "place", "n")}
            | {"level": level, "city": city or None, "municipality": place if city else None, "province": province or None,
               "city_province": (city and province) or None, "city_country": country or None,
               "geoname_id": 100 + number if city else None, "latitude": 30.0 + number, "longitude": 100.0 + number,
               "reason": "found" if place or region else "blank"}
        )  # fmt: skip
    return pl.DataFrame(made, Places.types())


def _names(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return the names of the world but for Nobody's: those that begin with the same word are one."""
    mentions = database.query(connection, "from staging.name_mentions order by all")
    made = [
        {"mention": mention["mention"], "entity": mention["name"].strip().split(" ")[0].title(), "how": "same name",
         "probability": 1.0, "matched": None, "explanation": "", "kind": mention["kind"], "dataset": mention["source"],
         "name": mention["name"]}
        for mention in mentions.filter(~pl.col("name").str.starts_with("Nobody")).iter_rows(named=True)
    ]  # fmt: skip
    return pl.DataFrame(made, Names.types()).unique("mention", keep="first", maintain_order=True)


LOOKED_UP: Makers = {"core.places": (("staging.place_mentions",), _places), "core.names": (("staging.name_mentions",), _names)}


def table_rows(connection: duckdb.DuckDBPyConnection, table: str) -> pl.DataFrame:
    """Return the rows of a table as text, in an order of their own; of numbers nine digits, as sums differ in the last ones."""
    frame = database.query(connection, f"from {table}")
    rounded = frame.with_columns(pl.col(pl.Float64, pl.Decimal).cast(pl.Float64).round_sig_figs(9))
    return rounded.select(pl.all().cast(pl.String)).sort(pl.all(), nulls_last=True)


def summary(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return what every model holds: its rows with a hash, and of each column how many are filled and how many differ."""
    lines: list[tuple[str, str, int, int, str]] = []
    for made in sorted(model.read_all(settings.SQL), key=lambda made: made.table):
        frame = table_rows(connection, made.table)
        lines.append((made.table, "", frame.height, frame.n_unique(), _hash(frame.write_csv())))
        for column in frame:
            filled = column.drop_nulls()
            lines.append((made.table, column.name, len(filled), filled.n_unique(), _hash("\n".join(filled.sort()))))
    return pl.DataFrame(lines, ["model", "column", "filled", "distinct", "hash"], orient="row")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


if __name__ == "__main__":
    world = build()
    for made in model.read_all(settings.SQL):
        table_rows(world, made.table).write_csv(Path(sys.argv[1]) / f"{made.table}.csv")
