"""Claims 9 to 12: which city has more of a sector than its share, and whose are Hangzhou and Dalian."""

from collections.abc import Callable

import dataframely as dy
import numpy as np
import polars as pl

from pipelines.claims.base import (
    LEAST,
    LEVEL,
    PERIODS,
    REGISTER,
    SEED,
    ClaimsTable,
    Facts,
    Finding,
    Window,
    nothing,
    verdict,
    wilson,
)
from pipelines.index import UNDATED, compute, draws
from pipelines.index.evidence import quotients
from pipelines.schema import one_of

#: Group of sectors → the sectors a source has for it. Sources without one are left out: 企业服务 (services to companies) is no
#: outsourcing, and half of the companies are neither.
GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "gaming": {
        REGISTER: ("gaming",),
        "itjuzi": ("游戏",),
        "financedatabase": ("Entertainment",),
    },
    "hardware": {
        REGISTER: ("telecom_equipment", "consumer_electronics", "electronics_manufacturing"),
        "itjuzi": ("硬件",),
        "financedatabase": (
            "Communications Equipment",
            "Electronic Equipment, Instruments & Components",
            "Technology Hardware, Storage & Peripherals",
        ),
    },
    "internet without Tencent": {
        REGISTER: ("internet", "ecommerce", "social", "media", "gaming", "local_services"),
        "itjuzi": ("移动互联网", "电子商务", "社交网络", "文化娱乐", "游戏", "本地生活"),
        "financedatabase": (
            "Interactive Media & Services",
            "Internet & Direct Marketing Retail",
            "Entertainment",
            "Media",
        ),
    },
    "semiconductors": {
        REGISTER: ("semiconductors",),
        "financedatabase": ("Semiconductors & Semiconductor Equipment",),
    },
    "outsourcing": {
        REGISTER: ("it_outsourcing",),
        "financedatabase": ("IT Services",),
    },
}

#: Company that a group leaves out altogether.
WITHOUT = {"internet without Tencent": "Tencent"}

#: Groups that a source knows only inside a wider class of its own, or without those that list in New York, as most internet
#: firms do: shown beside, but no test of the claim.
WIDER = {("financedatabase", group) for group in ("gaming", "outsourcing", "internet without Tencent")}

#: What a source counts, and its classification in ``marts.sector_rows``.
COUNTED = {
    REGISTER: ("companies", "companies"),
    "itjuzi": ("deals", "companies with a deal in the period"),
    "financedatabase": ("listed companies, industry", "listed companies"),
}

ELSEWHERE = "elsewhere"


class SectorQuotients(ClaimsTable):
    """One row per source, period, place and group of sectors that a claim is about: location quotient with its interval."""

    table = "index.quotients"

    dataset = dy.String(primary_key=True, description="Source.")
    period = dy.String(primary_key=True, check=one_of(*PERIODS), description="baseline (2009–2012) or current.")
    year_first = dy.Int64(nullable=True, description="First year of the period; null: a list without date.")
    year_last = dy.Int64(nullable=True, description="Last year of the period.")
    counted = dy.String(description="What is counted.")
    unit = dy.String(
        primary_key=True,
        description="City; or province, marked so, where the source knows no more. Ten or more are counted in it.",
    )
    is_city = dy.Bool(description="Is it a city.")
    sector = dy.String(primary_key=True, description="Group of sectors.")
    observed = dy.Int64(min=0, description="Companies of the group here.")
    total = dy.Int64(min=1, description="Companies of all sectors here.")
    expected = dy.Float64(min=0, description="Companies of the group if the place were like the country.")
    quotient = dy.Float64(min=0, description="Location quotient, posterior mean.")
    low = dy.Float64(description="Lower end of its 90% interval.")
    high = dy.Float64(description="Upper end of that interval.")
    p_above_one = dy.Float64(min=0, max=1, description="P(quotient > 1).")
    is_specialised = dy.Bool(description="P(quotient > 1) is .95 or more, of five companies or more.")
    is_wider_class = dy.Bool(description="The source has the group only inside a wider class, or in part: no test of the claim.")


