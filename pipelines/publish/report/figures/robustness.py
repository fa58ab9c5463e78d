"""Figures on what would change the answer: weights of pillars, one indicator left out, other weights."""

import polars as pl

from pipelines.publish.report import vega
from pipelines.publish.report.figures.figure import Figure
from pipelines.publish.report.tables import Column, interval
from pipelines.publish.report.vega import Spec, layer, nominal, quantitative
from pipelines.publish.texts import say
from pipelines.publish.wording import times


def weights(rows: pl.DataFrame) -> Figure:
    """Return the pillars with what is known of them; ``rows``: pillar_name, measure, reliability, weight, n_near_top."""
    of_readiness = rows.filter(pl.col("measure") == "Readiness").sort("reliability", descending=True)
    best, least = of_readiness.row(0, named=True), of_readiness.row(-1, named=True)
    bars = {
        "x": quantitative("reliability", title="reliability", scale={"domain": [0, 1]}, axis={"format": ".0%", "tickCount": 5}),
        "y": vega.down("pillar_name", rows["pillar_name"].to_list()),
        "tooltip": [nominal("pillar_name", title="pillar"), *vega.formatted(".0%", "reliability", "weight")],
    }
    chart = vega.data(rows.select("pillar_name", "reliability", "weight")) | layer("bar", bars, color=vega.BLUE, opacity=0.6)
    return Figure(
        say(
            "Differences between cities are known best in {best} ({most}) and least in {worst} ({least}).",
            best=best["pillar_name"],
            most=f"{best['reliability']:.0%}",
            worst=least["pillar_name"],
            least=f"{least['reliability']:.0%}",
        ),
        rows.drop("pillar"),
        [
            Column("pillar_name", "pillar"),
            Column("measure", "score"),
            Column("reliability", "reliability", share=True),
            Column("weight", "weight in the score", share=True),
            Column("n_near_top", "cities within two points of the best"),
        ],
        chart | {"width": "container", "height": 24 * rows.height},
        "Reliability: the share of the variance between cities that is settled, by lists or by inference from what else the "
        "cities have. A pillar weighs by it, which makes the weights nearly equal.",
    )


def goalposts(rows: pl.DataFrame) -> Figure:
    """Return how well the values that score 100 are known.

    ``rows``: pillar_name, name, unit, counted_by, goalpost_value, goalpost_low, goalpost_high, goalpost_city, base_year of each.
    """
    low, high = (pl.col(end) / pl.col("goalpost_value") for end in ("goalpost_low", "goalpost_high"))
    widest_first = rows.with_columns(low.alias("low"), high.alias("high"), pl.lit(1.0).alias("estimate")).sort(
        pl.col("high") / pl.col("low"), "name", descending=[True, False]
    )
    widest = widest_first.row(0, named=True)
    log = {"type": "log", "nice": False, "padding": 24}
    chart = vega.forest(
        widest_first.select("name", "estimate", "low", "high"), "name", "times the median value", 1.0, scale=log, step=20
    )
    return Figure(
        say(
            "What scores 100 is known least for {indicator}: between {low} and {high} times its median value, with 90% "
            "probability.",
            indicator=widest["name"].lower(),
            low=times(widest["low"]),
            high=times(widest["high"]),
        ),
        rows,
        [
            Column("pillar_name", "pillar"),
            Column("name", "indicator"),
            Column("unit", "unit"),
            Column("counted_by", "estimated in the unit of the list"),
            Column("goalpost_value", "scores 100 at"),
            *interval("goalpost"),
            Column("goalpost_city", "as in"),
            Column("base_year", "year"),
        ],
        chart,
        "The 90% interval of the value that scores 100, in the unit of one list, which may hold a small part of what there is: "
        "compare by it, and do not quote it as a total. It is drawn along with the cities: where it is wide, the distance to the "
        "benchmark is uncertain for all cities alike, and their order hardly changes.",
    )


def left_out(rows: pl.DataFrame, leading: pl.DataFrame) -> Figure:
    """Return the ranks with one indicator left out.

    ``rows``: name of the indicator left out, leader, city, score, score_change, rank, rank_change.
    """
    leaders = rows.group_by("leader").agg(pl.col("name").n_unique()).sort("name", descending=True)
    always, mostly = "{city} stays first whichever indicator is left out.", "{city} stays first in {cases} of {all} cases."
    cases = {"city": leaders["leader"][0], "cases": leaders["name"][0], "all": leaders["name"].sum()}
    says = say(always if leaders.height == 1 else mostly, **cases)
    return Figure(
        says,
        rows,
        [
            Column("name", "left out"),
            Column("leader", "first without it"),
            Column("city", "city"),
            Column("score", "score", 1),
            Column("score_change", "change", 1),
            Column("rank", "rank", 0),
            Column("rank_change", "change of rank", 0),
        ],
        _changes(rows, leading["city"].to_list()),
        "▲ ranks gained and ▼ ranks lost without the indicator; an empty cell: nothing changes.",
    )


def _changes(rows: pl.DataFrame, cities: list[str]) -> Spec:
    change = pl.col("rank_change")
    size = change.abs()
    cells = rows.filter(pl.col("city").is_in(cities)).select(
        pl.col("name").alias("line"),
        pl.col("city").alias("column"),
        "rank",
        change.alias("change"),
        size.alias("size"),
        pl.format("{}{}", pl.when(change > 0).then(pl.lit("▼")).otherwise(pl.lit("▲")), size.cast(pl.Int64)).alias("words"),
    )
    lines = rows["name"].unique(maintain_order=True).to_list()
    encoding = {
        "x": vega.across("column", cities),
        "y": vega.down("line", lines),
        "tooltip": [nominal("line", title="left out"), nominal("column", title="city"), *map(quantitative, ("rank", "change"))],
    }
    layers = [vega.filled_cells("size", 4, vega.ORANGE), vega.written_cells(nominal("words"), "datum.size > 0")]
    return vega.layered(cells, encoding, layers, 22 * len(lines))


def flips(rows: pl.DataFrame) -> Figure:
    """Return which weights would change the answer.

    ``rows``: level (pillars or indicators), city, other, member_name, weight, weight_at_flip, moved; the least moved first.
    """
    of_pillars = rows.filter((pl.col("level") == "pillars") & pl.col("weight_at_flip").is_not_null()).drop_nulls("moved")
    says = "No change of weights between pillars brings another city level with the first."
    if of_pillars.height:
        least = of_pillars.row(0, named=True)
        says = say(
            "{other} draws level with {city} if {share} of the weight moves between pillars.",
            other=least["other"],
            city=least["city"],
            share=f"{least['moved']:.0%}",
        )
    return Figure(
        says,
        rows,
        [
            Column("level", "weights of"),
            Column("other", "city"),
            Column("member_name", "pillar or indicator"),
            Column("weight", "published weight", share=True),
            Column("weight_at_flip", "weight at which they are level", share=True),
            Column("moved", "moved in all", share=True),
        ],
        note="The smallest change of weights that brings each of the next ten cities level with the first. Dash: none does.",
    )
