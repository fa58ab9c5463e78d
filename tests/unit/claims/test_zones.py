"""What follows the approval of a park, on cities drawn by code that shares nothing with the estimator."""

from dataclasses import replace

import numpy as np
import pytest

from pipelines.claims.models import zones


def world(at_low: float, more: float, rng: np.random.Generator, cities: int = 160) -> zones.Events:
    """Parks of three years, sooner where conditions are better; strong cities have more companies all along.

    Companies of a city vary more than Poisson's, and some cities grow faster than others. A city without a park until ten years
    after an approval is compared with it.
    """
    conditions = rng.gamma(4, 0.25, size=cities)
    order = (conditions + rng.normal(0, 0.5, cities)).argsort()[::-1]
    approved = np.full(cities, 9999)
    for year, members in zip((1991, 2003, 2010), np.split(order[:120], 3), strict=True):
        approved[members] = year
    years = np.arange(1970, 2020)
    size, pace = rng.gamma(2, 1.0, cities) * np.exp(conditions), rng.normal(0.05, 0.01, cities)
    noise = rng.gamma(4, 0.25, (cities, len(years)))
    effect = np.where(years >= approved[:, None], (at_low + more * conditions)[:, None], 0.0)
    counts = rng.poisson(0.3 * size[:, None] * noise * np.exp(pace[:, None] * (years - 1995) + effect))
    parts = []
    for year in (1991, 2003, 2010):
        rows = np.flatnonzero((approved == year) | (approved > year + 9))
        before, after = (counts[rows][:, (years >= start) & (years < start + 10)].sum(1) for start in (year - 10, year))
        kept = before + after > 0
        older = counts[rows][:, years < year - 10].sum(1)
        parts.append(
            (rows[kept], np.full(kept.sum(), year), (approved[rows] == year)[kept], before[kept], after[kept], older[kept])
        )
    city, start, given, before, after, older = (np.concatenate(column) for column in zip(*parts, strict=True))
    return zones.Events(city, start, given, before, after, conditions[city], np.log1p(older)[:, None])


@pytest.mark.slow
@pytest.mark.parametrize(("at_low", "more"), [(0.0, 0.0), (0.0, 0.4), (0.4, 0.0)])
def test_effects_are_recovered_and_intervals_cover(at_low: float, more: float) -> None:
    rng = np.random.default_rng(90)
    fits = [fit for _ in range(150) if (fit := zones.event_study(world(at_low, more, rng))) is not None]
    assert len(fits) == 150
    for effects, truth in (([fit.at_low for fit in fits], at_low), ([fit.interaction for fit in fits], more)):
        assert np.mean([effect.estimate for effect in effects]) == pytest.approx(truth, abs=0.06)
        covered = [effect.low <= truth <= effect.high for effect in effects]
        assert np.mean(covered) >= 0.85, "nominal 0.90, less two standard errors"
    supported = [fit.at_low.low <= 0 < fit.interaction.low for fit in fits]
    assert more > 0 or np.mean(supported) <= 0.08, "nominal 0.05, plus two standard errors"


def test_a_table_by_hand() -> None:
    """Twelve companies after as many before without a park; with one twice as many, eight times where conditions are good."""
    events = zones.Events(
        city=np.arange(16),
        approved=np.full(16, 1991),
        is_approved=np.tile([False, True], 8),
        before=np.full(16, 12),
        after=np.repeat([12, 24, 12, 96], 4).reshape(4, 4).T.ravel(),
        conditions=np.tile([0.0, 0.0, 1.0, 1.0], 4),
        controls=np.zeros((16, 0)),
    )
    fit = zones.event_study(events)
    assert fit.at_low.estimate == pytest.approx(np.log(2))
    assert fit.interaction.estimate == pytest.approx(np.log(4))


def test_effect_is_one_of_conditions_in_any_unit() -> None:
    events = world(0.2, 0.4, np.random.default_rng(92))
    fit = zones.event_study(events)
    small = zones.event_study(replace(events, conditions=events.conditions / 50))
    assert small.at_low.estimate == pytest.approx(fit.at_low.estimate)
    assert small.interaction.estimate == pytest.approx(50 * fit.interaction.estimate)


def test_what_cannot_be_told_apart_is_nothing() -> None:
    rng = np.random.default_rng(91)
    events = world(0.0, 0.0, rng)
    alike = {name: getattr(events, name) for name in ("city", "approved", "before", "after", "controls")}
    even = zones.Events(**alike, is_approved=events.is_approved, conditions=np.ones(len(events.city)))
    assert zones.event_study(even) is None, "conditions alike"
    every = zones.Events(**alike, is_approved=np.ones(len(events.city), dtype=bool), conditions=events.conditions)
    assert zones.event_study(every) is None, "no city without a park"
