"""Each claim's rule on small hand-made facts: what supports it, what contradicts it, what is too little to say."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import polars as pl
import pytest

from pipelines import settings
from pipelines.claims import capital, founders, growth, outlook, schools, scorecard, sectors, services
from pipelines.claims.facts import Facts, Window
from pipelines.claims.finding import ClaimTest, Finding
from pipelines.index import BENCHMARK
from pipelines.index.measure.coverage import DetectionRates
from pipelines.index.result import Result
from pipelines.ingest.sources import reference

NOW = Window("current", 2010, 2013)
SCHEMAS: dict[str, dict[str, Any]] = {
    "baseline": {"first_year": pl.Int64, "last_year": pl.Int64},
    "provinces": {"country": pl.String, "city": pl.String, "province": pl.String},
    "companies": {
        "company": pl.String, "country": pl.String, "city": pl.String, "city_founded": pl.String, "sector": pl.String,
        "founded": pl.Int64,
        "exit_year": pl.Int64, "exit_how": pl.String, "parent": pl.String, "main_market": pl.String,
    },
    "deals": {
        "dataset": pl.String, "deal": pl.String, "company": pl.String, "country": pl.String, "city": pl.String, "unit": pl.String,
        "is_city": pl.Boolean, "year": pl.Int64, "month": pl.Int64, "round": pl.String, "usd_low": pl.Float64,
        "usd_high": pl.Float64,
    },
    "deal_investors": {"dataset": pl.String, "deal": pl.String, "investor": pl.String},
    "deal_origin": {
        "dataset": pl.String, "deal": pl.String, "company": pl.String, "company_country": pl.String, "destination": pl.String,
        "origin": pl.String,
        "year": pl.Int64, "n_investors": pl.Int64, "n_located": pl.Int64, "any_rule": pl.Int64, "office_rule": pl.Int64,
        "office_rule_dated": pl.Int64, "lead_rule": pl.Float64, "fractional_rule": pl.Float64,
    },
    "founders": {
        "country": pl.String, "city": pl.String, "founded": pl.Int64, "n_earlier_ventures": pl.Int64, "is_returnee": pl.Boolean,
        "field": pl.String,
    },
    "founder_schools": {"founder": pl.String, "company": pl.String, "university": pl.String, "entry_year": pl.Int64},
    "school_lists": {
        "dataset": pl.String, "measure": pl.String, "university": pl.String, "country": pl.String, "city": pl.String,
        "value": pl.Float64, "year_from": pl.Int64, "year_to": pl.Int64,
    },
    "listing_advisers": {
        "dataset": pl.String, "document": pl.String, "year": pl.Int64, "kind": pl.String, "firm": pl.String, "city": pl.String,
        "country": pl.String,
    },
    "sectors": {
        "dataset": pl.String, "classification": pl.String, "country": pl.String, "unit": pl.String, "is_city": pl.Boolean,
        "sector": pl.String, "year": pl.Int64, "company": pl.String,
    },
    "unicorns": {"dataset": pl.String, "company": pl.String, "country": pl.String, "city": pl.String},
    "zones": {"city": pl.String, "approved_year": pl.Int64},
    "indicators": {"indicator": pl.String, "pillar": pl.String, "weight": pl.Float64},
    "service_offices": {"firm": pl.String, "kind": pl.String, "country": pl.String, "city": pl.String, "opened": pl.Int64},
    "valuations": {"company": pl.String, "city": pl.String, "year": pl.Int64, "value_usd_bn": pl.Float64},
    "coverage": {"city": pl.String, "detection_rate": pl.Float64},
}  # fmt: skip


#: What a row is of unless it says otherwise.
DEFAULTS = {"dataset": "register", "is_city": True}
FIXED = {
    "baseline": [{"first_year": 2009, "last_year": 2012}],
    "provinces": [{"country": "CN", "city": "Shenzhen", "province": "Guangdong"}],
}


def facts(index: Any = None, **tables: Iterable[dict[str, Any]]) -> Facts:
    tables = FIXED | tables
    frames = {
        name: pl.DataFrame(
            [{column: row.get(column, DEFAULTS.get(column)) for column in schema} for row in tables.get(name, ())], schema=schema
        )
        for name, schema in SCHEMAS.items()
    }
    return Facts(**frames, index=index, country="CN")


def origin_facts(beijing: int, elsewhere: int, rates: dict[str, float]) -> Facts:
    """One deal a company; Beijing companies are financed from Beijing, the others from Shanghai."""
    places = ["Beijing"] * beijing + ["Shanghai"] * elsewhere
    deals = [
        {"deal": f"D{i}", "company": f"C{i}", "country": "CN", "city": place, "year": 2011} for i, place in enumerate(places)
    ]
    rules = {f"{rule}_rule": 1 for rule in ("any", "office", "lead", "fractional")} | {"office_rule_dated": 1}
    split = {"n_investors": 1, "n_located": 1} | rules
    split |= {"company_country": "CN", "year": 2011}
    origin = [
        split | {"deal": one["deal"], "company": one["company"], "destination": one["city"], "origin": one["city"]}
        for one in deals
    ]
    return facts(
        deals=deals, deal_origin=origin, coverage=[{"city": city, "detection_rate": rate} for city, rate in rates.items()]
    )


@pytest.mark.parametrize(
    ("beijing", "elsewhere", "verdict"),
    [(70, 30, "supported"), (20, 80, "contradicted"), (95, 5, "contradicted"), (5, 2, "no data")],
)
def test_origination(beijing: int, elsewhere: int, verdict: str) -> None:
    found = capital.origination()(origin_facts(beijing, elsewhere, {"Beijing": 0.5, "Shanghai": 0.5}), NOW)
    assert found.verdict == verdict
    if verdict != "no data":
        assert found.estimate == pytest.approx(beijing / 100)


def test_origination_counts_a_deal_for_as_many_as_it_stands_for() -> None:
    found = capital.origination()(origin_facts(80, 20, {"Beijing": 0.8, "Shanghai": 0.2}), NOW)
    assert found.estimate == pytest.approx(0.5)


def test_origination_is_undecided_where_the_answer_hangs_on_what_is_unknown() -> None:
    world = origin_facts(85, 15, {"Beijing": 0.5, "Shanghai": 0.5})
    undated = facts(
        deals=world.deals.to_dicts(),
        deal_origin=world.deal_origin.with_columns(pl.lit(0).cast(pl.Int64).alias("office_rule_dated")).to_dicts(),
        coverage=world.coverage.to_dicts(),
    )
    assert capital.origination()(world, NOW).verdict == "contradicted"
    between = capital.origination()(undated, NOW)
    assert (between.verdict, between.low) == ("not separable", 0), "outside 65–75% either way, but on its two sides"
    some = world.deal_origin.with_columns(
        (pl.col("deal").str.slice(1).cast(pl.Int64) < 70).cast(pl.Int64).alias("office_rule_dated")
    )
    mixed = facts(deals=world.deals.to_dicts(), deal_origin=some.to_dicts(), coverage=world.coverage.to_dicts())
    found = capital.origination()(mixed, NOW)
    assert found.verdict == "not separable"
    assert found.low is not None
    assert found.low < 0.70 < 0.85 == pytest.approx(found.estimate)


def test_services_separate_only_what_resampling_firms_separates() -> None:
    def offices(beijing: int, shanghai: int) -> Facts:
        places = ["Beijing"] * beijing + ["Shanghai"] * shanghai
        rows = [{"firm": f"F{i}", "kind": "law", "country": "CN", "city": city, "opened": 2000} for i, city in enumerate(places)]
        return facts(index_of(np.ones((2, 3)), np.ones((2, 3))), service_offices=rows)

    law = services.offices("law")
    assert law(offices(60, 10), NOW).verdict == "supported"
    assert law(offices(10, 60), NOW).verdict == "contradicted"
    assert law(offices(21, 20), NOW).verdict == "not separable"
    assert law(offices(3, 2), NOW).verdict == "no data"


def test_undated_offices_do_not_tell_the_past() -> None:
    rows = [{"firm": f"F{i}", "kind": "law", "country": "CN", "city": "Beijing"} for i in range(30)]
    world = facts(index_of(np.ones((2, 3)), np.ones((2, 3))), service_offices=rows)
    then = services.offices("law")(world, Window("baseline", 2009, 2012))
    assert (then.verdict, "have no opening year" in then.detail) == ("no data", True)


def test_an_office_opened_later_does_not_count() -> None:
    rows = [{"firm": f"F{i}", "kind": "law", "country": "CN", "city": "Beijing", "opened": 2020} for i in range(30)]
    assert services.offices("law")(facts(service_offices=rows), NOW).n == 0


def founding(city: str, repeat: int, first: int) -> list[dict[str, Any]]:
    row = {"country": "CN", "city": city, "founded": 2011}
    return [row | {"n_earlier_ventures": 1}] * repeat + [row | {"n_earlier_ventures": 0}] * first


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict"),
    [
        ((60, 40), (10, 90), "supported"),
        ((10, 90), (60, 40), "contradicted"),
        ((6, 10), (5, 10), "not separable"),
        ((6, 10), (2, 3), "no data"),
    ],
)
def test_repeat_founding(ours: tuple[int, int], theirs: tuple[int, int], verdict: str) -> None:
    table = founding("Beijing", *ours) + founding("Shanghai", *theirs)
    assert founders.repeat_founding(facts(founders=table), NOW).verdict == verdict


def test_the_rival_is_set_by_size_not_by_its_rate() -> None:
    table = founding("Beijing", 30, 30) + founding("Shanghai", 20, 30) + founding("Hangzhou", 10, 1)
    assert "against Shanghai 20 of 50" in founders.repeat_founding(facts(founders=table), NOW).detail


def test_returnees() -> None:
    def world(a: int, b: int, c: int, d: int) -> Facts:
        cells = [("Beijing", "tech", a), ("Beijing", "finance", b), ("Shanghai", "tech", c), ("Shanghai", "finance", d)]
        row = {"country": "CN", "founded": 2011, "is_returnee": True}
        return facts(founders=[row | {"city": city, "field": field} for city, field, n in cells for _ in range(n)])

    assert founders.returnees(world(30, 2, 10, 20), NOW).verdict == "supported"
    assert founders.returnees(world(10, 20, 30, 2), NOW).verdict == "contradicted"
    assert founders.returnees(world(10, 5, 10, 5), NOW).verdict == "not separable"
    assert founders.returnees(world(10, 5, 3, 1), NOW).verdict == "no data"


def companies(**counts: int) -> list[dict[str, Any]]:
    """``city__sector=n`` companies."""
    rows = []
    for key, n in counts.items():
        city, sector = key.split("__")
        rows += [{"company": f"{key}{i}", "country": "CN", "city": city, "sector": sector, "founded": 2005} for i in range(n)]
    return rows


def test_specialisation() -> None:
    games = sectors.specialised("Shanghai", "gaming")
    strong = companies(Shanghai__gaming=40, Shanghai__ai=40, Beijing__gaming=10, Beijing__ai=150)
    weak = companies(Shanghai__gaming=4, Shanghai__ai=76, Beijing__gaming=60, Beijing__ai=60)
    assert games(facts(companies=strong), NOW).verdict == "supported"
    assert games(facts(companies=weak), NOW).verdict == "contradicted"
    assert games(facts(companies=companies(Shanghai__gaming=3, Beijing__ai=50)), NOW).verdict == "no data"


def test_closed_companies_do_not_make_a_specialisation() -> None:
    closed = [row | {"exit_how": "closure", "exit_year": 2008} for row in companies(Shanghai__gaming=40)]
    found = sectors.specialised("Shanghai", "gaming")(
        facts(companies=closed + companies(Shanghai__ai=20, Beijing__gaming=20)), NOW
    )
    assert found.detail.startswith("gaming 0 of 20")


def test_shenzhen_counts_internet_without_tencent() -> None:
    table = companies(Shenzhen__telecom_equipment=40, Shenzhen__internet=2, Beijing__telecom_equipment=10, Beijing__internet=90)
    tencent = {"company": "Tencent", "country": "CN", "city": "Shenzhen", "sector": "internet", "founded": 1998}
    found = sectors.shenzhen(facts(companies=[*table, tencent]), NOW)
    assert found.verdict == "supported"
    assert "internet without Tencent 2 of 42 where" in found.detail


def test_hangzhou_counts_the_offspring() -> None:
    firms = [{"company": "Alibaba"}, {"company": "Ant Group", "parent": "Alibaba"}, *({"company": f"H{i}"} for i in range(10))]
    value = {"Alibaba": 100.0, "Ant Group": 50.0}
    valued = [
        {"company": one["company"], "city": "Hangzhou", "year": 2012, "value_usd_bn": value.get(one["company"], 2.0)}
        for one in firms
    ]
    found = sectors.hangzhou(facts(companies=firms, valuations=valued), NOW)
    assert (found.verdict, found.estimate) == ("supported", pytest.approx(150 / 170))
    assert sectors.hangzhou(facts(companies=firms, valuations=valued[:5]), NOW).verdict == "no data"


def test_japan_needs_five_published_markets() -> None:
    row = {"city": "Dalian", "sector": "it_outsourcing", "founded": 2000}
    table = [row | {"company": str(i), "main_market": "JP" if i < 9 else "US"} for i in range(10)]
    assert sectors.japan(facts(companies=table), NOW).verdict == "supported"
    assert sectors.japan(facts(companies=table[:4]), NOW).verdict == "no data"


def equal_rates(cities: list[str], spread: float = 0.0, **rates: float) -> DetectionRates:
    """A detection rate of one half for each city, or the given rate, independently uncertain by ``spread`` of the log."""
    means = np.log([[rates.get(city, 0.5) for city in cities]])
    return DetectionRates(np.ones(1), means, spread * np.eye(len(cities))[None], np.zeros(1))


def index_of(
    readiness: np.ndarray,
    counts: np.ndarray,
    values: pl.DataFrame | None = None,
    detection_rates: DetectionRates | None = None,
    detection_cities: Iterable[str] = (),
) -> Result:
    """A result with the same draws (draw, city) for 2010–2013; the cities are Beijing, the benchmark and Shanghai."""
    cities, years = ["Beijing", BENCHMARK, "Shanghai"], np.arange(2010, 2014)
    frame = pl.DataFrame()
    draws = np.repeat(readiness[:, None], 4, axis=1)
    return Result(
        indicator_values=frame if values is None else values,
        goalposts=frame,
        scores=frame,
        pairwise=frame,
        years=years,
        cities=cities,
        ranked=np.tile([True, False, True], (4, 1)),
        headline=2013,
        draws={"Readiness": draws},
        pillar_draws={"P1": draws},
        realised_counts=np.repeat(counts[:, None], 4, axis=1)[..., None],
        company_draws={"Readiness": draws},
        detection_rates=detection_rates or equal_rates([]),
        detection_cities=list(detection_cities),
    )


@pytest.mark.parametrize(("share", "verdict"), [(0.97, "supported"), (0.70, "not separable"), (0.30, "contradicted")])
def test_best_shot_counts_first_places_among_ranked_cities(share: float, verdict: str) -> None:
    wins = np.arange(1000) < share * 1000
    readiness = np.column_stack([np.where(wins, 2.0, 0.0), np.full(1000, 9.0), np.ones(1000)])
    found = outlook.best_shot(facts(index_of(readiness, readiness)), NOW)
    assert (found.verdict, found.estimate) == (verdict, pytest.approx(share))
    assert schools.schools(facts(index_of(readiness, readiness)), NOW).estimate == pytest.approx(share)


def test_a_tie_for_the_first_place_is_shared() -> None:
    found = outlook.best_shot(facts(index_of(np.ones((100, 3)), np.ones((100, 3)))), NOW)
    assert found.estimate == pytest.approx(0.5)


@pytest.mark.parametrize(("ratio", "verdict"), [(0.2, "supported"), (0.5, "not separable"), (3.0, "contradicted")])
def test_distance(ratio: float, verdict: str) -> None:
    spread = np.exp(np.random.default_rng(1).normal(0, 0.2, 1000))
    counts = np.column_stack([ratio * spread, np.ones(1000), np.ones(1000)])
    coverage = [{"city": "Beijing", "detection_rate": 0.6}, {"city": BENCHMARK, "detection_rate": 0.1}]
    found = outlook.distance(facts(index_of(counts, counts), coverage=coverage), NOW)
    assert found.verdict == verdict
    assert found.estimate == pytest.approx(ratio, rel=0.05)


def urn(alpha: float, rng: np.random.Generator) -> Facts:
    """Forty cities, most of them small, from which a dozen companies a year choose by stock to the power α."""
    cities = ["Beijing", "Shanghai", *(f"C{i}" for i in range(38))]
    stock = np.array([16.0, 8.0, 4.0, 2.0, *[0.0] * 36])
    deals = [
        {"deal": f"{city}{i}", "company": f"{city}{i}", "country": "CN", "unit": city, "year": 1994}
        for city, n in zip(cities, stock, strict=True)
        for i in range(int(n))
    ]
    for year in range(1995, 2014):
        pull = (stock + 0.5) ** alpha
        arrivals = np.bincount(rng.choice(40, size=12, p=pull / pull.sum()), minlength=40)
        deals += [
            {"deal": f"{city}{year}{i}", "company": f"{city}{year}{i}", "country": "CN", "unit": city, "year": year}
            for city, n in zip(cities, arrivals, strict=True)
            for i in range(n)
        ]
        stock += arrivals
    companies = [{"company": city, "country": "CN", "city_founded": city, "city": city, "founded": 1990} for city in cities]
    return facts(deals=deals, companies=companies)


@pytest.mark.slow
def test_lead_does_not_find_catching_up_in_proportional_growth() -> None:
    rng = np.random.default_rng(2)
    found = [growth.lead()(urn(1.0, rng), NOW) for _ in range(12)]
    assert np.mean([one.high is not None and one.high < 1 for one in found]) <= 0.2


def test_lead_finds_a_planted_catch_up() -> None:
    found = growth.lead()(urn(0.3, np.random.default_rng(3)), NOW)
    assert found.verdict == "contradicted"
    assert found.high is not None
    assert found.high < 1
    assert growth.lead()(facts(deals=urn(1.0, np.random.default_rng(4)).deals.head(20).to_dicts()), NOW).verdict == "no data"


LATER = Window("current", 2014, 2017)


def alumni(shock: float, known: float = 1.0, cycle: float = 0.0, seed: int = 5) -> Facts:
    """Founders of six schools, entry years 1980–2004, whose cohorts differ in strength by ``shock`` or every tenth year."""
    rng = np.random.default_rng(seed)
    schools, firms = [], []
    for school in range(6):
        for year in range(1980, 2005):
            own = rng.gamma(1 / shock**2, shock**2) if shock else 1.0
            for _ in range(rng.poisson(1.5 * own * np.exp(cycle * (year % 10 == 3)))):
                name = f"F{len(firms)}"
                told = year if rng.random() < known else None
                firms.append({"company": name, "country": "CN", "founded": year + int(rng.integers(3, 13))})
                schools.append({"founder": name, "company": name, "university": f"S{school}", "entry_year": told})
    return facts(companies=firms, founder_schools=schools)


def test_schoolmates_found_and_placebo_null_is_support_and_no_more_is_said() -> None:
    found = schools.schoolmates(alumni(1.0), LATER)
    assert (found.verdict, found.detail.startswith("consistent with")) == ("supported", True)
    assert schools.schoolmates(alumni(0.0), LATER).verdict == "not separable"


def test_a_placebo_that_clusters_as_well_contradicts() -> None:
    assert schools.schoolmates(alumni(0.0, cycle=2.0), LATER).verdict == "contradicted"


def test_few_known_entry_years_give_no_verdict_however_they_cluster() -> None:
    found = schools.schoolmates(alumni(1.0, known=0.3), LATER)
    assert (found.verdict, "entry years known for" in found.detail) == ("no data", True)
    assert schools.schoolmates(alumni(1.0), Window("baseline", 1984, 1987)).verdict == "no data", (
        "companies founded later do not count"
    )
    assert schools.schoolmates(facts(), NOW).verdict == "no data"


def test_classmates_of_one_company_and_a_founder_of_several_count_once() -> None:
    world = alumni(0.0)
    classmates = [
        {
            "founder": f"{row['founder']} {one}",
            "company": row["company"],
            "university": row["university"],
            "entry_year": row["entry_year"],
        }
        for row in world.founder_schools.iter_rows(named=True)
        for one in range(3)
    ]
    more = [row | {"company": f"{row['company']} again", "founded": row["founded"] + 1} for row in world.companies.to_dicts()]
    again = [row | {"company": f"{row['company']} again"} for row in world.founder_schools.to_dicts()]
    once = schools.schoolmates(world, LATER)
    assert (
        schools.schoolmates(facts(companies=world.companies.to_dicts(), founder_schools=classmates), LATER).estimate
        == once.estimate
    )
    serial = facts(companies=world.companies.to_dicts() + more, founder_schools=world.founder_schools.to_dicts() + again)
    assert schools.schoolmates(serial, Window("current", 2020, 2023)) == schools.schoolmates(world, Window("current", 2020, 2023))


def race(beijing: int, shanghai: int, **held: Any) -> Facts:
    """Yearly numbers of new backed companies, steady for twenty years, two other cities beside."""
    yearly = {"Beijing": beijing, "Shanghai": shanghai, "C1": 3, "C2": 2}
    deals = [
        {"deal": f"{city} {year} {one}", "company": f"{city} {year} {one}", "country": "CN", "unit": city, "year": year}
        for city, count in yearly.items()
        for year in range(1994, 2014)
        for one in range(count)
    ]
    firms = [{"company": city, "country": "CN", "city_founded": city, "founded": 1990} for city in yearly]
    index = index_of(np.ones((2, 3)), np.ones((2, 3)), detection_rates=equal_rates([*yearly], **held), detection_cities=yearly)
    return facts(index, deals=deals, companies=firms)


@pytest.mark.slow
def test_overtaking() -> None:
    wide, close, behind = (growth.overtaking(race(*yearly), NOW) for yearly in ((15, 5), (10, 10), (5, 15)))
    assert (wide.verdict, wide.estimate) == ("supported", pytest.approx(0, abs=0.01))
    assert close.verdict == "contradicted"
    assert (behind.verdict, behind.estimate) == ("contradicted", pytest.approx(1))
    assert growth.overtaking(facts(), NOW).verdict == "no data"


@pytest.mark.slow
def test_a_lead_that_may_be_attention_is_no_safe_lead() -> None:
    assert growth.overtaking(race(15, 10), NOW).verdict == "supported"
    assert growth.overtaking(race(15, 10, Shanghai=0.25), NOW).verdict == "contradicted", "half as well known, twice as many"
    unsure = growth.overtaking(race(15, 10, spread=0.25), NOW)
    assert unsure.verdict == "not separable"
    assert unsure.low is not None and unsure.high is not None
    assert unsure.low < 0.05 < 0.9 < unsure.high


def zoned(at_low: float, more: float, scale: float, seed: int = 6) -> Facts:
    """120 cities with a score in P1–P4, zones of any age, and new backed companies of 2010–2013 that follow from both."""
    rng = np.random.default_rng(seed)
    names = [f"C{i}" for i in range(120)]
    score, age = rng.uniform(10, 90, 120), rng.integers(0, 20, 120)
    strength = np.exp(np.log(scale) + 0.01 * score + (at_low + more * (score - 30) / 40) * age / 10)
    counts = rng.poisson(strength)
    deals = [
        {"deal": f"{name} {one}", "company": f"{name} {one}", "country": "CN", "unit": name, "year": 2010 + one % 4}
        for name, count in zip(names, counts, strict=True)
        for one in range(count)
    ]
    pillars = ("P1", "P2", "P3", "P4")
    values = pl.DataFrame(
        [
            {"city": name, "year": 2009, "indicator": pillar, "normalised": float(value)}
            for name, value in zip([*names, BENCHMARK], [*score, 100.0], strict=True)
            for pillar in pillars
        ]
    )
    return facts(
        index_of(np.ones((2, 3)), np.ones((2, 3)), values),
        deals=deals,
        zones=[{"city": name, "approved_year": 2009 - int(one)} for name, one in zip(names, age, strict=True) if one],
        indicators=[{"indicator": pillar, "pillar": pillar, "weight": 1.0} for pillar in pillars],
    )


@pytest.mark.parametrize(
    ("at_low", "more", "scale", "verdict"),
    [
        (0.0, 0.5, 2.0, "supported"),
        (0.5, 0.0, 2.0, "contradicted"),
        (0.5, 0.5, 2.0, "not separable"),
        (0.0, 0.0, 2.0, "not separable"),
        (0.0, 0.5, 0.02, "no data"),
    ],
)
def test_parks_alone(at_low: float, more: float, scale: float, verdict: str) -> None:
    found = outlook.parks_alone(zoned(at_low, more, scale), NOW)
    assert found.verdict == verdict
    if verdict != "no data":
        assert found.n == 120


def test_a_zone_approved_in_the_period_has_no_age_yet() -> None:
    world = zoned(0.0, 0.5, 2.0)
    later = facts(
        world.index,
        deals=world.deals.to_dicts(),
        indicators=world.indicators.to_dicts(),
        zones=[row | {"approved_year": 2011} for row in world.zones.to_dicts()],
    )
    assert outlook.parks_alone(later, NOW).verdict == "no data", "no zone is older than another"


def test_claims_csv_and_the_functions_are_the_same_claims() -> None:
    table = reference.FILES.parse("claims", (settings.REFERENCE / "claims.csv").read_bytes())
    assert set(table["claim"]) == scorecard.CLAIMS


# Other sources than the register


def listed_deals(
    dataset: str, places: dict[str, int], investors: dict[str, str] | None = None
) -> dict[str, list[dict[str, Any]]]:
    """Deals of 2011 of a source that has one place per company and investor; Beijing's are financed at home."""
    deals, origin = [], []
    for place, count in places.items():
        for one in range(count):
            name = f"{dataset} {place} {one}"
            deals.append({"dataset": dataset, "deal": name, "company": name, "country": "CN", "unit": place, "year": 2011})
            row = {"dataset": dataset, "deal": name, "company": name, "company_country": "CN", "year": 2011, "n_investors": 1}
            row |= {f"{rule}_rule": 1 for rule in ("any", "office", "lead", "fractional")} | {"office_rule_dated": 1}
            origin.append(row | {"n_located": 1, "origin": (investors or {}).get(place, place)})
    return {"deals": deals, "deal_origin": origin}


