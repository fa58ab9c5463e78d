"""Claims 9 to 12: which city has more of a sector than its share, and whose are Hangzhou and Dalian."""

import re
from dataclasses import dataclass
from functools import partial
from math import log

import numpy as np
import polars as pl

from pipelines.claims import specialisation
from pipelines.claims.facts import REGISTER_DATASET, Facts, Window
from pipelines.claims.finding import LEAST, SEED, ClaimTest, Finding, Years, beyond, exact, no_data, verdict
from pipelines.claims.specialisation import COUNTED, WIDER
from pipelines.index import draws

#: Probability of a quotient above one from which a place is specialised, and up to which it is not.
SURE, UNLIKELY = 0.95, 0.05

#: Fewest companies of a sector that have to be expected: where fewer are, a list that holds none says nothing against a city.
LEAST_EXPECTED = -log(UNLIKELY)

#: Fewest companies with a published market.
LEAST_MARKETS = 5

#: The part of one firm that makes a city its own, and the part that does not.
ITS_OWN, NOT_ITS_OWN = 0.5, 0.25

#: The part of one market that is most.
IS_MOST = beyond(0.5)

#: Fewest publishers of a figure, and by how much of it each may be off.
LEAST_PUBLISHERS, FIGURE_ERROR = 2, 0.1


def _in_words(row: dict[str, object], place: str, dataset: str, years: Years) -> str:
    founded = f" founded by {years[1]}" if years[0] is None and years[1] else ""
    return (
        f"{row['observed']} of {row['total']} {COUNTED[dataset][1]} of {place}{founded} are of {row['sector']} "
        f"where {row['expected']:.1f} are expected, P(quotient > 1) = {row['p_above_one']:.2f}"
    )


def _missing(facts: Facts, window: Window, dataset: str, city: str, groups: tuple[str, ...]) -> Finding:
    """Say why there are no data on the city; what is known of its province is said of the province only."""
    years = specialisation.years(window, dataset)
    rows = specialisation.companies(facts, window, dataset)
    province = f"{facts.province_of(city)} (province)"
    known = specialisation.of_places(facts, window, dataset).filter(pl.col("sector").is_in(groups), unit=province)
    if known.height:
        words = "; ".join(_in_words(row, province, dataset, years) for row in known.iter_rows(named=True))
        return no_data(0, f"the source knows the province only, and that is not {city}: {words}", years)
    n = rows.filter(unit=city).height
    return no_data(n, f"{n} {COUNTED[dataset][1]} of {city}, {rows.height} in all", years)


def specialised(city: str, group: str, facts: Facts, window: Window, dataset: str = REGISTER_DATASET) -> Finding:
    """Test claims 9 and 12: whether the city's location quotient for the group of sectors is above one."""
    rows = specialisation.of_places(facts, window, dataset).filter(unit=city, sector=group)
    if rows.is_empty():
        return _missing(facts, window, dataset, city, (group,))
    row, years = rows.row(0, named=True), specialisation.years(window, dataset)
    words, expected = _in_words(row, city, dataset, years), row["expected"]
    if expected < LEAST_EXPECTED:
        return no_data(row["total"], f"too few are expected: {words}", years)
    decision = verdict(row["is_specialised"], row["p_above_one"] <= UNLIKELY)
    ends = row["low"], row["high"]
    return Finding(decision, row["quotient"], *ends, row["total"], words, expected=expected, years=years)


def shenzhen(facts: Facts, window: Window, dataset: str = REGISTER_DATASET) -> Finding:
    """Test claim 10: Shenzhen's quotient for hardware above one and, without Tencent, for internet sectors below."""
    groups = ("hardware", "internet without Tencent")
    rows = specialisation.of_places(facts, window, dataset).filter(pl.col("sector").is_in(groups), unit="Shenzhen")
    if rows.height < len(groups):
        return _missing(facts, window, dataset, "Shenzhen", groups)
    hard, net = (rows.row(by_predicate=pl.col("sector") == group, named=True) for group in groups)
    years = specialisation.years(window, dataset)
    found = "; ".join(_in_words(row, "Shenzhen", dataset, years) for row in (hard, net))
    expected = min(hard["expected"], net["expected"])
    if expected < LEAST_EXPECTED:
        return no_data(hard["total"], f"too few are expected: {found}", years)
    decision = verdict(
        hard["p_above_one"] >= SURE and net["p_above_one"] <= UNLIKELY,
        hard["p_above_one"] <= UNLIKELY or net["p_above_one"] >= SURE,
    )
    ends, detail = (hard["low"], hard["high"]), "the statistic is the quotient of hardware"
    return Finding(decision, hard["quotient"], *ends, hard["total"], found, detail, expected=expected, years=years)


