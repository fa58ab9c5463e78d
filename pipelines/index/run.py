"""The index from end to end: evidence and definitions in, frames of values, scores and intervals out."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.errors import InputError, Problem
from pipelines.index import BASE_YEAR, BENCHMARK, FIRST_YEAR, LAST_YEAR, cells, compose, uncertainty
from pipelines.index.coverage import Coverage, estimate
from pipelines.index.prepare import screen
from pipelines.index.treatment import log1p

BOOTSTRAPS = 500
DRAWS = 1000
SEED = 20_000

#: Share of indicators a city needs, overall and in each pillar, to be ranked.
LEAST_OVERALL, LEAST_PER_PILLAR = 0.65, 0.50

#: A year is covered if its three-year window holds at least this share of the fullest window's deals.
LEAST_COVERED = 0.50

SCORES = {"Readiness": ("P1", "P2", "P3", "P4", "P5"), "Realised": ("P6",)}


@dataclass(frozen=True)
class Inputs:
    """What the index is computed from.

    ``evidence`` has the columns measure, city, company, year, year_to, value; ``table_of`` tells the table
    of each measure; ``indicators`` is the indicator table; ``cities`` has city and country, ``companies``
    company and city; ``recorded`` city, measure, recorded and held (``coverage.estimate``); ``country`` is the scope.
    """

    evidence: pl.DataFrame
    table_of: dict[str, str]
    indicators: pl.DataFrame
    cities: pl.DataFrame
    companies: pl.DataFrame
    recorded: pl.DataFrame
    country: str


@dataclass(frozen=True)
class Result:
    """Frames ready to be written, and the arrays the claims need.

    ``draws`` holds the total-uncertainty draws (draw, year, city) of each score, ``pillar_draws`` the same
    per pillar; ``realised_counts`` the resampled values of the Realised indicators, a half added so that they have
    ratios (draw, year, city, indicator); ``company_draws`` the scores and pillars with companies resampled and the share
    held drawn, choices as published (draw, year, city); ``held`` is the share held of ``held_cities``; ``cities`` names
    the city axis, the benchmark included.
    """

    indicator_values: pl.DataFrame
    goalposts: pl.DataFrame
    scores: pl.DataFrame
    pairwise: pl.DataFrame
    years: np.ndarray
    cities: list[str]
    ranked: np.ndarray
    headline: int
    draws: dict[str, np.ndarray]
    pillar_draws: dict[str, np.ndarray]
    realised_counts: np.ndarray
    company_draws: dict[str, np.ndarray]
    held: Coverage
    held_cities: list[str]


def latest_covered_year(evidence: pl.DataFrame, cities: set[str]) -> int:
    """The last year whose three-year window still holds enough deals of ``cities``: later ones are thin, not quiet."""
    deals = evidence.filter((pl.col("measure") == "deals_received") & pl.col("city").is_in(sorted(cities)))
    years = np.arange(FIRST_YEAR, LAST_YEAR + 1)
    when = deals["year"].to_numpy()
    in_window = np.array([((when > year - 3) & (when <= year)).sum() for year in years])
    return int(years[in_window >= LEAST_COVERED * in_window.max()][-1])


def compute(inputs: Inputs) -> Result:
    """Values for every city of the scope and the benchmark; scores and intervals for those with enough data."""
    years = np.arange(FIRST_YEAR, LAST_YEAR + 1)
    at_home = set(inputs.cities.filter(pl.col("country") == inputs.country)["city"])
    everyone = sorted({*at_home, BENCHMARK})
    indicators = inputs.indicators.sort("pillar", maintain_order=True)
    definitions = _Definitions.of(indicators)
    alternatives = indicators.with_columns(pl.coalesce("alternative", "indicator").alias("indicator"))
    pairs = [pair for table in (indicators, alternatives) for pair in cells.measures_of(table, inputs.table_of).values()]
    wanted = sorted({one for pair in pairs for one in pair if one is not None})

    wide = cells.panel(inputs.evidence, wanted, everyone, years)
    held, places, place = _held(inputs, wide.companies)
    scale = 1 / held.share[None, place]
    is_scope = np.array([city in at_home for city in everyone])
    # Whether there is enough data does not depend on the prior, so the prior can rest on the ranked cities.
    present = ~np.isnan(cells.values(wide, wide.as_is, scale, indicators, inputs.table_of, is_scope)[0][0])
    coverage, enough = screen(present, definitions.pillar_of, LEAST_OVERALL, LEAST_PER_PILLAR)
    is_ranked = enough & is_scope
    prior = is_ranked.any(0)
    all_values = cells.values(wide, wide.as_is, scale, indicators, inputs.table_of, prior, present)
    base = all_values[0][0, BASE_YEAR - FIRST_YEAR, everyone.index(BENCHMARK)]
    ceiling = definitions.ceiling(base)

    # Only cities that are ever ranked, and the benchmark, are scored; the others have too little data for that.
    kept = np.flatnonzero(prior | (np.array(everyone) == BENCHMARK))
    cities = [everyone[one] for one in kept]
    laid = cells.panel(inputs.evidence, wanted, cities, years)
    known = (prior[kept], present[:, kept])
    rng = np.random.default_rng(SEED)
    count = max(BOOTSTRAPS, DRAWS)
    weights = uncertainty.resample(count, len(laid.companies), rng)
    drawn_scale = 1 / held.draw(count, rng)[:, place]
    value = all_values[0][:, :, kept]
    resampled = cells.values(laid, weights, drawn_scale, indicators, inputs.table_of, *known)[0]
    # Where two rules of measurement are as defensible, each draw of a specification takes one of them.
    takes_other = rng.random((DRAWS, 1, 1, indicators.height)) < 0.5
    other = cells.values(laid, laid.as_is, scale, alternatives, inputs.table_of, *known)[0]
    other_resampled = cells.values(laid, weights[:DRAWS], drawn_scale[:DRAWS], alternatives, inputs.table_of, *known)[0]
    either = np.where(takes_other, other, value)
    either_resampled = np.where(takes_other, other_resampled, resampled[:DRAWS])

    headline = latest_covered_year(inputs.evidence, at_home)
    frame = _Frame(years, cities, enough[:, kept], is_ranked[:, kept], headline)
    scores, pairwise, draws, pillar_draws, company_draws = [], [], {}, {}, {}
    for name, members in SCORES.items():
        chosen, recipe, given = definitions.recipe(members, ceiling, frame.ranked)
        drawn = uncertainty.Choices.draw(DRAWS, given, recipe.pillar_of, len(members), rng)
        default = uncertainty.Choices.default(given, len(members))
        repeated = uncertainty.Choices.default(given, len(members), BOOTSTRAPS)
        point, point_parts = uncertainty.score(value[..., chosen], default, recipe)
        companies, company_parts = uncertainty.score(resampled[:BOOTSTRAPS, ..., chosen], repeated, recipe)
        choices, choice_parts = uncertainty.score(either[..., chosen], drawn, recipe)
        total, total_parts = uncertainty.score(either_resampled[..., chosen], drawn, recipe)
        scores.append(frame.scores(name, point[0], {"companies": companies, "choices": choices, "total": total}))
        pairwise.append(frame.pairwise(name, total))
        draws[name], company_draws[name] = total, companies
        for index, pillar in enumerate(members):
            parts = {"companies": company_parts, "choices": choice_parts, "total": total_parts}
            layers = {layer: part[..., index] for layer, part in parts.items()}
            scores.append(frame.scores(pillar, point_parts[0, ..., index], layers))
            pillar_draws[pillar], company_draws[pillar] = layers["total"], layers["companies"]

    return Result(
        indicator_values=_indicator_values(definitions, years, everyone, all_values, ceiling, is_ranked, coverage),
        goalposts=indicators.select("indicator", "pillar", "floor").with_columns(
            pl.Series("ceiling", ceiling), pl.lit(BASE_YEAR).alias("base_year"), pl.lit(BENCHMARK).alias("benchmark")
        ),
        scores=pl.concat(scores),
        pairwise=pl.concat(pairwise),
        years=years,
        cities=cities,
        ranked=frame.ranked,
        headline=headline,
        draws=draws,
        pillar_draws=pillar_draws,
        realised_counts=resampled[..., np.isin(indicators["pillar"], SCORES["Realised"])] + 0.5,
        company_draws=company_draws,
        held=held,
        held_cities=places,
    )


def _held(inputs: Inputs, companies: list[str]) -> tuple[Coverage, list[str], np.ndarray]:
    """Shares held of the cities that have companies, those cities, and each company's place among them."""
    city_of = dict(inputs.companies.select("company", "city").iter_rows())
    places = sorted({city_of[one] for one in companies})
    country_of = dict(inputs.cities.select("city", "country").iter_rows())
    in_scope = np.array([country_of[city] == inputs.country for city in places])
    return estimate(places, in_scope, inputs.recorded), places, np.array([places.index(city_of[one]) for one in companies])