def _rows(facts: Facts, window: Window, dataset: str) -> pl.DataFrame:
    """One row per company, sector and place (company, sector, unit, is_city) that stood in the window.

    The register's companies not closed by then; acquired ones stay, since most go on working where they are. Listed ones as
    they are listed today, founded by then; of those a source of deals has, those with a deal in it.
    """
    if dataset == REGISTER:
        return facts.companies.filter(
            (pl.col("country") == facts.country)
            & (pl.col("founded") <= window.last)
            & (pl.col("exit_year").is_null() | (pl.col("exit_how") != "closure") | (pl.col("exit_year") >= window.first))
        ).select("company", "sector", pl.col("city").alias("unit"), pl.lit(True).alias("is_city"))
    rows = facts.sectors.filter(
        (pl.col("dataset") == dataset) & (pl.col("classification") == COUNTED[dataset][0]) & (pl.col("country") == facts.country)
    ).drop_nulls("unit")
    if COUNTED[dataset][0] == "deals":
        rows = rows.filter(pl.col("year").is_between(window.first, window.last))
    elif window.last != UNDATED:
        rows = rows.filter(pl.col("year") <= window.last)
    return rows.select("company", "sector", "unit", "is_city").unique()


def table(facts: Facts, window: Window, dataset: str) -> pl.DataFrame:
    """Location quotients of every group in every place with ten companies or more; the others together are the rest.

    Returns unit, is_city, sector (the group), observed, total, expected, quotient, low, high, p_above_one, is_specialised.
    """
    if (dataset, window) in facts.quotients:
        return facts.quotients[dataset, window]
    rows = _rows(facts, window, dataset)
    groups = [group for group, by_source in GROUPS.items() if dataset in by_source]
    is_there = set(rows["company"])
    without = {group: company for group, company in WITHOUT.items() if company in is_there}
    parts = [
        _fit(rows.filter(pl.col("company") != left_out) if left_out else rows, part, dataset)
        for left_out in (None, *sorted(set(without.values())))
        if (part := [group for group in groups if without.get(group) == left_out])
    ]
    found = pl.concat(parts).sort("sector", "unit")
    facts.quotients[dataset, window] = found
    return found


def _fit(rows: pl.DataFrame, groups: list[str], dataset: str) -> pl.DataFrame:
    sizes = rows.group_by("unit").len()
    large = sizes.filter(pl.col("len") >= LEAST)["unit"].to_list()
    unit = pl.when(pl.col("unit").is_in(large)).then("unit").otherwise(pl.lit(ELSEWHERE))
    counts = (
        rows.group_by(unit.alias("unit"), "sector").len().pivot("sector", index="unit", values="len").fill_null(0).sort("unit")
    )
    sectors, units = sorted(counts.columns[1:]), counts["unit"].to_list()
    members = {group: [sectors.index(one) for one in GROUPS[group][dataset] if one in sectors] for group in groups}
    # Of a group without a single company, or with one place only, there is nothing to compare.
    present = [group for group in groups if members[group]]
    schema = {
        "unit": pl.String,
        "is_city": pl.Boolean,
        "sector": pl.String,
        "observed": pl.Int64,
        "total": pl.Int64,
        "expected": pl.Float64,
        "quotient": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "p_above_one": pl.Float64,
        "is_specialised": pl.Boolean,
    }
    if len(units) < 2 or len(sectors) < 2 or not present:
        return pl.DataFrame(schema=schema)
    fit = quotients.quotients(
        counts.select(sectors).to_numpy(), [members[group] for group in present], np.random.default_rng(SEED)
    )
    is_city = dict(rows.select("unit", "is_city").unique().iter_rows())
    totals = counts.select(pl.sum_horizontal(sectors)).to_series().to_list()
    return pl.DataFrame(
        [
            (
                place,
                is_city[place],
                group,
                int(fit.observed[at, index]),
                totals[at],
                float(fit.expected[at, index]),
                fit.mean(at, index),
                *fit.interval(at, index, LEVEL),
                fit.above_one(at, index),
                fit.is_specialised(at, index),
            )
            for at, place in enumerate(units)
            if place != ELSEWHERE
            for index, group in enumerate(present)
        ],
        schema=schema,
        orient="row",
    )


def _said(row: dict[str, object]) -> str:
    return (
        f"{row['sector']} {row['observed']} of {row['total']} where {row['expected']:.1f} are expected, "
        f"P(quotient > 1) = {row['p_above_one']:.2f}"
    )


def _missing(facts: Facts, window: Window, dataset: str, city: str, groups: tuple[str, ...]) -> Finding:
    """Why there is nothing to say of the city; what is known of its province is said of the province only."""
    rows = _rows(facts, window, dataset)
    province = f"{facts.provinces.get(city)} (province)"
    known = table(facts, window, dataset).filter((pl.col("unit") == province) & pl.col("sector").is_in(groups))
    if known.height:
        said = "; ".join(_said(row) for row in known.iter_rows(named=True))
        return nothing(0, f"the source knows the province only, and that is not {city}: {province}: {said}")
    n = rows.filter(pl.col("unit") == city).height
    return nothing(n, f"{n} {COUNTED[dataset][1]} of {city}, {rows.height} in all")


