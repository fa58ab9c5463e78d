"""Panels of the page: frames of the published file to a chart, a sentence by fixed rules, and the numbers under it.

A panel is a pure function. Its sentence says what the numbers say and no more, so it is made from them; none is typed.
What reads the file is in ``__init__``, what draws in ``charts``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from pipelines.publish.report import charts
from pipelines.publish.report.charts import Chart
from pipelines.publish.report.tables import Column


@dataclass(frozen=True)
class Panel:
    """What one section shows: ``says`` is its message, ``note`` how to read it, ``choices`` the chart's signals."""

    says: str
    rows: pl.DataFrame
    columns: list[Column]
    chart: Chart | None = None
    note: str = ""
    choices: dict[str, list[str]] = field(default_factory=dict)


#: Cities a chart shows at most; other countries have dozens, and the tables under the charts have all of them.
MOST_CITIES = 12


def listed(names: Sequence[str]) -> str:
    """``A, B and C``."""
    return ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1]


def _runs(together: pl.Expr) -> pl.Expr:
    """Number of the run a city's year is in: a new one wherever the year before is not there or not ``together`` with it."""
    broken = (pl.col("year").diff() > 1).fill_null(False) | ~together.fill_null(True)
    return broken.over("city").cast(pl.Int64).cum_sum().over("city").alias("run")


def ranks(ranking: pl.DataFrame) -> Panel:
    """``ranking``: ``index.ranking`` of one score."""
    first = ranking.filter(pl.col("rank_low") == 1)["city"].to_list()
    says = (
        f"Only {first[0]}'s 90% interval reaches the first place."
        if len(first) == 1
        else f"First place is open between {listed(first)}."
    )
    neighbours = list(zip(ranking.to_dicts()[:-1], ranking.to_dicts()[1:], strict=True))
    overlapping = sum(above["rank_high"] >= below["rank_low"] for above, below in neighbours)
    if neighbours:
        says += f" The intervals of {overlapping} of {len(neighbours)} neighbouring pairs overlap."
    names = {"": "all", "_companies": "companies", "_choices": "choices"}
    return Panel(
        says,
        ranking,
        [
            Column("city", "city"),
            Column("rank", "rank"),
            *(
                Column(f"rank_{side}{end}", f"{word}, {name}")
                for end, name in names.items()
                for side, word in (("low", "best"), ("high", "worst"))
            ),
            Column("rank_set_low", "set from"),
            Column("rank_set_high", "set to"),
            Column("p_first", "first", share=True),
            Column("p_top3", "among three", share=True),
        ],
        charts.rank_intervals(ranking.head(MOST_CITIES)),
        "Diamond: rank. Bars: 90% of draws. Companies resampled: which companies happen to be on the list. Choices: rules of "
        "measurement (attribution, boundary, window, missing cells) and of the index (normaliser, weights, aggregator, one "
        "indicator left out).",
    )


def probabilities(rows: pl.DataFrame, order: pl.DataFrame) -> Panel:
    """``rows``: ``index.rank_probabilities`` of one score; ``order``: city, by rank."""
    cities = order["city"].to_list()
    likely = (
        rows.filter(pl.col("city").is_in(cities))
        .sort("probability", descending=True)
        .group_by("city", maintain_order=True)
        .first()
    )
    sure = [city for city in cities if (likely.filter(pl.col("city") == city)["probability"] >= 0.5).any()]
    says = (
        f"Only {listed(sure)} {'has' if len(sure) == 1 else 'have'} one rank in at least half of all draws."
        if 0 < len(sure) < len(cities)
        else "Every city has one rank in at least half of all draws."
        if sure
        else "No city has one rank in half of all draws."
    )
    return Panel(
        says,
        rows,
        [Column("city", "city"), Column("rank", "rank"), Column("probability", "share of draws", share=True)],
        charts.rank_probabilities(
            rows.filter(pl.col("city").is_in(cities) & (pl.col("rank") <= MOST_CITIES)).select("city", "rank", "probability"),
            cities,
        ),
        "Each line adds up to 100%: how often the city takes each rank over all draws, companies and choices together. Cities "
        "level in a draw, as those are that it counts as one area, all have the better rank, so that a column can add up to "
        "more; the share first in the ranking is divided among them.",
    )