def test_a_source_without_offices_does_not_test_the_rule_of_offices() -> None:
    world = facts(**listed_deals("crunchbase", {"Beijing": 30, "Shanghai": 70}))
    found = capital.origination("office")(world, NOW, "crunchbase")
    assert (found.verdict, "no other offices" in found.detail) == ("no data", True)
    assert capital.origination("any")(world, NOW, "crunchbase").verdict == "contradicted"


def test_an_investor_known_by_its_country_may_sit_in_the_city() -> None:
    known = capital.origination("any")(facts(**listed_deals("a", {"Beijing": 50, "Shanghai": 50})), NOW, "a")
    vague = facts(**listed_deals("a", {"Beijing": 50, "Shanghai": 50}, {"Shanghai": "CN (country)"}))
    found = capital.origination("any")(vague, NOW, "a")
    assert (known.verdict, found.verdict) == ("contradicted", "not separable")
    assert found.high == 1


def test_money_is_weighed_by_what_each_deal_may_have_been() -> None:
    """Beijing's hundred deals are ten times as large; a third of all amounts is known by its order of magnitude only."""
    rng, tables = np.random.default_rng(40), listed_deals("a", {"Beijing": 100, "Shanghai": 100})
    true = np.exp(rng.normal(14, 0.5, 200)) * np.repeat([10, 1], 100)
    for position, (row, amount) in enumerate(zip(tables["deals"], true, strict=True)):
        row["round"] = "A"
        digits = 10 ** np.floor(np.log10(amount))
        row["usd_low"], row["usd_high"] = (digits, 10 * digits) if position % 3 == 0 else (amount, amount)
    found = capital.amount_share(facts(**tables), NOW, "a")
    assert found.low is not None and found.high is not None
    assert found.low < true[:100].sum() / true.sum() < found.high < found.low + 0.1
    for row in tables["deals"]:
        row["usd_low"] = row["usd_high"] = None
    assert capital.amount_share(facts(**tables), NOW, "a").verdict == "no data"


