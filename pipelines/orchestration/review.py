"""Review what a person edits with more than the reading of its files: the places, quantities, models, and tests of claims."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import duckdb
import polars as pl

from pipelines import settings
from pipelines.claims import scorecard
from pipelines.errors import InputError, Problem
from pipelines.index import gather
from pipelines.ingest import fetchers, sources
from pipelines.ingest.contract import ROW
from pipelines.ingest.landing import landing_of, table_name
from pipelines.ingest.source import Source, Subject
from pipelines.ingest.sources import inbox, reference, register
from pipelines.ingest.sources.reference.review import unknown_cities
from pipelines.publish import texts
from pipelines.publish.claim_numbers import SCALES
from pipelines.resolve.places import folders, resolve
from pipelines.resolve.places.countries import iso2
from pipelines.warehouse import landings, model, syntax

#: Rows without a city that are shown.
SHOWN = 3

#: Rows in one city or province, from which on a file may be one of that place alone.
LEAST_IN_ONE_PLACE = 5

#: Table of texts for readers → its key and the columns that the page shows.
SHOWN_TEXTS = {
    "indicators": ("indicator", ("pillar_name", "name", "definition", "unit")),
    "claims": ("claim", ("title", "statistic", "supported_if", "contradicted_if", "would_change")),
}

#: Subject → the folders of sql/staging in which every source with that subject has a file, in at least one of them.
MAPPED_IN: dict[Subject, tuple[str, ...]] = {
    "deals": ("deals",),
    "companies": ("companies",),
    "investors": ("listed_investors", "deal_investors"),
    "universities": ("universities",),
    "people": ("founders",),
    "listings": ("listing_advisers",),
}

#: Rows by source and table.
Tables = Mapping[tuple[str, str], pl.DataFrame]


def problems(tables: Tables) -> list[Problem]:
    """Return what stops a refresh after the files have landed."""
    claims = tables.get((reference.SOURCE.name, "claims"))
    found = [] if claims is None else [*of_claims(claims["claim"]), *_of_figures(claims, tables)]
    indicators = tables.get((reference.SOURCE.name, "indicators"), pl.DataFrame())
    for check in (
        lambda: _resolved(_of_register(tables)),
        lambda: folders.require_inside(*_of_inbox(tables), _places()),
        lambda: gather.require_known(indicators),
        lambda: landings.require_known(table for made in model.of_project() for table in made.depends),
        fetchers.require_known_recordings,
    ):
        try:
            check()
        except InputError as error:
            found += error.problems
    return found


def of_claims(listed: Iterable[str]) -> list[Problem]:
    """Return the claims that are listed and have no test, and those that are tested and not listed."""
    names, tested, file = set(listed), scorecard.CLAIMS, "data/reference/claims.csv"
    add = "Add it to the TESTS of a module of pipelines/claims"
    return [
        *(Problem(file, f"claim {claim!r} has no test", add) for claim in sorted(names - tested)),
        *(
            Problem(file, f"claim {claim!r} is tested but not listed", "Add its row, or remove its test")
            for claim in sorted(tested - names)
        ),
    ]


def _of_figures(claims: pl.DataFrame, tables: Tables) -> Iterator[Problem]:
    """Yield the metrics that a claim is to show and that no published figure has: it would show none, without a word."""
    published = tables.get((register.SOURCE.name, "published_statistics"))
    if published is None:
        return
    shown = claims.select("claim", pl.col("figures").str.split("|")).explode("figures").drop_nulls()
    for claim, metric in shown.filter(~pl.col("figures").is_in(published["metric"].unique().to_list())).iter_rows():
        what = f"claim {claim!r}: no row of published_statistics.csv has the metric {metric!r} that figures names"
        yield Problem("data/reference/claims.csv", what, "Correct the metric, or add its rows")


def unfinished(tables: Tables) -> list[str]:
    """Return unfinished entries: a refresh accepts them, but readers miss what is not filled in."""
    read = {name: rows for name in SHOWN_TEXTS if (rows := tables.get((reference.SOURCE.name, name))) is not None}
    said = [*_evidence_of_nothing(read["indicators"])] if "indicators" in read else []
    if "claims" in read:
        bare = "its interval has no picture and no sentence. Add it to SCALES in pipelines/publish/claim_numbers.py"
        said += [f"claim {claim!r}: {bare}" for claim in read["claims"]["claim"] if claim not in SCALES]
    said += [text for name, rows in read.items() for text in _without_chinese(name, rows)]
    return [*said, *_unmapped(sources.ALL), *_mapped_for_nobody(), *_placed_nowhere(), *_ranked_nowhere(tables)]


def _unmapped(stated: Iterable[Source]) -> Iterator[str]:
    """Yield the subjects that a source states but no mapping file reads: its rows would not count."""
    for source in stated:
        for subject, mapped in MAPPED_IN.items():
            files = [f"sql/staging/{folder}/{source.name}.sql" for folder in mapped]
            if subject in source.subjects and not any((settings.SQL.parent / file).is_file() for file in files):
                yield f"source {source.name!r}: it states {subject}, but no file maps them. Write {' or '.join(files)}"


def _mapped_for_nobody() -> Iterator[str]:
    """Yield the files beside the mapping files that read a landing but bear no source's name."""
    names = {source.name for source in sources.ALL}
    for folder in sorted((settings.SQL / "staging").glob("*/")):
        stems = {file.stem for file in folder.glob("*.sql")} - {Path(model.TABLE_FILE).stem}
        for stem in sorted(stems - names if stems & names else ()):
            read = re.findall(r"\blanding\.(\w+?)__", (folder / f"{stem}.sql").read_text("utf-8"))
            if read:
                where = f"sql/staging/{folder.name}/{stem}.sql: it has the name of no source"
                yield f"{where}. Rename it to {read[0]}.sql, the source that it reads, or remove it"