def hangzhou(facts: Facts, window: Window, dataset: str = REGISTER_DATASET) -> Finding:
    """Test claim 11: the share of the largest firm in the value of Hangzhou's companies, at one time in or next to the window.

    What came out of a firm that is valued is not added to it: that value has a part of it, or all. The interval resamples the
    other companies; the firm stays, since the claim is about it. The bounds add what came out of it, or out of others, and take
    listed companies without a value to be worth nothing, or as much each as the largest of the others.
    """
    year, valued = _at_one_time(facts, window)
    if valued.height < LEAST:
        companies = "1 company" if valued.height == 1 else f"{valued.height} companies"
        return no_data(valued.height, f"{companies} with a published value in {year - 1}–{year + 1}", (year - 1, year + 1))
    is_inside = pl.col("parent").is_in(valued["company"].implode()).fill_null(False)
    by_value = valued.filter(~is_inside).sort("value_usd_bn", "company")
    top, others, largest = by_value["company"][-1], by_value["value_usd_bn"][:-1].to_numpy(), float(by_value["value_usd_bn"][-1])
    offspring = valued.filter(is_inside).with_columns(is_own=pl.col("parent") == top)
    its_own, of_others = (float(offspring.filter(part)["value_usd_bn"].sum()) for part in (pl.col("is_own"), ~pl.col("is_own")))
    missing = _listed_without_value(facts, year, valued["company"])
    most = others.sum() + of_others + missing * others.max(initial=0.0)
    bounds = largest / (largest + float(most)), (largest + its_own) / (largest + its_own + float(others.sum()))
    weights = draws.resample(draws.BOOTSTRAPS, len(others), np.random.default_rng(SEED))
    low, high = (float(bound) for bound in draws.interval(largest / (largest + weights @ others)))
    found = (
        f"{top} is worth US${largest:.0f}bn of the US${largest + others.sum():.0f}bn at which {len(by_value)} companies of "
        f"Hangzhou are valued in {year - 1}–{year + 1}"
    )
    several = f"{offspring.height} companies that came out of these are"
    came_out = "1 company that came out of these is" if offspring.height == 1 else several
    lacking = f"{missing} listed companies have no value: the bounds take them"
    valueless = "1 listed company has no value: the bounds take it" if missing == 1 else lacking
    detail = (
        f"{came_out} not added (with its own, {top} would be worth US${largest + its_own:.0f}bn); "
        f"{valueless} to be worth nothing or as much as the largest other one"
    )
    decision = verdict(min(low, bounds[0]) > ITS_OWN, max(high, bounds[1]) < NOT_ITS_OWN)
    share, years = largest / (largest + float(others.sum())), (year - 1, year + 1)
    return Finding(decision, share, low, high, len(by_value), found, detail, bounds, years=years)


def _at_one_time(facts: Facts, window: Window) -> tuple[int, pl.DataFrame]:
    """Return the year, in or next to the window, around which most companies of Hangzhou have a value, and those values."""
    years = range(window.first - 1, window.last + 2)
    of_hangzhou = facts.valuations.filter(pl.col("year").is_between(years[0], years[-1]), city="Hangzhou")
    apart = {year: of_hangzhou.with_columns(apart=(pl.col("year") - year).abs()).filter(pl.col("apart") <= 1) for year in years}
    year = max(years, key=lambda one: (apart[one]["company"].n_unique(), (apart[one]["apart"] == 0).sum(), one))
    return year, apart[year].sort("company", "apart", "year").unique("company", keep="first", maintain_order=True)


def _listed_without_value(facts: Facts, year: int, valued: pl.Series) -> int:
    """Return how many companies of Hangzhou were listed in a year that are not ``valued``, nor came out of one that is."""
    is_there = (pl.col("listing_year") <= year) & (pl.col("exit_year").is_null() | (pl.col("exit_year") > year))
    is_known = pl.any_horizontal(pl.col("company", "parent").is_in(valued.implode()).fill_null(False))
    return facts.companies.filter(is_there & ~is_known, city="Hangzhou").height


def japan(facts: Facts, window: Window, dataset: str = REGISTER_DATASET) -> Finding:
    """Test claim 12c: Dalian's outsourcing companies whose largest published market is Japan."""
    of_dalian = facts.companies.filter(pl.col("founded") <= window.last, city="Dalian", sector="it_outsourcing")
    known = of_dalian.drop_nulls("main_market")
    k, n = known.filter(main_market="JP").height, known.height
    if n < LEAST_MARKETS:
        return no_data(n, f"{n} companies with a published largest market", (None, window.last))
    low, high = exact(k, n)
    found = f"Japan is the largest market of {k} of {n} outsourcing companies of Dalian"
    return Finding(IS_MOST(low, high), k / n, low, high, n, found, "not weighted by revenue", years=(None, window.last))


@dataclass(frozen=True)
class Published:
    """A part in percent that others published of a city, and what it is compared with.

    That is a fixed part (``against``), another part of the same city (``beside``), or else the same part of the country.
    """

    city: str
    metrics: tuple[str, ...]
    words: str
    against: float | None = None
    beside: str | None = None
    than: str = "in China"