def test_what_is_known_of_a_province_is_not_said_of_its_city() -> None:
    def rows(unit: str, sector: str, count: int) -> list[dict[str, Any]]:
        row = {"dataset": "itjuzi", "classification": "deals", "country": "CN", "unit": unit, "sector": sector, "year": 2012}
        return [row | {"company": f"{unit}{sector}{one}", "is_city": "province" not in unit} for one in range(count)]

    table = [
        *rows("Guangdong (province)", "硬件", 40),
        *rows("Guangdong (province)", "社交网络", 10),
        *rows("Beijing", "硬件", 10),
    ]
    table += rows("Beijing", "社交网络", 90)
    found = sectors.shenzhen(facts(sectors=table), NOW, "itjuzi")
    assert (found.verdict, found.estimate) == ("no data", None)
    assert "Guangdong (province): hardware 40 of 50" in found.detail
    games = sectors.specialised("Shanghai", "gaming")(facts(sectors=table), NOW, "itjuzi")
    assert (games.verdict, games.n) == ("no data", 0)


def test_a_list_of_universities_tells_only_of_its_time() -> None:
    row = {"dataset": "elite", "measure": "985", "country": "CN", "value": 1.0, "year_from": 1998, "year_to": 2016}
    table = [row | {"university": f"B{one}", "city": "Beijing"} for one in range(40)]
    table += [row | {"university": f"S{one}", "city": "Shanghai"} for one in range(10)]
    then = schools.listed("985")(facts(school_lists=table), Window("baseline", 2009, 2012), "elite")
    assert (then.verdict, then.n) == ("supported", 50)
    assert schools.listed("985")(facts(school_lists=table), Window("current", 2021, 2024), "elite").verdict == "no data"
    even = [one | {"university": f"{one['university']} {half}"} for one in table[40:] for half in range(4)]
    assert schools.listed("985")(facts(school_lists=table[:40] + even), Window("baseline", 2009, 2012), "elite").verdict == (
        "not separable"
    )
    undated = [one | {"year_from": None, "year_to": None} for one in table]
    assert schools.listed("985")(facts(school_lists=undated), Window("baseline", 2009, 2012), "elite").verdict == "no data"
    assert schools.listed("985")(facts(school_lists=undated), Window("current", 2021, 2024), "elite").verdict == "supported"


