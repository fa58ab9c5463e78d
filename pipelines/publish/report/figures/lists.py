"""Figures on the lists that the index is measured from: what each holds, how evenly it looks, and how far it moves scores."""

import polars as pl

from pipelines.publish.report import vega
from pipelines.publish.report.figures.figure import Figure
from pipelines.publish.report.tables import Column, interval
from pipelines.publish.report.vega import Spec, layer, nominal, quantitative
from pipelines.publish.texts import known, say
from pipelines.publish.wording import list_name, listed

#: Lists that a chart shows: the most uneven, or those that move a shown city most.
_MOST_LISTS = 15


def lists(rows: pl.DataFrame) -> Figure:
    """Return what the model has learned of each list; ``rows`` is ``index.lists`` with the quantity in words."""
    rows = _in_words(rows)
    noisy = rows.drop_nulls("attention_noise").sort("attention_noise", descending=True)
    idle = rows.filter(pl.col("scores_moved") == 0).height
    says = say(
        "{number} lists, each of what one source or report counts of one quantity, are read together; {idle} of them move no "
        "score by half a point or more.",
        number=rows.height,
        idle=idle,
    )
    if noisy.height:
        most = noisy.row(0, named=True)
        says += say(
            " The most uneven in its attention is {list} for {quantity}.", list=list_name(most["list"]), quantity=most["quantity"]
        )
    return Figure(
        says,
        rows,
        [
            Column("quantity", "counts"),
            Column("list", "list"),
            Column("n", "number it counts", 0),
            Column("n_cities", "cities it covers"),
            Column("share", "holds, for each one of the first list"),
            *interval("share"),
            Column("elasticity", "elasticity"),
            Column("attention_noise", "attention noise"),
            Column("scores_moved", "cities whose score it moves"),
            Column("most_moved", "most moved"),
            Column("most_moved_by", "by points", 1),
        ],
        chart=_noise(noisy.head(_MOST_LISTS)) if noisy.height else None,
        note=say(_HOW_TO_READ, number=_MOST_LISTS),
    )


_HOW_TO_READ = (
    "Bar: attention noise of the {number} most uneven lists: how unevenly a list looks at cities, as the standard deviation of "
    "the logarithm; dash in the table: it knows provinces only, or is a census. The first list of each quantity sets its unit; "
    "deals originated have the unit of those received. Where one of the two counts companies that exist, and the other what "
    "happens in a year, the share does not say how complete the list is. Elasticity: above 1 the list prefers large places. "
    "Moved: by half a point or more, with the list against without it, directly: with how lists look at cities held fixed."
)


