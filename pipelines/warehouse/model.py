"""A ``.sql`` file → a table with its documentation, checks, dependencies and column lineage.

One file is one commented SELECT. Its path is the table's name, the comment above it the table's
documentation, and the comment that ends a column's line is that column's, with marks for its checks:

    md5(source || url) as deal_id,  -- Stable hash of source and URL. #unique
    trim(company) as company,       -- Name as printed. #not_null #in core.companies.company
    amount as amount_usd,           -- US dollars; null if undisclosed. #check amount_usd >= 0

``#part`` marks a column whose values divide the work: the rows of one value are made of the rows of that value alone, in
every table read that has a column of the name. An engine may then make a large table a few values at a time.

Dependencies, columns and lineage are read from the query by sqlglot, so nothing is written twice.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.lineage import Node, lineage

_COLUMN_LINE = re.compile(r"(?P<name>\w+)\"?\s*,?\s*--\s*(?P<comment>.+?)\s*$")
_PART = re.compile(r"#part\b")
_MARK = re.compile(r"#(unique|not_null|check|in)\b\s*([^#]*)")


@dataclass(frozen=True)
class Check:
    """A promise a column makes; ``failing`` is the query that returns the rows breaking it."""

    kind: str
    column: str
    argument: str = ""

    @property
    def name(self) -> str:
        return f"{self.column}__{self.kind}" + (f"__{_slug(self.argument)}" if self.kind == "check" else "")

    @property
    def says(self) -> str:
        match self.kind:
            case "unique":
                return f"{self.column} is unique"
            case "not_null":
                return f"{self.column} is never empty"
            case "in":
                return f"every {self.column} is one of {self.argument}"
            case _:
                return self.argument

    def failing(self, table: str) -> str:
        match self.kind:
            case "unique":
                repeated = f"select {self.column} from {table} group by {self.column} having count(*) > 1"
                return f"select * from {table} where {self.column} in ({repeated}) order by {self.column}"
            case "not_null":
                return f"select * from {table} where {self.column} is null"
            case "in":
                schema, name, column = self.argument.split(".")
                known = f"select {column} from {schema}.{name} where {column} is not null"
                return f"select * from {table} where {self.column} is not null and {self.column} not in ({known})"
            case _:
                return f"select * from {table} where not ({self.argument})"


def _slug(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:6]


@dataclass(frozen=True)
class Column:
    name: str
    doc: str
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Model:
    """One table: where it stands, what it says of itself, and the query that makes it."""

    schema: str
    name: str
    sql: str
    doc: str
    columns: tuple[Column, ...]
    depends: tuple[str, ...]
    part: str | None

    @property
    def table(self) -> str:
        return f"{self.schema}.{self.name}"

    @cached_property
    def code_version(self) -> str:
        """Hash of the query without layout and comments: changing only those is no change."""
        return hashlib.sha256(_parse(self.sql).sql(dialect="duckdb", comments=False).encode()).hexdigest()[:12]

    def lineage(self, schema: dict[str, dict[str, dict[str, str]]]) -> dict[str, list[tuple[str, str]]]:
        """Column → the (table, column) pairs it is computed from.

        ``schema`` maps schema → table → column → type, as sqlglot wants it, for the tables read.
        """
        # Not trimmed: a copy of the query cut down to each column is four times the work and shows nothing we read.
        nodes = lineage(None, self.sql, schema=schema, dialect="duckdb", trim_selects=False)
        return {column.name: _sources(nodes[column.name]) for column in self.columns}


def _parse(sql: str) -> exp.Expr:
    return sqlglot.parse_one(sql, read="duckdb")


def _sources(root: Node) -> list[tuple[str, str]]:
    tables = ((node, node.source) for node in root.walk() if isinstance(node.source, exp.Table))
    return sorted({(f"{table.db}.{table.name}", node.name.split(".")[-1]) for node, table in tables if table.db})


def read(path: Path, schema: str) -> Model:
    """Read one model file; raises ValueError naming file and column for a column without documentation."""
    sql = path.read_text("utf-8")
    tree = _parse(sql)
    if not isinstance(tree, exp.Query):
        raise ValueError(f"{path}: a model is one SELECT")
    header = []
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        header.append(line.removeprefix("--").strip())
    comments = {}
    for line in sql.splitlines():
        if match := _COLUMN_LINE.search(line):
            comments[match["name"]] = match["comment"]
    columns, parts = [], []
    for name in tree.named_selects:
        if name not in comments:
            raise ValueError(f"{path}: column {name} has no documentation; end its line with `-- what it holds`")
        columns.append(_column(name, comments[name]))
        if _PART.search(comments[name]):
            parts.append(name)
    if len(parts) > 1:
        raise ValueError(f"{path}: {' and '.join(parts)} are both marked #part; leave the mark on one of them")
    if not header:
        raise ValueError(f"{path}: begin with `-- One row per …`")
    depends = sorted({f"{table.db}.{table.name}" for table in tree.find_all(exp.Table) if table.db})
    return Model(schema, path.stem, sql, " ".join(header), tuple(columns), tuple(depends), parts[0] if parts else None)


def _column(name: str, comment: str) -> Column:
    marks = tuple(Check(kind, name, argument.strip()) for kind, argument in _MARK.findall(comment))
    return Column(name, comment.split("#")[0].strip(), marks)


def read_all(root: Path) -> list[Model]:
    """Every model under ``root``, each after the models it reads from and those its checks look into."""
    models = {model.table: model for path in sorted(root.glob("*/*.sql")) for model in [read(path, path.parent.name)]}
    order: TopologicalSorter[str] = TopologicalSorter()
    for name, model in models.items():
        looked_into = {
            check.argument.rpartition(".")[0] for column in model.columns for check in column.checks if check.kind == "in"
        }
        order.add(name, *sorted(({*model.depends} | looked_into) & (models.keys() - {name})))
    return [models[name] for name in order.static_order()]
