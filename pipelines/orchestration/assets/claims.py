"""What the claims read from the warehouse, and what they make of it; the asset itself is where the draws are (``index``)."""

import polars as pl
from duckdb import DuckDBPyConnection

from pipelines import claims
from pipelines.claims import growth
from pipelines.claims.base import PERIODS
from pipelines.claims.sectors import SectorQuotients
from pipelines.errors import InputError, Problem
from pipelines.index.result import Result
from pipelines.resolve import scope
from pipelines.warehouse import database

#: Frame of ``claims.Facts`` → its query, and the tables it reads. Those without a column ``dataset`` are the register's.
FRAMES: dict[str, tuple[str, list[str]]] = {
    "companies": ("from core.companies where is_in_register", ["core.companies"]),
    "deals": (
        """
        select d.dataset, d.deal, d.company, d.country, d.city, d.year, r.round, d.usd_low, d.usd_high,
            case when length(r.date) >= 7 then cast(substr(r.date, 6, 2) as integer) end as month,
            case when d.dataset = 'register' then c.city_founded else coalesce(d.city, d.province || ' (province)') end as unit,
            d.dataset = 'register' or d.city is not null as is_city
        from core.deals_by_source as d
        inner join core.deal_reports as r on r.report = d.deal and r.dataset = d.dataset
        left join core.companies as c on c.company = d.company
        where d.company is not null
        """,
        ["core.deals_by_source", "core.deal_reports", "core.companies"],
    ),
    "deal_origin": ("from marts.deal_origin where dataset <> 'all'", ["marts.deal_origin"]),
    "deal_investors": (
        "select dataset, deal, investor from core.deal_investors where dataset <> 'all'",
        ["core.deal_investors"],
    ),
    "founders": ("from core.founders", ["core.founders"]),
    "founder_schools": ("from core.founder_schools", ["core.founder_schools"]),
    # Project 211 was run from 1995 and Project 985 from 1998, until Double First-Class took their place in 2017.
    "school_lists": (
        """
        with programmes (programme, measure, year_from, year_to) as (
            values
                ('211', '211', 1995, 2016),
                ('985', '985', 1998, 2016),
                ('Double First-Class 2017', 'Double First-Class', 2017, 2021),
                ('Double First-Class 2022', 'Double First-Class', 2022, null)
        )
        select 'elite' as dataset, p.measure, e.university, 'CN' as country, e.city, e.share as value, p.year_from, p.year_to
        from core.elite_universities as e
        inner join programmes as p on p.programme = e.programme
        union all
        select 'moe', 'undergraduate institutions', university, 'CN', city, 1.0, edition,
            case when edition < (select max(edition) from core.institutions) then edition end
        from core.institutions
        where is_undergraduate
        union all
        select dataset, measure, university, country, city, value, year,
            case when year < max(year) over (partition by dataset, measure) then year end
        from core.research
        where measure in ('cs_faculty', 'top10_works')
        """,
        ["core.elite_universities", "core.institutions", "core.research"],
    ),
    "service_offices": ("from core.service_offices", ["core.service_offices"]),
    "listing_advisers": (
        "select dataset, document, year, kind, firm, city, country from core.listing_advisers",
        ["core.listing_advisers"],
    ),
    "sectors": (
        """
        select dataset, classification, country, coalesce(city, province || ' (province)') as unit, city is not null as is_city,
            sector, year, company
        from marts.sector_rows
        where dataset <> 'register' and company is not null
        """,
        ["marts.sector_rows"],
    ),
    "valuations": ("from core.valuations", ["core.valuations"]),
    "unicorns": ("select dataset, company, country, city from core.unicorns where exit_reason is null", ["core.unicorns"]),
    "coverage": ("from index.coverage", ["index.coverage"]),
    "zones": ("from core.zones", ["core.zones"]),
    "indicators": ("from core.indicators", ["core.indicators"]),
}

PROVINCES = "select city, province from core.cities where country = ? and province is not null order by city"

#: Tables the claims rest on, and those they make.
DEPS = sorted({"core.cities", "landing.reference__claims", *(table for _, tables in FRAMES.values() for table in tables)})
TABLES = (claims.ClaimEvidence, SectorQuotients, growth.Snowball, growth.Leads)


def tables(connection: DuckDBPyConnection, result: Result, country: str) -> dict[str, pl.DataFrame]:
    """Every table of ``TABLES``. Raises InputError unless claims.csv and the tests are of the same claims."""
    listed = database.query(connection, "select claim from landing.reference__claims order by claim")
    _same_claims(listed)
    if country != scope.CURATED:
        return untested(listed["claim"].to_list())
    frames = {name: database.query(connection, f"select * from ({sql}) order by all") for name, (sql, _) in FRAMES.items()}
    provinces = dict(connection.execute(PROVINCES, [country]).fetchall())
    facts = claims.Facts(**frames, index=result, country=country, provinces=provinces)
    results = (claims.evaluate(facts), claims.location_quotients(facts), *growth.tables(facts))
    return {table.table: frame for table, frame in zip(TABLES, results, strict=True)}


def untested(names: list[str]) -> dict[str, pl.DataFrame]:
    """The same tables for another country: the claims are about China, so each of them has no data."""
    why = f"The claims are about China, and tested where that is the scope (SCOPE={scope.CURATED})"
    row = {"dataset": "register", "measure": "", "is_rule": True, "verdict": "no data", "n": 0, "detail": why, "sources": ""}
    rows = [{"claim": claim, "period": period, "is_headline": True} | row for period in PERIODS for claim in names]
    empty = {table.table: table.empty() for table in TABLES}
    return empty | {claims.ClaimEvidence.table: pl.DataFrame(rows, claims.ClaimEvidence.types())}


def _same_claims(table: pl.DataFrame) -> None:
    problems = [
        Problem("data/reference/claims.csv", f"the claim {claim!r} is in one of claims.csv and CLAIMS only", "Add the other half")
        for claim in sorted(set(table["claim"]) ^ set(claims.CLAIMS))
    ]
    if problems:
        raise InputError("claims", problems)