def _placed_nowhere() -> Iterator[str]:
    """Yield the files that map deals of a source which gives neither these nor its companies a place: they count for no city."""
    for file in sorted((settings.SQL / "staging" / "deals").glob("*.sql")):
        mapped = (file, settings.SQL / "staging" / "companies" / file.name)
        if file.name != model.TABLE_FILE and not any(_has_place(one) for one in mapped):
            yield f"sql/staging/deals/{file.name}: no column is called place, so its deals count for no city. Add it"


def _has_place(file: Path) -> bool:
    return file.is_file() and "place" in syntax.parse(file.read_text("utf-8")).columns


def _ranked_nowhere(tables: Tables) -> Iterator[str]:
    """Yield the cities that published rankings name but no list of cities has: they could not be compared."""
    ranked = tables.get((reference.SOURCE.name, "published_rankings"))
    for problem in [] if ranked is None else unknown_cities(ranked, reference.FILES.read):
        where = f"data/reference/published_rankings.csv, row {problem.row}, column {problem.column}"
        yield f"{where}: {problem.problem}. {problem.remedy}"


def _evidence_of_nothing(indicators: pl.DataFrame) -> Iterator[str]:
    """Yield the files of evidence that name an indicator which no line defines."""
    known = {name for column in ("indicator", "quantity", "per") for name in indicators[column]}
    for file in sorted((settings.SQL / "marts" / "evidence").glob("*.sql")):
        named = re.findall(r"'(\w+)' as indicator\b", file.read_text("utf-8"))
        for name in dict.fromkeys(name for name in named if name not in known):
            where = f"sql/marts/evidence/{file.name}: rows of {name!r}"
            yield f"{where}, which is no indicator. Add its line to data/reference/indicators.csv"


def _without_chinese(table: str, rows: pl.DataFrame) -> Iterator[str]:
    """Yield the texts of a reference table that a Chinese reader would see in English."""
    key, columns = SHOWN_TEXTS[table]
    for row in rows.iter_rows(named=True):
        if bare := [column for column in columns if row[column] not in texts.chinese()]:
            what = f"{key} {row[key]!r}: no Chinese for {', '.join(bare)}"
            yield f"{what}. Add it to pipelines/publish/texts.csv"


def of_places(tables: Tables) -> list[str]:
    """Return how many cities the inbox itself names, what that means for others, and which rows name none."""
    located = _located(tables)
    cities = (
        located.filter(dataset=inbox.NAME)
        .drop_nulls("city")
        .group_by("kind")
        .agg(n=pl.col("city").n_unique())
        .sort("kind")
        .rows()
    )
    counted = ", ".join(f"{n:,} by {kind}" for kind, n in cities)
    remedy = "export whole countries, or put a file of one place into a folder of its name"
    reach = f"Cities named: {counted}. The other cities of their countries count as having none: {remedy}"
    lost = located.filter(pl.col("level") != "city").select("source_file", ROW, pl.coalesce("place", "region"), "level", "reason")
    return [*([reach] if cities else []), *_of_one_place(located), *_lost(lost.rows())]


