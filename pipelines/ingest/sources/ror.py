"""Read universities, institutes, hospitals and companies, with their places, from ROR (Research Organization Registry).

A record may name several places and then yields one row each. Chinese labels come several to a record: simplified,
traditional and former names. Since release 2.0 the dump holds only records of schema 2, in a file whose name no longer
ends in ``_schema_v2.json``. Single records and files with one record per line are read too, in schema 1 as well, and told
apart by content; only the whole dump gives meaningful counts. This parser has not read Zenodo's live API yet.
"""

import io
from collections.abc import Iterator
from itertools import islice
from typing import Any

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest import columns
from pipelines.ingest.readers.archives import zip_stream
from pipelines.ingest.readers.records import read_each
from pipelines.ingest.readers.stream import json_records
from pipelines.ingest.readers.text import CUT, json_value, not_html
from pipelines.ingest.request import DocumentedApi, Politeness, Request
from pipelines.ingest.source import Get, Source, Table

#: Zenodo's record of all releases, which leads to the latest.
CONCEPT = "https://zenodo.org/api/records/6347574"
#: Zenodo's robots.txt keeps crawlers away from its API.
API = DocumentedApi("https://zenodo.org/api/", "https://developers.zenodo.org")
#: Records that are held as objects at a time; a whole dump of them would take gigabytes.
BATCH = 10_000
TYPES = r"(archive|company|education|facility|funder|government|healthcare|nonprofit|other)"
ROR_ID = r"^https://ror\.org/0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}$"


class Organisations(dy.Schema):
    """One row per organisation and place."""

    ror_id = columns.text("ROR identifier.", ROR_ID, "Write https://ror.org/0…", primary_key=True)
    geonames_id = columns.long_integer("GeoNames identifier of the place.", 1, primary_key=True)
    name = columns.text("Name that ROR displays.")
    name_zh = columns.text("Chinese labels, separated by |.", nullable=True)
    other_names = columns.text("All other labels and aliases, separated by |; no acronyms.", nullable=True)
    types = columns.text(
        "Kinds of organisation, separated by |.", rf"^{TYPES}(\|{TYPES})*$", "Use ROR's types and separate them with |"
    )
    established = columns.year("Year of founding.", 700, nullable=True)
    status = columns.category("Whether it still exists, according to ROR.", ["active", "inactive", "withdrawn"])
    country = columns.country("Country of the place.")
    region = columns.text("Province or state of the place, where given.", nullable=True)
    place = columns.text("Name of the place in GeoNames; it may be a district.")
    latitude = columns.number("Latitude of the place, degrees.", -90, 90)
    longitude = columns.number("Longitude of the place, degrees.", -180, 180)


def find_dump(get: Get) -> Iterator[Request]:
    """Yield the archive of the latest release; raise Refused unless Zenodo lists exactly one."""
    release = json_value(get(Request(CONCEPT, accepts=("application/json",))))
    try:
        files = [file for file in release["files"] if file["key"].endswith("-ror-data.zip")]
        dumps = [(file["links"]["self"], file["checksum"].removeprefix("md5:")) for file in files]
    except (AttributeError, KeyError, TypeError) as error:
        raise refuse(f"Zenodo's record lacks {error}", "Open the record; its format has changed") from error
    if len(dumps) != 1:
        problem = f"Zenodo lists {len(dumps)} files called …-ror-data.zip, expected one"
        raise refuse(problem, "Open the record and check its files")
    ((url, md5),) = dumps
    yield Request(url, accepts=("application/zip", "application/octet-stream"), md5=md5)


def parse_organisations(content: bytes) -> pl.DataFrame:
    """Return the organisations of a dump (ZIP), or of JSON: an array of records, one record, or one record per line.

    ``source_row`` is the number of the record.
    """
    is_archive = content.startswith(b"PK")
    not_html(content)
    with zip_stream(content, "-ror-data.json") if is_archive else io.BytesIO(content) as stream:
        records, number, frames = json_records(stream), 1, []
        while batch := list(islice(records, BATCH)):
            frames.append(read_each(batch, _places, dict.fromkeys(Organisations.column_names()), first=number))
            number += len(batch)
    if not frames:
        raise refuse("contains no record", CUT)
    return pl.concat(frames, how="vertical_relaxed")


def _places(record: Any) -> list[dict[str, Any]]:
    try:
        places = _places_in_schema_2(record) if "admin" in record else _places_in_schema_1(record)
    except (AttributeError, IndexError, KeyError, TypeError) as error:
        raise refuse(f"is not a record of ROR's schema 1 or 2: {error}", "Compare the record with the schema") from error
    if not places:
        raise refuse("the record has no place", "Compare the record with the schema", column="locations")
    return places


def _places_in_schema_2(record: dict[str, Any]) -> list[dict[str, Any]]:
    names = record["names"]
    displayed = [name["value"] for name in names if "ror_display" in name["types"]]
    labels = [(name["value"], name["lang"]) for name in names if {"label", "alias"} & set(name["types"])]
    places = [(location["geonames_id"], location["geonames_details"]) for location in record["locations"]]
    return [
        _row(record, displayed[0], labels)
        | {"geonames_id": identifier, "country": place["country_code"], "region": place.get("country_subdivision_name")}
        | {"place": place["name"], "latitude": place["lat"], "longitude": place["lng"]}
        for identifier, place in places
    ]


def _places_in_schema_1(record: dict[str, Any]) -> list[dict[str, Any]]:
    labels = [(label["label"], label["iso639"]) for label in record["labels"]] + [(alias, None) for alias in record["aliases"]]
    places = [(address, address["geonames_city"]) for address in record["addresses"]]
    return [
        _row(record, record["name"], labels)
        | {"geonames_id": place["id"], "country": record["country"]["country_code"], "region": place["geonames_admin1"]["name"]}
        | {"place": place["city"], "latitude": address["lat"], "longitude": address["lng"]}
        for address, place in places
    ]


def _row(record: dict[str, Any], name: str, labels: list[tuple[str, str | None]]) -> dict[str, Any]:
    return {
        "ror_id": record["id"],
        "name": name,
        "name_zh": _joined([label for label, language in labels if language == "zh"]),
        "other_names": _joined([label for label, language in labels if language != "zh" and label != name]),
        "types": "|".join(sorted(kind.lower() for kind in record["types"])),
        "established": record["established"],
        "status": record["status"],
    }


def _joined(names: list[str]) -> str | None:
    return "|".join(dict.fromkeys(name.replace("|", "/") for name in names)) or None


SOURCE = Source(
    name="ror",
    title="Research Organization Registry",
    publisher="ROR: California Digital Library, Crossref and DataCite",
    landing_page="https://doi.org/10.5281/zenodo.6347574",
    licence="CC0-1.0",
    licence_class="open",
    citation="Research Organization Registry (ROR), data dump, doi:10.5281/zenodo.6347574",
    cadence="monthly",
    subjects=("universities",),
    priority=4,
    is_worldwide=True,
    tables=(Table("organisations", Organisations, (2_000, 250_000), parse_organisations, find_dump),),
    politeness=Politeness(most_bytes=1_000_000_000, documented_api=API),
)
