"""Figures on what a level does not say: who gains, and why the rankings of others put cities elsewhere."""

import polars as pl

from pipelines.publish.report import vega
from pipelines.publish.report.figures.figure import Figure, choices
from pipelines.publish.report.tables import Column, interval
from pipelines.publish.report.vega import Spec, nominal
from pipelines.publish.texts import say
from pipelines.publish.wording import listed

#: Parts of a difference in rank, as columns and as the chart names them.
_PARTS = {
    "by_scope": "scope",
    "by_boundary": "boundary",
    "by_indicators": "indicators",
    "by_weights": "weights",
    "by_data": "data",
    "by_year": "year",
    "not_explained": "not explained",
}

#: Reasons for a difference, as a sentence names them.
_REASONS = {
    "scope": "which cities are ranked",
    "boundary": "where a city ends",
    "indicators": "what is counted",
    "weights": "the weights",
    "data": "what the data leave open",
    "year": "the year",
    "not explained": "something that no choice explains",
}

#: Probability from which on a gap is said to narrow, or below whose complement it is said to widen.
_SURE = 0.95


def growth(rows: pl.DataFrame, leading: pl.DataFrame, benchmark: pl.DataFrame) -> Figure:
    """Return what the first cities gained.

    ``rows``: city, year_from, year_to, change, change_low, change_high, benchmark_change, times, gap, p_narrows, how, by rank.
    """
    shown = rows.filter(pl.col("city").is_in(leading["city"].implode()))
    first = shown.row(0, named=True)
    years = {"first": first["year_from"], "last": first["year_to"], "benchmark": benchmark["benchmark"][0]}
    points = shown.select(
        "city", pl.col("change").alias("estimate"), pl.col("change_low").alias("low"), pl.col("change_high").alias("high")
    )
    return Figure(
        _gains(shown, years),
        rows,
        [
            Column("city", "city"),
            Column("year_from", "from year"),
            Column("year_to", "to year"),
            Column("change", "points gained", 1),
            *interval("change", 1),
            Column("benchmark_change", "gained by the benchmark", 1),
            Column("times", "times as much as before"),
            Column("gap", "points behind", 1),
            Column("p_narrows", "chance that the gap narrows", share=True),
            Column("how", "at this pace"),
        ],
        vega.forest(points, "city", "points of Readiness gained in five years", float(first["benchmark_change"])),
        say(
            "Dot: points gained if lists collected evenly, ten of which are a doubling. Line: 90% interval. Dashed: what the "
            "{benchmark} gained. A list that collects less looks like a city that shrinks.",
            benchmark=years["benchmark"],
        ),
    )


def _gains(rows: pl.DataFrame, years: dict[str, object]) -> str:
    """Return who surely gained or lost on the benchmark, where sources let it be told."""
    told, untold = rows.drop_nulls("p_narrows"), rows.filter(pl.col("p_narrows").is_null())["city"].to_list()
    if told.is_empty():
        return say(
            "Whether any of these cities gained on the {benchmark} from {first} to {last} cannot be told: fewer than two sources "
            "count both in all of these years.",
            **years,
        )
    gaining = told.filter(pl.col("p_narrows") >= _SURE)["city"].to_list()
    losing = told.filter(pl.col("p_narrows") <= 1 - _SURE)["city"].to_list()
    parts = [
        say("From {first} to {last} {cities} gained on the {benchmark}.", cities=listed(gaining), **years)
        if gaining
        else say("From {first} to {last} none of these cities clearly gained on the {benchmark}.", **years)
    ]
    if losing:
        parts.append(say("Clearly farther away are {cities}.", cities=listed(losing)))
    if untold:
        parts.append(say("Of {cities} it cannot be told.", cities=listed(untold)))
    return " ".join(parts)


def differs(rows: pl.DataFrame) -> Figure:
    """Return why rankings of others put cities elsewhere.

    ``rows``: ranking, edition, city, our_rank, their_rank, difference, the parts of it, mainly; the rankings with most of our
    cities first.
    """
    reasons = rows.drop_nulls("mainly").group_by("mainly").len().sort("len", "mainly", descending=[True, False])
    says = say(
        "{rankings} rankings by others place our cities {number} times in their newest edition, {same} times at our rank.",
        rankings=rows["ranking"].n_unique(),
        number=rows.height,
        same=rows.filter(pl.col("difference") == 0).height,
    )
    if reasons.height:
        says += say(
            " Where they differ, it is most often because of {reason} ({count}).",
            reason=say(_REASONS[reasons["mainly"][0]]),
            count=reasons["len"][0],
        )
    named = rows.with_columns(pl.format("{} {}", "ranking", "edition").alias("compared"))
    return Figure(
        says,
        named,
        [
            Column("compared", "ranking"),
            Column("city", "city"),
            Column("our_rank", "our rank"),
            Column("their_rank", "their rank"),
            Column("difference", "difference"),
            *(Column(name, part, 1) for name, part in _PARTS.items()),
            Column("mainly", "mainly"),
        ],
        _parts(named),
        "Ranks by which they put a city further back (+) or further ahead (−), split over what differs: which cities they "
        "rank, where a city ends, what they count, with what weights, what the data leave open, and of which year. Parts below "
        "half a rank are not written.",
        choices(named, "compared"),
    )


def _parts(rows: pl.DataFrame) -> Spec:
    """Draw the parts of each city's difference; the signal ``compared`` chooses the ranking."""
    signals, keep = vega.chosen(rows, ("compared",))
    label = pl.format("{}: {} → {}", "city", "our_rank", "their_rank").alias("line")
    names = {name: say(part) for name, part in _PARTS.items()}
    long = (
        rows.select("compared", label, *_PARTS)
        .unpivot(index=["compared", "line"], variable_name="part", value_name="ranks")
        .with_columns(pl.col("part").replace(names), pl.col("ranks").round(2), pl.col("ranks").abs().alias("size"))
    )
    encoding = {
        "x": vega.across("part", list(names.values()), -30),
        "y": vega.down("line", long["line"].unique(maintain_order=True).to_list(), labelLimit=200),
        "tooltip": [nominal("line", title="city"), nominal("part"), *vega.formatted("+.1f", "ranks")],
    }
    most = max(rows.group_by("compared").len()["len"].to_list())
    return vega.layered(long, encoding, vega.signed_cells("ranks", 6), 22 * most, params=signals, transform=keep)