def published(figure: Published, facts: Facts, window: Window, dataset: str = REGISTER_DATASET) -> Finding:
    """Test whether the city's figures of the period are above what they are compared with.

    Statistical offices count everything, but figures are rounded, and what they cover is not always said: each may be off by a
    tenth, and two publishers have to say the same. What several of them are compared with may still be one figure.
    """
    of_city, is_ours = pl.col("city") == figure.city, pl.col("metric").is_in(figure.metrics)
    rows = facts.published.sort("year", "source")
    ours = rows.filter(of_city & is_ours & pl.col("year").is_between(window.first, window.last))
    is_base = of_city & (pl.col("metric") == figure.beside) if figure.beside else is_ours & (pl.col("city") == "China")
    base = rows.filter(is_base).select("year", pl.col("value").alias("base"), pl.col("source").alias("base_source"))
    compared = ours.with_columns(base=pl.lit(figure.against, dtype=pl.Float64), base_source=pl.lit(None, dtype=pl.String))
    if figure.against is None:
        compared = ours.join_asof(base, on="year", strategy="nearest", tolerance=1).drop_nulls("base")
    publishers = {_publisher(source, note or "", figure.city) for source, note in compared.select("source", "note").rows()}
    if len(publishers) < LEAST_PUBLISHERS:
        return no_data(compared.height, _too_few(figure, compared.height))
    # A part compared with a fixed one is shown as it is, one compared with another's as a quotient.
    limit = figure.against / 100 if figure.against else 1.0
    ratios = limit * (compared["value"] / compared["base"]).to_numpy()
    low, high = float(ratios.min() * (1 - FIGURE_ERROR)), float(ratios.max() * (1 + FIGURE_ERROR))
    said = ", ".join(f"{row['value']:g}% in {row['year']}" for row in compared.iter_rows(named=True))
    than = f"{figure.against:g}%" if figure.against else f"{compared['base'][0]:g}% {figure.than}"
    found = f"{figure.words} of {figure.city}: {said}, against {than}"
    detail = f"by {'; '.join(compared['source'].unique(maintain_order=True))}"
    against = compared["base_source"].drop_nulls().unique().to_list()
    if len(against) == 1:
        detail += f"; all against one figure, by {against[0]}"
    decision, middle = verdict(low > limit, high < limit), float(np.median(ratios))
    return Finding(decision, middle, low, high, compared.height, found, detail, range_is="range of published figures")


def _too_few(figure: Published, n: int) -> str:
    number = "no published figure" if n == 0 else "1 published figure" if n == 1 else f"{n} published figures"
    why = "" if n == 0 else "; two publishers are needed, and bodies of one city are one"
    return f"the register has {number} of {figure.words} of {figure.city} for this period{why}"


#: Offices of a city, as a note names them.
_BODY = r"(?i:(?:[\w&]+ ){0,6}(?:bureau|committee|commission|department|government|association)\b)"


def _publisher(source: str, note: str, city: str) -> str:
    """Return whose figure it is, without paper and date; bodies of a city, which speak of their own, are one.

    The figure of a paper that cites such a body, in its name or in the note, is that body's.
    """
    is_own = re.search(rf"\b{city} [A-Z]|\bmayor of {city}\b", source)
    if is_own or re.search(rf"\b(?:{city}|the city's) {_BODY}", note):
        return f"bodies of {city}"
    return re.split(r",| \(", source)[0]


GAMES = Published(
    "Shanghai", ("national_online_game_share",), "the share of national online game sales",
    beside="national_software_share", than="of software sales",
)  # fmt: skip
EXPORTS = Published("Dalian", ("software_export_share",), "the exported part of software sales")
JAPAN = Published(
    "Dalian", ("japan_share_software_exports", "japan_share_outsourcing"), "the part of Japan in outsourcing", 50.0
)  # fmt: skip


_TABLES = "index.quotients, core.companies, marts.sector_rows"


def _loaded(group: str, facts: Facts) -> list[str]:
    loaded = {REGISTER_DATASET, *facts.sectors["dataset"]}
    return [dataset for dataset in specialisation.datasets(group) if dataset in loaded]


def _wider(group: str) -> set[str]:
    return {dataset for dataset, wider in WIDER if wider == group}


def _specialised(claim: str, city: str, group: str) -> ClaimTest:
    test, datasets = partial(specialised, city, group), partial(_loaded, group)
    return ClaimTest(claim, group, test, _TABLES, datasets, rule=beyond(1.0), wider=_wider(group))


def _published(claim: str, figure: Published) -> ClaimTest:
    test = partial(published, figure)
    return ClaimTest(claim, "published figures", test, "core.published_statistics", completeness="published figures")


_NET = _wider("internet without Tencent")

TESTS = [
    _specialised("9", "Shanghai", "gaming"),
    _published("9", GAMES),
    ClaimTest("10", "hardware and internet", shenzhen, _TABLES, partial(_loaded, "hardware"), wider=_NET),
    ClaimTest("11", "value", hangzhou, "core.valuations, core.companies"),
    _specialised("12a", "Chengdu", "semiconductors"),
    _specialised("12b", "Dalian", "outsourcing"),
    _published("12b", EXPORTS),
    _published("12c", JAPAN),
    ClaimTest("12c", "largest market", japan, "core.companies", rule=IS_MOST),
]
