"""List what every table promises: its checks, and of a landing also how many rows are expected and which source is preferred.

``python -m tools.promises`` rewrites ``tests/unit/warehouse/promises.csv``; a test compares. So a promise is never dropped or
loosened by a slip.
"""

import csv
from collections.abc import Iterator
from io import StringIO

from pipelines import settings
from pipelines.ingest import sources
from pipelines.orchestration.assets import schemas
from pipelines.warehouse import checks
from pipelines.warehouse.model import Check, read_all

FILE = settings.SHIPPED / "tests" / "unit" / "warehouse" / "promises.csv"


def promises() -> Iterator[tuple[str, str]]:
    """Yield table and promise, in no order."""
    for model in read_all(settings.SQL):
        yield from ((model.table, check.says) for column in model.columns for check in column.checks)
    for schema in schemas.ALL:
        yield from ((schema.table, check.says) for check in (*checks.rules(schema).values(), *checks.references(schema)))
    for source in sources.ALL:
        for table in source.tables:
            name = f"landing.{source.name}__{table.name}"
            rules: list[Check] = list(checks.rules(table.contract).values())  # type: ignore[arg-type]
            yield from ((name, check.says) for check in rules)
            least, most = table.rows
            yield name, f"has {least} to {most} rows"
            yield name, f"has priority {source.priority}"


def listed() -> str:
    """Return every promise as CSV."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([("table", "promise"), *sorted(set(promises()))])
    return text.getvalue()


if __name__ == "__main__":
    FILE.write_text(listed(), "utf-8")
