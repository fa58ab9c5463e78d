"""What the cities have: draws of every indicator in a year, under any boundary, and where they stand on the scale."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pipelines.index import BASE_YEAR, BENCHMARK, draws, scale
from pipelines.index.definitions import Definitions
from pipelines.index.measurement.layout import CENTRES, PERIODS
from pipelines.index.measurement.posterior import Posterior

#: Places of cities on their axis.
Places = np.ndarray | slice
EVERY = slice(None)


def period_of(year: int) -> int:
    """Return the place among ``PERIODS`` of the period of a year."""
    return int(np.searchsorted(PERIODS, year, side="right")) - 1


def years_of(year: int) -> tuple[int, int]:
    """Return the first and last year of the period of a year, which are measured together."""
    return PERIODS[period_of(year)], PERIODS[period_of(year) + 1] - 1


@dataclass(frozen=True)
class Values:
    """Log values of indicators, from the draws of the measurement model."""

    posterior: Posterior
    definitions: Definitions

    @property
    def cities(self) -> list[str]:
        """Return the city axis."""
        return self.posterior.layout.cities

    def log_quantity(self, quantity: str, year: int, areas: Mapping[str, str]) -> np.ndarray:
        """Return the log of a quantity in a year, (draw, city).

        Of cities that ``areas`` (city → area) merges, the one that gives the area its name has their sum, or, where none does,
        each of them; the others keep their own.
        """
        logs = self.posterior.log_intensity(quantity, year)
        merged = logs.copy() if areas else logs
        for area in sorted(set(areas.values())):
            members = [place for place, city in enumerate(self.cities) if area in (city, areas.get(city))]
            named = [place for place in members if self.cities[place] == area]
            if len(members) > 1:
                merged[:, named or members] = np.logaddexp.reduce(logs[:, members], axis=1)[:, None]
        return merged

    def logs(self, year: int, areas: Mapping[str, str], places: Places = EVERY) -> np.ndarray:
        """Return the log of every indicator in a year, (draw, city, indicator), of the cities at ``places``.

        In memory each indicator stands on its own, since nearly everything takes the draws of one after another.
        """
        table = self.definitions.table
        first = self.log_of(table.row(0, named=True), year, areas)[:, places]
        planes = np.empty((table.height, *first.shape), dtype=first.dtype)
        for plane, row in zip(planes, table.iter_rows(named=True), strict=True):
            plane[:] = self.log_of(row, year, areas)[:, places]
        return np.moveaxis(planes, 0, -1)

    def log_of(self, row: Mapping[str, str | None], year: int, areas: Mapping[str, str]) -> np.ndarray:
        """Return the log of the indicator of ``row``, one of the definitions, in a year, (draw, city)."""
        value = self.log_quantity(str(row["quantity"]), year, areas)
        return value if row["per"] is None else value - self.log_quantity(row["per"], year, areas)

    def same_year(self, quantity: str, year: int) -> int:
        """Return a year in which a quantity has the same values, one for all years where it stands."""
        if len(self.posterior.layout.columns.of(quantity)) == 1:
            return BASE_YEAR
        return int(np.clip(year, CENTRES[0], CENTRES[-1]))

    @cached_property
    def is_leader(self) -> np.ndarray:
        """Return which indicators have the leading city as their goalpost, (indicator,)."""
        return (self.definitions.table["goalpost"] == "leader").to_numpy()

    @cached_property
    def is_unknown(self) -> np.ndarray:
        """Return where an indicator is unknown, (city, indicator): no list counts it in any city of the city's group that has a
        score of it."""
        is_benchmark = np.array(self.cities) == BENCHMARK
        return np.where(self.is_leader, ~self._counted(~is_benchmark), self._is_uncounted)

    @cached_property
    def _is_uncounted(self) -> np.ndarray:
        """Return where no list counts an indicator in any city of the city's group, (city, indicator)."""
        return ~self._counted(EVERY)

    def _counted(self, places: Places) -> np.ndarray:
        """Return where lists count an indicator at some of the ``places`` in the city's group, (city, indicator)."""
        layout = self.posterior.layout
        names = layout.columns.quantities
        covers, group_of = layout.covers[places], layout.group_of[places]
        by_group = np.stack([covers[group_of == group].any(0) for group in range(layout.groups)])
        looked = {name: by_group[:, layout.quantity_of[layout.list_of] == place].any(1) for place, name in enumerate(names)}
        known = [
            looked[row["quantity"]] & (looked[row["per"]] if row["per"] else True)
            for row in self.definitions.table.iter_rows(named=True)
        ]
        return np.stack(known, axis=-1)[layout.group_of]

    @cached_property
    def n_lists(self) -> np.ndarray:
        """Return how many lists look at each indicator of a city, (city, indicator); what none looks at is inferred."""
        layout = self.posterior.layout
        looks = np.stack([layout.covers[:, layout.list_of == place].any(1) for place in range(len(layout.lists))], axis=-1)
        quantities = [layout.columns.quantities.index(name) for name in self.definitions.table["quantity"]]
        return np.stack([looks[:, layout.quantity_of == quantity].sum(1) for quantity in quantities], axis=-1)

    def is_carried(self, year: int, places: Places) -> np.ndarray:
        """Return which flows no list counts at ``places`` in the period of a year, so that earlier ones tell, (indicator,)."""
        layout = self.posterior.layout
        counted = layout.column_of[layout.covers[places].any(0)]
        columns = [layout.columns.of(name) for name in self.definitions.table["quantity"]]
        return np.array([len(own) > 1 and own[period_of(year)] not in counted for own in columns])

    @cached_property
    def goalpost_cities(self) -> list[str]:
        """Return the city whose value scores a hundred, per indicator: the benchmark, or the leader among those known."""
        rows = self.definitions.table.iter_rows(named=True)
        each = zip(rows, self.is_leader, self.is_unknown.T, strict=True)
        return [self._leader(row, is_unknown) if leads else BENCHMARK for row, leads, is_unknown in each]

    def _leader(self, row: Mapping[str, str | None], is_unknown: np.ndarray) -> str:
        """Return the city, other than the benchmark, that has most of an indicator in the base year."""
        centre = draws.median(self.log_of(row, BASE_YEAR, {}))
        centre[is_unknown | (np.array(self.cities) == BENCHMARK)] = -np.inf
        return self.cities[int(centre.argmax())]

    @cached_property
    def goalposts(self) -> np.ndarray:
        """Return the log of what scores a hundred, per draw and indicator: that city's value in the base year."""
        places = [self.cities.index(city) for city in self.goalpost_cities]
        rows = self.definitions.table.iter_rows(named=True)
        return np.stack([self.log_of(row, BASE_YEAR, {})[:, place] for row, place in zip(rows, places, strict=True)], axis=-1)

    @cached_property
    def has_none(self) -> np.ndarray:
        """Return where an indicator has no score, (city, indicator): the benchmark's of indicators whose goalpost is another
        city, and what is unknown of a city."""
        is_benchmark = np.array(self.cities) == BENCHMARK
        return self.is_unknown | (is_benchmark[:, None] & self.is_leader)

    @cached_property
    def only_known(self) -> np.ndarray:
        """Return which indicator alone is known of its pillar in a city, (city, indicator).

        The benchmark has more than it has scores of where another city is the goalpost.
        """
        pillar_of = self.definitions.pillar_of
        is_benchmark = np.array(self.cities) == BENCHMARK
        known = ~np.where(is_benchmark[:, None], self._is_uncounted, self.is_unknown)
        of_pillar = known.astype(int) @ (pillar_of[:, None] == pillar_of)
        return ~self.has_none & (of_pillar == 1)

    def points(self, year: int, areas: Mapping[str, str], places: Places = EVERY) -> np.ndarray:
        """Return the score of every indicator in a year, (draw, city, indicator); NaN where there is none."""
        scores = self.unbounded(year, areas, places)
        return scale.floored(scores, out=scores)

    def unbounded(self, year: int, areas: Mapping[str, str], places: Places = EVERY) -> np.ndarray:
        """Return the same as if the scale did not end, from the logs against the goalposts, which are drawn along."""
        ratios = self.logs(year, areas, places)
        for indicator, lacks in enumerate(self.has_none[places].T):
            ratios[..., indicator] -= self.goalposts[:, [indicator]]
            ratios[:, lacks, indicator] = np.nan
        return scale.unbounded(ratios, out=ratios)
