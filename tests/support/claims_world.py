"""Facts of the claims in the small world: companies, their deals, founders and schools, drawn the same each time."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from pipelines.claims.facts import Facts
from pipelines.index import BENCHMARK
from pipelines.index.compute import Result
from tests.support import claims, world

Row = dict[str, Any]

#: Cities of the scope and how many companies each has.
CITIES = world.CITIES[2:]
SHARES = np.array([30, 21, 16, 12, 8, 6, 4, 3]) / 100

#: Sectors, and the city that has more of each than others.
SECTORS = {
    "gaming": "Shanghai", "telecom_equipment": "Shenzhen", "consumer_electronics": "Shenzhen", "semiconductors": "Chengdu",
    "it_outsourcing": "Dalian", "internet": "Beijing", "ecommerce": "Hangzhou", "biotech": "Wuhan", "software": "Beijing",
}  # fmt: skip

#: The same sectors as another source calls them.
CHINESE = dict(
    zip(SECTORS, ("游戏", "硬件", "硬件", "芯片", "企业服务", "移动互联网", "电子商务", "医疗", "企业服务"), strict=True)
)

KINDS = ("vc", "government", "corporate", "pe")
HOMES = ("Beijing", "Shanghai", "Shenzhen", "Hangzhou", None, "CN (country)", "US (country)")


def facts(index: Result) -> Facts:
    """Return the facts of this world with an index result."""
    rng = np.random.default_rng(12)
    companies = [*_companies(rng), *_abroad(), *_remote()]
    of_hangzhou = [row for row in companies if row["city"] == "Hangzhou"]
    for row in of_hangzhou[3::5]:
        row["parent"] = of_hangzhou[0]["company"]
    deals = [*_deals(companies, rng)]
    investors = [*_investors(deals, rng)]
    return claims.facts(
        index,
        provinces=[
            {"country": "CN", "city": "Hangzhou", "province": "Zhejiang"},
            {"country": "CN", "city": "Wuhan", "province": "Hubei"},
            {"country": "US", "city": "Hangzhou", "province": "Ohio"},
        ],
        companies=companies,
        deals=deals,
        deal_investors=investors,
        deal_origin=[*_origins(deals, investors)],
        investor_offices=[
            {"dataset": dataset, "investor": f"{dataset} fund {number}", "unit": city, "is_dated": dataset != "register"}
            for dataset, step in (("register", 3), ("itjuzi", 5))
            for number in range(0, 40, step)
            for city in ("Beijing", "Shanghai")[: 1 + number % 2]
        ],
        founders=[*_founders(companies, rng)],
        founder_schools=[*_attended(companies, rng)],
        school_lists=[*_schools(rng)],
        listing_advisers=[*_advisers(rng)],
        service_offices=[*_offices(rng)],
        sectors=[*_sectors(companies, rng), _of_another_kind()],
        unicorns=[*_unicorns(rng)],
        zones=[{"city": city, "approved_year": 2004 + 3 * (place % 2)} for place, city in enumerate(CITIES[:4])],
        residents=[{"city": city, "population": 3_000_000 * (9 - place) ** 2} for place, city in enumerate(CITIES)],
        company_starts=[*_starts(rng)],
        valuations=[
            {
                "company": row["company"],
                "city": "Hangzhou",
                "parent": row["parent"],
                "year": 2010 + number % 10,
                "value_usd_bn": round(80 / (1 + number), 1),
            }
            for number, row in enumerate(of_hangzhou)
        ],
        published=[
            {"city": "Dalian", "metric": "software_export_share", "year": 2011, "value": 40.0, "source": "Bureau"},
            {"city": "Dalian", "metric": "software_export_share", "year": 2012, "value": 36.5, "source": "Gazette"},
            {"city": "China", "metric": "software_export_share", "year": 2011, "value": 18.0, "source": "Ministry"},
            {"city": "Dalian", "metric": "japan_share_software_exports", "year": 2010, "value": 70.0, "source": "Bureau"},
            {"city": "Dalian", "metric": "japan_share_outsourcing", "year": 2012, "value": 52.0, "source": "Gazette"},
            {"city": "Dalian", "metric": "japan_share_outsourcing", "year": 2018, "value": 45.0, "source": "Gazette"},
            {"city": "Dalian", "metric": "japan_share_outsourcing", "year": 2019, "value": 38.0, "source": "Bureau"},
        ],
    )


def _companies(rng: np.random.Generator) -> Iterator[Row]:
    names = [*SECTORS]
    for number in range(460):
        place = int(rng.choice(len(CITIES), p=SHARES))
        favoured = np.array([5.0 if SECTORS[name] == CITIES[place] else 1.0 for name in names])
        sector = names[int(rng.choice(len(names), p=favoured / favoured.sum()))]
        founded = int(rng.choice(np.arange(1998, 2019), p=np.arange(1, 22) / 231))
        closed = rng.random() < 0.1
        yield {
            "company": "Tencent" if number == 7 else f"company {number:03}",
            "country": "CN",
            "city": "Shenzhen" if number == 7 else CITIES[place],
            "city_founded": CITIES[place] if rng.random() < 0.9 else CITIES[0],
            "sector": "internet" if number == 7 else sector,
            "founded": founded,
            "exit_year": min(founded + int(rng.integers(1, 9)), 2019) if closed or rng.random() < 0.1 else None,
            "exit_how": "closure" if closed else "ipo",
            "listing_year": founded + 5 if number % 4 == 0 else None,
            "parent": None,
            "main_market": str(rng.choice(["JP", "JP", "US", "CN"])) if sector == "it_outsourcing" else None,
        }


def _abroad() -> Iterator[Row]:
    """Yield companies of another country, of which the claims say nothing."""
    for number in range(24):
        yield {
            "company": f"foreign {number:02}",
            "country": "US",
            "city": BENCHMARK,
            "city_founded": BENCHMARK,
            "sector": "gaming" if number % 2 else "biotech",
            "founded": 2000 + number % 15,
        }


def _remote() -> Iterator[Row]:
    """Yield companies of a city that is not measured."""
    for number in range(6):
        row = {"country": "CN", "city": "Lhasa", "city_founded": "Lhasa", "sector": "software", "founded": 2004 + number}
        yield row | {"company": f"remote {number}"}


def _deals(companies: list[Row], rng: np.random.Generator) -> Iterator[Row]:
    """Yield deals of the register, of the press, which has more of them, and of a bureau that knows provinces only."""
    for dataset, most, chance in (("register", 2, 0.8), ("itjuzi", 3, 0.9), ("bureau", 1, 0.7), ("elsewhere", 1, 1.0)):
        for row in companies:
            if rng.random() > chance or (dataset == "elsewhere" and row["country"] == "CN"):
                continue
            for number in range(int(rng.integers(1, most + 1))):
                year = min(row["founded"] + int(rng.integers(0, 4)) + 2 * number, 2019)
                amount = float(np.round(np.exp(rng.normal(2, 1.2)), 2))
                how = rng.random()
                if dataset == "bureau" and (year < 2010 or (row["city"] == "Beijing" and rng.random() < 0.45)):
                    continue
                is_city = dataset != "bureau" or row["city"] in ("Beijing", "Shanghai")
                yield {
                    "dataset": dataset,
                    "deal": f"{dataset} {row['company']} {number}",
                    "company": row["company"],
                    "country": row["country"],
                    "city": row["city"] if is_city else None,
                    "unit": row["city"] if is_city else f"{row['city']}'s (province)",
                    "is_city": is_city,
                    "year": year,
                    "month": int(rng.integers(1, 13)),
                    "round": str(rng.choice(["seed", "A", "B"])),
                    "usd_low": None if how < 0.3 else amount,
                    "usd_high": None if how < 0.4 else amount if how < 0.8 else 3 * amount,
                }


def _investors(deals: list[Row], rng: np.random.Generator) -> Iterator[Row]:
    for deal in deals:
        for position, number in enumerate(rng.choice(40, size=int(rng.integers(1, 4)), replace=False)):
            home = HOMES[number % len(HOMES)]
            yield {
                "dataset": deal["dataset"],
                "deal": deal["deal"],
                "investor": f"{deal['dataset']} fund {number}",
                "kind": KINDS[number % len(KINDS)],
                "country": "US" if home == "US (country)" else None if home is None else "CN",
                "home": home,
                "is_lead": position == 0,
            }


def _origins(deals: list[Row], investors: list[Row]) -> Iterator[Row]:
    of_deal: dict[str, list[Row]] = {}
    for row in investors:
        of_deal.setdefault(row["deal"], []).append(row)
    for deal in deals:
        everyone = of_deal[deal["deal"]]
        homes = [row["home"] for row in everyone if row["home"]]
        offices = {"Beijing"} if any(int(row["investor"].split()[-1]) % 3 == 0 for row in everyone) else set()
        for origin in sorted({*homes, *offices}) or [None]:
            lead = everyone[0]["home"]
            yield {
                "dataset": deal["dataset"],
                "deal": deal["deal"],
                "company": deal["company"],
                "company_country": deal["country"],
                "destination": deal["city"],
                "origin": origin,
                "year": deal["year"],
                "n_investors": len(everyone),
                "n_located": len(homes),
                "any_rule": int(origin in homes),
                "office_rule": int(origin in homes or origin in offices),
                "office_rule_dated": int(origin in homes),
                "lead_rule": float(lead == origin) if lead else 0.0,
                "fractional_rule": homes.count(origin) / max(len(homes), 1),
            }


def _founders(companies: list[Row], rng: np.random.Generator) -> Iterator[Row]:
    for row in companies:
        for _ in range(int(rng.integers(1, 3))):
            is_returnee = bool(rng.random() < 0.4)
            chances = (0.6, 0.25, 0.15) if row["city"] == "Beijing" else (0.35, 0.45, 0.2)
            yield {
                "country": row["country"],
                "city": row["city"],
                "founded": row["founded"],
                "n_earlier_ventures": None if rng.random() < 0.2 else int(rng.poisson(0.5 if row["city"] == "Beijing" else 0.3)),
                "is_returnee": is_returnee,
                "field": str(rng.choice(["tech", "finance", "other"], p=chances)) if is_returnee else None,
            }


def _attended(companies: list[Row], rng: np.random.Generator) -> Iterator[Row]:
    for number, row in enumerate(companies):
        school = f"university {int(rng.integers(0, 5))}"
        year = 1976 + int(rng.integers(0, 8)) + 5 * int(rng.integers(0, 4))
        entered = year - year % 4 if rng.random() < 0.4 else year
        yield {
            "founder": f"founder {number:03}",
            "company": row["company"],
            "university": school,
            "entry_year": None if rng.random() < 0.1 else entered,
        }


def _schools(rng: np.random.Generator) -> Iterator[Row]:
    for dataset, measure, size, first, last in (
        ("ministry", "985", 30, 1999, 2016), ("ministry", "Double First-Class", 40, 2017, None),
        ("ministry", "undergraduate institutions", 60, 2013, None), ("shanghai", "cs_faculty", 40, None, None),
        ("openalex", "top10_works", 45, None, None),
    ):  # fmt: skip
        for number in range(size):
            city = CITIES[int(rng.choice(len(CITIES), p=SHARES))]
            yield {
                "dataset": dataset,
                "measure": measure,
                "university": f"university {number}",
                "country": "CN" if rng.random() < 0.95 else "US",
                "city": city if rng.random() < 0.95 else None,
                "value": 1.0 if dataset == "ministry" else float(rng.integers(5, 90)) * (2 if city == "Beijing" else 1),
                "year_from": first,
                "year_to": last,
            }


def _advisers(rng: np.random.Generator) -> Iterator[Row]:
    for dataset, years in (("edgar", range(2007, 2013)), ("exchange", range(2008, 2020))):
        for number in range(90):
            for kind in ("law", "audit"):
                for city in rng.choice(["Beijing", "Shanghai", "Shenzhen"], size=2, replace=False, p=[0.55, 0.35, 0.1]):
                    yield {
                        "dataset": dataset,
                        "document": f"{dataset} {number}",
                        "year": int(rng.choice(years)),
                        "kind": kind,
                        "firm": f"firm {int(rng.integers(0, 12))}",
                        "city": str(city),
                        "country": "CN" if rng.random() < 0.9 else "HK",
                    }


def _offices(rng: np.random.Generator) -> Iterator[Row]:
    for kind, size, undated in (("law", 24, 0.3), ("audit", 12, 0.1), ("search", 15, 0.8)):
        for number in range(size):
            for city, chance in (("Beijing", 0.85), ("Shanghai", 0.65), ("Shenzhen", 0.3)):
                if rng.random() < chance:
                    yield {
                        "firm": f"{kind} {number}",
                        "kind": kind,
                        "country": "CN" if rng.random() < 0.95 else "HK",
                        "city": city,
                        "opened": None if rng.random() < undated else int(rng.integers(1995, 2019)),
                    }


def _sectors(companies: list[Row], rng: np.random.Generator) -> Iterator[Row]:
    for row in companies:
        for year in (row["founded"] + 1, row["founded"] + 4):
            yield {
                "dataset": "itjuzi",
                "classification": "deals",
                "country": row["country"],
                "unit": row["city"] if row["city"] != "Hangzhou" else "Zhejiang (province)",
                "is_city": row["city"] != "Hangzhou",
                "sector": CHINESE[row["sector"]],
                "year": year,
                "company": row["company"],
            }
        if rng.random() < 0.5:
            yield {
                "dataset": "a_share_2026",
                "classification": "listed companies, Chinese industry",
                "country": row["country"],
                "unit": row["city"] if rng.random() < 0.97 else None,
                "is_city": True,
                "sector": {"semiconductors": "半导体", "internet": "互联网", "telecom_equipment": "通信设备"}.get(
                    row["sector"], "综合"
                ),
                "year": row["founded"],
                "company": row["company"],
            }


def _of_another_kind() -> Row:
    """Return a row of a source whose sectors no claim is about."""
    row = {"dataset": "crunchbase", "classification": "deals", "country": "CN", "unit": "Beijing", "is_city": True}
    return row | {"sector": "software", "year": 2010, "company": "company 000"}


def _unicorns(rng: np.random.Generator) -> Iterator[Row]:
    for dataset, size in (("hurun", 160), ("short", 20)):
        for number in range(size):
            city = (BENCHMARK, "Beijing", "Shanghai", None)[int(rng.choice(4, p=[0.45, 0.3, 0.15, 0.1]))]
            country = "US" if city == BENCHMARK or (city is None and number % 2) else "CN"
            yield {"dataset": dataset, "company": f"unicorn {number}", "country": country, "city": city}


def _starts(rng: np.random.Generator) -> Iterator[Row]:
    for dataset, started in (("register", "founded"), ("exchange", "listed")):
        for place, city in enumerate((*CITIES, "Beijing")):
            for year in range(1988, 2020):
                if n := int(rng.poisson(0.4 + abs(8 - place) * (year - 1985) / 40)):
                    country = "CN" if place < len(CITIES) else "US"
                    row = {"dataset": dataset, "started": started, "country": country, "city": city, "year": year}
                    yield row | {"n": float(n)}
