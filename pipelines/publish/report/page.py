"""Put the page together from the published file, and from nothing else.

``figures`` turns frames into messages and charts, ``explorer`` into what the browser recomputes; ``index.js`` does that, and
``page.js`` is the interface. The page asks no network for anything and forbids itself to.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from markupsafe import Markup

from pipelines.index.choices import ALTERNATIVES
from pipelines.publish import distances, exports, texts, wording
from pipelines.publish.report import basis, claims, explorer, prose, share, vega
from pipelines.publish.report.figures import trust, years
from pipelines.publish.report.figures.contents import FIGURES
from pipelines.publish.report.figures.figure import Figure
from pipelines.publish.report.policy import policy
from pipelines.publish.report.tables import Column, interval
from pipelines.publish.report.templates import HERE, as_json, reach, script, style, template
from pipelines.publish.texts import say
from pipelines.warehouse import queries

#: The scripts of the page in the order in which they stand in it; each sees the functions of those before.
SCRIPTS = ("index.js", "table.js", "settings.js", "charts.js", "years.js", "cities.js", "whatif.js", "page.js")

#: Queries that others read by name.
SHARED = ("shown_cities", "leading_cities", "benchmark", "names", "carried_cities", "uncounted")

#: Language → file of the page beside the release.
FILES = {"en": "report.html", "zh": "report.zh.html"}

#: Language → file of the brief.
BRIEFS = {"en": "brief.html", "zh": "brief.zh.html"}

#: Columns of names that figures show: of cities, and of what the catalogue translates.
NAMES = (
    *("city", "other", "rival", "origin", "destination", "unit", "benchmark", "leader", "goalpost_city", "most_moved"),
    *("pillar", "pillar_name", "name", "member_name", "quantity", "sector", "way", "ranking", "list"),
)

#: Bytes of the page at most: rows of evidence take what the rest leaves, in the place that is kept for them.
MOST_BYTES, _EVIDENCE = 5_900_000, "rows of evidence"

#: Cities on the first screen, as many as stand beside its notes; a narrow screen shows ten, and the table of all follows.
FIRST = 18

_ALL_CITIES = [
    Column("city", "city", is_city=True),
    Column("city_zh", "中文"),
    Column("year", "year"),
    Column("rank", "rank"),
    Column("score", "Readiness", 1),
    *interval("score", 1),
    Column("rank_low", "best rank, 90%"),
    Column("rank_high", "worst"),
    Column("p_first", "chance of first", share=True),
    Column("inferred", "indicators inferred"),
    Column("times_less", "the Bay Area has … times as much", 1),
    *interval("times_less", 1),
    Column("realised", "Realised", 1),
]


class Frames:
    """The frames of the queries under ``sql/report``, read from one published file."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        #: Query → its frame, since several figures, pages and languages read the same.
        self._read: dict[str, pl.DataFrame] = {}
        # One thread adds fractions in one order, so that every rendering prints the same digits.
        connection.execute("set threads = 1")
        for name in SHARED:
            connection.execute(f"create temp view {name} as {queries.read(f'report/{name}')}")

    def __getitem__(self, name: str) -> pl.DataFrame:
        """Return the frame of a query, empty if the release lacks a table that it reads."""
        return self.of(queries.read(f"report/{name}"))

    def of(self, sql: str) -> pl.DataFrame:
        """Return the rows of a query, with null for what JSON has no number for."""
        if sql not in self._read:
            self._read[sql] = self._rows(sql)
        return self._read[sql]

    def _rows(self, sql: str) -> pl.DataFrame:
        try:
            rows = pl.DataFrame(self._connection.sql(sql))
        except duckdb.CatalogException:
            # Which tables there are depends on what the release was built from.
            return pl.DataFrame()
        return rows.with_columns(pl.selectors.float().fill_nan(None).replace([float("inf"), float("-inf")], None))


