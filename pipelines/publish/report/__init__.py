"""The page of a release: one self-contained file that shows what the published DuckDB file says, and nothing else.

Here the file is read and the page put together. ``panels`` turns frames into messages and charts, ``explorer`` into what the
browser recomputes; ``index.js`` does that, ``page.js`` is the face. The page asks no network for anything and forbids itself to.
"""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
import duckdb
import polars as pl
import vl_convert
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from pipelines.index import UNDATED, scope
from pipelines.index.score import compose
from pipelines.publish.report import charts, explorer
from pipelines.publish.report.contents import BENCHMARK, PANELS
from pipelines.publish.report.panels import Panel
from pipelines.publish.report.tables import Column, table, text
from pipelines.publish.wording import headline

HERE = Path(__file__).parent

#: The scripts of the page in the order in which they stand in it; each sees the functions of those before.
SCRIPTS = ("index.js", "table.js", "settings.js", "charts.js", "page.js")


def render(file: Path) -> str:
    """The page for the published file at ``file``."""
    with duckdb.connect(file, read_only=True) as connection:

        def query(sql: str) -> pl.DataFrame:
            try:
                rows = pl.DataFrame(connection.sql(sql))
            except duckdb.CatalogException:
                # Which tables there are depends on what the release was built from.
                return pl.DataFrame()
            # JSON has no number for what is none.
            return rows.with_columns(pl.selectors.float().fill_nan(None).replace([float("inf"), float("-inf")], None))

        ranking = query("from index.ranking order by measure, rank")
        readiness = ranking.filter(pl.col("measure") == "Readiness")
        benchmark = query(BENCHMARK).row(0, named=True)
        scored = query("from index.scores where score is not null and year = (select year from index.headline)")
        indicators = query("from core.indicators order by source_row").join(
            query("select indicator, floor, ceiling from index.goalposts"), on="indicator", suffix="_set"
        )
        model = _model(
            query, scored, indicators.with_columns(pl.col("floor_set").alias("floor"), pl.col("ceiling_set").alias("ceiling"))
        )
        in_place = scored.filter(pl.col("measure") == "Readiness").sort("rank", nulls_last=True)["city"].to_list()
        by_place = scored.with_columns(pl.col("city").cast(pl.Enum(in_place)).alias("place")).sort("place", "measure")
        cities = list(by_place["city"].unique(maintain_order=True))
        detail = query("from marts.indicator_detail where year = (select year from index.headline)")
        evidence = query(
            "select e.city, e.measure, e.label, e.year, e.value, e.weight, e.source, e.url, e.source_file, e.source_row "
            "from marts.evidence as e inner join index.headline as h on h.year between e.counts_from and e.counts_to "
            "where e.measure in (select indicator from core.indicators)"
        )
        landed = "from core.sources where n_rows > 0 or status like 'failed%'"
        sources = query(
            "select title, any_value(publisher) as publisher, sum(n_rows)::bigint as n_rows, "
            "any_value(licence_class) as licence_class, any_value(licence) as licence, any_value(cadence) as cadence, "
            "string_agg(distinct split_part(status, chr(10), 1), '; ') as status, any_value(seen) as seen, "
            "max(retrieved_at) as retrieved_at, any_value(landing_page) as landing_page "
            f"{landed} group by source, title order by source in ('register', 'reference'), title"
        )
        tables = query(
            "select replace(table_name, 'landing.', '') as name, table_title, n_rows, status, retrieved_at "
            f"{landed} order by name"
        )
        is_curated = query("from index.headline")["basis"][0] == scope.REGISTER
        claims = _claims(
            query(f"from claims.scorecard where {is_curated}"),
            query("from claims.evidence order by period, dataset <> 'register', dataset, is_rule desc, measure"),
        )
        realised = dict(ranking.filter(pl.col("measure") == "Realised").select("city", "score").iter_rows())
        return _page().render(
            headline=headline(readiness, query("from index.pairwise where measure = 'Readiness'")),
            year=int(readiness["year"][0]),
            is_curated=is_curated,
            benchmark=benchmark,
            benchmark_score=dict(scored.filter(pl.col("measure") == "Readiness").select("city", "score").iter_rows()).get(
                benchmark["benchmark"]
            ),
            ranking=readiness.to_dicts(),
            realised=realised,
            panels={name: _panel(make, [query(sql) for sql in queries]) for name, (make, queries) in PANELS.items()},
            claims=claims,
            tally={verdict: found for verdict in VERDICTS if (found := sum(one["verdict"] == verdict for one in claims))},
            evidence_columns=_EVIDENCE,
            model=model,
            profiles=explorer.cities(by_place, detail.filter(pl.col("city").is_in(cities))),
            evidence=explorer.evidence(evidence.filter(pl.col("city").is_in(cities))),
            indicators=indicators,
            sources=sources,
            tables=tables,
            register=_basis(connection),
            release=query("from core.release").row(0, named=True),
            vega=_script(_vega()),
            script=Markup("\n").join(_script((HERE / name).read_text("utf-8")) for name in SCRIPTS),
            style=Markup((HERE / "page.css").read_text("utf-8")),
        )