def rank_years(scores: pl.DataFrame, order: pl.DataFrame) -> Panel:
    """``scores``: city, year, rank, low, high, n_ranked, n_indicators, the last two of city and year; "
    "``order``: city, by rank."""
    rows = scores.sort("city", "year").with_columns(_runs(pl.col("n_indicators").diff() == 0))
    years = rows["year"].unique().to_list()
    firsts = rows.filter(pl.col("rank") == 1).group_by("city").len().sort("len", descending=True)
    open_to = rows.filter(pl.col("low") == 1).group_by("year").len()
    alone = open_to.filter(pl.col("len") == 1).height
    says = (
        f"{firsts['city'][0]} ranks first in {firsts['len'][0]} of the {len(years)} years from {min(years)} to {max(years)}; "
        f"in {alone} of them no other interval reaches the first place."
    )
    shown = order["city"].to_list()
    return Panel(
        says,
        rows,
        [
            Column("city", "city"),
            Column("year", "year"),
            Column("rank", "rank", 0),
            Column("low", "best", 0),
            Column("high", "worst", 0),
            Column("n_ranked", "cities with a rank"),
            Column("n_indicators", "indicators"),
        ],
        charts.rank_ribbons(rows.filter(pl.col("city").is_in(shown)).drop("n_indicators"), shown),
        "Bar: 90% of all draws. Tick: the last rank there was that year; with fewer cities a good rank is "
        "easier. A line is broken "
        "where the city's data change: a year without enough of them, or another number of indicators.",
    )


def score_years(scores: pl.DataFrame, order: pl.DataFrame, benchmark: pl.DataFrame) -> Panel:
    """``scores``: city, year, score, low, high, n_indicators; ``order``: city, by rank; ``benchmark``: one row."""
    name = benchmark["benchmark"][0]
    rows = scores.sort("city", "year").with_columns(_runs(pl.col("n_indicators").diff() == 0))
    shown = [city for city in order["city"].to_list() if city != name][:3]
    last = rows.filter(pl.col("year") == pl.col("year").max())
    at = dict(last.select("city", "score").iter_rows())
    says = f"In {last['year'][0]}, {shown[0]} stands at {at[shown[0]]:.0f}" + (
        f" and the {name} at {at[name]:.0f}." if name in at else "."
    )
    return Panel(
        says,
        rows,
        [
            Column("city", "city"),
            Column("year", "year"),
            Column("score", "Readiness", 1),
            Column("low", "90% from", 1),
            Column("high", "to", 1),
            Column("n_indicators", "indicators"),
        ],
        charts.scores_over_years(rows.filter(pl.col("city").is_in([*shown, name])).drop("n_indicators"), shown, name),
        "Band: 90% of resampled companies. Gaps: years without enough data, or with another number of indicators. Every year is "
        "computed by one method. Offices without an opening year count in every year, so the early years "
        "flatter the services pillar.",
    )


def pillars(scores: pl.DataFrame, order: pl.DataFrame, benchmark: pl.DataFrame) -> Panel:
    """``scores``: pillar, city, score, low, high, benchmark_score, gap, years_behind, how; ``order``, ``benchmark`` as above."""
    name, cities = benchmark["benchmark"][0], order["city"].to_list()
    of_readiness = scores.filter(pl.col("pillar") != "realised")
    best = of_readiness.sort("score", descending=True).group_by("pillar").first()
    in_order = of_readiness["pillar"].unique(maintain_order=True).to_list()
    leads = best.filter(pl.col("city") == cities[0])["pillar"].to_list()
    behind = set(best.filter(pl.col("score").round(0) < pl.col("benchmark_score").round(0))["pillar"])
    says = f"{cities[0]} scores highest in {len(leads)} of {best.height} pillars."
    if behind:
        says += f" No city reaches the {name} in {listed([one for one in in_order if one in behind])}."
    return Panel(
        says,
        scores,
        [
            Column("pillar", "pillar"),
            Column("city", "city"),
            Column("score", "score", 1),
            Column("low", "90% from", 1),
            Column("high", "to", 1),
            Column("benchmark_score", name, 1),
            Column("gap", "gap", 1),
            Column("years_behind", "years behind", 1),
            Column("how", "years behind: how"),
        ],
        charts.pillars(
            scores.filter(pl.col("city").is_in(cities)).select("pillar", "city", "score", "low", "high", "benchmark_score"),
            cities,
            name,
        ),
        f"Bar: score. Line through it: 90% of resampled companies. Upright mark: the {name} in the same year. "
        "100 is the goalpost, "
        f"for most indicators its value in {benchmark['base_year'][0]}.",
    )


