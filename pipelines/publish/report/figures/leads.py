"""Figures on the lead of the first city: whether it grows, and whether it feeds itself."""

from math import log

import polars as pl

from pipelines.publish.report import vega
from pipelines.publish.report.figures.figure import Figure, choices, in_words
from pipelines.publish.report.tables import Column, interval
from pipelines.publish.report.vega import Spec, nominal, quantitative
from pipelines.publish.texts import say
from pipelines.publish.wording import listed

#: Courses that a lead may take.
_GROWS = "The lead of {city} over {rival} grows ({lists})."
_SHRINKS = "The lead of {city} over {rival} shrinks ({lists})."
_OPEN = "The lead of {city} over {rival} neither clearly grows nor clearly shrinks ({lists})."

#: What the axis of the lead shows, at its ticks.
_RATIO, _TICKS = "times as many companies", (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)


def leads(rows: pl.DataFrame, trends: pl.DataFrame) -> Figure:
    """Return the log lead over the years; ``trends`` is ``index.snowball`` of its trend.

    ``rows``: dataset, panel, year, city, rival, estimate (the log lead), low, high, flow, stock, share of the leading city.
    """
    flows = trends.filter((pl.col("panel") == "all") & (pl.col("flow_or_stock") == "flow")).drop_nulls("low")
    datasets_of: dict[tuple[str, str, str], list[str]] = {}
    for row in flows.iter_rows(named=True):
        course = _GROWS if row["low"] > 0 else _SHRINKS if row["high"] < 0 else _OPEN
        datasets_of.setdefault((row["city"], row["rival"], course), []).append(in_words(row["dataset"]))
    sentences = [
        say(course, city=city, rival=rival, lists=listed(datasets)) for (city, rival, course), datasets in datasets_of.items()
    ]
    return Figure(
        " ".join(sentences) or "The series are too short to show whether the lead grows.",
        rows,
        [
            Column("dataset", "source"),
            Column("panel", "panel"),
            Column("year", "year"),
            Column("city", "city"),
            Column("rival", "largest other"),
            Column("flow", "new backed companies", 0),
            Column("stock", "backed by end of year", 0),
            Column("share", "share of the flow", share=True),
            Column("estimate", "log lead"),
            *interval(),
        ],
        _lines(vega.each(rows, in_words, "dataset").select("dataset", "panel", "year", "estimate", "low", "high")),
        "New backed companies of the year: the leading city over the largest other one. Above the line the city is ahead; at 2 "
        "it has twice as many. A source that widens its coverage lowers every lead, so there is also a reading by the deals of "
        "those investors alone that it reports throughout.",
        choices(rows, "panel"),
    )


def _lines(rows: pl.DataFrame) -> Spec:
    """Draw the estimates of each source with their bands; the signal ``panel`` chooses among the rows."""
    sources = rows["dataset"].unique(maintain_order=True).to_list()
    colour, dash = vega.named("dataset", sources, 1)
    encoding = {
        "x": quantitative("year", title=None, axis=vega.YEARS, scale={"nice": False, "zero": False}),
        "color": colour,
        "tooltip": [nominal("dataset"), quantitative("year"), *vega.formatted(".2f", "estimate", "low", "high")],
    }
    times = {"values": [log(ratio) for ratio in _TICKS], "labelExpr": "format(exp(datum.value), '~g')"}
    layers = vega.courses(quantitative("low", title=_RATIO, axis=times), "estimate", dash, 0.15)
    signals, keep = vega.chosen(rows, ("panel",))
    bands = vega.data(rows) | {"transform": keep, "encoding": encoding, "layer": layers}
    return {"layer": [vega.reference_line("y", 0.0), bands], "params": signals, "width": "container", "height": 280}


def snowball(rows: pl.DataFrame) -> Figure:
    """Return the statistics of growth; ``rows`` is ``index.snowball``."""
    alpha = rows.filter(pl.col("statistic") == "alpha").drop_nulls("low")
    named = vega.each(alpha, in_words, "dataset", "panel")
    estimates = named.select("dataset", "panel", "estimate", "low", "high", "n")
    return Figure(
        _growth(alpha),
        rows,
        [
            Column("dataset", "source"),
            Column("panel", "panel"),
            Column("flow_or_stock", "of"),
            Column("statistic", "statistic"),
            Column("city", "city"),
            Column("rival", "against"),
            Column("estimate", "estimate", 3),
            *interval(digits=3),
            Column("n", "n"),
            Column("first_year", "from year"),
            Column("last_year", "to year"),
        ],
        vega.forest(estimates, "dataset", "α", 1.0, by="panel", step=20) if alpha.height else None,
        "α: how the number of new companies grows with the number already there, allowing for cities that differ in other ways. "
        "1: proportional growth.",
    )


def _growth(alpha: pl.DataFrame) -> str:
    """Return in words what the growth exponents say; ``alpha``: low, high."""
    above, below = alpha.filter(pl.col("low") > 1).height, alpha.filter(pl.col("high") < 1).height
    if alpha.is_empty():
        return "There is too little data to say whether a lead feeds itself."
    if above == alpha.height:
        return "A lead feeds itself: new companies go to the cities that have most, more than in proportion."
    if below == alpha.height:
        return "The others catch up: new companies go to the cities that have most, but less than in proportion."
    if above and not below:
        return "A lead may feed itself: by some readings large cities get more than in proportion; by others it is open."
    if below and not above:
        return "The others may catch up: by some readings large cities get less than in proportion; by others it is open."
    return "Whether a lead feeds itself cannot be told from the lists."