def render(frames: Frames, code: str = "en") -> str:
    """Return the page of a published file in a language."""
    with speaking(frames, code):
        library, sheet = script((HERE / "vendor" / "vega.js").read_text("utf-8")), style("page.css")
        scripts = _scripts()
        page = template("page.html").render(
            **first_screen(frames),
            **_claims(frames),
            **_explorer(frames),
            figures=_figures(frames),
            spoken=code,
            tables=frames["tables"],
            sources_are=basis.counting(frames["lists"].to_dicts(), frames["sources"].height),
            method=prose.METHOD,
            questions=prose.QUESTIONS,
            languages=[(other, title, FILES[other]) for other, title in texts.others(code)],
            picture=share.FILES[code],
            brief=BRIEFS[code],
            workbook=exports.WORKBOOK,
            style=sheet,
            vega=library,
            policy=policy([library, scripts["script"]], sheet, "data: blob:"),
            **scripts,
        )
        page = texts.closed_up(page)
        held = explorer.evidence(frames["evidence"], MOST_BYTES - len(page.encode()))
        return page.replace(as_json(_EVIDENCE), as_json(held), 1)


def render_brief(frames: Frames, code: str = "en") -> str:
    """Return the same on two sheets of paper: ranking, findings, caveats and claims, without a script."""
    with speaking(frames, code):
        sheet = style("page.css", "brief.css")
        brief = template("brief.html").render(
            **first_screen(frames),
            **_claims(frames),
            figures=_figures(frames),
            spoken=code,
            style=sheet,
            policy=policy([], sheet),
        )
        return texts.closed_up(brief)


def render_picture(frames: Frames, code: str = "en") -> str:
    """Return the picture that goes along with a link to the page: its first screen in short, as SVG."""
    with speaking(frames, code):
        shown = first_screen(frames)
        rows = shown["first_cities"][: share.SHOWN]
        return share.picture(shown["headline"], shown["how_far"] or "", rows, shown["basis"]["year"])


@contextmanager
def reading(file: Path) -> Iterator[Frames]:
    """Yield the frames of the published file at ``file``."""
    with duckdb.connect(file, read_only=True) as connection:
        yield Frames(connection)


@contextmanager
def speaking(frames: Frames, code: str) -> Iterator[None]:
    """Let everything inside be said in a language, with the names that the published file has in it."""
    with texts.language(code, _city_names(frames) if code != "en" else {}):
        yield


def _claims(frames: Frames) -> dict[str, Any]:
    country = frames.of("from index.headline")["scope"][0]
    return claims.cards(country, *(frames[query] for query in ("claims", "claim_evidence", "claim_figures", "ranking")))


def _figures(frames: Frames) -> dict[str, Figure | None]:
    return {name: _figure(frames, name) for name in FIGURES}


def _scripts() -> dict[str, Any]:
    """Return the scripts of the page, and the texts that they say in the language of the reader."""
    sources = [(HERE / name).read_text("utf-8") for name in SCRIPTS]
    said = {text: say(text) for source in sources for text in re.findall(r'\bsay\("([^"]+)"', source)}
    return {
        "script": Markup("\n").join(script(source) for source in sources),
        "script_texts": {text: other for text, other in said.items() if text != other},
    }


def _city_names(frames: Frames) -> dict[str, str]:
    """Return the Chinese names of places, firms and schools, and that of the benchmark."""
    names = dict(frames["chinese_names"].iter_rows())
    benchmark = frames["benchmark"]["benchmark"][0]
    return names | {benchmark: texts.chinese().get(benchmark, benchmark)}