def _page() -> Any:
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"json": _json}
    environment.globals |= {"table": table, "column": Column, "text": text, "spec": charts.spec}
    return environment.get_template("page.html")


def _json(value: Any) -> Markup:
    """JSON that may stand in a script element: nothing in it can end the element."""
    return Markup(json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c"))


def _script(source: str) -> Markup:
    """A script for the page. The modules share one scope there, so what they export needs no export; nothing ends the element."""
    return Markup(re.sub(r"^export (?=function|const)", "", source, flags=re.MULTILINE).replace("</script", "<\\/script"))


@cache
def _vega() -> str:
    """Vega, Vega-Lite and Vega-Embed in one script that sets ``vegaEmbed``."""
    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")


def _panel(make: Callable[..., Panel], frames: list[pl.DataFrame]) -> Panel | None:
    return None if any(frame.is_empty() for frame in frames) else make(*frames)


def _model(query: Callable[[str], pl.DataFrame], scored: pl.DataFrame, indicators: pl.DataFrame) -> dict[str, Any]:
    """The index of the headline year for the browser, each boundary that the release has in it."""
    counted = [one for one in dict.fromkeys(indicators["pillar"]) if one != "P6" and one in set(scored["measure"])]
    ranked = query(
        "select preset, city, rank from index.boundaries "
        "where measure = 'Readiness' order by preset <> 'city', preset, rank, city"
    )
    values = query("select preset, city, indicator, value from index.boundary_values")
    whole = explorer.model(indicators, values, ranked, list(dict.fromkeys(indicators["pillar"])))
    return explorer.model(indicators, values, ranked, counted) | {
        "every_indicator": whole["indicators"],
        "every_pillar": whole["pillars"],
        "normalisers": compose.NORMALISERS,
        "aggregators": compose.AGGREGATORS,
        "undated": UNDATED,
    }


def _claims(card: pl.DataFrame, evidence: pl.DataFrame) -> list[dict[str, Any]]:
    """One entry per claim with its two periods and what each source says, in the order of their numbers; none without claims."""
    rows = {(row["claim"], row["period"]): {"dataset": None, "agreement": None} | row for row in card.iter_rows(named=True)}
    order = sorted({claim for claim, _ in rows}, key=lambda claim: (int(claim.rstrip("abc")), claim))
    return [
        rows[claim, "current"]
        | {"periods": [rows[claim, "baseline"], rows[claim, "current"]]}
        | {"evidence": evidence if evidence.is_empty() else evidence.filter(pl.col("claim") == claim)}
        for claim in order
    ]


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


def _basis(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return the number of rows of each register table and the share of them that is verified."""
    tables = ("companies", "deals", "founders", "investors", "investor_offices", "universities", "service_offices", "zones")
    each = " union all ".join(
        f"select {place} as place, '{name.replace('_', ' ')}' as register, count(basis) as n, "
        f"count(*) filter (basis = 'verified') / count(basis) as verified from core.{name}"
        for place, name in enumerate(tables)
    )
    return pl.DataFrame(connection.sql(f"select register, n, verified from ({each}) order by place"))


alt.data_transformers.disable_max_rows()