def landed_of_one_place() -> list[str]:
    """Return the same of the files of the inbox that have landed."""
    paths = {(inbox.NAME, table.name): landing_of(inbox.SOURCE, table) for table in inbox.SOURCE.tables}
    tables = {name: pl.read_parquet(path, glob=False) for name, path in paths.items() if path}
    return list(_of_one_place(_located(tables))) if tables else []


def _located(tables: Tables) -> pl.DataFrame:
    """Return the rows of the inbox with what is found for their places."""
    rows, _ = _of_inbox(tables)
    named = pl.concat([rows, _investors(tables)], how="diagonal_relaxed").with_columns(is_strict=False, column=pl.lit("place"))
    return named.join(_resolved(named), on=resolve.KEY, nulls_equal=True).sort("source_file", ROW)


def _of_one_place(located: pl.DataFrame) -> Iterator[str]:
    """Yield what to do with files of the inbox itself whose rows all lie in one city or province, as far as they name any."""
    names = dict(reference.FILES.read("countries").select("country", "name").iter_rows())
    placed = located.filter((pl.col("dataset") == inbox.NAME) & pl.col("level").is_in(["city", "province"]))
    for (file, kind), rows in placed.group_by("source_file", "kind", maintain_order=True):
        places = [rows[level].first() for level in ("city", "province") if rows[level].n_unique() == 1]
        if rows["city"].count() < LEAST_IN_ONE_PLACE or not (place := next(filter(None, places), None)):
            continue
        # Where no row names the country, the name of the folder has to.
        folder = place if rows["country"].count() else f"{place}, {names[rows['city_country'][0]]}"
        said = f"All {rows.height:,} {kind} of {str(file).removeprefix('data/inbox/')} are in {place}: as it lies, other cities"
        yield f"{said} count as having none. If it covers {place} only, move it to data/inbox/{folder}/"


def _investors(tables: Tables) -> pl.DataFrame:
    """Return the rows of investors in the inbox with the code of their country."""
    table = next(table for table in inbox.SOURCE.tables if table.name == "investors")
    rows = tables.get((inbox.NAME, table.name), table.empty())
    country = pl.col("country").map_elements(lambda text: iso2(text) or iso2(text.upper()), pl.String)
    return rows.with_columns(country, kind=pl.lit(table.name)).drop("source_sha256")


def _lost(rows: list[tuple[str, int, str | None, str, str]]) -> Iterator[str]:
    """Yield which rows have no city, if any, by file, row, place, level and reason."""
    if rows:
        shown = [
            f"{file}, row {row}: "
            + ("no city is named" if place is None else f"{place!r} {reason if level == 'none' else f'is a {level}'}")
            for file, row, place, level, reason in rows[:SHOWN]
        ]
        more = ["…"] if len(rows) > SHOWN else []
        yield f"{len(rows):,} {'row' if len(rows) == 1 else 'rows'} without a city: {'; '.join([*shown, *more])}"


def _resolved(mentions: pl.DataFrame) -> pl.DataFrame:
    """Return how each place is read; raise InputError if one in the register is not a city."""
    return resolve.resolve_all(mentions, **_places())


def _places() -> dict[str, pl.DataFrame]:
    """Return the reference tables that decide what a place is."""
    return {name: reference.FILES.read(name) for name in resolve.REFERENCE}


def _of_register(tables: Tables) -> pl.DataFrame:
    """Return the places of the register, as the model that builds them reads them."""
    (places,) = _made(register.SOURCE, tables, "staging/place_rows/register")
    return places.with_columns(is_strict=True)


def _of_inbox(tables: Tables) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows of the inbox, and its files in folders, as the models of them do."""
    _, files, rows = _made(inbox.SOURCE, tables, "core/countries", "staging/inbox_files", "staging/inbox_rows")
    return rows, files


def _made(source: Source, tables: Tables, *models: str) -> list[pl.DataFrame]:
    """Return what some models make of the landed tables of a source, of the countries, and of the models before."""
    with duckdb.connect() as connection:
        for schema in ("landing", "core", "staging"):
            connection.execute(f"create schema {schema}")
        countries = {"landing.reference__countries": reference.FILES.read("countries")}
        landed = {table_name(source, table): tables.get((source.name, table.name), table.empty()) for table in source.tables}
        for name, rows in (landed | countries).items():
            connection.register("rows", rows)
            connection.execute(f"create table {name} as from rows")
        made = [(model, ".".join(model.split("/")[:2])) for model in models]
        for model, table in made:
            sql = (settings.SQL / f"{model}.sql").read_text("utf-8")
            connection.execute(f"create table {table} as {sql}")
        return [connection.sql(f"from {table}").pl() for _, table in made]