def where(ranked: pl.DataFrame, others: pl.DataFrame) -> Panel:
    """``ranked``: preset, city, rank, score, latitude, longitude; ``others``: city, latitude, longitude."""
    numbered = ranked.sort("preset", "rank").with_columns(
        pl.when(pl.col("rank") <= MOST_CITIES).then(pl.format("{} {}", pl.col("rank").cast(pl.Int64), "city")).alias("label")
    )
    presets = numbered["preset"].unique(maintain_order=True).to_list()
    says = f"{numbered.filter(pl.col('preset') == presets[0]).height} cities have enough data for a rank."
    firsts = {preset: numbered.filter(pl.col("preset") == preset)["city"][0] for preset in presets}
    if len(set(firsts.values())) > 1:
        says += f" Who is first depends on the boundary: {listed([f'{city} ({preset})' for preset, city in firsts.items()])}."
    elif len(presets) > 1:
        says += f" {firsts[presets[0]]} is first under each of {len(presets)} boundaries."
    return Panel(
        says,
        numbered.drop("label", "latitude", "longitude"),
        [Column("preset", "boundary"), Column("city", "city"), Column("rank", "rank", 0), Column("score", "Readiness", 1)],
        charts.city_map(numbered, others),
        "Dot: rank and city; the larger, the higher its Readiness. Ring: too little data. Lines: every five "
        "degrees. Merged areas "
        "stand where their centre is, or between their cities.",
        {"boundary": presets},
    )


#: What the flows lump together: cities without a rank, and other countries.
OTHERS, ABROAD = "other cities", "abroad"


def _lumped_last(names: pl.Series) -> list[str]:
    return sorted(names.unique(maintain_order=True), key=lambda one: (one == OTHERS, one == ABROAD))


def flows(rows: pl.DataFrame) -> Panel:
    """``rows``: dataset, period, origin, destination, deals, share, n; largest origins and destinations first."""
    chosen = rows.filter((pl.col("dataset") == rows["dataset"][0]) & (pl.col("period") == rows["period"][0]))
    total = (
        chosen.group_by("origin")
        .agg(pl.col("deals").sum())
        .with_columns(pl.col("deals") / pl.col("deals").sum())
        .sort("deals", descending=True)
    )
    named = total.filter(~pl.col("origin").is_in([OTHERS, ABROAD]))
    first = (total if named.is_empty() else named).row(0, named=True)
    who = {OTHERS: "in other cities", ABROAD: "abroad"}.get(first["origin"], f"at home in {first['origin']}")
    local = chosen.filter((pl.col("origin") == first["origin"]) & (pl.col("destination") == first["origin"]))
    says = f"Investors {who} are credited with {first['deals']:.0%} of the deals of {rows['period'][0]}"
    says += f" and with {local['share'][0]:.0%} of those at home." if local.height and named.height else "."
    return Panel(
        says,
        rows,
        [
            Column("dataset", "dataset"),
            Column("period", "period"),
            Column("origin", "investors at home in"),
            Column("destination", "companies in"),
            Column("deals", "deals", 1),
            Column("share", "share of the column", share=True),
        ],
        charts.flows(rows, _lumped_last(rows["origin"]), _lumped_last(rows["destination"])),
        "Each column adds up to 100%: the deals of companies there, each split evenly over its investors of known home. Deals as "
        "listed, not corrected for the share held.",
        {
            "dataset": rows["dataset"].unique(maintain_order=True).to_list(),
            "period": rows["period"].unique(maintain_order=True).to_list(),
        },
    )


