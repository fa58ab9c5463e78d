"""Figures on how far to trust the index: forecasts, choices, indicators left out, weights, and whether the parts cohere."""

import polars as pl

from pipelines.publish.report import vega
from pipelines.publish.report.figures.figure import Figure, listed
from pipelines.publish.report.tables import Column
from pipelines.publish.report.vega import Spec, layer, nominal, quantitative

#: Forecasts compared with leaving shares as they were: name → skill and its interval in ``index.backtest``.
_FORECASTS = {"Readiness": ("skill", "low", "high"), "log trend": ("trend_skill", "trend_low", "trend_high")}


def backtest(rows: pl.DataFrame) -> Figure:
    """Return the skill of forecasts; ``rows`` is ``index.backtest``."""
    tested = rows.drop_nulls("skill")
    better, worse = pl.col("low") > 0, pl.col("high") < 0
    verdicts = {
        "For {} Readiness forecast the coming five years better than leaving shares as they were.": better,
        "For {} it is not clear whether Readiness forecasts better than leaving shares as they were.": ~better & ~worse,
        "For {} Readiness forecast worse than leaving shares as they were.": worse,
    }
    sentences = [
        sentence.format(listed(targets))
        for sentence, which in verdicts.items()
        if (targets := tested.filter(which)["target"].to_list())
    ]
    both = pl.concat(
        tested.select(
            "target",
            pl.lit(name).alias("forecast"),
            *(pl.col(column).alias(end) for column, end in zip(columns, ("estimate", "low", "high"), strict=True)),
            "n",
        )
        for name, columns in _FORECASTS.items()
    ).drop_nulls("estimate")
    return Figure(
        " ".join(sentences) or "There is not yet enough past to test forecasts on.",
        rows,
        [
            Column("target", "target"),
            Column("first_origin", "first origin"),
            Column("last_origin", "last origin"),
            Column("n", "forecasts"),
            Column("skill", "skill"),
            Column("low", "90% from"),
            Column("high", "to"),
            Column("trend_skill", "skill of the trend"),
            Column("trend_low", "90% from"),
            Column("trend_high", "to"),
        ],
        vega.forest(both, "target", "skill against persistence", 0.0, by="forecast", step=20) if both.height else None,
        "Right of the line: better than leaving shares as they were; 1 would be perfect. Each forecast used only rows dated "
        "before it.",
    )


def sensitivity(rows: pl.DataFrame) -> Figure:
    """Return which choice matters; ``rows`` is ``index.sensitivity`` of one score in the headline year."""
    bounded = rows.with_columns(
        (pl.col("total") - pl.col("total_reach")).alias("low"), (pl.col("total") + pl.col("total_reach")).alias("high")
    )
    largest = bounded.sort("total", descending=True).group_by("output", maintain_order=True).first()
    named = [f"{row['factor']} for the {row['output']} ({row['total']:.0%})" for row in largest.iter_rows(named=True)]
    return Figure(
        f"What matters most: {listed(named)}.",
        bounded,
        [
            Column("output", "output"),
            Column("factor", "factor"),
            Column("first", "alone", share=True),
            Column("first_reach", "± 90%", share=True),
            Column("total", "with the others", share=True),
            Column("total_reach", "± 90%", share=True),
        ],
        _sobol(bounded.select("output", "factor", "first", "total", "low", "high")),
        "Sobol indices: shares of the variance of each output. Bar: the factor with all its interactions, and the line on it the "
        "90% error. Diamond: the factor alone. Interactions count for several factors, so bars may add up to more than 100%.",
    )


