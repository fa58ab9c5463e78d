"""Declare the reference tables about places: reviewed names, boundaries, provinces and countries."""

import dataframely as dy
import polars as pl

from pipelines.ingest import columns
from pipelines.ingest.contract import doc


class Countries(dy.Schema):
    """The countries, and every way in which sources write them."""

    country = columns.country("ISO 3166 alpha-2 code.", primary_key=True)
    iso3 = columns.country3("ISO 3166 alpha-3 code.")
    name = columns.text("English name, as in GeoNames.")
    also = columns.names("Other names.")
    city_id = columns.long_integer("GeoNames id of the city that makes up the whole territory.", 1, nullable=True)
    listed_under = columns.country("Country that some sources list it under as a province.", nullable=True)


class PlaceWords(dy.Schema):
    """Words that sources write in places and that are not names: kinds of units, and what replaces a missing place."""

    role = columns.category(
        "unit: follows a name in Latin letters; ending: follows a Chinese name; autonomous: follows the names of peoples; "
        "people: the name of a people; blank: printed where no place is named; country: that country, though a town has the "
        "name.",
        ["unit", "ending", "autonomous", "people", "blank", "country"],
        primary_key=True,
    )
    word = columns.text("The word, in lower case.", primary_key=True)
    meaning = columns.text(
        "Last character of the unit's Chinese name, why no place is named, or the code of the country.", nullable=True
    )

    word_is_in_lower_case = columns.rule(pl.col("word") == pl.col("word").str.to_lowercase())


class PlaceAliases(dy.Schema):
    """Reviewed decisions: which place a name means where the gazetteer alone cannot tell."""

    country = columns.country("Country, as written.", primary_key=True)
    place = columns.text("Place, as written in a source.", primary_key=True)
    geoname_id = columns.long_integer("GeoNames id of the city meant.", 1)
    note = columns.text("Reason.", nullable=True)


class Areas(dy.Schema):
    """Municipalities that count as one city: the `metro` boundary."""

    country = columns.country("Country.", primary_key=True)
    city = columns.text("Municipality, as the gazetteer names it.", primary_key=True)
    area = columns.text("City it counts for.")
    geoname_id = columns.long_integer("GeoNames id, if several cities share the name.", 1, nullable=True)


class MetropolitanAreas(dy.Schema):
    """Cities that count for another than the largest centre within reach, most because of their official metropolitan area.

    A town that no centre reaches counts for what the nearest of these cities within reach counts for. The areas are the
    metropolitan statistical areas of the United States as delineated in February 2013 (OMB Bulletin 13-01), the edition that
    reports count deals by. Listed are the cities of 50,000 people or more, and the places that shipped sources name ten times or
    more, which would otherwise count for a city of another area, or for none though the area is named after a city of 100,000;
    and six smaller cities of whose areas the register has the residents.
    """

    country = columns.country("Country.")
    city = columns.text("City or town, as the gazetteer names it.")
    geoname_id = columns.long_integer("Its GeoNames id.", 1, primary_key=True)
    towns_of = columns.text(
        "all: the city and what counts for it; or a state, as the gazetteer codes it: only towns there that would.",
        r"^(all|[A-Z0-9]{2})$",
        "Write all, or a state as the gazetteer codes it",
        primary_key=True,
    )
    counts_for = columns.text("City it counts for; itself, where another is within reach or its own towns are not.")
    counts_for_id = columns.long_integer("GeoNames id of that city.", 1)
    county = columns.text("County of the area in which it lies.", nullable=True)
    area = columns.text("Title of the area; empty if the city has two names and no area is meant.", nullable=True)
    url = columns.url("Address at which the counties of the area were read.", nullable=True)
    why = columns.text("Reason, where the area alone does not tell.", nullable=True)

    area_or_why_is_given = columns.rule(pl.col("area").is_not_null() | pl.col("why").is_not_null())
    area_is_given_with_its_url = columns.rule(pl.col("area").is_null() == pl.col("url").is_null())


class Provinces(dy.Schema):
    """First-level units: the provinces of China, and the states of countries whose sources name them."""

    country = columns.country("Country.", primary_key=True)
    code = columns.text("Code as sources write it: GB/T 2260 in China, else the postal or ISO code.", primary_key=True)
    province = columns.text("English name.")
    gazetteer_code = columns.text("First-level code of GeoNames.")
    name_zh = columns.text("Full Chinese name, of provinces of China.", nullable=True)
    short_zh = columns.text("Short Chinese name, of provinces of China.", nullable=True)
    also = columns.names("Other names.")
    postcodes = columns.text(
        "First two digits of its postcodes, of provinces of China, separated by |. The leagues Alxa (75) and Hinggan (13) of "
        "Inner Mongolia have those of the province beside them.",
        r"^[0-9]{2}(\|[0-9]{2})*$",
        "Write two digits, and | between two pairs",
        nullable=True,
    )


class Prefectures(dy.Schema):
    """What counts as a city in China: municipalities, prefecture-level units, and units directly under a province.

    Names and codes are public knowledge (GB/T 2260); the places come from GeoNames.
    """

    code = columns.text("GB/T 2260 code.", r"^[0-9]{6}$", "Write six digits", primary_key=True)
    name_zh = columns.text("Full Chinese name.")
    city = columns.text("English name of the city, different from any other's.")
    province = columns.text("Province, as provinces.csv names it.")
    also = columns.names("Other names.")
    geoname_id = columns.long_integer("GeoNames id of the city, or of its seat.", 1, nullable=True)
    latitude = columns.number("Degrees, to a tenth, if GeoNames lacks the city.", -90, 90, nullable=True)
    longitude = columns.number("Degrees, to a tenth, if GeoNames lacks the city.", -180, 180, nullable=True)

    geoname_id_is_given_or_latitude_and_longitude_are = columns.rule(
        pl.col("geoname_id").is_null() == (pl.col("latitude").is_not_null() & pl.col("longitude").is_not_null())
    )
    city_is_no_other_city = columns.rule(pl.col("city").is_unique())


class Districts(dy.Schema):
    """Parts of a city of China: districts, county-level cities, and the counties and towns that sources name.

    Former districts are listed too, because sources still name them.
    """

    name_zh = columns.text("Full Chinese name.", primary_key=True)
    district = columns.text("English name.")
    city = columns.text("City it counts for, as prefectures.csv names it.", primary_key=True)


class ElitePlaces(dy.Schema):
    """Places of universities in elite programmes that the Ministry's list of institutions does not settle."""

    university = columns.text("Chinese name, as the programme prints it.", primary_key=True)
    place = columns.text("City, in Chinese.", primary_key=True)
    share = dy.Float64(min_exclusive=0, max=1, metadata=doc("Part of the entry that counts for the city."))
    why = columns.text("Why the list does not settle it.")


class ScatteredResearch(dy.Schema):
    """Universities whose research a source counts as one and which is done in many cities, so that it counts for none."""

    dataset = columns.text("Source of the counts.", primary_key=True)
    university = columns.text("University, as core.research names it.", primary_key=True)
    why = columns.text("Why its seat is not where the research is done.")


class EdgarLocations(dy.Schema):
    """The SEC's codes of states and countries, and what they mean."""

    code = columns.text("Code.", r"^[A-Z0-9]{2}$", "Write two capitals or digits", primary_key=True)
    name = columns.text("Name of the state or country.")
    country = columns.country("Country; empty if unknown.", nullable=True)
    region = columns.text("State or province, if the code means one.", nullable=True)