def leads(rows: pl.DataFrame, trends: pl.DataFrame) -> Panel:
    """``rows``: dataset, panel, year, city, rival, estimate (the log lead), low, high, flow, stock, share, stock_share of the
    leading city; ``trends``: ``index.snowball`` of the log lead's trend."""
    flows_only = trends.filter((pl.col("panel") == "all") & (pl.col("flow_or_stock") == "flow")).drop_nulls("low")
    found: dict[tuple[str, str, str], list[str]] = {}
    for row in flows_only.iter_rows(named=True):
        way = "grows" if row["low"] > 0 else "shrinks" if row["high"] < 0 else "neither grows nor shrinks for certain"
        found.setdefault((row["city"], row["rival"], way), []).append(row["dataset"])
    told = [f"The lead of {city} over {rival} {way} ({listed(datasets)})." for (city, rival, way), datasets in found.items()]
    return Panel(
        " ".join(told) or "The series are too short to tell whether the lead grows.",
        rows,
        [
            Column("dataset", "dataset"),
            Column("panel", "panel"),
            Column("year", "year"),
            Column("city", "city"),
            Column("rival", "largest other"),
            Column("flow", "companies first backed", 0),
            Column("stock", "backed by its end", 0),
            Column("share", "share of the flow", share=True),
            Column("estimate", "log lead"),
            Column("low", "90% from"),
            Column("high", "to"),
        ],
        charts.lines(
            rows.select("dataset", "panel", "year", "estimate", "low", "high"),
            "ln(leader / largest other)",
            0.0,
            "dataset",
            ["panel"],
        ),
        "Companies first backed in the year, the leading city over the largest other one. Above the line: "
        "ahead. One up: 2.7 times as "
        "many. A list that widens its coverage lowers every lead; “constant coverage” keeps the deals of "
        "investors reported throughout.",
        {"panel": rows["panel"].unique(maintain_order=True).to_list()},
    )


def snowball(rows: pl.DataFrame) -> Panel:
    """``rows``: ``index.snowball``."""
    alpha = rows.filter(pl.col("statistic") == "alpha").drop_nulls("low")
    above, below = alpha.filter(pl.col("low") > 1).height, alpha.filter(pl.col("high") < 1).height
    says = (
        f"Of {alpha.height} estimates of α, {above} {'lies' if above == 1 else 'lie'} above 1 (a lead feeds "
        f"itself), {below} below "
        f"(others catch up), {alpha.height - above - below} cannot be told from 1."
        if alpha.height
        else "There is too little data for an estimate of α."
    )
    return Panel(
        says,
        rows,
        [
            Column("dataset", "dataset"),
            Column("panel", "panel"),
            Column("flow_or_stock", "of"),
            Column("statistic", "statistic"),
            Column("city", "city"),
            Column("rival", "against"),
            Column("estimate", "estimate", 3),
            Column("low", "90% from", 3),
            Column("high", "to", 3),
            Column("n", "n"),
            Column("year_first", "from"),
            Column("year_last", "to"),
        ],
        charts.intervals(
            alpha.select("dataset", "panel", "estimate", "low", "high", "n"), "dataset", "α", 1.0, by="panel", step=20
        )
        if alpha.height
        else None,
        "α: growth exponent of new companies on those already there, places differing in what else they "
        "have. 1: proportional growth.",
    )


#: Places shown per group of sectors: those with most companies.
MOST_PLACES = 12

#: Specialisations named in the sentence.
MOST_NAMED = 6


def quotients(rows: pl.DataFrame) -> Panel:
    """``rows``: ``index.quotients``, the first dataset, period and sector first."""
    chosen = rows.filter((pl.col("dataset") == rows["dataset"][0]) & (pl.col("period") == rows["period"][0]))
    special = [f"{row['unit']} in {row['sector']}" for row in chosen.filter("is_specialised").iter_rows(named=True)]
    if len(special) > MOST_NAMED:
        special = [*special[:MOST_NAMED], f"{len(special) - MOST_NAMED} more"]
    names = ["dataset", "period", "sector"]
    shown = rows.sort("total", descending=True).group_by(names, maintain_order=True).head(MOST_PLACES)
    shown = shown.sort("quotient", descending=True).select(
        *names, "unit", pl.col("quotient").alias("estimate"), "low", "high", pl.col("observed").alias("n"), "expected"
    )
    choices = {name: rows[name].unique(maintain_order=True).to_list() for name in names}
    return Panel(
        f"Specialised with probability .95 or more: {listed(special)}."
        if special
        else "No place is specialised with probability .95.",
        rows,
        [
            Column("dataset", "dataset"),
            Column("period", "period"),
            Column("sector", "sectors"),
            Column("unit", "place"),
            Column("counted", "counted"),
            Column("observed", "count", 0),
            Column("expected", "expected", 1),
            Column("quotient", "location quotient"),
            Column("low", "90% from"),
            Column("high", "to"),
            Column("p_above_one", "P(above 1)"),
            Column("is_specialised", "specialised"),
            Column("is_wider_class", "wider class"),
        ],
        charts.intervals(shown, "unit", "location quotient", 1.0, step=24, log=True, choices=names),
        "Right of the line: more companies of these sectors than a place of that size would have. The "
        "intervals allow for small counts. "
        f"The {MOST_PLACES} places with most companies.",
        choices,
    )