def _sobol(rows: pl.DataFrame) -> Spec:
    factors = rows.group_by("factor", maintain_order=True).agg(pl.col("total").max()).sort("total", descending=True)["factor"]
    encoding = {
        "y": nominal("factor", sort=factors.to_list(), title=None, axis=vega.BARE),
        "tooltip": [nominal("output"), nominal("factor"), *vega.formatted(".2f", "first", "total", "low", "high")],
    }
    total = quantitative("total", title=None, axis={"tickCount": 3, "format": ".0%"})
    layers = [
        layer("bar", {"x": total}, color=vega.BLUE, opacity=0.5, height={"band": 0.6}),
        layer("rule", {"x": quantitative("low"), "x2": {"field": "high"}}, color=vega.TEXT, size=1.5),
        layer("point", {"x": quantitative("first")}, color=vega.ORANGE, filled=True, size=60, opacity=1, shape="diamond"),
    ]
    facet = nominal("output", sort=rows["output"].unique(maintain_order=True).to_list())
    return vega.faceted(rows, facet, encoding, layers, 3, least=190, margin=130, height=24 * len(factors))


def left_out(rows: pl.DataFrame, leading: pl.DataFrame) -> Figure:
    """Return the ranks with one indicator left out.

    Args:
        rows: name of the indicator left out, leader, city, score, score_change, rank, rank_change.
        leading: city of those that the chart shows, by rank.
    """
    leaders = rows.group_by("leader").agg(pl.col("name").n_unique()).sort("name", descending=True)
    says = (
        f"{leaders['leader'][0]} stays first whichever indicator is left out."
        if leaders.height == 1
        else f"{leaders['leader'][0]} stays first in {leaders['name'][0]} of {leaders['name'].sum()} cases."
    )
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
        "x": nominal("column", sort=cities, axis=vega.BARE | {"orient": "top", "labelAngle": -40, "title": None}),
        "y": nominal("line", sort=lines, title=None, axis=vega.BARE),
        "tooltip": [
            nominal("line", title="left out"),
            nominal("column", title="city"),
            quantitative("rank"),
            quantitative("change"),
        ],
    }
    layers = [vega.filled_cells("size", 4, vega.ORANGE), vega.written_cells(nominal("words"), "datum.size > 0")]
    return vega.layered(cells, encoding, layers, 22 * len(lines))


def flips(rows: pl.DataFrame) -> Figure:
    """Return which weights would change the answer.

    Args:
        rows: level (pillars or indicators), city, other, member_name, weight, weight_at_flip, moved.
    """
    of_pillars = rows.filter((pl.col("level") == "pillars") & pl.col("weight_at_flip").is_not_null()).drop_nulls("moved")
    says = "No change of weights between pillars brings another city level with the first."
    if of_pillars.height:
        least = of_pillars.sort("moved").row(0, named=True)
        says = f"{least['other']} draws level with {least['city']} if {least['moved']:.0%} of the weight moves between pillars."
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
        note="The smallest change of weights at which each city draws level with the first. Dash: no weights do that, or none "
        "were found.",
    )


def coherence(rows: pl.DataFrame) -> Figure:
    """Return whether the parts belong together; ``rows`` is ``index.coherence`` with measure_name, member_name, nearest_name."""
    redundant = rows.filter("is_redundant").unique("member_name", maintain_order=True)["member_name"].to_list()
    contrary = rows.filter(pl.col("item_rest") < 0)["member_name"].to_list()
    says = (
        f"{listed(redundant)} {'says' if len(redundant) == 1 else 'say'} nearly the same as another indicator."
        if redundant
        else "No two indicators say nearly the same (r below .92)."
    )
    if contrary:
        says += f" Against the rest: {listed(contrary)}."
    return Figure(
        says,
        rows,
        [
            Column("measure_name", "score or pillar"),
            Column("member_name", "member"),
            Column("effective_weight", "weight in the whole", share=True),
            Column("item_rest", "r with the others"),
            Column("nearest_name", "nearest"),
            Column("r_nearest", "r with it"),
            Column("alpha", "Cronbach's alpha"),
            Column("first_share", "first component", share=True),
            Column("n", "city-years"),
        ],
        note="Do the parts of a score belong together? r: correlation over the ranked cities of ten years, each less its year's "
        "mean.",
    )
