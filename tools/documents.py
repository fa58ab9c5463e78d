"""The parts of README.md and docs/ that the published file says: rewritten from it, so that they cannot go stale."""

import re
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines import settings
from pipelines.ingest import sources
from pipelines.publish import claim_numbers, wording
from pipelines.publish.report import basis
from pipelines.warehouse import queries
from tools import example

ROOT = Path(__file__).resolve().parent.parent

#: Every page for readers.
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

#: Cities in the table of the README.
SHOWN = 8

#: What scores 100 on an indicator (``core.indicators.goalpost``).
GOALPOSTS = {"benchmark": "the Bay Area", "leader": "the leading city"}


def _block(name: str) -> re.Pattern[str]:
    return re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)


def _ranking(connection: duckdb.DuckDBPyConnection) -> str:
    ranking = pl.DataFrame(connection.sql("from index.ranking order by rank, city"))
    readiness = ranking.filter(pl.col("measure") == "Readiness")
    realised = dict(ranking.filter(pl.col("measure") == "Realised").select("city", "score").iter_rows())
    about = pl.DataFrame(connection.sql("from index.headline")).row(0, named=True)
    indicators = pl.DataFrame(connection.sql("from core.indicators")).to_dicts()
    year = readiness["year"][0]
    (measured,) = connection.execute("select measured_year($1)", [year]).fetchall()[0]
    names = ("report/lists", "report/last_years", "report/register_alone")
    lists, last_years, alone = (pl.DataFrame(connection.sql(queries.read(name))).to_dicts() for name in names)
    lines = [
        f"**{wording.headline(readiness.to_dicts(), wording.ranked_in(about))}**",
        "",
        f"| {year} | city | Readiness | 90% | rank, 90% | chance of first | by other ways | Realised "
        "| the Bay Area has … times as much |",
        "| --: | :-- | --: | --: | --: | --: | --: | --: | --: |",
    ]
    for row in readiness.head(SHOWN).iter_rows(named=True):
        lines.append(
            f"| {row['rank']} | {row['city']} | {row['score']:.0f} | {row['score_low']:.0f}–{row['score_high']:.0f} "
            f"| {row['rank_low']}–{row['rank_high']} | {wording.chance(row['p_first'])} | {wording.over_other_ways(row)} "
            f"| {realised[row['city']]:.0f} | {wording.times_less(row)} |"
        )
    lines += [
        "",
        f"The first {min(SHOWN, about['n_ranked'])} of {about['n_ranked']} ranked cities of "
        f"{wording.ranked_in(about, wording.mainland)}, from "
        f"{basis.of_readiness(lists, indicators)}. {basis.register_alone(alone)} {basis.counted_up_to(last_years)} "
        f"{wording.repeats(year, measured)}".strip(),
    ]
    return "\n".join(lines) + "\n"


def _claims(connection: duckdb.DuckDBPyConnection) -> str:
    card = pl.DataFrame(connection.sql("from claims.scorecard order by claim_order"))
    rows = {(row["claim"], row["period"]): row for row in card.iter_rows(named=True)}
    spans = {period: wording.usual_years(card.filter(period=period).iter_rows(named=True)) for period in ("baseline", "current")}
    lines = [f"| | claim | unit | {spans['baseline']} | {spans['current']} |", "| --: | :-- | :-- | :-- | :-- |"]
    for claim, title in dict(card.select("claim", "title").iter_rows()).items():
        baseline, current = (_verdict(rows[claim, period], span) for period, span in spans.items())
        lines.append(f"| {claim} | {title} | {claim_numbers.unit(claim)} | {baseline} | {current} |")
    return "\n".join([*lines, *_readings(card)]) + "\n"


