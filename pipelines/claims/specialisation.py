"""How specialised each place is in the groups of sectors that the claims are about: location quotients by source and period."""

from functools import lru_cache

import dataframely as dy
import numpy as np
import polars as pl

from pipelines.claims.facts import PERIODS, REGISTER_DATASET, ClaimsTable, Facts, Window
from pipelines.claims.finding import LEAST, SEED, Years
from pipelines.claims.models import quotients
from pipelines.index import UNDATED
from pipelines.index.table import fraction
from pipelines.schema import one_of

#: Group of sectors → the sectors that a source has for it. A source without one is left out: 企业服务 (services to companies) is
#: not outsourcing, and half of its companies do neither.
GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "gaming": {REGISTER_DATASET: ("gaming",), "itjuzi": ("游戏",), "financedatabase": ("Entertainment",)},
    "hardware": {
        REGISTER_DATASET: ("telecom_equipment", "consumer_electronics", "electronics_manufacturing"),
        "itjuzi": ("硬件",),
        "financedatabase": (
            "Communications Equipment",
            "Electronic Equipment, Instruments & Components",
            "Technology Hardware, Storage & Peripherals",
        ),
        "a_share_2026": ("通信设备", "元器件", "IT设备"),
    },
    "internet without Tencent": {
        REGISTER_DATASET: ("internet", "ecommerce", "social", "media", "gaming", "local_services"),
        "itjuzi": ("移动互联网", "电子商务", "社交网络", "文化娱乐", "游戏", "本地生活"),
        "financedatabase": ("Interactive Media & Services", "Internet & Direct Marketing Retail", "Entertainment", "Media"),
        "a_share_2026": ("互联网", "影视音像"),
    },
    "semiconductors": {
        REGISTER_DATASET: ("semiconductors",),
        "financedatabase": ("Semiconductors & Semiconductor Equipment",),
        "a_share_2026": ("半导体",),
    },
    "outsourcing": {REGISTER_DATASET: ("it_outsourcing",), "financedatabase": ("IT Services",)},
}

#: Company that a group leaves out altogether.
LEFT_OUT = {"internet without Tencent": "Tencent"}

#: Groups that a source has only within a wider class of its own, or without the companies that list in New York, as most
#: internet firms do: shown beside the claim, but not a test of it.
WIDER = {("financedatabase", group) for group in ("gaming", "outsourcing", "internet without Tencent")} | {
    ("a_share_2026", "internet without Tencent")
}

#: Classification of each source in ``marts.sector_rows``, and what it counts.
COUNTED = {
    REGISTER_DATASET: ("companies", "companies"),
    "itjuzi": ("deals", "companies with a deal in the period"),
    "financedatabase": ("listed companies, industry", "listed companies"),
    "a_share_2026": ("listed companies, Chinese industry", "listed companies"),
}

#: The places with too few companies, taken together.
ELSEWHERE = "elsewhere"


class SectorQuotients(ClaimsTable):
    """One row per source, period, place and group of sectors that a claim is about: location quotient with its interval."""

    table = "index.quotients"

    dataset = dy.String(primary_key=True, description="Source.")
    period = dy.String(primary_key=True, check=one_of(*PERIODS), description="baseline (2009–2012) or current.")
    first_year = dy.Int64(nullable=True, description="First year of the deals counted; null: companies, founded in any year.")
    last_year = dy.Int64(nullable=True, description="Last year of the deals or foundings counted; null: a list without date.")
    counted = dy.String(description="What is counted.")
    unit = dy.String(
        primary_key=True,
        description="City; or province, marked so, where the source knows no more. Ten or more are counted in it.",
    )
    is_city = dy.Bool(description="Whether it is a city.")
    sector = dy.String(primary_key=True, description="Group of sectors.")
    observed = dy.Int64(min=0, description="Companies of the group here.")
    total = dy.Int64(min=1, description="Companies of all sectors here.")
    expected = dy.Float64(min=0, description="Companies of the group if the place were like the country.")
    quotient = dy.Float64(min=0, description="Location quotient, posterior mean.")
    low = dy.Float64(description="Lower end of its 90% interval.")
    high = dy.Float64(description="Upper end of that interval.")
    p_above_one = fraction("P(quotient > 1).")
    is_specialised = dy.Bool(description="P(quotient > 1) is .95 or more, of five companies or more.")
    is_wider_class = dy.Bool(description="The source has the group only inside a wider class, or in part: no test of the claim.")


def datasets(group: str) -> list[str]:
    """Return the sources, the register first, that have the group of sectors."""
    return [REGISTER_DATASET, *sorted(GROUPS[group].keys() - {REGISTER_DATASET})]


