"""Read a table's documentation, checks, dependencies and column lineage from the query that makes it.

A model is one commented SELECT in ``sql/<schema>/<table>.sql``. The comment above it documents the table, and the comment
that ends a column's line documents the column. Marks in that comment are checks:

    md5(source || url) as deal_id,  -- Stable hash of source and URL. #unique
    trim(company) as company,       -- Name as printed. #not_null #in core.companies.company
    amount as amount_usd,           -- US dollars; null if undisclosed. #check amount_usd >= 0

A model may also be a branch folder, ``sql/<schema>/<table>/``. Each file in it is one SELECT that maps its inputs to the
common columns, by name; one that it leaves out is null. ``_table.sql`` documents the table and reads the union of these
files, in the order of their names, as a table called ``branches``. So adding a source means adding a file.

``#part`` marks a column that divides the work: the rows with one value of it depend only on rows with the same value in
every input that has a column of that name. An engine may then build a large table a few values at a time.

``#order`` marks that column in a table that is made in one piece but read part by part: an engine may sort a large one by it, so
that a few values can be read without the rest.

``#view`` in the comment above the query marks a table that only says in words what other tables hold as numbers. An engine may
leave it a view while it is large, so that its text is written once, in the release.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import takewhile
from pathlib import Path

from pipelines import settings
from pipelines.errors import InputError, Problem
from pipelines.warehouse import syntax
from pipelines.warehouse.syntax import Query

#: Schemas whose tables are models, each a folder of ``sql/``.
SCHEMAS = ("staging", "core", "marts", "index", "claims")

#: The file of a branch folder that documents the table, and the name under which it reads the other files.
TABLE_FILE = "_table.sql"
BRANCHES = "branches"

_COLUMN_LINE = re.compile(r"(?P<name>\w+)\"?\s*,?\s*--\s*(?P<comment>.+?)\s*$")
_VIEW = "#view"
_MARK = re.compile(r"#(unique|not_null|check|in)\b\s*([^#]*)")

#: The comments above a query, its WITH if it has one, and what follows.
_QUERY = re.compile(r"((?:\s*--[^\n]*\n)*\s*)(with\b)?(.*)", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True)
class Check:
    """One condition that every row of a table must meet; ``failing`` is the query for the rows that do not."""

    kind: str
    column: str
    argument: str = ""

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
                return f"select * from {table} where ({self.column}) in ({repeated}) order by {self.column}"
            case "not_null":
                return f"select * from {table} where {self.column} is null"
            case "in":
                schema, name, column = self.argument.split(".")
                known = f"select {column} from {schema}.{name} where {column} is not null"
                return f"select * from {table} where {self.column} is not null and {self.column} not in ({known})"
            case _:
                return f"select * from {table} where not ({self.argument})"


@dataclass(frozen=True)
class Column:
    name: str
    doc: str
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Model:
    """One table: its name, its documentation, and the query that makes it."""

    schema: str
    name: str
    sql: str
    doc: str
    columns: tuple[Column, ...]
    depends: tuple[str, ...]
    part: str | None
    order: str | None = None
    is_view: bool = False

    @property
    def table(self) -> str:
        return f"{self.schema}.{self.name}"

    @property
    def code_version(self) -> str:
        """Return a hash of the query that ignores layout and comments."""
        return syntax.parse(self.sql).version

    @property
    def checks(self) -> list[Check]:
        """Return the checks of all columns."""
        return [check for column in self.columns for check in column.checks]

    @property
    def referred(self) -> set[str]:
        """Return the tables that the checks refer to."""
        return {check.argument.rpartition(".")[0] for check in self.checks if check.kind == "in"}


def read(path: Path, schema: str) -> Model:
    """Read the model at ``path``, a file or a branch folder.

    Raise ValueError, naming the file and the column, for a column without documentation and for branches that differ, and naming
    the file for text that is not UTF-8.
    """
    file = path / TABLE_FILE if path.is_dir() else path
    if not file.exists():
        raise ValueError(f"{path}: {TABLE_FILE} is missing; it documents the table and reads the branches beside it")
    text = _text(file)
    query = _query(file, text)
    header = list(takewhile(lambda line: line.startswith("--"), text.splitlines()))
    if not header:
        raise ValueError(f"{file}: begin with `-- One row per …`")
    comments = {match["name"]: match["comment"] for match in map(_COLUMN_LINE.search, text.splitlines()) if match}
    for name in query.columns:
        if name not in comments:
            raise ValueError(f"{file}: column {name} has no documentation; end its line with `-- what it holds`")
    branches = {file: _text(file) for file in branch_files(path)} if path.is_dir() else {}
    return Model(
        schema,
        path.stem,
        _composed(path, text, branches, {name for name in query.columns if "#not_null" in comments[name]}) if branches else text,
        " ".join(line.removeprefix("--").strip() for line in header).replace(_VIEW, "").strip(),
        tuple(_column(name, comments[name]) for name in query.columns),
        tuple(sorted({table for sql in (text, *branches.values()) for table in tables_read(sql)})),
        _marked(file, "#part", query.columns, comments),
        _marked(file, "#order", query.columns, comments),
        is_view=any(_VIEW in line for line in header),
    )


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        row = error.object.count(b"\n", 0, error.start) + 1
        raise ValueError(f"{file}: byte {error.object[error.start]:#04x} in row {row} is not UTF-8. Save it as UTF-8") from None


def _marked(file: Path, mark: str, columns: Iterable[str], comments: dict[str, str]) -> str | None:
    """Return the column whose comment has the mark, if one has; raise ValueError if several have."""
    marked = [name for name in columns if re.search(rf"{mark}\b", comments[name])]
    if len(marked) > 1:
        raise ValueError(f"{file}: {' and '.join(marked)} are both marked {mark}; leave the mark on one of them")
    return marked[0] if marked else None


def tables_read(sql: str) -> tuple[str, ...]:
    """Return the tables that a query reads, each with its schema."""
    return tuple(table for table in syntax.parse(sql).tables if "." in table)


def _query(file: Path, text: str) -> Query:
    try:
        return syntax.parse(text)
    except ValueError as error:
        raise ValueError(f"{file}: a model is one SELECT: {error}") from None


def _composed(folder: Path, text: str, branches: dict[Path, str], never_empty: set[str]) -> str:
    """Return the query in ``text`` with the union of the ``branches``, files of the folder, as the first part of its WITH."""
    queries = {file: _query(file, branch) for file, branch in branches.items()}
    table = _query(folder / TABLE_FILE, text)
    if BRANCHES not in table.tables:
        raise ValueError(f"{folder / TABLE_FILE}: no table `{BRANCHES}` is read, which is the union of the folder's other files")
    _check_parts({folder / TABLE_FILE: table, **queries})
    common = dict.fromkeys(name for query in queries.values() for name in query.columns)
    _check_columns({file: query.columns for file, query in queries.items()}, table.named, never_empty & common.keys())
    selects = {
        file: ", ".join(f'"{name}"' if name in query.columns else f'null as "{name}"' for name in common)
        for file, query in queries.items()
    }
    union = "\nunion all\n".join(f"(select {selects[file]} from (\n{sql.strip()}\n) as branch)" for file, sql in branches.items())
    above, own_parts, query = _QUERY.findall(text)[0]
    return f"{above}with {BRANCHES} as (\n{union}\n)" + (f",\n{query}" if own_parts else f"\n\n{query}")


def _check_columns(columns: dict[Path, tuple[str, ...]], known: frozenset[str], never_empty: set[str]) -> None:
    """Raise ValueError for a branch that has a column twice or one that is not known, or lacks one that is never empty."""
    for file, names in columns.items():
        for name in names:
            if name not in known:
                raise ValueError(
                    f"{file}: column {name} is one too many; {TABLE_FILE} does not read it. Remove it, or read it there"
                )
            if names.count(name) > 1:
                raise ValueError(f"{file}: column {name} is there twice. Remove one of the two")
        for name in sorted(never_empty - {*names}):
            raise ValueError(f"{file}: column {name} is missing; in the table it is never empty. Add it")


def _check_parts(queries: dict[Path, Query]) -> None:
    """Raise ValueError for two files that name a WITH part alike: in SQL for other engines all parts stand together."""
    owner: dict[str, Path] = {BRANCHES: Path("the union of the branches")}
    for file, query in queries.items():
        for part in query.parts:
            if owner.setdefault(part, file) != file:
                raise ValueError(f"{file}: the WITH part {part} has the name of one in {owner[part].name}. Rename it")


def branch_files(folder: Path) -> list[Path]:
    """Return the branches of a folder, in the order of their names: every file but the one that documents the table."""
    files = sorted(file for file in folder.glob("*.sql") if file.name != TABLE_FILE)
    if not files:
        raise ValueError(f"{folder}: there is no branch beside {TABLE_FILE}; add one, or make the folder a single file")
    return files


def _column(name: str, comment: str) -> Column:
    marks = tuple(_check(kind, name, argument.strip()) for kind, argument in _MARK.findall(comment))
    return Column(name, comment.split("#")[0].strip(), marks)


def _check(kind: str, name: str, argument: str) -> Check:
    """Return the check of a mark; `#unique with b` on column a means that no two rows have the same a and b."""
    others = argument.removeprefix("with ") if kind == "unique" else ""
    return Check(kind, f"{name}, {others}") if others else Check(kind, name, argument)


def paths(root: Path) -> list[Path]:
    """Return where every model under ``root`` is: its file, or its branch folder."""
    files = [path for schema in SCHEMAS for path in (root / schema).glob("*.sql")]
    folders = [path for schema in SCHEMAS for path in (root / schema).glob("*/")]
    for folder in folders:
        if (file := folder.with_suffix(".sql")) in files:
            raise ValueError(f"{file}: the branch folder {folder.name} makes the same table. Remove one of the two")
    return sorted([*files, *folders])


def sql_files(path: Path) -> list[Path]:
    """Return the files a model is made of."""
    return [path / TABLE_FILE, *branch_files(path)] if path.is_dir() else [path]


def read_all(root: Path) -> list[Model]:
    """Return every model under ``root``, each after the models it reads and those its checks refer to."""
    models = {model.table: model for path in paths(root) for model in [read(path, path.parent.name)]}
    order: TopologicalSorter[str] = TopologicalSorter()
    for name, model in models.items():
        order.add(name, *sorted(({*model.depends} | model.referred) & (models.keys() - {name})))
    return [models[name] for name in order.static_order()]


def of_project() -> list[Model]:
    """Return the models in ``sql/``; raise InputError for a file that a person has to mend."""
    try:
        return read_all(settings.SQL)
    except ValueError as error:
        file, _, text = str(error).removeprefix(f"{settings.SQL.parent}/").partition(": ")
        problem, _, remedy = text.partition(". " if ". " in text else "; ")
        raise InputError("sql", [Problem(file, problem, remedy or "Correct the file, or remove it")]) from None
