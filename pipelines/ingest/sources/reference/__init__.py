"""Read the reference tables under ``data/reference``: the method as data, and the reviewed decisions about names and places.

The contract of each file is also its documentation. Facts about the world are in ``data/register``.
"""

import dataframely as dy
import polars as pl

from pipelines.ingest import columns
from pipelines.ingest.contract import doc
from pipelines.ingest.csv_folder import Curated
from pipelines.ingest.sources.reference import places
from pipelines.ingest.sources.reference.review import SCORES, review

#: A column, and what is kept of a cell of it.
_MARK = r"[^=|]+=([0-9a-f]{4}|~[0-9]+)"


def _alike_in(value: pl.Expr, *group: str) -> pl.Expr:
    """Return whether a row has the value of the first row of its group."""
    return value == value.first().over(*group)


def _verified_by(reading: str) -> dy.Enum:
    return columns.category(f"verified: read in {reading}; cited: the source is named but was not read.", ["verified", "cited"])


class Indicators(dy.Schema):
    """The whole specification of the index, one row per indicator."""

    indicator = columns.text("Id; also that of its evidence in marts.evidence.", r"^[a-z0-9_]+$", primary_key=True)
    pillar = columns.text("Pillar.", r"^P[1-9]$", "Write P and a digit")
    pillar_name = columns.text("Name of the pillar.")
    measure = columns.category("Score that the pillar is part of.", SCORES)
    name = columns.text("Name shown to readers.")
    definition = columns.text("One sentence that says what is counted.")
    unit = columns.text("Unit of the value.")
    quantity = columns.text("Quantity that lists count (marts.list_counts).", r"^[a-z0-9_]+$")
    per = columns.text("Quantity that divides it; empty if nothing does.", r"^[a-z0-9_]+$", nullable=True)
    part_of = columns.text("Quantity it is a part of, whose unit it has; empty if none.", r"^[a-z0-9_]+$", nullable=True)
    goalpost = columns.category(
        "What scores 100: benchmark, the Bay Area in the base year; or leader, the measured city that has most, where the Bay "
        "Area has nothing alike or no list counts it.",
        ["benchmark", "leader"],
    )
    weight = columns.number("Weight within the pillar; an indicator with weight 0 is shown but does not count.", 0)

    @dy.rule()
    def unit_is_without_a_year_which_is_added_to_what_lists_count_by_year(cls) -> pl.Expr:
        return ~pl.col("unit").str.contains(r"\b(a|per) year\b")

    measure_is_the_same_throughout_a_pillar = columns.rule(_alike_in(pl.col("measure"), "pillar"))
    pillar_name_is_the_same_throughout_a_pillar = columns.rule(_alike_in(pl.col("pillar_name"), "pillar"))
    pillar_is_the_only_one_of_its_pillar_name = columns.rule(_alike_in(pl.col("pillar"), "pillar_name"))
    name_is_that_of_one_indicator = columns.rule(_alike_in(pl.col("indicator"), "name"))


class AuditedErrors(dy.Schema):
    """What was found when rows of a source were compared with where they are from, or with a complete list."""

    dataset = columns.text("Source.", primary_key=True)
    quantity = columns.text("Quantity that the rows count.", primary_key=True)
    wrong = columns.number("Share of its rows that are wrong; empty if that was not looked at.", 0, 1, nullable=True)
    noise = columns.number("Scatter over cities of the part it holds (standard deviation, log).", 0, 5, nullable=True)
    note = columns.text("How it was found.")


class Claims(dy.Schema):
    """The claims under test, each with the rule that decides it in this version of the method."""

    claim = columns.text("Number of the claim; letters mark its separate tests.", primary_key=True)
    title = columns.text("The claim in one line.")
    statistic = columns.text("What is measured.")
    supported_if = columns.text("Rule for the verdict `supported`.")
    contradicted_if = columns.text("Rule for the verdict `contradicted`.")
    would_change = columns.text("What evidence would change the verdict.")
    figures = columns.text("Metrics of published_statistics shown beside it, separated by |.", nullable=True)


class Programmes(dy.Schema):
    """The lists of elite universities and the years they were in force.

    Project 211 began in 1995 and Project 985 in 1998; Double First-Class replaced both in 2017.
    """

    programme = columns.text("Edition of the list, as core.elite_universities names it.", primary_key=True)
    list = columns.text("List that it is an edition of.")
    first_year = columns.year("First year in force.", 1990)
    last_year = columns.year("Last year in force; empty for a list in force.", 1990, nullable=True)

    last_year_is_not_before_first_year = columns.rule(pl.col("last_year") >= pl.col("first_year"))