def _in_words(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with what a list counts as readers call it: ``founders`` are companies by the year of their founding."""
    return rows.with_columns(pl.col("quantity").replace(known("founders"), known("companies founded")))


def _names(rows: pl.DataFrame) -> pl.Series:
    """Return what the rows are called beside a chart. The list comes first, since a name that is cut keeps its beginning."""
    return pl.Series("name", [f"{list_name(of)} · {known(counts)}" for of, counts in rows.select("list", "quantity").iter_rows()])


def _noise(rows: pl.DataFrame) -> Spec:
    named = rows.select(_names(rows), "attention_noise", "elasticity", "n", "n_cities", "scores_moved")
    bars = {
        "x": quantitative("attention_noise", title="attention noise", axis={"tickCount": 5}),
        "y": vega.down("name", named["name"].to_list(), labelLimit=280),
        "tooltip": [
            nominal("name", title="list"),
            *vega.formatted(".2f", "attention_noise", "elasticity"),
            quantitative("n", title="number it counts"),
            quantitative("scores_moved", title="cities whose score it moves"),
        ],
    }
    chart = vega.data(named) | layer("bar", bars, color=vega.BLUE, opacity=0.6)
    return chart | {"width": "container", "height": 20 * named.height}


def influence(rows: pl.DataFrame) -> Figure:
    """Return how far each list moves the first cities; ``rows``: quantity, list, dataset, city, moved, by rank of the city."""
    rows = _in_words(rows)
    size = pl.col("moved").abs()
    named = rows.with_columns(_names(rows))
    largest = named.sort(size, descending=True).row(0, named=True)
    order = named.group_by("name").agg(size.max().alias("most")).sort("most", "name", descending=[True, False])["name"].to_list()
    shown = order[:_MOST_LISTS]
    cells = named.filter(pl.col("name").is_in(shown)).select("name", "city", "moved", size.alias("size"))
    return Figure(
        say(
            "Of all lists, {list} ({quantity}) moves the first ten cities most: {points} points of the Readiness of {city}.",
            list=list_name(largest["list"]),
            quantity=largest["quantity"],
            points=f"{largest['moved']:+.1f}",
            city=largest["city"],
        ),
        rows,
        [Column("city", "city"), Column("quantity", "counts"), Column("list", "list"), Column("moved", "points it adds", 1)],
        _influence(cells, shown, rows["city"].unique(maintain_order=True).to_list()),
        say(
            "Points of Readiness with the list, less those without it, directly: with how lists look at cities held fixed; an "
            "empty cell: less than half a point. Each list is taken away alone. Shown are the {number} that move a city most.",
            number=len(shown),
        ),
    )


def _influence(rows: pl.DataFrame, order: list[str], cities: list[str]) -> Spec:
    encoding = {
        "x": vega.across("city", cities),
        "y": vega.down("name", order, labelLimit=280),
        "tooltip": [nominal("name", title="list"), nominal("city"), *vega.formatted("+.1f", "moved")],
    }
    most = max(4.0, float(rows["size"].max()))  # type: ignore[arg-type]
    return vega.layered(rows, encoding, vega.signed_cells("moved", most), 22 * len(order))


def attention(rows: pl.DataFrame, leading: pl.DataFrame) -> Figure:
    """Return how much the register holds of each city against what it holds of a typical one of that size.

    ``rows``: quantity, city, attention, attention_low, attention_high.
    """
    rows = _in_words(rows)
    more = rows.filter(pl.col("attention_low") > 1).sort("attention", descending=True)
    less = rows.filter(pl.col("attention_high") < 1).sort("attention")
    part = "{times} times as much of {city} ({quantity})"
    parts = [
        say(part, times=f"{row['attention']:.1f}", city=row["city"], quantity=row["quantity"])
        for extreme in (more, less)
        for row in extreme.head(1).iter_rows(named=True)
    ]
    return Figure(
        say("The register holds {parts} as of a typical city of that size.", parts=listed(parts))
        if parts
        else "At none of the cities shown does the register look clearly more or less closely than at a typical one of its size.",
        rows,
        [Column("quantity", "counts"), Column("city", "city"), Column("attention", "attention"), *interval("attention")],
        _attention(rows.filter(pl.col("city").is_in(leading["city"].to_list())), leading["city"].to_list()),
        "How much the register, which is curated by hand, holds of a city against a typical city of that size in the scope, as "
        "all lists together see it; 1: as much, 2: twice as much. The model allows for it, so a city that is looked at closely "
        "does not score higher for that.",
    )


def _attention(rows: pl.DataFrame, cities: list[str]) -> Spec:
    encoding = {
        "y": vega.down("city", cities),
        "tooltip": [nominal("quantity"), nominal("city"), *vega.formatted(".2f", "attention", "attention_low", "attention_high")],
    }
    scale = {"type": "log", "nice": False, "padding": 8}
    low = quantitative("attention_low", title=None, scale=scale, axis={"values": [0.1, 0.3, 1, 3, 10], "format": "~g"})
    layers = [
        layer("rule", {"x": {"datum": 1}, "y": {"value": 0}, "y2": {"value": 17 * len(cities)}}, color=vega.QUIET),
        layer("rule", {"x": low, "x2": {"field": "attention_high"}}, size=3, color=vega.BLUE, opacity=0.5),
        layer("point", {"x": quantitative("attention")}, size=40, filled=True, opacity=1, color=vega.BLUE),
    ]
    facet = nominal("quantity", sort=rows["quantity"].unique(maintain_order=True).to_list())
    return vega.faceted(rows, facet, encoding, layers, 3, least=190, margin=90, height=17 * len(cities))