def specialised(city: str, group: str) -> Callable[[Facts, Window, str], Finding]:
    """Claims 9 and 12: whether the city's location quotient for the group of sectors is above one."""

    def claim(facts: Facts, window: Window, dataset: str = REGISTER) -> Finding:
        found = table(facts, window, dataset).filter((pl.col("unit") == city) & (pl.col("sector") == group))
        if found.is_empty():
            return _missing(facts, window, dataset, city, (group,))
        row = found.row(0, named=True)
        return Finding(
            verdict(row["is_specialised"], row["p_above_one"] <= 0.05),
            row["quotient"],
            row["low"],
            row["high"],
            row["total"],
            f"{_said(row)}; {COUNTED[dataset][1]}",
        )

    return claim


def shenzhen(facts: Facts, window: Window, dataset: str = REGISTER) -> Finding:
    """Claim 10: Shenzhen's quotient for hardware above one and, without Tencent, for internet sectors below."""
    groups = ("hardware", "internet without Tencent")
    found = table(facts, window, dataset).filter((pl.col("unit") == "Shenzhen") & pl.col("sector").is_in(groups))
    if found.height < len(groups):
        return _missing(facts, window, dataset, "Shenzhen", groups)
    hard, net = (found.row(by_predicate=pl.col("sector") == group, named=True) for group in groups)
    return Finding(
        verdict(
            hard["p_above_one"] >= 0.95 and net["p_above_one"] <= 0.05,
            hard["p_above_one"] <= 0.05 or net["p_above_one"] >= 0.95,
        ),
        hard["quotient"],
        hard["low"],
        hard["high"],
        hard["total"],
        f"{_said(hard)}; {_said(net)}; {COUNTED[dataset][1]}; the interval is that of hardware",
    )


def hangzhou(facts: Facts, window: Window, dataset: str = REGISTER) -> Finding:
    """Claim 11: the share of the largest firm and its offspring in the value of Hangzhou's companies.

    The interval resamples the other companies; the firm and its offspring stay, being the claim's subject.
    """
    reach = pl.col("year").is_between(window.first - 1, window.last + 1)
    valued = facts.valuations.filter((pl.col("city") == "Hangzhou") & reach).sort("year", "company")
    latest = valued.group_by("company", maintain_order=True).last()
    if latest.height < LEAST:
        return nothing(latest.height, f"{latest.height} companies with a published value in {window.first - 1}–{window.last + 1}")
    top = latest.sort("value_usd_bn", descending=True)["company"][0]
    parents = dict(facts.companies.select("company", "parent").iter_rows())
    offspring = [name for name in latest["company"] if name == top or parents.get(name) == top]
    inside = latest.filter(pl.col("company").is_in(offspring))["value_usd_bn"].to_numpy()
    outside = latest.filter(~pl.col("company").is_in(offspring))["value_usd_bn"].to_numpy()
    weights = draws.resample(compute.BOOTSTRAPS, len(outside), np.random.default_rng(SEED))
    low, high = (float(bound) for bound in draws.interval(inside.sum() / (inside.sum() + weights @ outside)))
    share = float(inside.sum() / (inside.sum() + outside.sum()))
    detail = f"{top} and {len(offspring) - 1} offspring US${inside.sum():.0f}bn of US${inside.sum() + outside.sum():.0f}bn"
    return Finding(verdict(low > 0.5, high < 0.25), share, low, high, latest.height, detail)


def japan(facts: Facts, window: Window, dataset: str = REGISTER) -> Finding:
    """Claim 12c: Dalian's outsourcing companies whose largest published market is Japan."""
    known = facts.companies.filter(
        (pl.col("city") == "Dalian")
        & (pl.col("sector") == "it_outsourcing")
        & pl.col("main_market").is_not_null()
        & (pl.col("founded") <= window.last)
    )
    k, n = known.filter(pl.col("main_market") == "JP").height, known.height
    if n < 5:
        return nothing(n, f"{n} companies with a published largest market")
    low, high = wilson(k, n)
    return Finding(verdict(low > 0.5, high < 0.5), k / n, low, high, n, f"{k} of {n} companies; not weighted by revenue")
