"""Run a query of a reader on the published file: one that only reads, within limits of time, memory, rows and length.

It runs in a process of its own, since DuckDB looks for an interruption only between steps, and one step may take minutes.
"""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb

from pipelines import beside
from pipelines.answers import file
from pipelines.answers.file import Refusal

#: Seconds a query may take, rows it may return, and letters of its answer as JSON.
SECONDS, ROWS, LETTERS = 10.0, 1_000, 200_000

#: Bytes of memory of the process: DuckDB's own, and what Python and its libraries take.
BYTES = 3_000_000_000

#: Statements that only read; a pivot is made of several.
_READING = {"SELECT", "EXPLAIN", "MULTI"}


def run(sql: str, seconds: float = SECONDS) -> tuple[list[dict[str, Any]], bool]:
    """Return the rows of a query and whether there are more than ``ROWS``; raise Refusal for what it may not do."""
    command, environment = beside.command("pipelines.answers.bounded", str(file.newest()))
    try:
        done = subprocess.run(command, input=sql, capture_output=True, encoding="utf-8", timeout=seconds, env=environment)
    except subprocess.TimeoutExpired:
        raise Refusal(f"The query took longer than {seconds:g} seconds. Narrow it.") from None
    if done.returncode:
        raise Refusal("The query needs more memory than it may take. Narrow it.")
    answer = json.loads(done.stdout)
    if "refusal" in answer:
        raise Refusal(answer["refusal"])
    return answer["rows"], answer["more"]


def main(published: Path, sql: str) -> str:
    """Return the answer as JSON: rows and whether there are more, or a refusal."""
    try:
        _require_reading(sql)
        with file.opened(published) as connection:
            result = connection.execute(sql)
            names = _distinct([column[0] for column in result.description])
            fetched = result.fetchmany(ROWS + 1)
    except duckdb.OutOfMemoryException:
        return json.dumps({"refusal": f"The query needs more than {file.MEMORY} of memory. Narrow it."})
    except (Refusal, duckdb.Error) as error:
        return json.dumps({"refusal": str(error).removeprefix("Invalid Input Error: ")})
    rows = [file.as_json(dict(zip(names, row, strict=True))) for row in fetched[:ROWS]]
    answer = json.dumps({"rows": rows, "more": len(fetched) > ROWS}, default=str, ensure_ascii=False)
    if len(answer) > LETTERS:
        refusal = f"The answer has {len(answer):,} letters; at most {LETTERS:,} are returned. Ask for fewer rows or columns."
        return json.dumps({"refusal": refusal})
    return answer


def _distinct(names: list[str]) -> list[str]:
    """Return the names of a query's columns; raise Refusal if any is repeated, since a row has one value of each name."""
    for name, count in Counter(names).items():
        if count > 1:
            raise Refusal(f"{count} columns are called {name}. Name them with `as`.")
    return names


def _require_reading(sql: str) -> None:
    """Raise Refusal unless ``sql`` is one statement that only reads."""
    statements = duckdb.extract_statements(sql)
    if len(statements) != 1:
        raise Refusal(f"One query at a time; this is {len(statements)}.")
    if statements[0].type.name not in _READING:
        raise Refusal(f"Only queries that read are answered, not {statements[0].type.name}.")


if __name__ == "__main__":
    beside.limit_memory(BYTES)
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(main(Path(sys.argv[1]), sys.stdin.read()))