def test_a_document_counts_once_for_each_city_it_names() -> None:
    row = {"dataset": "edgar_covers", "kind": "law", "country": "CN", "year": 2012}
    table = [row | {"document": f"D{one}", "firm": firm, "city": "Beijing"} for one in range(40) for firm in ("a", "b")]
    table += [row | {"document": f"D{one}", "firm": "c", "city": "Shanghai"} for one in range(10)]
    table += [row | {"document": f"D{one}", "firm": "d", "city": "New York", "country": "US"} for one in range(40)]
    found = services.named("law")(facts(listing_advisers=table), NOW, "edgar_covers")
    assert (found.verdict, found.n) == ("supported", 50)
    assert services.named("audit")(facts(listing_advisers=table), NOW, "edgar_covers").verdict == "no data"


def test_unicorns_of_unknown_city_may_be_anywhere_in_their_country() -> None:
    def world(unknown: int) -> Facts:
        counts = [("Beijing", "CN", 40), (BENCHMARK, "US", 150), (None, "CN", unknown), ("London", "GB", 200)]
        return facts(
            unicorns=[{"dataset": "list", "city": city, "country": country} for city, country, n in counts for _ in range(n)]
        )

    today = Window("current", 2021, 2024)
    assert outlook.unicorns(world(0), today, "list").verdict == "supported"
    assert outlook.unicorns(world(60), today, "list").verdict == "not separable"
    assert outlook.unicorns(world(0), Window("baseline", 2009, 2012), "list").verdict == "no data"