class NameWords(dy.Schema):
    """Words in names of firms that say what a firm is, or where it is, rather than which firm."""

    role = dy.Enum(
        ["legal", "linking", "abbreviation", "company", "investor", "service_firm", "place", "town"],
        primary_key=True,
        metadata=doc(
            "legal: ends a registered name; linking: may be missing from a university's; abbreviation: of a word in one; "
            "company, investor, service_firm: generic in the name of one; place: a country, continent or town; town: a Chinese "
            "one, also written with 市 or 省."
        ),
    )
    word = dy.String(primary_key=True, metadata=doc("The word, in lower case."))
    meaning = dy.String(nullable=True, metadata=doc("What it says; words of one meaning are interchangeable."))
    note = dy.String(nullable=True, metadata=doc("Why."))

    word_is_in_lower_case = columns.rule(pl.col("word") == pl.col("word").str.to_lowercase())


class Boundaries(dy.Schema):
    """Presets that merge cities: `metro` and `gba`; under `city` every municipality stands alone.

    `metro` includes the municipalities that lie as a whole in a metropolitan area planned by the state; where only some
    districts do, no source could tell them apart. Beijing and Shanghai have no such plan with a reply from the National
    Development and Reform Commission.
    """

    preset = columns.category("Preset: metropolitan areas, or the Greater Bay Area.", ["metro", "gba"], primary_key=True)
    city = columns.text("City, as prefectures.csv or the gazetteer names it.", primary_key=True)
    merged_into = columns.text("Area it counts for: the name of its core city, or a name of its own.")
    basis = _verified_by("the source or a report of it")
    source = columns.text("Who draws the boundary this way.")
    url = columns.url("Address at which it was read.", nullable=True)
    why = columns.text("What the source says about the city.")

    basis_verified_needs_url = columns.rule((pl.col("basis") != "verified") | pl.col("url").is_not_null())


class PublishedRankings(dy.Schema):
    """Ranks of cities as other rankings print them, each read on a page."""

    ranking = columns.text("Ranking.", primary_key=True)
    edition = columns.text("Edition, as its publisher counts them.", primary_key=True)
    year = columns.year("Year that its data speak of; where it does not say, the year before the edition.", 1990)
    scope = columns.text("world, or the country whose cities it ranks.", r"^(world|[A-Z]{2})$", "Write world or CN")
    city = columns.text("City, as the project spells it.", primary_key=True)
    area = columns.text("Area that it ranks as one, if the city is only a part of it.", nullable=True)
    rank = columns.integer("Rank as printed; ties share one.", 1)
    confidence = columns.category(
        "high: read on the publisher's page or a major outlet's; medium: secondary; low: one unconfirmed page.",
        ["high", "medium", "low"],
    )
    url = columns.url("Page on which the rank was read.")
    note = columns.text("What to know before using the rank.", nullable=True)


class RankingContents(dy.Schema):
    """What each published ranking counts: the indicators of the project that stand for it, and their weights."""

    ranking = columns.text("Ranking, as in published_rankings.csv.", primary_key=True)
    indicator = columns.text("Indicator of the project that comes closest to a part of it.", r"^[a-z0-9_]+$", primary_key=True)
    weight = columns.number("Its weight there: as published, else the same for all.", 0)
    per = columns.category("population: the ranking counts it per resident; empty: in all.", ["population"], nullable=True)
    what = columns.text("What the ranking says it counts.")


class ExchangeRates(dy.Schema):
    """Yearly average exchange rates, for amounts announced in other currencies than the US dollar."""

    currency = columns.currency(primary_key=True)
    year = columns.year("Calendar year; years without a known rate are left out.", 1990, primary_key=True)
    per_usd = dy.Float64(min_exclusive=0, metadata=doc("Units of the currency for one US dollar, average over the year."))
    basis = _verified_by("the series or a copy of it")
    source = columns.text("Official series.")
    url = columns.url("Address of the series or its copy.")

    per_usd_is_1_where_currency_is_USD = columns.rule((pl.col("currency") != "USD") | (pl.col("per_usd") == 1))


class NameOverrides(dy.Schema):
    """Reviewed decisions: whether two names mean the same company, investor, university or firm."""

    kind = columns.category("Kind of entity.", ["company", "investor", "university", "service_firm"], primary_key=True)
    name_a = columns.text("One name, as printed.", primary_key=True)
    name_b = columns.text("The other name, as printed.", primary_key=True)
    same = columns.category("1: the same; 0: never the same.", ["0", "1"])
    why = columns.text("Reason.")


