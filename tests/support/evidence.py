"""Build pieces of evidence from tuples."""

import polars as pl


def evidence(*rows: tuple[str, str, int, int | None, str | None, float]) -> pl.DataFrame:
    return pl.DataFrame(
        rows,
        schema={
            "indicator": pl.String,
            "city": pl.String,
            "year": pl.Int64,
            "year_to": pl.Int64,
            "company": pl.String,
            "value": pl.Float64,
        },
        orient="row",
    )
