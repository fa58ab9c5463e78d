"""Figures on founders: how many founded before, came from a large firm or came back from abroad."""

import json

import polars as pl

from pipelines.publish.report import vega
from pipelines.publish.report.figures.figure import Figure
from pipelines.publish.report.tables import Column
from pipelines.publish.report.vega import Spec, layer, nominal, quantitative

#: Fields that returnees worked in, in the order of the chart, with their colours.
_FIELDS = {"tech": vega.BLUE, "finance": vega.ORANGE, "other": vega.GREEN, "not known": vega.GREY}


def founders(rows: pl.DataFrame, leading: pl.DataFrame, benchmark: pl.DataFrame) -> Figure:
    """Return the shares that the pillars of culture and returnees rest on.

    Args:
        rows: name of the indicator, city, value, numerator, denominator.
        leading: city of those that the chart shows, by rank.
        benchmark: benchmark, in one row.
    """
    name, cities = benchmark["benchmark"][0], leading["city"].to_list()
    counts = pl.format("{} of {}", pl.col("numerator").cast(pl.Int64), pl.col("denominator").cast(pl.Int64))
    worded = rows.with_columns(counts.alias("words"))
    sizes = worded.filter(pl.col("city") != name)["denominator"].cast(pl.Int64).to_list()
    return Figure(
        f"Read with care: a city's share rests on {min(sizes)} to {max(sizes)} rows.",
        worded,
        [
            Column("name", "indicator"),
            Column("city", "city"),
            Column("value", "share, shrunk", share=True),
            Column("numerator", "count", 0),
            Column("denominator", "of", 0),
        ],
        _shares(worded.select("name", "city", "value", "words"), cities, name),
        "Dot: share, shrunk towards the common share where little is known. Beside it: the count. Diamond: the "
        f"{name}. A city that is missing has too little data.",
    )


def _shares(rows: pl.DataFrame, order: list[str], benchmark: str) -> Spec:
    is_benchmark = f"datum.city === {json.dumps(benchmark)}"
    encoding = {
        "y": nominal("city", sort=[*order, benchmark], title=None, axis=vega.BARE),
        "tooltip": [nominal("name"), nominal("city"), *vega.formatted(".1%", "value"), nominal("words", title="counted")],
    }
    share = quantitative(
        "value", title=None, scale={"domain": [0, 1.4], "nice": False}, axis={"format": ".0%", "values": [0, 0.5, 1]}
    )
    shape = {"condition": {"test": is_benchmark, "value": "diamond"}, "value": "circle"}
    colour = {"condition": {"test": is_benchmark, "value": vega.ORANGE}, "value": vega.BLUE}
    layers = [
        layer("point", {"x": share, "shape": shape, "color": colour}, size=70, filled=True, color=vega.BLUE, opacity=1),
        layer(
            "text", {"x": quantitative("value"), "text": nominal("words")}, align="left", dx=8, fontSize=11, color=vega.QUIET
        ),
    ]  # fmt: skip
    facet = nominal("name", sort=rows["name"].unique(maintain_order=True).to_list())
    return vega.faceted(rows, facet, encoding, layers, 3, least=200, margin=155, height=20 * (len(order) + 1))


def returnees(rows: pl.DataFrame, leading: pl.DataFrame) -> Figure:
    """Return what returnee founders did before.

    Args:
        rows: city, field, n of returnee founders.
        leading: city of those that the chart shows, by rank.
    """
    cities = leading["city"].to_list()
    totals = {(row["city"], row["field"]): row["n"] for row in rows.iter_rows(named=True)}
    backgrounds = [
        f"{totals.get((city, 'tech'), 0)} of {city} come from technology, {totals.get((city, 'finance'), 0)} from finance"
        for city in cities[:2]
    ]
    place = pl.col("field").replace_strict({field: place for place, field in enumerate(_FIELDS)}, default=len(_FIELDS) - 1)
    return Figure(
        f"Of the returnee founders {'; '.join(backgrounds)}.",
        rows,
        [Column("city", "city"), Column("field", "field"), Column("n", "founders")],
        _bars(rows.with_columns(place.alias("place")), [city for city in cities if city in set(rows["city"])]),
        "Founders in the register over ten years with a degree or a job abroad, by the field they worked in. From the left: "
        "technology, finance, other, not known. Counts as recorded.",
    )


def _bars(rows: pl.DataFrame, order: list[str]) -> Spec:
    fields = list(_FIELDS)
    encoding = {
        "y": nominal("city", sort=order, title=None, axis=vega.BARE),
        "x": quantitative("n", title="founders who came back from abroad", axis={"tickMinStep": 1}),
        "color": nominal("field", sort=fields, scale={"domain": fields, "range": list(_FIELDS.values())}),
        "order": quantitative("place"),
        "tooltip": [nominal("city"), nominal("field"), quantitative("n")],
    }
    bars = layer("bar", encoding, stroke="var(--page)")
    return vega.data(rows) | bars | {"width": "container", "height": 22 * len(order)}