def companies(facts: Facts, window: Window, dataset: str) -> pl.DataFrame:
    """Return the companies of the window, one row per company, sector and place (company, sector, unit, is_city).

    The register's are those founded and not closed by then; acquired ones stay, since most go on working where they are. One that
    closed nobody knows when is closed in the current period, and not before.
    Listed ones count where they are listed today, if founded by then; of a source of deals, those with a deal in the window.
    """
    if dataset == REGISTER_DATASET:
        closed = pl.col("exit_year").fill_null(window.first - 1 if window.name == "current" else window.last)
        is_open = (pl.col("exit_how") != "closure").fill_null(True) | (closed >= window.first)
        rows = facts.companies.filter(is_open, pl.col("founded") <= window.last, country=facts.country)
        return rows.select("company", "sector", unit="city", is_city=True)
    classification, _ = COUNTED[dataset]
    of_source = {"dataset": dataset, "classification": classification, "country": facts.country}
    rows = facts.sectors.filter(**of_source).drop_nulls("unit")
    if classification == "deals":
        rows = rows.filter(pl.col("year").is_between(window.first, window.last))
    elif window.last != UNDATED:
        rows = rows.filter(pl.col("year") <= window.last)
    return rows.select("company", "sector", "unit", "is_city").unique()


def years(window: Window, dataset: str) -> Years:
    """Return the years of what is counted: of deals the window's, of companies all up to its end, without a first one."""
    return window.years if COUNTED[dataset][0] == "deals" else (None, window.years[1])


@lru_cache(maxsize=32)
def of_places(facts: Facts, window: Window, dataset: str) -> pl.DataFrame:
    """Return the location quotient of every group in every place with ten companies or more; all other places are one.

    The columns are those of ``SectorQuotients`` from ``unit`` to ``is_specialised``.
    """
    rows = companies(facts, window, dataset)
    groups = [group for group, sectors_of in GROUPS.items() if dataset in sectors_of]
    present = set(rows["company"])
    left_out = {group: company for group, company in LEFT_OUT.items() if company in present}
    parts = [
        _quotients(rows.filter(pl.col("company") != company) if company else rows, members, dataset)
        for company in (None, *sorted(set(left_out.values())))
        for members in _apart([group for group in groups if left_out.get(group) == company], dataset)
    ]
    return pl.concat(parts).sort("sector", "unit")


def _apart(groups: list[str], dataset: str) -> list[list[str]]:
    """Return the groups in as many parts as it takes for no two of one part to share a sector."""
    parts: list[list[str]] = []
    for group in groups:
        sectors = set(GROUPS[group][dataset])
        free = [part for part in parts if not any(sectors & set(GROUPS[other][dataset]) for other in part)]
        if free:
            free[0].append(group)
        else:
            parts.append([group])
    return parts


def _quotients(rows: pl.DataFrame, groups: list[str], dataset: str) -> pl.DataFrame:
    sizes = rows.group_by("unit").len()
    large = sizes.filter(pl.col("len") >= LEAST)["unit"].to_list()
    unit = pl.when(pl.col("unit").is_in(large)).then("unit").otherwise(pl.lit(ELSEWHERE))
    counts = (
        rows.group_by(unit.alias("unit"), "sector").len().pivot("sector", index="unit", values="len").fill_null(0).sort("unit")
    )
    sectors, units = sorted(counts.columns[1:]), counts["unit"].to_list()
    members = {group: [sectors.index(name) for name in GROUPS[group][dataset] if name in sectors] for group in groups}
    # A group without a single company, or with one place only, has nothing to be compared with.
    present = [group for group in groups if members[group]]
    if len(units) < 2 or len(sectors) < 2 or not present:
        return SectorQuotients.empty().drop("dataset", "period", "first_year", "last_year", "counted", "is_wider_class")
    counted = counts.select(sectors).to_numpy()
    fit = quotients.quotients(counted, [members[group] for group in present], np.random.default_rng(SEED))
    is_city = dict(rows.select("unit", "is_city").unique().iter_rows())
    frame = SectorQuotients.frame(
        unit=np.repeat(units, len(present)),
        is_city=np.repeat([is_city.get(place, False) for place in units], len(present)),
        sector=present * len(units),
        total=np.repeat(counted.sum(1), len(present)),
        **{name: values.ravel() for name, values in fit.columns().items()},
    )
    return frame.filter(pl.col("unit") != ELSEWHERE)


def location_quotients(facts: Facts) -> pl.DataFrame:
    """Return ``SectorQuotients`` for both periods and every loaded source."""
    loaded = sorted({REGISTER_DATASET, *facts.sectors["dataset"]} & COUNTED.keys())
    windows = [(dataset, facts.window(period, dataset)) for period in PERIODS for dataset in loaded]
    return pl.concat(_labelled(facts, window, dataset) for dataset, window in windows if window.first <= window.last)


def _labelled(facts: Facts, window: Window, dataset: str) -> pl.DataFrame:
    first_year, last_year = years(window, dataset)
    wider = [group for source, group in WIDER if source == dataset]
    frame = of_places(facts, window, dataset)
    return SectorQuotients.frame(
        dataset=dataset,
        period=window.name,
        first_year=first_year,
        last_year=last_year,
        counted=COUNTED[dataset][1],
        is_wider_class=frame["sector"].is_in(wider),
        **frame.to_dict(),
    )
