"""List what every table promises: its checks, of a landing how many rows are expected and from where, and how its source is
preferred and asked.

``python -m tools.promises`` rewrites ``tests/unit/warehouse/promises.csv``; a test compares. So a promise is never dropped or
loosened by a slip.
"""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import fields
from io import StringIO

from pipelines import settings
from pipelines.ingest import sources
from pipelines.ingest.landing import table_name
from pipelines.ingest.source import Source, Table
from pipelines.orchestration.assets import schemas
from pipelines.warehouse import checks
from pipelines.warehouse.model import Check, read_all

FILE = settings.SHIPPED / "tests" / "unit" / "warehouse" / "promises.csv"


def promises() -> Iterator[tuple[str, str]]:
    """Yield table and promise, in no order."""
    for model in read_all(settings.SQL):
        yield from ((model.table, check.says) for check in model.checks)
    for schema in schemas.ALL:
        yield from ((schema.table, check.says) for check in (*checks.rules(schema).values(), *checks.references(schema)))
    for source in sources.ALL:
        yield from ((f"landing.{source.name}", promise) for promise in _of_source(source))
        for table in source.tables:
            name = table_name(source, table)
            rules: list[Check] = list(checks.rules(table.contract).values())  # type: ignore[arg-type]
            yield from ((name, check.says) for check in rules)
            yield from ((name, promise) for promise in _relations(table))
            yield from ((name, promise) for promise in _of_landing(table))


def _relations(table: Table) -> Iterator[str]:
    """Yield the rules of a contract that take several columns or rows, each as a sentence with its expression."""
    for name, rule in table.contract._validation_rules(with_cast=False).items():
        if "|" not in name and name != "primary_key":
            yield f"{name.replace('_', ' ')}: {rule.expr}"


def _of_source(source: Source) -> Iterator[str]:
    """Yield what a source is declared to be, but for prose."""
    for name in ("priority", "is_worldwide", "completeness", "licence_class", "is_local", "is_curated"):
        yield f"has {name} {getattr(source, name)}"
    for field in fields(source.politeness):
        if (value := getattr(source.politeness, field.name)) != field.default:
            yield f"is asked with {field.name} {value}"


def _of_landing(table: Table) -> Iterator[str]:
    """Yield how a landing table is fetched and how many of its rows may be missing."""
    least, most = table.rows
    yield f"has {least} to {most} rows"
    yield f"may lose {table.tolerates:g} of its rows"
    yield "is fetched once" if table.is_final else "is fetched again when it changes"
    if isinstance(table.addresses, tuple):
        addresses = hashlib.sha256("\n".join(table.addresses).encode()).hexdigest()[:8]
        yield f"is at {len(table.addresses)} addresses ({addresses})"


def listed() -> str:
    """Return every promise as CSV."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([("table", "promise"), *sorted(set(promises()))])
    return text.getvalue()


if __name__ == "__main__":
    FILE.write_text(listed(), "utf-8")
