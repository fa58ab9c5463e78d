"""ROR, the Research Organization Registry: universities, institutes, hospitals and companies with their places.

What bites: since release 2.0 the dump holds schema 2 only, in a file no longer called ``…_schema_v2.json``; a record may
name several places, one row each here; Chinese labels come several to a record (simplified, traditional, former names).
Single records and files of one record a line are read too, of schema 1 as well, told apart by their content. Counts
are only meaningful from the whole dump. Zenodo's API was not yet seen live.
"""

from collections.abc import Iterator
from typing import Any

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest.contract import doc
from pipelines.ingest.readers.archives import zip_member
from pipelines.ingest.readers.text import decode, json_value, json_values
from pipelines.ingest.request import Politeness, Request
from pipelines.ingest.source import Get, Source, Table

CONCEPT = "https://zenodo.org/api/records/6347574"  # leads to the latest release
#: What stands around records, in an array or on lines of their own.
BETWEEN = "[], \t\r\n"
TYPES = r"(archive|company|education|facility|funder|government|healthcare|nonprofit|other)"


class Organisations(dy.Schema):
    """One row per organisation and place."""

    ror_id = dy.String(
        primary_key=True,
        regex=r"^https://ror\.org/0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}$",
        metadata=doc("ROR id.", "https://ror.org/0…"),
    )
    geonames_id = dy.Int64(primary_key=True, min=1, metadata=doc("GeoNames id of the place."))
    name = dy.String(nullable=False, metadata=doc("Name ROR displays."))
    name_zh = dy.String(nullable=True, metadata=doc("Chinese labels, separated by |."))
    other_names = dy.String(nullable=True, metadata=doc("All other labels and aliases, separated by |; no acronyms."))
    types = dy.String(
        nullable=False,
        regex=rf"^{TYPES}(\|{TYPES})*$",
        metadata=doc("Kinds of organisation, separated by |.", "ROR's types with |"),
    )
    established = dy.Int32(nullable=True, min=700, metadata=doc("Year of founding."))
    status = dy.Enum(["active", "inactive", "withdrawn"], nullable=False, metadata=doc("Whether it still exists, by ROR."))
    country = dy.String(nullable=False, regex=r"^[A-Z]{2}$", metadata=doc("ISO 3166-1 code of the place.", "Two letters"))
    region = dy.String(nullable=True, metadata=doc("Province or state of the place, where given."))
    place = dy.String(nullable=False, metadata=doc("GeoNames name of the place; it may be a district."))
    latitude = dy.Float64(nullable=False, min=-90, max=90, metadata=doc("Latitude of the place, degrees."))
    longitude = dy.Float64(nullable=False, min=-180, max=180, metadata=doc("Longitude of the place, degrees."))


def find_dump(get: Get) -> Iterator[Request]:
    """The archive of the latest release; raises Refused unless Zenodo lists exactly one."""
    files = json_value(get(Request(CONCEPT, accepts=("application/json",))))
    try:
        found = [one["links"]["self"] for one in files["files"] if one["key"].endswith("-ror-data.zip")]
    except (KeyError, TypeError) as error:
        raise refuse(f"Zenodo's record lacks {error}", "Look at the record; its form has changed") from error
    if len(found) != 1:
        raise refuse(f"Zenodo lists {len(found)} files called …-ror-data.zip, expected one", "Look at the record's files")
    yield Request(found[0], accepts=("application/zip", "application/octet-stream"))


def parse_organisations(content: bytes) -> pl.DataFrame:
    """Rows of a dump (.zip), or of JSON: an array of records, one record, or a record per line. ``source_row`` counts records."""
    if content.startswith(b"PK"):
        content = zip_member(content, "-ror-data.json")
    rows: list[dict[str, Any]] = []
    for number, record in enumerate(_records(decode(content)), 1):
        try:
            found = _rows_of_v2(record) if "admin" in record else _rows_of_v1(record)
        except (AttributeError, IndexError, KeyError, TypeError) as error:
            raise refuse(f"is no record of ROR's schema 1 or 2: {error}", "Compare it with the schema", row=number) from error
        if not found:
            raise refuse("the record has no place", "Compare it with the schema", row=number, column="locations")
        rows += [row | {"source_row": number} for row in found]
    if not rows:
        raise refuse("holds no record", "Fetch it again; it was cut or damaged")
    return pl.DataFrame(rows, infer_schema_length=None, strict=False)


def _records(text: str) -> Iterator[Any]:
    """Each record in turn: a dump is too large to hold all its records as objects at once."""
    text = text.strip()
    if text.startswith("[") != text.endswith("]"):
        raise refuse("the list of records does not end", "Fetch it again; it was cut or damaged")
    return json_values(text, BETWEEN)


def _rows_of_v2(record: dict[str, Any]) -> list[dict[str, Any]]:
    names = record["names"]
    displayed = [one["value"] for one in names if "ror_display" in one["types"]]
    labels = [(one["value"], one["lang"]) for one in names if {"label", "alias"} & set(one["types"])]
    return [
        _row(record, displayed[0], labels)
        | {"geonames_id": one["geonames_id"], "country": place["country_code"], "region": place.get("country_subdivision_name")}
        | {"place": place["name"], "latitude": place["lat"], "longitude": place["lng"]}
        for one in record["locations"]
        for place in [one["geonames_details"]]
    ]


def _rows_of_v1(record: dict[str, Any]) -> list[dict[str, Any]]:
    labels = [(one["label"], one["iso639"]) for one in record["labels"]] + [(alias, None) for alias in record["aliases"]]
    return [
        _row(record, record["name"], labels)
        | {"geonames_id": place["id"], "country": record["country"]["country_code"], "region": place["geonames_admin1"]["name"]}
        | {"place": place["city"], "latitude": one["lat"], "longitude": one["lng"]}
        for one in record["addresses"]
        for place in [one["geonames_city"]]
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
    tables=(Table("organisations", Organisations, (2_500, 250_000), parse_organisations, find_dump),),
    politeness=Politeness(most_bytes=1_000_000_000),
)