PILLARS = [pillar for members in SCORES.values() for pillar in members]


@dataclass(frozen=True)
class _Definitions:
    """The indicator table as arrays over the indicator axis."""

    table: pl.DataFrame
    pillar_of: np.ndarray
    is_log: np.ndarray
    direction: np.ndarray
    floor: np.ndarray
    given_ceiling: np.ndarray
    weight: np.ndarray

    @classmethod
    def of(cls, indicators: pl.DataFrame) -> "_Definitions":
        return cls(
            table=indicators,
            pillar_of=np.array([PILLARS.index(one) for one in indicators["pillar"]]),
            is_log=(indicators["transform"] == "log1p").to_numpy(),
            direction=indicators["direction"].to_numpy(),
            floor=indicators["floor"].to_numpy(),
            given_ceiling=indicators["ceiling"].cast(pl.Float64).fill_null(float("nan")).to_numpy(),
            weight=indicators["weight"].to_numpy(),
        )

    def ceiling(self, benchmark: np.ndarray) -> np.ndarray:
        """Upper goalposts: as given, else the benchmark's value; raises InputError where that is no goalpost."""
        ceiling = np.where(np.isnan(self.given_ceiling), benchmark, self.given_ceiling)
        problems = [
            Problem(
                "data/reference/indicators.csv",
                f"{name!r} has no upper goalpost above its floor: {BENCHMARK} has {value} in {BASE_YEAR}",
                "Give it a ceiling, or add the benchmark's rows to the register",
                column="ceiling",
            )
            for name, value, top, bottom in zip(self.table["indicator"], benchmark, ceiling, self.floor, strict=True)
            if not top > bottom
        ]
        if problems:
            raise InputError("index", problems)
        return ceiling

    def recipe(
        self, members: tuple[str, ...], ceiling: np.ndarray, ranked: np.ndarray
    ) -> tuple[np.ndarray, uncertainty.Recipe, np.ndarray]:
        """Which indicators a score takes, what it does with them, and their weights."""
        chosen = np.isin(self.pillar_of, [PILLARS.index(one) for one in members])
        log = self.is_log[chosen]
        recipe = uncertainty.Recipe(
            is_log=log,
            direction=self.direction[chosen],
            floor=log1p(self.floor[chosen], log),
            ceiling=log1p(ceiling[chosen], log),
            pillar_of=self.pillar_of[chosen] - PILLARS.index(members[0]),
            n_pillars=len(members),
            ranked=ranked,
        )
        return chosen, recipe, self.weight[chosen]