def test_a_source_that_begins_late_is_no_witness_of_catching_up() -> None:
    """Proportional growth of which a source sees half, and from the eighth year only."""
    rng, stock, deals = np.random.default_rng(41), np.array([90, 60, 36, 24, 15, 9, 6, 3.0]), []
    cities = ["Beijing", "Shanghai", "C2", "C3", "C4", "C5", "C6", "C7"]
    for year in range(1994, 2014):
        arrivals = np.bincount(rng.choice(8, size=300, p=stock / stock.sum()), minlength=8)
        seen = rng.binomial(arrivals, 0.1 if year < 2004 else 0.5) if year >= 2002 else 0 * arrivals
        deals += [
            {
                "dataset": "late",
                "deal": f"{city}{year}{i}",
                "company": f"{city}{year}{i}",
                "country": "CN",
                "unit": city,
                "year": year,
            }
            for city, n in zip(cities, seen, strict=True)
            for i in range(n)
        ]
        stock += arrivals
    assert growth.lead()(facts(deals=deals), NOW, "late").verdict != "contradicted"


def windowed(months: dict[int, int]) -> Facts:
    rows = [
        {"dataset": "a", "deal": f"{year}", "company": "C", "country": "CN", "unit": "Beijing", "year": year, "month": month}
        for year, month in months.items()
    ]
    return facts(index_of(np.ones((2, 3)), np.ones((2, 3))), deals=rows)


