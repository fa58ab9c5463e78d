"""The flows of a source's own deals by polars' streaming engine, from the landings that ``bench.scale`` makes.

The part of the models' work that comes nearest to a chain of frames: places, investors of a deal, homes, shares, sums. Reports
are not put together and offices not looked up; every round says its country, as those of the benchmark do.
"""

from pathlib import Path

import polars as pl

SOURCE = "crunchbase_2015"


def flows(folder: Path) -> pl.LazyFrame:
    """Return the rows of ``marts.deal_flows`` for the source: origin, destination and year with deals and US dollars."""
    named = pl.scan_parquet(folder / "names.parquet")
    units = _units(folder)
    dated = pl.scan_parquet(folder / f"{SOURCE}__rounds.parquet").filter(pl.col("funded_year").is_not_null())
    rates = pl.scan_parquet(folder / "reference__exchange_rates.parquet")
    deals = (
        _placed(folder, dated, units, "")
        .join(rates.select(pl.col("year").alias("funded_year"), known=True).unique(), on="funded_year", how="left")
        .select(
            "round_key",
            destination="city",
            company_province="province",
            company_country="country",
            year="funded_year",
            usd=pl.when(pl.col("known")).then("raised_usd"),
        )
    )
    investors = named.filter(kind="investor").select(
        investor_key=pl.col("mention").str.strip_prefix(f"{SOURCE}/investor:"), entity="entity"
    )
    invested = _placed(
        folder,
        pl.scan_parquet(folder / f"{SOURCE}__investments.parquet")
        .filter(pl.col("investor").is_not_null())
        .join(dated.select("round_key"), on="round_key", how="semi")
        .join(investors, on="investor_key"),
        units,
        "investor_",
    )
    sides = (
        invested.group_by("round_key", "entity")
        .agg(pl.col("unit", "country").sort_by("place_key").drop_nulls().first())
        .join(_homes(invested).lazy(), on="entity", how="left")
        .select(
            "round_key",
            origin=pl.coalesce("unit", "home"),
            origin_country=pl.when(pl.col("unit").is_null()).then("home_country").otherwise("country"),
        )
        .filter(pl.col("origin").is_not_null())
    )
    located = sides.group_by("round_key").agg(n_located=pl.len())
    return (
        sides.group_by("round_key", "origin")
        .agg(pl.col("origin_country").min(), n_here=pl.len())
        .join(located, on="round_key")
        .join(deals, on="round_key")
        .with_columns(share=pl.col("n_here") / pl.col("n_located"))
        .group_by("origin", "origin_country", "destination", "company_province", "company_country", "year")
        .agg(
            n_deals=pl.len().cast(pl.Int64),
            deals_fractional=pl.col("share").sum().round(9),
            usd_fractional=(pl.col("share") * pl.col("usd")).sum().round(2),
            n_usd=pl.col("usd").count(),
        )
        .with_columns(usd_fractional=pl.when(pl.col("n_usd") > 0).then("usd_fractional"))
        .drop("n_usd")
    )


def _units(folder: Path) -> pl.LazyFrame:
    """Place as written → city, province, country, and the unit it counts for."""
    return pl.scan_parquet(folder / "places.parquet").select(
        "place_key",
        "city",
        "province",
        country="city_country",
        level=pl.when(pl.col("city").is_not_null()).then(0).when(pl.col("province").is_not_null()).then(1).otherwise(2),
        unit=pl.coalesce("city", pl.col("province") + " (province)", pl.col("city_country") + " (country)"),
    )


def _placed(folder: Path, rows: pl.LazyFrame, units: pl.LazyFrame, prefix: str) -> pl.LazyFrame:
    """Return ``rows`` with the unit of their country, region and place; null where none is printed."""
    countries = pl.scan_parquet(folder / "countries.parquet").select("written", code="country")
    return (
        rows.with_columns(
            written=pl.col(f"{prefix}country").str.to_lowercase(),
            region_written=pl.col(f"{prefix}region"),
            place_written=pl.col(f"{prefix}place"),
        )
        .drop("country", "region", "place")
        .join(countries, on="written", how="left")
        .with_columns(
            place_key=pl.concat_str(
                pl.col("code").fill_null(""),
                pl.when(pl.col("code").is_in(["US", "CA"])).then("region_written").fill_null(""),
                pl.col("place_written").fill_null(""),
                separator="|",
            )
        )
        .join(units, on="place_key", how="left")
    )


def _homes(invested: pl.LazyFrame) -> pl.DataFrame:
    """Return investor → place printed most, in the province printed most; none if two are printed equally often."""
    counted = (
        invested.filter(pl.col("unit").is_not_null())
        .group_by("entity", "unit", "level", "province", "country")
        .agg(n=pl.len())
        .collect(engine="streaming")
    )
    doubt = pl.col("level") == 2
    order = pl.struct(a=doubt, b=-pl.col("n_province").cast(pl.Int64), c="level", d=-pl.col("n").cast(pl.Int64))
    return (
        counted.with_columns(n_province=pl.sum("n").over("entity", doubt, "country", "province"))
        .with_columns(place_rank=order.rank("min").over("entity"))
        .filter(pl.col("place_rank") == 1)
        .filter(pl.len().over("entity") == 1)
        .select("entity", home="unit", home_country="country")
    )
