"""The worked example of the documentation: one indicator of one city, from its rows to the rank."""

from typing import Any

import duckdb
import numpy as np
import polars as pl

from pipelines.publish.wording import times

CITY, INDICATOR = "Hangzhou", "deals_received"


def walk(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the steps as a numbered list, with the numbers of the published file."""
    why = pl.DataFrame(connection.sql(f"from why('{CITY}')"))
    standing = pl.DataFrame(connection.sql(f"from standing('{CITY}')"))
    row = why.row(by_predicate=pl.col("indicator") == INDICATOR, named=True)
    total = standing.row(by_predicate=pl.col("measure") == "Readiness", named=True)
    steps = [
        _rows(connection, row),
        f"**Measurement.** From all lists together {CITY} is estimated to have {_amount(row['value'])} deals a year "
        f"({_amount(row['value_low'])} to {_amount(row['value_high'])}). The unit is a deal on the list *{row['counted_by']}*. "
        f"The list itself may count the city differently, so this is not the city's total. `from why('{CITY}')`",
        _scale(connection, row),
        _pillar(why, row),
        _readiness(standing, total),
        f"**Rank.** {CITY} is number {total['rank']}, with 90% probability between {total['rank_low']} and {total['rank_high']}. "
        "`from index.ranking`",
    ]
    return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1)) + "\n"


def _rows(connection: duckdb.DuckDBPyConnection, row: dict[str, Any]) -> str:
    sql = f"select label, source from evidence('{CITY}', '{INDICATOR}') order by year desc, label limit 1"
    ((label, source),) = connection.execute(sql).fetchall()
    return (
        f"**Rows.** {row['evidence_rows']} rows tell of deals of companies in {CITY}. The latest that names one is “{label}”, "
        f"and its source is “{source}”. `from evidence('{CITY}', '{INDICATOR}')`"
    )


def _scale(connection: duckdb.DuckDBPyConnection, row: dict[str, Any]) -> str:
    sql = "select value, base_year, points_per_doubling from index.goalposts where indicator = $1"
    ((goal, year, step),) = connection.execute(sql, [INDICATOR]).fetchall()
    points, ratio = 100 - step * np.log2(goal / row["value"]), times(goal / row["value"])
    return (
        f"**Scale.** In the same unit the Bay Area had {_amount(goal)} in {year}: {ratio} times as many. "
        f"On this list every halving takes {step:.3g} points: 100 − {step:.3g} · log₂ {ratio} = {points:.0f}. "
        f"The median of the draws is {row['score']:.0f} ({row['score_low']:.0f} to {row['score_high']:.0f}). "
        "`from index.goalposts`"
    )


def _pillar(why: pl.DataFrame, row: dict[str, Any]) -> str:
    members = why.filter(pl.col("pillar") == row["pillar"])
    named = " and ".join(f"{member['name'].lower()} {member['score']:.1f}" for member in members.iter_rows(named=True))
    mean = members.select((pl.col("score") * pl.col("weight")).sum() / pl.col("weight").sum()).item()
    return f"**Pillar.** {row['pillar_name'].capitalize()} is the mean of its indicators: {named} make {mean:.1f}."


def _readiness(standing: pl.DataFrame, total: dict[str, Any]) -> str:
    pillars = standing.filter(pl.col("weight") < 1)  # The pillar of Realised is alone in its score.
    mean = pillars.select((pl.col("score") * pl.col("weight")).sum()).item()
    parts = " + ".join(
        f"{pillar['weight']:.1%} · {pillar['score']:.1f} ({pillar['name']})" for pillar in pillars.iter_rows(named=True)
    )
    return (
        f"**Readiness.** The mean of the pillars by their reliability: {parts} = {mean:.1f}; "
        f"published {total['score']:.0f} ({total['score_low']:.0f} to {total['score_high']:.0f}). `from standing('{CITY}')`"
    )


def _amount(value: float) -> str:
    """Return an amount to go on computing with; where it is only read, two digits do (``wording.about``)."""
    return f"{value:,.{0 if value >= 100 else 1 if value >= 10 else 2}f}"