def founders(rows: pl.DataFrame, order: pl.DataFrame, benchmark: pl.DataFrame) -> Panel:
    """``rows``: name, city, value, numerator, denominator of the shares of culture and returnees; the rest as above."""
    name, cities = benchmark["benchmark"][0], order["city"].to_list()
    worded = rows.with_columns(
        pl.format("{} of {}", pl.col("numerator").cast(pl.Int64), pl.col("denominator").cast(pl.Int64)).alias("words")
    )
    least = worded.filter(pl.col("city") != name)["denominator"]
    says = f"Read with care: a city's share rests on {int(least.min())} to {int(least.max())} rows."  # type: ignore[arg-type]
    return Panel(
        says,
        worded,
        [
            Column("name", "indicator"),
            Column("city", "city"),
            Column("value", "share, shrunk", share=True),
            Column("numerator", "count", 0),
            Column("denominator", "of", 0),
        ],
        charts.shares(worded.select("name", "city", "value", "words"), cities, name),
        "Dot: share, drawn towards the common one where little is known. Beside it: the count. Diamond: the "
        f"{name}. A city that is "
        "missing has too little data.",
    )


def returnees(rows: pl.DataFrame, order: pl.DataFrame) -> Panel:
    """``rows``: city, field, n of returnee founders in the window of the headline year; ``order``: city, by rank."""
    cities = order["city"].to_list()
    totals = {(row["city"], row["field"]): row["n"] for row in rows.iter_rows(named=True)}
    told = [
        f"{city} {totals.get((city, 'tech'), 0)} from technology and {totals.get((city, 'finance'), 0)} from finance"
        for city in cities[:2]
    ]
    place = pl.col("field").replace_strict({"tech": 0, "finance": 1, "other": 2}, default=3).alias("place")
    return Panel(
        f"Returnee founders: {listed(told)}.",
        rows,
        [Column("city", "city"), Column("field", "field"), Column("n", "founders")],
        charts.returnees(rows.with_columns(place), [city for city in cities if city in set(rows["city"])]),
        "Founders of the register in ten years with a degree or job abroad, by the field they worked in. "
        "From the left: technology, "
        "finance, other, not known. Counts as held.",
    )


def backtest(rows: pl.DataFrame) -> Panel:
    """``rows``: ``index.backtest``."""
    made = rows.filter(pl.col("skill").is_not_null())
    won, lost = (made.filter(which)["target"].to_list() for which in (pl.col("low") > 0, pl.col("high") < 0))
    level = made.filter((pl.col("low") <= 0) & (pl.col("high") >= 0))["target"].to_list()
    parts = []
    if won:
        parts.append(f"For {listed(won)} Readiness told the coming five years better than leaving shares as they were.")
    if level:
        parts.append(
            f"For {listed(level)} it cannot be told whether Readiness forecasts better than leaving shares as they were."
        )
    if lost:
        parts.append(f"For {listed(lost)} Readiness did worse than leaving shares as they were.")
    both = pl.concat(
        made.select(
            "target",
            pl.lit(how).alias("forecast"),
            pl.col(skill).alias("estimate"),
            pl.col(low).alias("low"),
            pl.col(high).alias("high"),
            "n",
        )
        for how, skill, low, high in (
            ("Readiness", "skill", "low", "high"),
            ("log trend", "trend_skill", "trend_low", "trend_high"),
        )
    ).drop_nulls("estimate")
    return Panel(
        " ".join(parts) or "There is not yet enough past to test it on.",
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
        charts.intervals(both, "target", "skill against persistence", 0.0, by="forecast", step=20) if both.height else None,
        "Right of the line: better than leaving shares as they were. 1 would be perfect. Each forecast saw "
        "only rows dated before it.",
    )


