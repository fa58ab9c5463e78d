"""Reference tables under ``data/reference``: the method as data, and the reviewed decisions about places.

What belongs here: the contract of each file. What does not: facts about the world (``data/register``).
"""

import dataframely as dy
import polars as pl

from pipelines.curated import Curated
from pipelines.sources.register import COUNTRY, doc


class Indicators(dy.Schema):
    """The whole specification of the index: one line per indicator; nothing about one is written twice."""

    indicator = dy.String(
        primary_key=True, regex=r"^[a-z0-9_]+$", metadata=doc("Id; also the name of its column in marts.evidence_*.")
    )
    pillar = dy.String(nullable=False, regex=r"^P[1-6]$", metadata=doc("Pillar: P1–P5 Readiness, P6 Realised.", "P1…P6"))
    pillar_name = dy.String(nullable=False, metadata=doc("Name of the pillar."))
    name = dy.String(nullable=False, metadata=doc("Name shown to readers."))
    definition = dy.String(nullable=False, metadata=doc("One sentence that says what is counted."))
    unit = dy.String(nullable=False, metadata=doc("Unit of the value."))
    direction = dy.Enum(["1", "-1"], nullable=False, metadata=doc("1 if more is better, -1 if less is."))
    kind = dy.Enum(
        ["count", "share", "rate"],
        nullable=False,
        metadata=doc(
            "count: sum; share: sum over denominator, beta-binomial shrunk; rate: sum over denominator, gamma-Poisson shrunk."
        ),
    )
    denominator = dy.String(nullable=True, metadata=doc("Column of marts.evidence_* that divides it."))
    alternative = dy.String(
        nullable=True, metadata=doc("Column that measures it by another rule, as defensible; draws take either.")
    )
    window = dy.Int32(nullable=False, min=1, max=20, metadata=doc("Years counted back from the year shown; 1 for a stock."))
    transform = dy.Enum(["none", "log1p"], nullable=False, metadata=doc("Applied before normalising."))
    weight = dy.Float64(nullable=False, min=0, metadata=doc("Weight within the pillar; 0 shows it without counting it."))
    min_n = dy.Int32(nullable=False, min=0, metadata=doc("Smallest denominator for a value; below it the cell is missing."))
    floor = dy.Float64(nullable=False, metadata=doc("Lower goalpost, before the transform."))
    ceiling = dy.Float64(
        nullable=True, metadata=doc("Upper goalpost, before the transform; empty: the Bay Area in the base year.")
    )

    @dy.rule()
    def denominator_is_given_unless_kind_is_count(cls) -> pl.Expr:
        return (pl.col("kind").cast(pl.String) == "count") == pl.col("denominator").is_null()


class Claims(dy.Schema):
    """The claims under test, each with the rule that decides it in this version of the method."""

    claim = dy.String(primary_key=True, metadata=doc("Number of the claim; letters mark its separate tests."))
    title = dy.String(nullable=False, metadata=doc("The claim in one line."))
    statistic = dy.String(nullable=False, metadata=doc("What is measured."))
    supported_if = dy.String(nullable=False, metadata=doc("Rule for the verdict `supported`."))
    contradicted_if = dy.String(nullable=False, metadata=doc("Rule for the verdict `contradicted`."))
    would_change = dy.String(nullable=False, metadata=doc("What evidence would change the verdict."))
    figures = dy.String(nullable=True, metadata=doc("Metrics of published_statistics shown beside it, separated by |."))


class PlaceAliases(dy.Schema):
    """Reviewed decisions: which place a name means where the gazetteer alone cannot tell."""

    country = dy.String(primary_key=True, regex=COUNTRY, metadata=doc("Country as written.", "Write an ISO code"))
    place = dy.String(primary_key=True, metadata=doc("Place as written in a source."))
    geoname_id = dy.Int64(nullable=False, min=1, metadata=doc("GeoNames id of the city meant."))
    note = dy.String(nullable=True, metadata=doc("Why."))


class Areas(dy.Schema):
    """Municipalities that count as one city: the `metro` boundary."""

    country = dy.String(primary_key=True, regex=COUNTRY, metadata=doc("Country.", "Write an ISO code"))
    city = dy.String(primary_key=True, metadata=doc("Municipality, as the gazetteer names it."))
    area = dy.String(nullable=False, metadata=doc("City it counts for."))


class RegisterCoverage(dy.Schema):
    """Measured: what share of independently recorded companies and deals the register holds, per city."""

    city = dy.String(primary_key=True, metadata=doc("City, or province where the recording knows no more."))
    measure = dy.Enum(
        ["unicorns", "companies", "deals", "deals_by_province"], primary_key=True, metadata=doc("What was compared.")
    )
    recorded = dy.Int32(nullable=False, min=0, metadata=doc("Rows in the recordings."))
    held = dy.Int32(nullable=False, min=0, metadata=doc("Of these, rows the register holds too."))
    recordings = dy.String(nullable=False, metadata=doc("Which recordings."))


FILES = Curated(
    "reference",
    {
        "indicators": (Indicators, (10, 200)),
        "claims": (Claims, (10, 100)),
        "place_aliases": (PlaceAliases, (1, 5_000)),
        "areas": (Areas, (20, 500)),
        "register_coverage": (RegisterCoverage, (10, 500)),
    },
)
SOURCE = FILES.source(
    title="Definitions and reviewed decisions",
    licence="MIT",
    citation="nextvalley method, as versioned in the release",
)