class Rounds(dy.Schema):
    """How sources write the kind of a round, and its standard name."""

    written = columns.text("As written, in lower case.", primary_key=True)
    round = columns.text("Standard name: a round of the register, or a kind of deal that it leaves out.")
    note = columns.text("Reason.", nullable=True)

    written_is_in_lower_case = columns.rule(pl.col("written") == pl.col("written").str.to_lowercase())


class Periods(dy.Schema):
    """The periods that are compared: fixed years, or a number of years up to the last one of a source."""

    period = columns.text("Name of the period.", primary_key=True)
    first_year = columns.year("First year; empty if it depends on the source.", 1990, nullable=True)
    last_year = columns.year("Last year; empty if it depends on the source.", 1990, nullable=True)
    n_years = columns.integer("Years up to the last one of a source; empty if the years are fixed.", 1, 20, nullable=True)
    note = columns.text("Why these years.")

    last_year_is_not_before_first_year = columns.rule(pl.col("last_year") >= pl.col("first_year"))


class Recordings(dy.Schema):
    """Recorded bytes: which file below a replay folder answers for which address."""

    source = columns.text("Source.")
    table = columns.text("Landing table of the source.", primary_key=True)
    file = columns.text("Path below the folder; a * stands for any text.", primary_key=True)
    url = columns.url("Address; each * is replaced by the text that the * of the file matched.")
    is_derived = columns.integer("1 if the file is reduced, reshaped or of another form than a live run fetches; else 0.", 0, 1)


class KnownFiles(dy.Schema):
    """The bytes of files that never change, since their address names a fixed state: `python -m tools.known_files` lists them."""

    url = columns.text("Address.", r"^https?://\S+$", "Write a full URL", primary_key=True)
    sha256 = columns.text("Hash of the bytes.", r"^[0-9a-f]{64}$", "Write the SHA-256", primary_key=True)
    is_derived = columns.integer("1 if they are a recording that is reduced or reshaped, unlike the file at the address.", 0, 1)


class Landmarks(dy.Schema):
    """Rows that are known of tables that go on, as short hashes; `python -m tools.landmarks` takes them from recordings."""

    source = columns.text("Source.", primary_key=True)
    table = columns.text("Landing table of the source.", primary_key=True)
    key = columns.text("Columns that tell a row from others, separated by |.")
    row = columns.text("Hash of their values.", r"^[0-9a-f]{12}$", "Write twelve hexadecimal digits", primary_key=True)
    marks = columns.text(
        "What is kept of the other columns: column=hash, or ~size of a figure, separated by |.",
        rf"^{_MARK}(\|{_MARK})*$",
        "Write column=hash or column=~size, separated by |",
    )

    key_is_the_same_throughout_a_table = columns.rule(_alike_in(pl.col("key"), "source", "table"))
    marks_are_of_the_same_columns_throughout_a_table = columns.rule(
        _alike_in(pl.col("marks").str.replace_all(r"=[^|]*", ""), "source", "table")
    )


FILES = Curated(
    "reference",
    {
        "indicators": (Indicators, (10, 200)),
        "claims": (Claims, (10, 100)),
        "programmes": (Programmes, (1, 20)),
        "countries": (places.Countries, (200, 300)),
        "place_words": (places.PlaceWords, (40, 500)),
        "place_aliases": (places.PlaceAliases, (1, 5_000)),
        "areas": (places.Areas, (20, 500)),
        "metropolitan_areas": (places.MetropolitanAreas, (100, 1_000)),
        "boundaries": (Boundaries, (3, 500)),
        "published_rankings": (PublishedRankings, (60, 5_000)),
        "ranking_contents": (RankingContents, (8, 500)),
        "provinces": (places.Provinces, (150, 500)),
        "prefectures": (places.Prefectures, (350, 400)),
        "districts": (places.Districts, (700, 4_000)),
        "audited_errors": (AuditedErrors, (1, 100)),
        "name_words": (NameWords, (100, 1_000)),
        "name_overrides": (NameOverrides, (0, 5_000)),
        "elite_places": (places.ElitePlaces, (5, 50)),
        "scattered_research": (places.ScatteredResearch, (1, 50)),
        "periods": (Periods, (1, 20)),
        "rounds": (Rounds, (50, 500)),
        "replay": (Recordings, (1, 1_000)),
        "known_files": (KnownFiles, (20, 1_000)),
        "landmarks": (Landmarks, (0, 5_000)),
        "exchange_rates": (ExchangeRates, (400, 2_000)),
        "edgar_locations": (places.EdgarLocations, (300, 400)),
    },
    lambda file, frame: review(file, frame, FILES.read),
)
SOURCE = FILES.source(
    title="Definitions and reviewed decisions",
    licence="MIT",
    citation="nextvalley method, as versioned in the release",
)
