"""Put the page together from the published file, and from nothing else.

``figures`` turns frames into messages and charts, ``explorer`` into what the browser recomputes; ``index.js`` does that, and
``page.js`` is the interface. The page asks no network for anything and forbids itself to.
"""

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape
from markupsafe import Markup

from pipelines.index.choices import ALTERNATIVES
from pipelines.publish.report import explorer, vega
from pipelines.publish.report.figures.contents import FIGURES
from pipelines.publish.report.figures.figure import Figure
from pipelines.publish.report.tables import Column, table
from pipelines.publish.wording import headline, of_benchmark, over_other_ways, probability
from pipelines.resolve import scope
from pipelines.warehouse import queries

HERE = Path(__file__).parent

#: The scripts of the page in the order in which they stand in it; each sees the functions of those before.
SCRIPTS = ("index.js", "table.js", "settings.js", "charts.js", "page.js")

#: Queries that others read by name.
SHARED = ("shown_cities", "leading_cities", "benchmark", "names")

#: Verdicts in the order in which the page counts them.
VERDICTS = ("supported", "contradicted", "not separable", "no data")

_EVIDENCE = [
    Column("period", "period"),
    Column("dataset", "source"),
    Column("measure", "measured"),
    Column("verdict", "verdict"),
    Column("estimate", "statistic"),
    Column("low", "90% from"),
    Column("high", "to"),
    Column("n", "n"),
]


class Frames:
    """The frames of the queries under ``sql/report``, read from one published file."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        for name in SHARED:
            connection.execute(f"create temp view {name} as {queries.read(f'report/{name}')}")

    def __getitem__(self, name: str) -> pl.DataFrame:
        """Return the frame of a query, empty if the release lacks a table that it reads."""
        return self.of(queries.read(f"report/{name}"))

    def of(self, sql: str) -> pl.DataFrame:
        """Return the rows of a query, with null for what JSON has no number for."""
        try:
            rows = pl.DataFrame(self._connection.sql(sql))
        except duckdb.CatalogException:
            # Which tables there are depends on what the release was built from.
            return pl.DataFrame()
        return rows.with_columns(pl.selectors.float().fill_nan(None).replace([float("inf"), float("-inf")], None))


def render(file: Path) -> str:
    """Return the page for the published file at ``file``."""
    with duckdb.connect(file, read_only=True) as connection:
        frames = Frames(connection)
        return _template().render(
            **_ranking(frames),
            **_claims(frames),
            **_explorer(frames),
            figures={name: _figure(frames, name) for name in FIGURES},
            sources=frames["sources"],
            tables=frames["tables"],
            register=frames["register"],
            release=frames.of("from core.release").row(0, named=True),
            vega=_script((HERE / "vendor" / "vega.js").read_text("utf-8")),
            script=Markup("\n").join(_script((HERE / name).read_text("utf-8")) for name in SCRIPTS),
            style=Markup((HERE / "page.css").read_text("utf-8")),
        )


def _ranking(frames: Frames) -> dict[str, Any]:
    """Return what the first screen shows."""
    readiness = frames.of("from index.ranking where measure = 'Readiness' order by rank, city")
    benchmark = frames["benchmark"].row(0, named=True)
    rows, basis = _rows(frames), frames.of("from index.headline").row(0, named=True)
    realised = frames["scores"].filter(pl.col("measure") == "Realised")
    return {
        "headline": headline(readiness),
        "year": basis["year"],
        "basis": basis,
        "benchmark": benchmark,
        "ranking": rows,
        "first": next((row["city"] for row in rows if row["rank"] == 1), benchmark["benchmark"]),
        "top": _top(rows),
        "realised": dict(realised.select("city", "score").iter_rows()),
    }


def _rows(frames: Frames) -> list[dict[str, Any]]:
    """Return the rows of the first table: the benchmark, which has no rank, and the cities shown."""
    readiness = frames["scores"].filter((pl.col("measure") == "Readiness") & pl.col("rank").is_null())
    return [*readiness.to_dicts(), *frames["ranks"].to_dicts()]


def _top(rows: list[dict[str, Any]]) -> float:
    """Return where the bars of scores end: at the largest end of an interval, and at 100 at least."""
    return max([100.0, *(row["score_high"] for row in rows)])


def _claims(frames: Frames) -> dict[str, Any]:
    """Return each claim with its two periods and what each source says; none where the claims are not about the scope."""
    if frames.of("from index.headline")["scope"][0] not in (scope.CURATED, scope.WORLD):
        return {"claims": [], "tally": {}, "evidence_columns": _EVIDENCE}
    evidence = frames["claim_evidence"]
    periods: dict[str, list[dict[str, Any]]] = {}
    for row in frames["claims"].iter_rows(named=True):
        periods.setdefault(row["claim"], []).append({"dataset": None, "agreement": None} | row)
    claims = [
        rows[-1] | {"periods": rows, "evidence": evidence if evidence.is_empty() else evidence.filter(pl.col("claim") == claim)}
        for claim, rows in periods.items()
    ]
    counts = {verdict: sum(claim["verdict"] == verdict for claim in claims) for verdict in VERDICTS}
    return {
        "claims": claims,
        "tally": {verdict: count for verdict, count in counts.items() if count},
        "evidence_columns": _EVIDENCE,
    }


def _explorer(frames: Frames) -> dict[str, Any]:
    """Return what the browser recomputes and looks into: the index of the headline year, cities, and rows of evidence."""
    scores, indicators, values = frames["scores"], frames["indicators"], frames["values"]
    model = explorer.model(indicators, values, scores, frames["weights"])
    return {
        "indicators": indicators,
        "profiles": explorer.cities(scores, values),
        "evidence": explorer.evidence(frames["evidence"]),
        "model": model | {"ways": list(ALTERNATIVES), "top": _top(_rows(frames))},
    }


def _figure(frames: Frames, name: str) -> Figure | None:
    make, names = FIGURES[name]
    read = [frames[query] for query in names]
    return None if any(frame.is_empty() for frame in read) else make(*read)


def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"json": _json}
    environment.globals |= {
        "table": table,
        "column": Column,
        "styled": vega.styled,
        "of_benchmark": of_benchmark,
        "over_other_ways": over_other_ways,
        "probability": probability,
    }
    return environment.get_template("page.html")


def _json(value: Any) -> Markup:
    """Return JSON that may stand in a script element: nothing in it can end the element."""
    return Markup(json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c"))


def _script(source: str) -> Markup:
    """Return a script that nothing in it can end; the modules share one scope in the page, so ``export`` goes."""
    return Markup(re.sub(r"^export (?=function|const)", "", source, flags=re.MULTILINE).replace("</script", "<\\/script"))
