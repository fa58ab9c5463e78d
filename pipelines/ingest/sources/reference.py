"""Reference tables under ``data/reference``: the method as data, and the reviewed decisions about places.

What belongs here: the contract of each file. What does not: facts about the world (``data/register``).
"""

import dataframely as dy
import polars as pl

from pipelines.ingest.contract import doc
from pipelines.ingest.csv_folder import Curated
from pipelines.ingest.sources.register import COUNTRY, NAMES, THIS_YEAR


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
        ["count", "share", "rate", "ratio", "level"],
        nullable=False,
        metadata=doc(
            "count: sum; share: sum over denominator, beta-binomial shrunk; rate: sum over exposure, gamma-Poisson shrunk; "
            "ratio: sum over its number by chance, shrunk the same way; level: as it stands, where the denominator suffices."
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


class Countries(dy.Schema):
    """The countries and every way in which sources write them."""

    country = dy.String(primary_key=True, regex=COUNTRY, metadata=doc("ISO 3166 alpha-2 code.", "Write an ISO code"))
    iso3 = dy.String(nullable=False, regex=r"^[A-Z]{3}$", metadata=doc("ISO 3166 alpha-3 code.", "Write an ISO code"))
    name = dy.String(nullable=False, metadata=doc("English name, as GeoNames has it."))
    also = dy.String(nullable=True, regex=NAMES, metadata=doc("Other names.", "Separate names with | and leave none empty"))
    city_id = dy.Int64(nullable=True, min=1, metadata=doc("GeoNames id of the city that makes up the whole territory."))
    listed_under = dy.String(
        nullable=True, regex=COUNTRY, metadata=doc("Country that some sources list it under as a province.", "Write an ISO code")
    )


class PlaceWords(dy.Schema):
    """Words in places as sources write them that are not names: kinds of units, and what stands where no place is named."""

    role = dy.Enum(
        ["unit", "ending", "autonomous", "people", "blank"],
        primary_key=True,
        metadata=doc(
            "unit: follows a name in Latin letters; ending: follows a Chinese one; autonomous: the same after the names of "
            "peoples; people: such a name; blank: stands where no place is named."
        ),
    )
    word = dy.String(primary_key=True, metadata=doc("The word, in lower case."))
    meaning = dy.String(nullable=True, metadata=doc("Last character of the unit's Chinese name, or why no place is named."))


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
    geoname_id = dy.Int64(nullable=True, min=1, metadata=doc("GeoNames id, where the name is not that of one city alone."))


class Boundaries(dy.Schema):
    """Presets that merge cities: `metro` and `gba`; under `city` every municipality is one of its own.

    `metro` takes in the municipalities that lie as a whole in a metropolitan area planned by the state; where only some
    districts do, no source could tell them apart. Beijing and Shanghai have no such plan that the National Development and
    Reform Commission replied to.
    """

    preset = dy.Enum(["metro", "gba"], primary_key=True, metadata=doc("Preset: metropolitan areas, or the Greater Bay Area."))
    city = dy.String(primary_key=True, metadata=doc("City, as prefectures.csv or the gazetteer names it."))
    merged_into = dy.String(nullable=False, metadata=doc("Area it counts for; the name of its core city, or one of its own."))
    basis = dy.Enum(
        ["verified", "cited"],
        nullable=False,
        metadata=doc("verified: read in the source or a report of it; cited: the source is named but was not read."),
    )
    source = dy.String(nullable=False, metadata=doc("Who draws the boundary so."))
    url = dy.String(nullable=True, regex=r"^https?://\S+$", metadata=doc("Where it was read.", "Write a full URL"))
    why = dy.String(nullable=False, metadata=doc("What the source says of the city."))


class Provinces(dy.Schema):
    """First-level units: the provinces of China, and the states of countries whose sources state them."""

    country = dy.String(primary_key=True, regex=COUNTRY, metadata=doc("Country.", "Write an ISO code"))
    code = dy.String(primary_key=True, metadata=doc("Code as sources write it: GB/T 2260 in China, else the postal or ISO code."))
    province = dy.String(nullable=False, metadata=doc("English name."))
    gazetteer_code = dy.String(nullable=False, metadata=doc("First-level code of GeoNames."))
    name_zh = dy.String(nullable=True, metadata=doc("Full Chinese name, of provinces of China."))
    short_zh = dy.String(nullable=True, metadata=doc("Short Chinese name, of provinces of China."))
    also = dy.String(nullable=True, regex=NAMES, metadata=doc("Other names.", "Separate names with | and leave none empty"))


class Prefectures(dy.Schema):
    """What counts as a city in China: municipalities, prefecture-level units, and units directly under a province.

    Names and codes are public knowledge (GB/T 2260); the places are GeoNames'.
    """

    code = dy.String(primary_key=True, regex=r"^[0-9]{6}$", metadata=doc("GB/T 2260 code.", "Write six digits"))
    name_zh = dy.String(nullable=False, metadata=doc("Full Chinese name."))
    city = dy.String(nullable=False, metadata=doc("English name of the city, unlike any other's."))
    province = dy.String(nullable=False, metadata=doc("Province, as provinces.csv names it."))
    also = dy.String(nullable=True, regex=NAMES, metadata=doc("Other names.", "Separate names with | and leave none empty"))
    geoname_id = dy.Int64(nullable=True, min=1, metadata=doc("GeoNames id of the city, or of its seat."))
    latitude = dy.Float64(nullable=True, min=-90, max=90, metadata=doc("Degrees, to a tenth, where GeoNames has no city."))
    longitude = dy.Float64(nullable=True, min=-180, max=180, metadata=doc("Degrees, to a tenth, where GeoNames has no city."))

    @dy.rule()
    def geoname_id_is_given_or_latitude_and_longitude_are(cls) -> pl.Expr:
        placed = pl.col("latitude").is_not_null() & pl.col("longitude").is_not_null()
        return pl.col("geoname_id").is_null() == placed

    @dy.rule()
    def city_is_no_other_city(cls) -> pl.Expr:
        return pl.col("city").is_unique()


class Districts(dy.Schema):
    """What lies in a city of China: districts, county-level cities, and the counties and towns that sources name.

    Former districts are listed too: sources go on naming them.
    """

    name_zh = dy.String(primary_key=True, metadata=doc("Full Chinese name."))
    district = dy.String(nullable=False, metadata=doc("English name."))
    city = dy.String(primary_key=True, metadata=doc("City it counts for, as prefectures.csv names it."))


class RegisterCoverage(dy.Schema):
    """Measured: what share of independently recorded companies and deals the register holds, per city."""

    city = dy.String(primary_key=True, metadata=doc("City, or province where the recording knows no more."))
    measure = dy.Enum(
        ["unicorns", "companies", "deals", "deals_by_province"], primary_key=True, metadata=doc("What was compared.")
    )
    recorded = dy.Int32(nullable=False, min=0, metadata=doc("Rows in the recordings."))
    held = dy.Int32(nullable=False, min=0, metadata=doc("Of these, rows the register holds too."))
    recordings = dy.String(nullable=False, metadata=doc("Which recordings."))


class ExchangeRates(dy.Schema):
    """Yearly average exchange rates, for amounts announced in another currency than the US dollar."""

    currency = dy.String(primary_key=True, regex=r"^[A-Z]{3}$", metadata=doc("ISO 4217 code.", "Write an ISO 4217 code"))
    year = dy.Int32(primary_key=True, min=1990, max=THIS_YEAR, metadata=doc("Calendar year; a year not known is left out."))
    per_usd = dy.Float64(
        nullable=False, min_exclusive=0, metadata=doc("Units of the currency for one US dollar, average over the year.")
    )
    basis = dy.Enum(
        ["verified", "cited"],
        nullable=False,
        metadata=doc("verified: read in the series or a copy of it; cited: the series is named but was not read."),
    )
    source = dy.String(nullable=False, metadata=doc("Official series."))
    url = dy.String(nullable=False, regex=r"^https?://\S+$", metadata=doc("Where it was read or stands.", "Write a full URL"))


class NameOverrides(dy.Schema):
    """Reviewed decisions: two names that mean the same company, investor, university or firm, or do not."""

    kind = dy.Enum(["company", "investor", "university", "service_firm"], primary_key=True, metadata=doc("Kind of entity."))
    name_a = dy.String(primary_key=True, metadata=doc("One name, as printed."))
    name_b = dy.String(primary_key=True, metadata=doc("The other."))
    same = dy.Enum(["0", "1"], nullable=False, metadata=doc("1: the same; 0: never the same."))
    why = dy.String(nullable=False, metadata=doc("Why."))


class ElitePlaces(dy.Schema):
    """Where universities of elite programmes are that the Ministry's list of institutions does not name, or not wholly."""

    university = dy.String(primary_key=True, metadata=doc("Chinese name as the programme prints it."))
    place = dy.String(primary_key=True, metadata=doc("City, in Chinese."))
    share = dy.Float64(nullable=False, min_exclusive=0, max=1, metadata=doc("Part of the entry that counts here."))
    why = dy.String(nullable=False, metadata=doc("Why the list does not tell."))


class Rounds(dy.Schema):
    """How sources write the kind of a round, and what it is called here."""

    written = dy.String(primary_key=True, metadata=doc("As written, in lower case."))
    round = dy.String(nullable=False, metadata=doc("Round, in the vocabulary of the register and of what it does not hold."))
    note = dy.String(nullable=True, metadata=doc("Why."))


class Recordings(dy.Schema):
    """Recorded bytes: which file below a replay folder stands for which address."""

    source = dy.String(nullable=False, metadata=doc("Source."))
    table = dy.String(primary_key=True, metadata=doc("Table of it."))
    file = dy.String(primary_key=True, metadata=doc("Path below the folder; one * stands for several files."))
    url = dy.String(nullable=False, regex=r"^https?://\S+$", metadata=doc("Address; a * becomes what it matched.", "A full URL"))


class EdgarLocations(dy.Schema):
    """The SEC's codes of states and countries, and what they stand for."""

    code = dy.String(primary_key=True, regex=r"^[A-Z0-9]{2}$", metadata=doc("Code.", "Write two capitals or digits"))
    name = dy.String(nullable=False, metadata=doc("Name of the state or country."))
    country = dy.String(nullable=True, regex=COUNTRY, metadata=doc("Its country; empty for unknown.", "Write an ISO code"))
    region = dy.String(nullable=True, metadata=doc("State or province, where the code means one."))


FILES = Curated(
    "reference",
    {
        "indicators": (Indicators, (10, 200)),
        "claims": (Claims, (10, 100)),
        "countries": (Countries, (200, 300)),
        "place_words": (PlaceWords, (40, 500)),
        "place_aliases": (PlaceAliases, (1, 5_000)),
        "areas": (Areas, (20, 500)),
        "boundaries": (Boundaries, (3, 500)),
        "provinces": (Provinces, (150, 500)),
        "prefectures": (Prefectures, (350, 400)),
        "districts": (Districts, (700, 4_000)),
        "register_coverage": (RegisterCoverage, (10, 500)),
        "name_overrides": (NameOverrides, (0, 5_000)),
        "elite_places": (ElitePlaces, (5, 50)),
        "rounds": (Rounds, (50, 500)),
        "replay": (Recordings, (1, 1_000)),
        "exchange_rates": (ExchangeRates, (400, 2_000)),
        "edgar_locations": (EdgarLocations, (300, 400)),
    },
)
SOURCE = FILES.source(
    title="Definitions and reviewed decisions",
    licence="MIT",
    citation="nextvalley method, as versioned in the release",
)