def test_now_is_up_to_the_last_year_covered_and_shares_none_with_then() -> None:
    assert windowed({2012: 12, 2015: 11, 2016: 9}).window("current", "a") == Window("current", 2013, 2015)
    assert windowed({2012: 12, 2013: 12}).window("current", "a") == Window("current", 2013, 2013)
    before = windowed({2012: 12}).window("current", "a")
    assert before.first > before.last
    assert windowed({}).window("current", "register") == Window("current", 2010, 2013)
    assert windowed({}).window("baseline", "a") == Window("baseline", 2009, 2012)


def test_the_register_is_the_headline_unless_it_has_nothing_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    said: dict[tuple[str, str], Finding] = {
        ("1", "register"): Finding("supported", 1.0, 0.9, 1.1, 10, ""),
        ("1", "large"): Finding("contradicted", 0.1, 0.0, 0.2, 1000, ""),
        ("2", "register"): Finding("no data", None, None, None, 5000, ""),
        ("2", "small"): Finding("supported", 1.0, 0.9, 1.1, 10, ""),
        ("2", "large"): Finding("not separable", 0.5, 0.0, 1.2, 1000, ""),
    }
    tests = [
        ClaimTest(
            claim,
            "m",
            lambda facts, window, dataset, claim=claim: said[claim, dataset],  # type: ignore[misc]
            "core.deals",
            lambda facts, claim=claim: [dataset for one, dataset in said if one == claim],  # type: ignore[misc]
        )
        for claim in ("1", "2")
    ]
    monkeypatch.setattr(scorecard, "TESTS", tests)
    found = scorecard.evaluate(facts(index_of(np.ones((2, 3)), np.ones((2, 3)))))
    headline = found.filter("is_headline").select("claim", "period", "dataset").rows()
    assert headline == [
        ("1", "baseline", "register"),
        ("2", "baseline", "large"),
        ("1", "current", "register"),
        ("2", "current", "large"),
    ]
