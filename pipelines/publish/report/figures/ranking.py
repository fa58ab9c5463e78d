"""Figures on how sure the ranking is: intervals of ranks, and how often each city takes each rank."""

import polars as pl

from pipelines.publish.report import vega
from pipelines.publish.report.figures.figure import Figure, listed
from pipelines.publish.report.tables import Column
from pipelines.publish.report.vega import Spec, layer, nominal, quantitative

#: Layers of uncertainty: name in the legend → ending of the columns of ``index.ranking``.
_LAYERS = {"companies resampled": "_companies", "choices of measurement and index": "_choices", "all together": ""}

_RANK_COLUMNS = [
    Column("city", "city"),
    Column("rank", "rank"),
    Column("rank_low", "best, all"),
    Column("rank_high", "worst, all"),
    Column("rank_low_companies", "best, companies"),
    Column("rank_high_companies", "worst, companies"),
    Column("rank_low_choices", "best, choices"),
    Column("rank_high_choices", "worst, choices"),
    Column("rank_set_low", "set from"),
    Column("rank_set_high", "set to"),
    Column("p_first", "first", share=True),
    Column("p_top3", "in top three", share=True),
]


def ranks(ranking: pl.DataFrame, leading: pl.DataFrame) -> Figure:
    """Return the ranks with their intervals.

    Args:
        ranking: ``index.ranking`` of one score, by rank.
        leading: city of those that the chart shows.
    """
    first = ranking.filter(pl.col("rank_low") == 1)["city"].to_list()
    says = (
        f"Only {first[0]}'s 90% interval includes first place."
        if len(first) == 1
        else f"First place is open between {listed(first)}."
    )
    neighbours = list(zip(ranking.to_dicts()[:-1], ranking.to_dicts()[1:], strict=True))
    overlapping = sum(above["rank_high"] >= below["rank_low"] for above, below in neighbours)
    if neighbours:
        says += f" The intervals of {overlapping} of {len(neighbours)} neighbouring pairs overlap."
    return Figure(
        says,
        ranking,
        _RANK_COLUMNS,
        _rank_intervals(ranking.join(leading, on="city", how="semi", maintain_order="left")),
        "Diamond: rank. Bars: 90% of all draws. Companies: which companies happen to be on the list. Choices: rules of "
        "measurement (attribution, boundary, window, missing cells) and of the index (normaliser, weights, aggregator, one "
        "indicator left out).",
    )


def _rank_intervals(ranking: pl.DataFrame) -> Spec:
    rows = pl.concat(
        ranking.select(
            "city",
            "rank",
            pl.lit(name).alias("layer"),
            pl.col(f"rank_low{end}").alias("low"),
            pl.col(f"rank_high{end}").alias("high"),
        )
        for name, end in _LAYERS.items()
    )
    last = int(max(rows["high"].max(), rows["rank"].max()))  # type: ignore[type-var,arg-type]
    layers = list(_LAYERS)
    legend = {"columns": 1, "symbolType": "stroke", "symbolSize": 500, "symbolStrokeWidth": 4}
    axis = vega.BARE | {"values": list(range(1, last + 1)), "format": "d", "orient": "top", "title": "rank"}
    low = quantitative("low", axis=axis, scale={"domain": [0.6, last + 0.4], "nice": False})
    colour = nominal("layer", sort=layers, scale={"range": vega.COLOURS[:3]}, legend=legend)
    dash = nominal("layer", sort=layers, scale={"range": [[1, 0], [2, 2], [1, 0]]}, legend=None)
    encoding = {
        "y": nominal("city", sort=ranking["city"].to_list(), title=None),
        "yOffset": nominal("layer", sort=layers, scale={"paddingInner": 0.2, "paddingOuter": 0.6}),
        "tooltip": [nominal("city"), nominal("layer"), *map(quantitative, ("rank", "low", "high"))],
    }
    marks = [
        layer("rule", {"x": low, "x2": {"field": "high"}, "color": colour, "strokeDash": dash}, size=5),
        layer("tick", {"x": low, "color": colour}, thickness=3, size=9),
        layer("tick", {"x": quantitative("high"), "color": colour}, thickness=3, size=9),
        layer(
            "point", {"x": quantitative("rank")}, f"datum.layer === '{layers[-1]}'",
            size=95, filled=True, opacity=1, color=vega.TEXT, shape="diamond",
        ),
    ]  # fmt: skip
    return vega.layered(rows, encoding, marks, 52 * ranking.height)


def probabilities(rows: pl.DataFrame, leading: pl.DataFrame) -> Figure:
    """Return how often each city takes each rank.

    Args:
        rows: ``index.rank_probabilities`` of one score.
        leading: city of those that the chart shows, by rank.
    """
    cities = leading["city"].to_list()
    shown = rows.filter(pl.col("city").is_in(cities))
    sure = set(shown.filter(pl.col("probability") >= 0.5)["city"])
    says = (
        f"Only {listed([city for city in cities if city in sure])} {'has' if len(sure) == 1 else 'have'} one rank in at least "
        "half of all draws."
        if 0 < len(sure) < len(cities)
        else "Every city has one rank in at least half of all draws."
        if sure
        else "No city has one rank in half of all draws."
    )
    encoding = {
        "x": {"field": "rank", "type": "ordinal", "axis": vega.BARE | {"orient": "top", "labelAngle": 0, "title": "rank"}},
        "y": nominal("city", sort=cities, title=None, axis=vega.BARE),
        "tooltip": [nominal("city"), quantitative("rank"), *vega.formatted(".1%", "probability")],
    }
    drawn = shown.filter(pl.col("rank") <= len(cities)).select("city", "rank", "probability")
    return Figure(
        says,
        rows,
        [Column("city", "city"), Column("rank", "rank"), Column("probability", "share of draws", share=True)],
        vega.layered(drawn, encoding, vega.cells("probability", 1.0), 26 * len(cities)),
        "Each line adds up to 100%: how often the city takes each rank over all draws, companies and choices together. Cities "
        "that are level in a draw, such as those it counts as one area, all get the better rank, so a column can add up to more. "
        "In the ranking, the share of first places is divided among them.",
    )
