"""The parts of README.md that are results: rewritten from the published file, so that they cannot go stale."""

import re
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines import paths, sources
from pipelines.index.words import headline

README = Path(__file__).resolve().parent.parent / "README.md"


def _block(name: str) -> re.Pattern[str]:
    return re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)


def _ranking(connection: duckdb.DuckDBPyConnection) -> str:
    ranking = pl.DataFrame(connection.sql("from index.ranking order by rank"))
    readiness = ranking.filter(pl.col("measure") == "Readiness")
    realised = dict(ranking.filter(pl.col("measure") == "Realised").select("city", "score").iter_rows())
    pairwise = pl.DataFrame(connection.sql("from index.pairwise where measure = 'Readiness'"))
    lines = [
        f"**{headline(readiness, pairwise)}**",
        "",
        f"| {readiness['year'][0]} | city | Readiness | 90% | rank, 90% | first | Realised | share held, 90% |",
        "| --: | :-- | --: | --: | --: | --: | --: | --: |",
    ]
    for row in readiness.iter_rows(named=True):
        lines.append(
            f"| {row['rank']} | {row['city']} | {row['score']:.0f} "
            f"| {row['score_low_companies']:.0f}–{row['score_high_companies']:.0f} "
            f"| {row['rank_low']}–{row['rank_high']} | {row['p_first']:.0%} | {realised[row['city']]:.0f} "
            f"| {row['share_held_low']:.0%}–{row['share_held_high']:.0%}{'*' if row['is_share_common'] else ''} |"
        )
    return "\n".join(lines) + "\n"


def _claims(connection: duckdb.DuckDBPyConnection) -> str:
    card = pl.DataFrame(connection.sql("from claims.scorecard"))
    rows = {(row["claim"], row["period"]): row for row in card.iter_rows(named=True)}
    claims = sorted(dict(card.select("claim", "title").iter_rows()).items(), key=lambda one: (int(one[0].rstrip("abc")), one[0]))
    lines = ["| | claim | 2009–2012, 90% | now, 90% |", "| --: | :-- | :-- | :-- |"]
    for claim, title in claims:
        then, now = (_verdict(rows[claim, period]) for period in ("then", "now"))
        lines.append(f"| {claim} | {title} | {then} | {now} |")
    return "\n".join(lines) + "\n"


def _verdict(row: dict[str, Any]) -> str:
    if row["low"] is not None:
        return f"{row['verdict']} {row['low']:.2f}–{row['high']:.2f}"
    return f"{row['verdict']} {row['estimate']:.2f}" if row["estimate"] is not None else f"{row['verdict']} (n {row['n']})"


def _register(connection: duckdb.DuckDBPyConnection) -> str:
    rows = []
    for table in ("companies", "deals", "founders", "investors", "investor_offices", "universities", "service_offices", "zones"):
        sql = f"select count(basis), count(*) filter (basis = 'seen') from core.{table}"
        ((count, seen),) = connection.execute(sql).fetchall()
        rows.append(f"| {table} | {count:,} | {seen / count:.0%} |")
    return "\n".join(["| table | rows | source read when recorded |", "| :-- | --: | --: |", *rows]) + "\n"


def _sources(_: duckdb.DuckDBPyConnection) -> str:
    lines = ["| source | class | holds |", "| :-- | :-- | :-- |"]
    for source in sources.ALL:
        if not source.is_local:
            tables = ", ".join(table.name.replace("_", " ") for table in source.tables)
            lines.append(f"| `{source.name}` | {source.licence_class} | {source.title} ({tables}) |")
    return "\n".join(lines) + "\n"


PARTS = {"ranking": _ranking, "claims": _claims, "register": _register, "sources": _sources}


def render(text: str) -> str:
    """``text`` with every marked part replaced by what the published file says."""
    with duckdb.connect(paths.PUBLISHED, read_only=True) as connection:
        for name, make in PARTS.items():
            content = make(connection)
            text = _block(name).sub(lambda match, content=content: match[1] + content + match[2], text)  # type: ignore[misc]
    return text


if __name__ == "__main__":
    README.write_text(render(README.read_text("utf-8")), "utf-8")
