"""Read the facts of the claims from the warehouse and test the claims; the asset itself is where the draws are (``index``)."""

import polars as pl
from duckdb import DuckDBPyConnection

from pipelines.claims import growth, scorecard
from pipelines.claims.facts import FRAMES, Facts
from pipelines.claims.specialisation import SectorQuotients, location_quotients
from pipelines.errors import InputError
from pipelines.index.compute import Result
from pipelines.orchestration import review
from pipelines.resolve import scope
from pipelines.warehouse import database, model, queries

#: Table of the claims, and the query of each frame that they are tested on.
LISTED = "landing.reference__claims"
QUERIES = {name: queries.read(f"facts/{name}") for name in FRAMES}

#: Tables the claims rest on, and those they make.
DEPS = sorted({LISTED, *(table for sql in QUERIES.values() for table in model.tables_read(sql))})
TABLES = (scorecard.ClaimEvidence, scorecard.ClaimVerdict, SectorQuotients, growth.Snowball, growth.Leads)


def read(connection: DuckDBPyConnection) -> tuple[list[str], dict[str, pl.DataFrame]]:
    """Return the claims, and the frames of ``Facts``; raise InputError unless claims.csv lists the claims that have tests."""
    claims = database.query(connection, f"select claim from {LISTED} order by source_row")["claim"].to_list()
    if problems := review.of_claims(claims):
        raise InputError("claims", problems)
    return claims, {name: database.query(connection, f"select * from ({sql}) order by all") for name, sql in QUERIES.items()}


def tested_on(result: Result) -> Result | None:
    """Return the result if the claims are about its scope, else None: there is nothing to test.

    Another process tests them, and all draws of the world would take it as much memory again.
    """
    return result if result.inputs.scope == scope.CURATED else None


def tables(claims: list[str], frames: dict[str, pl.DataFrame], result: Result | None) -> dict[str, pl.DataFrame]:
    """Return every table of ``TABLES``; without a result, as for another scope than that of the claims, no claim is tested."""
    if result is None:
        why = f"The claims are about China, and tested where that is the scope (SCOPE={scope.CURATED})"
        said = zip(TABLES, scorecard.untested(claims, why), strict=False)
        return {table.table: table.empty() for table in TABLES} | {table.table: frame for table, frame in said}
    facts = Facts(**frames, index=result, country=result.inputs.scope)
    results = (*scorecard.evaluate(facts), location_quotients(facts), *growth.tables(facts))
    return {table.table: frame for table, frame in zip(TABLES, results, strict=True)}
