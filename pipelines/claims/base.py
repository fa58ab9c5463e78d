"""What every claim reads and returns."""

from dataclasses import dataclass, field
from typing import Literal

import polars as pl
from scipy import stats

from pipelines.claims.models.growth import Growth
from pipelines.claims.models.leads import Panel
from pipelines.index import UNDATED, draws
from pipelines.index.result import Result
from pipelines.index.table import DEFINITIONS, EVIDENCE
from pipelines.schema import TableSchema

Verdict = Literal["supported", "contradicted", "not separable", "no data"]

#: Periods that every claim is tested for.
PERIODS = ("baseline", "current")

#: Fewest observations on which a verdict is given.
LEAST = 10
LEVEL = draws.LEVEL
SEED = 30_000

REGISTER = "register"

#: The essay's years.
THEN = (2009, 2012)

#: Years up to the headline year that are *now* in the register, and up to the last covered year in a source that has more a year.
NOW, NOW_LISTED = 4, 3


class ClaimsTable(TableSchema):
    """A table made from everything the claims read; most of it goes into every one of their columns."""

    reads = (
        *EVIDENCE,
        *DEFINITIONS,
        *("core.companies.company", "core.companies.sector", "core.deals.deal", "marts.deal_origin.origin"),
        *("core.founders.founding", "core.founder_schools.university", "core.service_offices.firm"),
        *("core.valuations.value_usd_bn", "core.zones.approved_year", "index.coverage.detection_rate"),
    )


@dataclass(frozen=True)
class Window:
    """A period the claims are evaluated for, first and last year included."""

    name: str
    first: int
    last: int


@dataclass(frozen=True)
class Facts:
    """Frames of the warehouse the claims read, and the index result.

    Those with a column ``dataset`` hold every loaded source that can test a claim; the others are the register's.
    """

    companies: pl.DataFrame
    deals: pl.DataFrame
    deal_origin: pl.DataFrame
    deal_investors: pl.DataFrame
    founders: pl.DataFrame
    founder_schools: pl.DataFrame
    school_lists: pl.DataFrame
    service_offices: pl.DataFrame
    listing_advisers: pl.DataFrame
    sectors: pl.DataFrame
    valuations: pl.DataFrame
    unicorns: pl.DataFrame
    coverage: pl.DataFrame
    zones: pl.DataFrame
    indicators: pl.DataFrame
    index: Result
    country: str
    #: City → its province, to say where a source that knows provinces only has nothing on the city.
    provinces: dict[str, str]
    #: What several claims read, made once: location quotients of a source and window; its panel, or that at constant coverage.
    quotients: dict[tuple[str, Window], pl.DataFrame] = field(default_factory=dict, init=False, compare=False, repr=False)
    panels: dict[tuple[str, int, bool], tuple[Panel, Growth] | None] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def deals_of(self, dataset: str) -> pl.DataFrame:
        """Deals of the scope's companies, as one source has them."""
        return self.deals.filter((pl.col("dataset") == dataset) & (pl.col("country") == self.country))

    def window(self, period: str, dataset: str) -> Window:
        """The baseline, or the current period: years up to the last one the source covers, none of them the essay's.

        A source covers a year if it has a deal of its last quarter; a list without dates is as it stands.
        """
        if period == "baseline":
            return Window(period, *THEN)
        if dataset == REGISTER:
            return Window(period, self.index.headline - NOW + 1, self.index.headline)
        last = self.last_covered(dataset)
        if last is None:
            return Window(period, UNDATED, UNDATED)
        return Window(period, max(last - NOW_LISTED + 1, THEN[1] + 1), last)

    def last_covered(self, dataset: str) -> int | None:
        """Last year the source covers: of its deals, or of the listing documents it reads; None if it has neither."""
        if dataset == REGISTER:
            return int(self.index.headline)
        whole = self.deals_of(dataset).filter(pl.col("month").fill_null(12) >= 10)["year"].to_list()
        documents = self.listing_advisers.filter(pl.col("dataset") == dataset)["year"].to_list()
        return max(whole or documents, default=None)


@dataclass(frozen=True)
class Finding:
    """What a claim comes to: the verdict, the statistic with its interval, n, and a sentence with the detail."""

    verdict: Verdict
    estimate: float | None
    low: float | None
    high: float | None
    n: int
    detail: str


def nothing(n: int, detail: str) -> Finding:
    return Finding("no data", None, None, None, n, detail)


def verdict(supported: bool, contradicted: bool) -> Verdict:
    return "supported" if supported else "contradicted" if contradicted else "not separable"


def wilson(k: int, n: int) -> tuple[float, float]:
    bounds = stats.binomtest(k, n).proportion_ci(confidence_level=LEVEL, method="wilson")
    return float(bounds.low), float(bounds.high)
