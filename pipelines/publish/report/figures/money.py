"""Figures on whose money goes where, and which place is strong in what."""

import polars as pl

from pipelines.publish.report import vega
from pipelines.publish.report.figures.figure import Figure, choices
from pipelines.publish.report.tables import Column, interval
from pipelines.publish.report.vega import Spec, nominal
from pipelines.publish.texts import say
from pipelines.publish.wording import listed

#: Places shown per group of sectors: those with most companies.
_MOST_PLACES = 12

#: What investors are credited with, by the kind of their origin.
_ORIGIN = {
    "city": "Of investors whose home is known, those in {city} are credited with {share} of the deals of {period}.",
    "other": "Of investors whose home is known, those in other cities are credited with {share} of the deals of {period}.",
    "abroad": "Of investors whose home is known, those abroad are credited with {share} of the deals of {period}.",
}


def flows(rows: pl.DataFrame) -> Figure:
    """Return the flows of deals between places.

    ``rows``: dataset, period, origin_kind, origin, destination_kind, destination, deals, share; the kind is city, other or
    abroad. The largest origins and destinations come first.
    """
    shown = _first(rows)
    totals = (
        shown.group_by("origin_kind", "origin")
        .agg(pl.col("deals").sum())
        .with_columns(pl.col("deals") / pl.col("deals").sum())
        .sort((pl.col("origin_kind") != "city"), "deals", descending=[False, True])
    )
    first = totals.row(0, named=True)
    at_home = shown.filter((pl.col("origin") == first["origin"]) & (pl.col("destination") == first["origin"]))
    says = say(_ORIGIN[first["origin_kind"]], city=first["origin"], share=f"{first['deals']:.0%}", period=rows["period"][0])
    if at_home.height and first["origin_kind"] == "city":
        says += say(
            " Of the deals of companies in {city} it is {share}.", city=first["origin"], share=f"{at_home['share'][0]:.0%}"
        )
    deals = rows.drop("origin_kind", "destination_kind")
    return Figure(
        says,
        deals,
        [
            Column("dataset", "source"),
            Column("period", "period"),
            Column("origin", "investors at home in"),
            Column("destination", "companies in"),
            Column("deals", "deals", 1),
            Column("share", "share of the column", share=True),
        ],
        _flows(deals, _cities_first(rows, "origin"), _cities_first(rows, "destination")),
        "Each column adds up to 100%: the deals of companies there, each split evenly over its investors whose home is known. "
        "Deals count alike, as listed by the source; claim 1 gives a deal less weight the more the source holds of its "
        "city, so its shares differ. Companies of a city with fewer than ten deals are among those of other cities.",
        choices(rows, "dataset", "period"),
    )


def _first(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of the source and period that come first."""
    return rows.filter(pl.col("dataset") == rows["dataset"][0], pl.col("period") == rows["period"][0])


def _cities_first(rows: pl.DataFrame, end: str) -> list[str]:
    """Return the places at one end of the flows: cities in the order of the rows, then abroad, then other cities."""
    order = pl.col(f"{end}_kind").replace_strict({"city": 0, "abroad": 1, "other": 2})
    return rows.unique(end, keep="first", maintain_order=True).sort(order, maintain_order=True)[end].to_list()


def _flows(rows: pl.DataFrame, origins: list[str], destinations: list[str]) -> Spec:
    """Draw origins as rows and destinations as columns; the signals ``dataset`` and ``period`` choose among the rows."""
    signals, keep = vega.chosen(rows, ("dataset", "period"))
    across = vega.BARE | {"orient": "top", "labelAngle": -40, "title": "companies in"}
    down = vega.BARE | {"title": "investors from", "labelLimit": 150}
    encoding = {
        "x": nominal("destination", sort=destinations, scale={"domain": destinations}, axis=across),
        "y": nominal("origin", sort=origins, scale={"domain": origins}, axis=down),
        "tooltip": [nominal("origin"), nominal("destination"), *vega.formatted(",.1f", "deals"), *vega.formatted(".1%", "share")],
    }
    return vega.layered(rows, encoding, vega.cells("share", 1.0), 26 * len(origins), params=signals, transform=keep)


def quotients(rows: pl.DataFrame) -> Figure:
    """Return the location quotients; ``rows`` is ``index.quotients``, the source and period of the sentence first."""
    special = [
        say("{city} in {sector}", city=row["unit"], sector=row["sector"])
        for row in _first(rows).filter("is_specialised").iter_rows(named=True)
    ]
    names = ["dataset", "period", "sector"]
    shown = rows.sort("total", descending=True).group_by(names, maintain_order=True).head(_MOST_PLACES)
    drawn = shown.sort("quotient", descending=True).select(
        *names, "unit", pl.col("quotient").alias("estimate"), "low", "high", pl.col("observed").alias("n"), "expected"
    )
    log = {"type": "log", "nice": False, "padding": 12}
    return Figure(
        say("Clear specialities: {places}.", places=listed(special)) if special else "No city has a clear speciality.",
        rows,
        [
            Column("dataset", "source"),
            Column("period", "period"),
            Column("sector", "sectors"),
            Column("unit", "place"),
            Column("counted", "counted"),
            Column("observed", "count", 0),
            Column("expected", "expected", 1),
            Column("quotient", "location quotient"),
            *interval(),
            Column("p_above_one", "P(above 1)"),
            Column("is_specialised", "specialised"),
            Column("is_wider_class", "wider class"),
        ],
        vega.forest(drawn, "unit", "location quotient", 1.0, scale=log, choices=names),
        say(
            "Clear: with a probability of at least 95%, each judged alone, so a few of many may be clear by chance. Right of "
            "the line: more companies of these sectors than the place's share of the list's companies would give. The intervals "
            "allow for small counts. Shown are the {number} places with most companies.",
            number=_MOST_PLACES,
        ),
        choices(rows, *names),
    )