def _readings(card: pl.DataFrame) -> list[str]:
    """Return what the rule would give where the words of a claim are read otherwise."""
    rows = card.drop_nulls("readings").sort("claim_order", "period").iter_rows(named=True)
    said = [(row["claim"], wording.years(row["first_year"], row["last_year"]), row["readings"]) for row in rows]
    lines = [f"Claim {claim} in {years}, by other readings of its words: {readings}." for claim, years, readings in said]
    return [part for line in lines for part in ("", _plain(line))]


def _plain(text: str) -> str:
    """Return a text with the verdicts in plain words."""
    return re.sub("|".join(wording.VERDICTS), lambda match: wording.VERDICTS[match[0]], text)


def _verdicts(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the claims by their verdict in the current period."""
    card = pl.DataFrame(connection.sql("from claims.scorecard where period = 'current' order by claim_order"))
    span = wording.usual_years(card.iter_rows(named=True))
    lines = [f"| {span} | claims |", "| :-- | :-- |"]
    for verdict, words in wording.VERDICTS.items():
        rows = card.filter(verdict=verdict).iter_rows(named=True)
        if claims := [f"{row['title']} ({row['claim']}{_signs(row, span)})" for row in rows]:
            lines.append(f"| {words} | {'; '.join(claims)} |")
    signs = [f"{sign} {claim_numbers.SIGNS[sign]}" for sign in _SIGNS if any(sign in line for line in lines)]
    return "\n".join([*lines, "", f"{'; '.join(signs)}.".replace("*", r"\*"), *_readings(card)]) + "\n"


#: Signs of a claim in the table of verdicts.
_SIGNS = "*¶"


def _signs(row: dict[str, Any], span: str) -> str:
    return "".join(sign for sign in claim_numbers.signs(row, span) if sign in _SIGNS)


def _verdict(row: dict[str, Any], span: str) -> str:
    """Return the verdict with its numbers, and what they are if it is not the 90% interval of the years ``span``."""
    verdict, notes = wording.VERDICTS[row["verdict"]], []
    if measured := claim_numbers.measured(row):
        verdict += f" {measured}"
    else:
        notes.append(f"n {row['n']}")
    if row["range_is"] in claim_numbers.RANGES:
        notes.append(row["range_is"])
    if row["bound_low"] is not None:
        notes.append(f"bounds {claim_numbers.ends(row['claim'], row['bound_low'], row['bound_high'])}")
    if row["is_partly_undated"]:
        notes.append("partly undated lists")
    if (years := wording.years(row["first_year"], row["last_year"])) != span:
        notes.append(years)
    mark = "" if row["is_same_measure"] else " †"
    return verdict + (f" ({', '.join(notes)})" if notes else "") + mark


def _register(connection: duckdb.DuckDBPyConnection) -> str:
    counted = connection.execute(queries.read("report/register")).fetchall()
    rows = [f"| {table} | {count:,} | {verified:.0%} |" for table, count, verified in counted]
    return "\n".join(["| facts that count | number | verified |", "| :-- | --: | --: |", *rows]) + "\n"


def _sources(_: duckdb.DuckDBPyConnection) -> str:
    lines = ["| source | class | holds |", "| :-- | :-- | :-- |"]
    for source in sources.ALL:
        if not source.is_local:
            tables = ", ".join(table.name.replace("_", " ") for table in source.tables)
            lines.append(f"| `{source.name}` | {source.licence_class} | {source.title} ({tables}) |")
    return "\n".join(lines) + "\n"


def _apis(_: duckdb.DuckDBPyConnection) -> str:
    lines = ["| source | address | documented at |", "| :-- | :-- | :-- |"]
    for source in sources.ALL:
        if api := source.politeness.documented_api:
            lines.append(f"| `{source.name}` | `{api.addresses}` | {api.page} |")
    return "\n".join(lines) + "\n"


def _shipped(connection: duckdb.DuckDBPyConnection) -> str:
    rows = connection.execute(queries.read("report/shipped")).fetchall()
    lines = [f"| `{source}` | {recorded} | {fed} |" for source, recorded, fed in rows]
    return "\n".join(["| source | recorded | tables and rows |", "| :-- | :-- | :-- |", *lines]) + "\n"


def _indicators(connection: duckdb.DuckDBPyConnection) -> str:
    rows = connection.execute(
        "select pillar, pillar_name, name, definition, unit, goalpost, weight from core.indicators order by pillar, source_row"
    ).fetchall()
    lines = ["| pillar | indicator | what is counted | unit | 100 is | weight |", "| :-- | :-- | :-- | :-- | :-- | --: |"]
    for pillar, pillar_name, name, definition, unit, goalpost, weight in rows:
        lines.append(f"| {pillar} {pillar_name} | {name} | {definition} | {unit} | {GOALPOSTS[goalpost]} | {weight:g} |")
    return "\n".join(lines) + "\n"


def _dictionary(connection: duckdb.DuckDBPyConnection) -> str:
    """Return every macro, table and column of the file with what its comment says."""
    lines = ["## Macros", ""]
    for name, comment in connection.execute(queries.read("release/macros")).fetchall():
        lines.append(f"- `{name}`: {comment}")
    columns = connection.execute(queries.read("release/columns")).fetchall()
    for schema, what in SCHEMAS.items():
        lines += ["", f"## {schema}", "", what]
        for table, comment in connection.execute(
            "select schema_name || '.' || table_name, comment from duckdb_tables() where schema_name = ? order by all", [schema]
        ).fetchall():
            lines += ["", f"### {table}", "", comment, "", "| column | type | holds |", "| :-- | :-- | :-- |"]
            lines += [
                f"| `{column}` | {kind.lower()} | {_cell(text)} |" for owner, column, kind, text in columns if owner == table
            ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _unicorns(connection: duckdb.DuckDBPyConnection) -> str:
    rows = connection.execute(queries.read("report/unicorns_beside")).fetchall()
    told = wording.listed([f"{times:.1f} times as many in {year}" for year, times in rows])
    return f"`marts.indicator_values` has {told}, with wide intervals.\n"


def _rank_sets(connection: duckdb.DuckDBPyConnection) -> str:
    """Return how much wider rank sets are than intervals of single cities, and which of the first cities differs most."""
    rows = pl.DataFrame(connection.sql(queries.read("report/rank_set_widths")))
    widest = rows.head(SHOWN).sort("times", descending=True, maintain_order=True).row(0, named=True)
    return (
        f"The sets are {rows['times'].mean():.1f} times as wide as the intervals of single cities, on average. {widest['city']}, "
        f"for example, has rank {widest['rank_low']}–{widest['rank_high']} by its own interval, and "
        f"{widest['rank_set_low']}–{widest['rank_set_high']} by its set.\n"
    )


#: Schemas of the file, in the order a reader meets them.
SCHEMAS = {
    "index": "Scores, ranks and how sure they are.",
    "claims": "The claims of the argument and their verdicts.",
    "marts": "Facts counted: evidence, indicators, attribution of deals.",
    "core": "Facts, each with its source, and the sources themselves.",
}

PARTS = {
    "ranking": _ranking,
    "claims": _claims,
    "verdicts": _verdicts,
    "register": _register,
    "sources": _sources,
    "apis": _apis,
    "shipped": _shipped,
    "indicators": _indicators,
    "dictionary": _dictionary,
    "example": example.walk,
    "unicorns": _unicorns,
    "rank_sets": _rank_sets,
}


def render(text: str) -> str:
    """Return ``text`` with every marked part replaced by what the published file says."""
    with duckdb.connect(settings.PUBLISHED, read_only=True) as connection:
        for name in re.findall(r"<!-- (\w+) -->", text):
            content = PARTS[name](connection)
            text = _block(name).sub(lambda match, content=content: match[1] + content + match[2], text)  # type: ignore[misc]
    return text


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(render(page.read_text("utf-8")), "utf-8")
