"""List the tables that Python makes, in the order of their turns between the SQL models."""

from pipelines.index import tables as index
from pipelines.ingest import catalogue
from pipelines.orchestration.assets import claims
from pipelines.publish import release_file
from pipelines.resolve.names.links import Names
from pipelines.resolve.places.table import Places
from pipelines.schema import TableSchema

#: Step that builds SQL models → the tables that Python makes before it. A model is built in the first step after all that it
#: needs, directly or not.
TURNS: dict[str, tuple[type[TableSchema], ...]] = {
    "build_staging": catalogue.TABLES,
    "build_mentions": (Places,),
    "build_warehouse": (Names,),
    "build_views": (*index.TABLES, *claims.TABLES),
}

#: Tables of the build.
BUILT = [table for tables in TURNS.values() for table in tables]

#: Every table that Python makes; those of the release are made while it is published.
ALL: list[type[TableSchema]] = [*BUILT, *release_file.TABLES]