def _in_language(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with the cities, indicators and other names in its text columns in the language of the reader."""
    columns = [name for name in NAMES if name in frame.columns and frame[name].dtype == pl.String]
    for name in columns if texts.spoken() != "en" else ():
        frame = vega.each(frame, texts.unit if name == "unit" else texts.known, name)
    return frame


def first_screen(frames: Frames) -> dict[str, Any]:
    """Return what the first screen shows: the answer, its picture, and what to know before quoting it."""
    ranking, register = frames["ranking"], frames["register"]
    benchmark, release = frames["benchmark"].row(0, named=True), frames.of("from core.release").row(0, named=True)
    headline = frames.of("from index.headline").row(0, named=True)
    indicators = frames["indicators"].to_dicts()
    # Where the benchmark is ranked too, it is not compared with itself.
    nearest = next((row for row in ranking.iter_rows(named=True) if row["times_less"] is not None), None)
    return {
        "headline": wording.headline(ranking.to_dicts(), wording.ranked_in(headline)),
        "place": wording.ranked_in(headline, wording.mainland),
        "release": release,
        "made": say("{day:%-d %B %Y}", day=release["made_at"]),
        "sources": frames["sources"],
        "pillar_names": readiness_pillars(frames),
        "compared": wording.compared(indicators),
        "what_counts": basis.what_counts(indicators, ranking.head(FIRST).to_dicts()),
        "counted_up_to": basis.counted_up_to(frames["last_years"].to_dicts()),
        "old_year": basis.old_year(headline["year"], release["made_at"].year, wording.ranked_in(headline)),
        "shared_sources": basis.shared_sources(frames["shared_sources"].to_dicts()),
        "counted_by": basis.of_readiness(frames["lists"].to_dicts(), indicators),
        "register_alone": basis.register_alone(frames["register_alone"].to_dicts()),
        "only_in_benchmark": basis.only_in(benchmark["benchmark"], frames["only_in_benchmark"].to_dicts()),
        "unmeasured": basis.unmeasured(frames["unmeasured"].to_dicts()),
        "rests_on": basis.rests_on(frames["lists"].to_dicts(), indicators),
        "leaders": wording.leaders(indicators),
        "inferred_ranks": basis.inferred_ranks(ranking.to_dicts()),
        "end_of_scale": say(basis.END_OF_SCALE),
        "how_far": distances.how_far(nearest, benchmark["benchmark"]) if nearest else None,
        "first": ranking.row(0, named=True) if ranking.height else None,
        "example": say(", ").join(filter(None, [nearest["city"], nearest["city_zh"]])) if nearest else benchmark["benchmark"],
        "basis": headline,
        "benchmark": benchmark,
        "ranking": ranking,
        "first_cities": ranking.head(FIRST).to_dicts(),
        "reach": reach(ranking.head(FIRST).to_dicts()),
        "all_cities": [column for column in _ALL_CITIES if column.name != "city_zh" or texts.spoken() == "en"],
        "foretold": trust.in_short(frames["backtest"]),
        "register": register,
        "read": register.select((pl.col("n") * pl.col("verified")).sum() / pl.col("n").sum()).item(),
    }


def readiness_pillars(frames: Frames) -> str:
    """Return the names of the pillars of Readiness, as a list in a sentence."""
    of_readiness = frames["indicators"].filter(pl.col("measure") == "Readiness").sort("pillar", maintain_order=True)
    return wording.listed([say(name) for name in of_readiness["pillar_name"].unique(maintain_order=True)])


def _explorer(frames: Frames) -> dict[str, Any]:
    """Return what the browser recomputes and looks into: the index of the headline year, cities, and rows of evidence."""
    scores, indicators, values = frames["scores"], frames["indicators"], frames["values"]
    benchmark = frames["benchmark"]["benchmark"][0]
    model = explorer.model(indicators, values, scores, frames["weights"])
    return {
        "indicators": indicators,
        "profiles": explorer.cities(scores, values, frames["ranking"], indicators),
        "evidence": _EVIDENCE,
        "years": explorer.years(frames["city_years"]),
        "course": years.course(),
        "model": model | {"ways": list(ALTERNATIVES), "top": explorer.TOP, "benchmark": benchmark},
    }


def _figure(frames: Frames, name: str) -> Figure | None:
    make, names = FIGURES[name]
    read = [_in_language(frames[query]) for query in names]
    return None if any(frame.is_empty() for frame in read) else make(*read)
