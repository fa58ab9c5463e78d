"""What the claims read: frames of the warehouse, the index result, and the years of each period."""

from dataclasses import dataclass, fields

import numpy as np
import polars as pl

from pipelines.index import UNDATED
from pipelines.index.compute import Result
from pipelines.index.table import COUNTS, DEFINITIONS
from pipelines.schema import TableSchema

#: Periods that every claim is tested for: the essay's years, and the last ones that a source covers.
PERIODS = ("baseline", "current")

#: The city that the claims are about, and the one that some compare it with.
BEIJING, SHANGHAI = "Beijing", "Shanghai"

#: The data set of the register.
REGISTER_DATASET = "register"

#: What stands for a data set where the index is tested, which all lists make together.
ALL_LISTS = "all lists"

#: Years of the current period: up to the headline year in the register, up to the last covered year in other sources, which
#: have more rows a year.
CURRENT_YEARS, CURRENT_YEARS_LISTED = 4, 3


def sources(rows: pl.DataFrame) -> list[str]:
    """Return the sources that rows are of."""
    return sorted(rows["dataset"].unique())


class ClaimsTable(TableSchema):
    """A table made from everything the claims read; most of it goes into every one of their columns."""

    reads = (
        *COUNTS,
        *DEFINITIONS,
        *("core.companies.company", "core.companies.sector", "marts.deal_origin.origin"),
        *("core.founders.founding", "core.founder_schools.university", "core.service_offices.firm"),
        *("core.valuations.value_usd_bn", "core.zones.approved_year"),
    )


@dataclass(frozen=True)
class Window:
    """The years of a period, first and last included; UNDATED for a list without dates."""

    name: str
    first: int
    last: int

    @property
    def years(self) -> tuple[int | None, int | None]:
        """Return the first and the last year; None for a list without dates."""
        return (None, None) if self.first == UNDATED else (self.first, self.last)


@dataclass(frozen=True, eq=False)
class Facts:
    """Frames of the warehouse that the claims read, one per query under ``sql/facts``, and the index result.

    Those with a column ``dataset`` hold every loaded source that can test a claim; the others are the register's. What is
    computed from facts is remembered by which they are, not by what they hold.
    """

    baseline: pl.DataFrame
    companies: pl.DataFrame
    company_starts: pl.DataFrame
    deal_investors: pl.DataFrame
    deal_origin: pl.DataFrame
    deals: pl.DataFrame
    founder_schools: pl.DataFrame
    founders: pl.DataFrame
    investor_offices: pl.DataFrame
    listing_advisers: pl.DataFrame
    provinces: pl.DataFrame
    published: pl.DataFrame
    residents: pl.DataFrame
    school_lists: pl.DataFrame
    sectors: pl.DataFrame
    service_offices: pl.DataFrame
    unicorns: pl.DataFrame
    valuations: pl.DataFrame
    zones: pl.DataFrame
    index: Result
    country: str

    def coverage(self, quantity: str, dataset: str, cities: list[str], year: int) -> np.ndarray | None:
        """Return the share that a source holds of what cities have in a year, as a multiple of one that all share, (draw, city).

        None if it does not look at one of them, or has no list of the quantity.
        """
        layout = self.index.inputs.posterior.layout
        name = f"{quantity}/{dataset}"
        if name not in layout.lists or not set(cities) <= set(layout.cities):
            return None
        places = [layout.cities.index(city) for city in cities]
        return np.asarray(np.exp(self.index.inputs.posterior.coverage(name, year)[:, places]), dtype=float)

    def quantity(self, name: str, years: range, cities: list[str]) -> dict[str, np.ndarray] | None:
        """Return the draws of what cities have of a quantity over some years by all lists; None if no list counts it.

        Cities that are not measured are left out. The numbers are on the scale of one list: only their ratios mean something.
        """
        posterior = self.index.inputs.posterior
        if name not in posterior.layout.columns.quantities:
            return None
        total = sum(np.exp(posterior.log_intensity(name, year).astype(float)) for year in years)
        places = {city: place for place, city in enumerate(posterior.layout.cities)}
        return {city: np.asarray(total)[:, places[city]] for city in cities if city in places}

    def undated_weight(self, measure: str) -> float:
        """Return the weight in a score or pillar of what is measured once for all years, by lists without dates or of today."""
        stocks = self.index.inputs.posterior.layout.columns.stocks
        is_undated = self.index.definitions.table["quantity"].is_in(stocks).to_numpy()
        return float(self.index.effective(measure)[is_undated].sum())

    def carried_weight(self, measure: str, year: int) -> float:
        """Return the weight in a score of what lists count in the scope before the period of a year, and not in it."""
        is_carried = self.index.values.is_carried(year, self.index.inputs.in_scope)
        return float(self.index.effective(measure)[is_carried].sum())

    def deals_of(self, dataset: str) -> pl.DataFrame:
        """Return the deals of the scope's companies, as one source has them."""
        return self.deals.filter(dataset=dataset, country=self.country)

    def deal_datasets(self) -> list[str]:
        """Return the sources with deals of the scope's companies."""
        return sources(self.deals.filter(country=self.country))

    def province_of(self, city: str) -> str | None:
        """Return the province of a city of the scope, to say where a source knows provinces only."""
        rows = self.provinces.filter(country=self.country, city=city)
        return rows["province"][-1] if rows.height else None

    def window(self, period: str, dataset: str) -> Window:
        """Return the years of a period: the baseline, or the last years that the source covers after it.

        A source covers a year if it has a deal of its last quarter. The current window of a source that covers no year after
        the baseline is empty, and that of a list without dates is UNDATED.
        """
        first, end = self.baseline.row(0)
        if period == "baseline":
            return Window(period, first, end)
        if dataset in (REGISTER_DATASET, ALL_LISTS):
            return Window(period, self.index.headline - CURRENT_YEARS + 1, self.index.headline)
        last = self.last_covered(dataset)
        if last is None:
            return Window(period, UNDATED, UNDATED)
        return Window(period, max(last - CURRENT_YEARS_LISTED + 1, end + 1), last)

    def last_covered(self, dataset: str) -> int | None:
        """Return the last year the source covers, of its deals or of the listing documents it reads; None if it has neither."""
        if dataset in (REGISTER_DATASET, ALL_LISTS):
            return self.index.headline
        whole = self.deals_of(dataset).filter(pl.col("month").fill_null(12) >= 10)["year"].to_list()
        documents = self.listing_advisers.filter(dataset=dataset)["year"].to_list()
        return max(whole or documents, default=None)


#: Names of the frames, which are those of the queries under ``sql/facts``.
FRAMES = tuple(frame.name for frame in fields(Facts) if frame.type is pl.DataFrame)