def _grid(years: np.ndarray, cities: list[str]) -> dict[str, np.ndarray]:
    return {"year": np.repeat(years, len(cities)), "city": np.tile(np.array(cities, dtype=object), len(years))}


LAYERS = ("companies", "choices", "total")


@dataclass(frozen=True)
class _Frame:
    """The axes (year, city) every score has, and who has enough data and a rank on them."""

    years: np.ndarray
    cities: list[str]
    enough: np.ndarray
    ranked: np.ndarray
    headline: int

    def ranks(self, scores: np.ndarray) -> np.ndarray:
        """Ranks among the ranked cities only; the axes are (…, year, city)."""
        return compose.ranks(np.where(self.ranked, scores, np.nan))

    def scores(self, name: str, point: np.ndarray, layers: dict[str, np.ndarray]) -> pl.DataFrame:
        """One row per year and city: score, rank and their intervals by layer of uncertainty."""
        columns: dict[str, np.ndarray] = {"measure": np.full(point.size, name, dtype=object)}
        columns |= _grid(self.years, self.cities)
        columns |= {"score": np.where(self.enough, point, np.nan).ravel(), "rank": self.ranks(point).ravel()}
        total = self.ranks(layers["total"])
        unranked = ~self.ranked
        is_first = total == 1
        # Cities that tie for the first place share it, so that the column adds up to one.
        share = is_first / np.maximum(is_first.sum(-1, keepdims=True), 1)
        columns |= {
            "p_first": np.where(unranked, np.nan, share.mean(0)).ravel(),
            "p_top3": np.where(unranked, np.nan, (total <= 3).mean(0)).ravel(),
        }
        for layer in LAYERS:
            for what, array, at in (("score", layers[layer], point), ("rank", self.ranks(layers[layer]), self.ranks(point))):
                shown = self.enough if what == "score" else self.ranked
                draws, centre = np.where(shown, array, 0.0), np.where(shown, at, 0.0)
                low, high = uncertainty.interval(draws)
                if layer != "choices":
                    sampled = np.where(shown, self.ranks(layers["companies"]) if what == "rank" else layers["companies"], 0.0)
                    least, most = uncertainty.bias_corrected(sampled, centre)
                    # All uncertainty together is never less than that of the sample alone.
                    low, high = (least, most) if layer == "companies" else (np.minimum(low, least), np.maximum(high, most))
                if what == "rank":
                    low, high = np.floor(low), np.ceil(high)
                columns |= {
                    f"{what}_low_{layer}": np.where(shown, low, np.nan).ravel(),
                    f"{what}_high_{layer}": np.where(shown, high, np.nan).ravel(),
                }
        columns["is_enough_data"] = self.enough.ravel()
        return pl.DataFrame(columns).with_columns(pl.selectors.float().fill_nan(None))

    def pairwise(self, name: str, draws: np.ndarray) -> pl.DataFrame:
        """How often each ranked city scores above each other one in the headline year."""
        year = list(self.years).index(self.headline)
        members = np.flatnonzero(self.ranked[year])
        matrix = uncertainty.wins(draws[:, year, members])
        rows = [
            {"measure": name, "year": self.headline, "city": self.cities[a], "other": self.cities[b], "p_above": matrix[i, j]}
            for i, a in enumerate(members)
            for j, b in enumerate(members)
            if i != j
        ]
        text, number = pl.String, pl.Float64
        return pl.DataFrame(rows, {"measure": text, "year": pl.Int64, "city": text, "other": text, "p_above": number})


def _indicator_values(
    definitions: _Definitions,
    years: np.ndarray,
    cities: list[str],
    values: tuple[np.ndarray, np.ndarray, np.ndarray],
    ceiling: np.ndarray,
    ranked: np.ndarray,
    coverage: np.ndarray,
) -> pl.DataFrame:
    """One row per city, year and indicator: the number, what it is made of, and where it stands on the goalposts."""
    value, above, below = (part[0] for part in values)
    normalised = compose.normalise(
        log1p(value, definitions.is_log),
        "goalposts",
        definitions.direction,
        log1p(definitions.floor, definitions.is_log),
        log1p(ceiling, definitions.is_log),
        ranked,
    )
    count = definitions.table.height
    grid = _grid(years, cities)
    return pl.DataFrame(
        {
            "city": np.repeat(grid["city"], count),
            "year": np.repeat(grid["year"], count),
            "indicator": np.tile(definitions.table["indicator"].to_numpy(), len(grid["city"])),
            "value": value.ravel(),
            "numerator": above.ravel(),
            "denominator": below.ravel(),
            "normalised": normalised.ravel(),
            "coverage": np.repeat(coverage.ravel(), count),
        }
    ).with_columns(pl.selectors.float().fill_nan(None))