def sensitivity(rows: pl.DataFrame) -> Panel:
    """``rows``: ``index.sensitivity`` of one score in the headline year."""
    named = rows.with_columns(
        (pl.col("total") - pl.col("total_reach")).alias("low"), (pl.col("total") + pl.col("total_reach")).alias("high")
    )
    most = named.sort("total", descending=True).group_by("output", maintain_order=True).first()
    told = [f"{row['factor']} for the {row['output']} ({row['total']:.0%})" for row in most.iter_rows(named=True)]
    return Panel(
        f"What moves the result most: {listed(told)}.",
        named,
        [
            Column("output", "output"),
            Column("factor", "factor"),
            Column("first", "alone", share=True),
            Column("first_reach", "± 90%", share=True),
            Column("total", "with the others", share=True),
            Column("total_reach", "± 90%", share=True),
        ],
        charts.sobol(named.select("output", "factor", "first", "total", "low", "high")),
        "Sobol indices: shares of the variance of each output. Bar: the factor with all it does together "
        "with others, the line its "
        "90% error. Diamond: the factor alone. Bars overlap, so they may add up to more than 100%.",
    )


def left_out(rows: pl.DataFrame, order: pl.DataFrame) -> Panel:
    """``rows``: name of the indicator left out, leader, city, rank, rank_change; ``order``: city, by rank."""
    leader = rows.group_by("leader").agg(pl.col("name").n_unique()).sort("name", descending=True)
    says = (
        f"{leader['leader'][0]} stays first whichever one indicator is left out."
        if leader.height == 1
        else f"{leader['leader'][0]} stays first in {leader['name'][0]} of {leader['name'].sum()} cases."
    )
    change = pl.col("rank_change")
    cells = rows.filter(pl.col("city").is_in(order["city"].to_list())).select(
        pl.col("name").alias("line"),
        pl.col("city").alias("column"),
        "rank",
        change.alias("change"),
        change.abs().alias("size"),
        pl.when(change > 0)
        .then(pl.format("▼{}", change.abs().cast(pl.Int64)))
        .otherwise(pl.format("▲{}", change.abs().cast(pl.Int64)))
        .alias("words"),
    )
    return Panel(
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
        charts.changes(cells, order["city"].to_list(), rows["name"].unique(maintain_order=True).to_list()),
        "▲ ranks gained, ▼ ranks lost without the indicator; an empty cell: nothing changes.",
    )


def flips(rows: pl.DataFrame) -> Panel:
    """``rows``: ``index.weight_flips`` of one score with name and pillar_name of the member."""
    levels = rows.filter(pl.col("moved").is_not_null() & pl.col("weight_at_flip").is_not_null())
    says = "No change of weights between pillars brings another city level with the first."
    of_pillars = levels.filter(pl.col("level") == "pillars").sort("moved")
    if of_pillars.height:
        least = of_pillars.row(0, named=True)
        says = f"{least['other']} draws level with {least['city']} if {least['moved']:.0%} of the weight moves between pillars."
    return Panel(
        says,
        rows,
        [
            Column("level", "weights of"),
            Column("other", "city"),
            Column("member_name", "pillar or indicator"),
            Column("weight", "published weight", share=True),
            Column("weight_at_flip", "where they are level", share=True),
            Column("moved", "moved in all", share=True),
        ],
        None,
        "The smallest change of weights at which each city draws level with the first. Dash: no weights do "
        "that, or none were found.",
    )


def coherence(rows: pl.DataFrame) -> Panel:
    """``rows``: ``index.coherence`` with measure_name and member_name."""
    twice = rows.filter("is_redundant").unique("member_name", maintain_order=True)["member_name"].to_list()
    against = rows.filter(pl.col("item_rest") < 0)["member_name"].to_list()
    says = (
        f"{listed(twice)} say nearly the same as another indicator."
        if twice
        else "No two of them say the same twice (r below .92)."
    )
    if against:
        says += f" Against the rest {'runs' if len(against) == 1 else 'run'} {listed(against)}."
    return Panel(
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
        None,
        "Do the parts of a score belong together? r: correlation over the ranked cities of ten years, each less its year's mean.",
    )
