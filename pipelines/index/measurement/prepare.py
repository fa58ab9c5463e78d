"""Turn the counts of the lists into a layout: where each list looks, which one sets a level, who shares attention."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import polars as pl

from pipelines.index import BENCHMARK
from pipelines.index.measurement import noises
from pipelines.index.measurement.layout import PERIODS, Columns, Layout, Remainder, Totals, Unnamed
from pipelines.index.measurement.measured import LEAST_ROWS
from pipelines.index.measurement.noises import Audits
from pipelines.index.measurement.unnamed import unnamed

#: Quantities of which things happen, year by year, and quantities that stand.
FLOWS = (
    "backed_companies", "deals_received", "deals_originated", "foreign_deals", "unicorns", "exits", "founders",
    "returnee_founders",
)  # fmt: skip
STOCKS = ("research", "universities", "elite_universities", "services", "graduates", "migrants", "population")

#: Flows of which lists count what stands at a date.
STANDING = ("unicorns",)

#: Years in which all happened that a list without dates holds.
EVERY_YEAR = float(PERIODS[-1] - PERIODS[0])

#: A country with so many measured cities has means and growth of its own; the cities of the others share them.
LEAST_CITIES = 40

#: Where more of a list's rows than this know only the province, its attention is a province's.
MOST_PROVINCIAL = 0.1


def layout_of(counts: pl.DataFrame, profiles: pl.DataFrame, cities: pl.DataFrame, audits: Audits) -> Layout:
    """Return the layout of all lists over ``cities``, those of ``measured``.

    Args:
        counts: ``marts.list_counts`` by year.
        profiles: ``marts.list_profiles``.
    """
    is_report = pl.col("publication") != pl.col("list")
    profiles = profiles.filter(((pl.col("n_city") + pl.col("n_province_only")) > 0) | is_report).sort("quantity", "list")
    here = set(profiles["quantity"])
    columns = Columns(tuple(name for name in FLOWS if name in here), tuple(name for name in STOCKS if name in here))
    builder = _Builder(counts, profiles, cities, columns)
    for row in profiles.iter_rows(named=True):
        builder.add(row)
    return builder.layout(audits)


class _Builder:
    """Collects channels list by list."""

    def __init__(self, counts: pl.DataFrame, profiles: pl.DataFrame, cities: pl.DataFrame, columns: Columns) -> None:
        self.counts, self.profiles, self.columns = counts, profiles, columns
        self.names: list[str] = cities["city"].to_list()
        self.country, self.is_whole = cities["country"].to_numpy(), cities["is_whole"].to_numpy()
        regions = [f"{country}/{province}" for country, province in zip(cities["country"], cities["province"], strict=True)]
        self.regions = sorted(set(regions))
        self.region_of = np.array([self.regions.index(region) for region in regions])
        self.place = {name: index for index, name in enumerate(self.names)}
        self.lists: list[dict[str, object]] = []
        self.list_of: list[int] = []
        self.column_of: list[int] = []
        self.exposure: list[float] = []
        self.cells: list[np.ndarray] = []
        self.covers: list[np.ndarray] = []
        self.totals: list[Totals] = []
        self.remainders: list[Remainder] = []
        self.unnamed: list[Unnamed] = []

    def add(self, row: dict[str, object]) -> None:
        """Add the channels of the list of ``row``, a row of the profiles."""
        rows = self.counts.filter((pl.col("quantity") == row["quantity"]) & (pl.col("list") == row["list"]))
        if row["last_year"] is not None:
            rows = rows.filter(pl.col("year").is_null() | (pl.col("year") <= int(str(row["last_year"]))))
        columns = self.columns.of(str(row["quantity"]))
        is_undated = len(columns) > 1 and row["first_year"] is None
        if is_undated and row["quantity"] in STANDING:
            # What stands at no known date tells of the level, the middle of the walk in time.
            columns = columns[[self.columns.middle]]
        years = self._years(row) if len(columns) > 1 else [1.0]
        if max(years) <= 0:
            # All it counts lies before the first period or after the last.
            return
        covers = self._covers(row, rows)
        if not covers.any() and self._left(row, rows).is_empty():
            # It looks at no measured city, and prints no total of a country all of whose cities are measured.
            return
        is_regional = self._is_regional(row)
        for period, column in enumerate(columns):
            if years[period] <= 0:
                continue
            part = self._part(rows, period, is_undated) if len(columns) > 1 else rows
            self.list_of.append(len(self.lists))
            self.column_of.append(int(column))
            self.exposure.append(float(np.log(years[period])))
            self.covers.append(covers)
            self.cells.append(np.zeros(len(self.names)) if is_regional else self._by_city(part))
            if is_regional:
                self._regional_totals(part, covers)
            self._remainders(self._left(row, part), covers)
            if row["completeness"] == "largest":
                self.unnamed += unnamed(self.cells[-1], self.country, len(self.list_of) - 1)
        adds_up = len(columns) > 1 and (is_undated or bool(rows.filter("adds_up").height))
        self.lists.append(row | {"is_regional": is_regional, "adds_up": adds_up})

    @staticmethod
    def _part(rows: pl.DataFrame, period: int, is_undated: bool) -> pl.DataFrame:
        """Return what is counted in a period; what has no date, in equal parts in each year."""
        start, end = PERIODS[period], PERIODS[period + 1]
        if is_undated:
            return rows.with_columns(pl.col("n") * (end - start) / EVERY_YEAR)
        return rows.filter(pl.col("year").is_between(start, end - 1))

    @staticmethod
    def _years(row: dict[str, object]) -> list[float]:
        """Return how many years of each period the list covers; what stands it counts at one date of it."""
        if row["first_year"] is None:
            return [float(end - start) for start, end in pairwise(PERIODS)]
        first, last = int(str(row["first_year"])), int(str(row["last_year"]))
        longest = 1 if row["is_stock"] else PERIODS[-1] - PERIODS[0]
        return [float(min(longest, min(end, last + 1) - max(start, first))) for start, end in pairwise(PERIODS)]

    def _by_city(self, rows: pl.DataFrame) -> np.ndarray:
        cells = np.zeros(len(self.names))
        for city, n in rows.drop_nulls("city").group_by("city").agg(pl.col("n").sum()).iter_rows():
            if city in self.place:
                # The last digits of a sum depend on its order, which may change from run to run.
                cells[self.place[city]] = round(n, 6)
        return cells

    def _covers(self, row: dict[str, object], rows: pl.DataFrame) -> np.ndarray:
        """Return where a list looks: everywhere, in its countries, or only at the cities it names.

        A report whose cities add up to its total of a country has counted the country's other cities too: they have none.
        A list chosen by hand looks at the cities that its source follows in the country it knows most of: a city of which it
        names hardly anything is unknown to it, not empty. Abroad it follows the benchmark only, and what stands in the cities
        of which it names ``LEAST_ROWS``; what else it names there is there by the way, and says nothing of how cities differ.
        """
        if row["completeness"] in ("selection", "largest") or row["quantity"] == "population":
            named = np.isin(self.names, rows["city"].drop_nulls().unique().to_list())
            if row["publication"] == row["list"]:
                return named
            nothing_left = rows.filter(pl.col("city").is_null() & (pl.col("n") == 0))["country"].drop_nulls().unique().to_list()
            return named | np.isin(self.country, nothing_left)
        if row["covers"] == "world":
            return np.ones(len(self.names), dtype=bool)
        countries = str(row["covers"] or "").split(",")
        inside = np.isin(self.country, countries)
        if not row["is_curated"]:
            return inside
        home, followed = self._followed(str(row["dataset"]))
        named = [BENCHMARK]
        if row["quantity"] not in FLOWS:
            by_city = rows.drop_nulls("city").group_by("city").agg(pl.col("n").sum())
            named += by_city.filter(pl.col("n") >= LEAST_ROWS)["city"].to_list()
        return inside & np.isin(self.names, followed) | np.isin(self.names, named) & (self.country != home)

    def _followed(self, dataset: str) -> tuple[str, list[str]]:
        """Return the country that a source knows most cities of, and the cities there of which it has ``LEAST_ROWS``."""
        lists = self.profiles.filter((pl.col("dataset") == dataset) & ~pl.col("completeness").is_in(["selection", "largest"]))
        rows = self.counts.join(lists, on=["dataset", "quantity", "list"], how="semi").drop_nulls("city")
        cities = rows.filter(pl.col("quantity") != "population").group_by("country", "city").agg(pl.col("n").sum())
        home = str(cities.group_by("country").len().sort("len", "country")["country"][-1])
        return home, cities.filter((pl.col("country") == home) & (pl.col("n") >= LEAST_ROWS))["city"].to_list()

    def _is_exact(self, anchor: np.ndarray) -> np.ndarray:
        """Return the censuses and lists of the largest that set the unit of their quantity, (list,).

        A second one counts another side of the quantity, so how far it differs is to be learned.
        """
        return anchor & self._each(lambda row: row["completeness"] in ("census", "largest") or row["quantity"] == "population")

    @staticmethod
    def _is_regional(row: dict[str, object]) -> bool:
        provincial, located = float(str(row["n_province_only"])), float(str(row["n_city"]))
        return provincial > MOST_PROVINCIAL * (provincial + located)

    def _regional_totals(self, rows: pl.DataFrame, covers: np.ndarray) -> None:
        """Add the totals of provinces in the channel added last."""
        channel = len(self.list_of) - 1
        summed = rows.drop_nulls("province").group_by("country", "province").agg(pl.col("n").sum())
        by_region = {f"{country}/{province}": n for country, province, n in summed.iter_rows()}
        members = [np.flatnonzero((self.region_of == region) & covers) for region in range(len(self.regions))]
        chosen = [region for region, cities in enumerate(members) if len(cities)]
        if not chosen:
            return
        cells = np.full((len(chosen), max(len(members[region]) for region in chosen), 2), -1)
        for index, region in enumerate(chosen):
            cells[index, : len(members[region])] = np.column_stack([members[region], np.full(len(members[region]), channel)])
        self.totals.append(Totals(np.array([by_region.get(self.regions[region], 0.0) for region in chosen]), cells))

    def _remainders(self, left: pl.DataFrame, covers: np.ndarray) -> None:
        """Add what is ``left`` of the totals of countries in the channel added last."""
        for country, total in left.group_by("country", maintain_order=True).agg(pl.col("n").sum()).iter_rows():
            cities = np.flatnonzero((self.country == country) & ~covers)
            if len(cities):
                self.remainders.append(Remainder(len(self.list_of) - 1, float(total), cities))

    def _left(self, row: dict[str, object], rows: pl.DataFrame) -> pl.DataFrame:
        """Return what is left of the totals that a report prints of countries all of whose cities are measured."""
        whole = pl.col("country").is_in(self.country[self.is_whole].tolist())
        return rows.filter(pl.col("city").is_null() & whole & (row["publication"] != row["list"]))

    def _group_of(self) -> np.ndarray:
        """Return the group of each city, (city,): its country, or that of all countries with few cities."""
        many = [country for country in sorted(set(self.country)) if (self.country == country).sum() >= LEAST_CITIES]
        group = np.array([1 + many.index(country) if country in many else 0 for country in self.country])
        return np.unique(group, return_inverse=True)[1]

    def layout(self, audits: Audits) -> Layout:
        """Return the layout of the lists added."""
        list_of, group = np.array(self.list_of), self._group_of()
        counts, covers = np.stack(self.cells, axis=1), np.stack(self.covers, axis=1)
        quantity_of = np.array([self.columns.quantities.index(str(row["quantity"])) for row in self.lists])
        anchor = self._anchor(quantity_of, self._groups_seen(list_of, covers, group))
        is_exact = self._is_exact(anchor)
        family_of = [None if exact else str(row["family"]) for exact, row in zip(is_exact, self.lists, strict=True)]
        families = sorted({family for family in family_of if family})
        noise, names, own, known = noises.of_lists(self.lists, list_of, is_exact, family_of, audits)
        return Layout(
            cities=self.names,
            group_of=group,
            columns=self.columns,
            lists=[f"{row['quantity']}/{row['list']}" for row in self.lists],
            datasets=[str(row["dataset"]) for row in self.lists],
            quantity_of=quantity_of,
            list_of=list_of,
            column_of=np.array(self.column_of),
            exposure=np.array(self.exposure),
            counts=np.where(covers, counts, 0.0),
            covers=covers,
            noise=noise,
            noise_names=names,
            own_noise=own,
            known_noise=known,
            wrong=np.array([audits.wrong.get(noises.key(row), 0.0) for row in self.lists])[list_of],
            is_exact=is_exact,
            series_of=self._series_of(),
            is_stock=self._each(lambda row: row["is_stock"] or row["quantity"] in STOCKS),
            is_in_sum=self._each(lambda row: row["adds_up"]),
            anchor=anchor,
            is_chosen=self._each(_is_chosen),
            region_of=self.region_of,
            by_region=self._each(lambda row: row["is_regional"]),
            family_of=np.array([families.index(family) if family else -1 for family in family_of]),
            families=families,
            family_noise=np.array([names.index(family) if family in names else -1 for family in families]),
            totals=self.totals,
            remainders=self.remainders,
            unnamed=self.unnamed,
        )

    def _groups_seen(self, list_of: np.ndarray, covers: np.ndarray, group: np.ndarray) -> np.ndarray:
        """Return at how many groups of cities each list looks, (list,)."""
        return np.array([len(np.unique(group[covers[:, list_of == place].any(1)])) for place in range(len(self.lists))])

    def _series_of(self) -> np.ndarray:
        """Return the first list of the same quantity and publication, (list,)."""
        series = [(row["quantity"], row["publication"]) for row in self.lists]
        return np.array([series.index(item) for item in series], dtype=int)

    def _each(self, holds: Callable[[dict[str, object]], object]) -> np.ndarray:
        """Return of which lists something ``holds``, (list,)."""
        return np.array([bool(holds(row)) for row in self.lists], dtype=bool)

    def _anchor(self, quantity_of: np.ndarray, looks: np.ndarray) -> np.ndarray:
        """Return the most complete list of each quantity that knows cities and years: its counts are the quantity's unit.

        Of what stands, a census comes first; then a list that looks at several groups of cities, ``looks`` (list,).
        """
        anchor = np.zeros(len(self.lists), dtype=bool)
        for quantity in np.unique(quantity_of):
            rows = [(place, row) for place, row in enumerate(self.lists) if quantity_of[place] == quantity]
            best = max(
                rows,
                key=lambda pair: (
                    not pair[1]["is_regional"],
                    pair[1]["first_year"] is not None or quantity >= len(self.columns.flows),
                    pair[1]["completeness"] == "census" and quantity >= len(self.columns.flows),
                    looks[pair[0]] > 1,
                    float(str(pair[1]["n_city"])),
                ),
            )
            anchor[best[0]] = True
            if self.columns.quantities[quantity] == "population":
                # Censuses have one unit.
                anchor[[place for place, _ in rows]] = True
        return anchor


def _is_chosen(row: dict[str, object]) -> bool:
    """Return whether the companies of a list are chosen by hand."""
    return bool(row["is_curated"]) and row["completeness"] != "selection" and row["quantity"] != "population"
