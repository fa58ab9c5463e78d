"""Landing: one multi-asset per source, one asset per table, and the places all of them name."""

import io
from collections.abc import Iterator

import dagster as dg
import polars as pl

from pipelines import archive, paths, places, sources
from pipelines.source import Source, Table, land, landing_path

OWNER = "team:nextvalley"

#: Where place names stand: landing table → (country column or None for China, place columns).
PLACE_COLUMNS: dict[str, tuple[str | None, tuple[str, ...]]] = {
    "register__companies": ("country", ("city", "city_founded")),
    "register__investors": ("country", ("home_city",)),
    "register__investor_offices": ("country", ("city",)),
    "register__universities": ("country", ("city",)),
    "register__service_firms": ("country", ("city",)),
    "register__zones": (None, ("city",)),
    "register__city_population": ("country", ("city",)),
}


def landing_key(source: str, table: str) -> dg.AssetKey:
    return dg.AssetKey(["landing", f"{source}__{table}"])


PLACES = dg.AssetKey(["landing", "places"])


def _spec(source: Source, table: Table) -> dg.AssetSpec:
    return dg.AssetSpec(
        landing_key(source.name, table.name),
        description=table.title,
        group_name="landing",
        kinds={"csv", "parquet"},
        owners=[OWNER],
        tags={"licence_class": source.licence_class},
        metadata={
            "publisher": source.publisher,
            "licence": source.licence,
            "citation": source.citation,
            "url": table.url,
            "rows expected": f"{table.rows[0]}–{table.rows[1]}",
        },
    )


def _row_count_check(source: Source, table: Table) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        "rows_within_expected_range",
        asset=landing_key(source.name, table.name),
        description=f"Between {table.rows[0]} and {table.rows[1]} rows.",
    )


def landing_assets(source: Source) -> dg.AssetsDefinition:
    """Fetch, archive, parse and land every table of one source."""

    @dg.multi_asset(
        name=f"land_{source.name}",
        specs=[_spec(source, table) for table in source.tables],
        check_specs=[_row_count_check(source, table) for table in source.tables],
    )
    def land_source(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        for table in source.tables:
            landed = land(source, table)
            if landed.warning:
                context.log.warning(f"{table.url}: {landed.warning}")
            yield dg.MaterializeResult(
                landing_key(source.name, table.name),
                metadata={
                    "dagster/row_count": landed.rows,
                    "sha256": landed.snapshot.sha256,
                    "retrieved_at": landed.snapshot.retrieved_at,
                    "bytes": landed.snapshot.size,
                },
                check_results=[
                    dg.AssetCheckResult(
                        asset_key=landing_key(source.name, table.name),
                        check_name="rows_within_expected_range",
                        passed=landed.warning is None,
                        severity=dg.AssetCheckSeverity.WARN,
                        description=landed.warning or f"{landed.rows} rows",
                    )
                ],
            )

    return land_source


def _mentions() -> pl.DataFrame:
    """Every place name landed, with where it was read."""
    parts = []
    for table, (country, columns) in PLACE_COLUMNS.items():
        frame = pl.read_parquet(paths.LANDING / f"{table}.parquet")
        for column in columns:
            parts.append(
                frame.select(
                    (pl.lit("CN") if country is None else pl.col(country)).alias("country"),
                    pl.col(column).alias("place"),
                    "source_file",
                    "source_row",
                    pl.lit(column).alias("column"),
                ).drop_nulls("place")
            )
    return pl.concat(parts)


@dg.asset(
    key=PLACES,
    group_name="landing",
    kinds={"python", "parquet"},
    owners=[OWNER],
    deps=[
        *(dg.AssetKey(["landing", table]) for table in PLACE_COLUMNS),
        landing_key("reference", "place_aliases"),
        landing_key("reference", "areas"),
    ],
)
def place_names() -> dg.MaterializeResult[None]:
    """Every place name in the sources, resolved to one city."""
    aliases = pl.read_parquet(landing_path("reference", "place_aliases"))
    areas = pl.read_parquet(landing_path("reference", "areas"))
    resolved = places.resolve_all(_mentions(), aliases, areas)
    buffer = io.BytesIO()
    resolved.write_parquet(buffer)
    archive.write_atomically(paths.LANDING / "places.parquet", buffer.getvalue())
    return dg.MaterializeResult(
        metadata={"dagster/row_count": resolved.height, "cities": resolved["city"].n_unique()},
    )


ASSETS = [*(landing_assets(source) for source in sources.ALL), place_names]
