"""Describe a release as Croissant, the vocabulary of data set catalogues, from its Frictionless Data Package."""

from pathlib import PurePath
from typing import Any

FILE = "croissant.json"

_CONFORMS_TO = "http://mlcommons.org/croissant/1.0"

#: What the vocabulary has terms of its own for, under their own names.
_TERMS = """
    citeAs column equivalentProperty extract field fileObject fileProperty fileSet format includes isLiveDataset jsonPath key md5
    parentField path recordSet references regex repeated replace samplingRate separator source subField transform
"""

#: The context that the specification asks for.
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    **{term: f"cr:{term}" for term in _TERMS.split()},
}

_TYPES = {
    "string": "sc:Text",
    "boolean": "sc:Boolean",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "date": "sc:Date",
    "datetime": "sc:DateTime",
}


def describe(package: dict[str, Any]) -> dict[str, Any]:
    """Return the description of a data package: every Parquet file, and the columns and keys of its table."""
    tables = [resource for resource in package["resources"] if resource["format"] == "parquet"]
    named = {table["name"]: PurePath(table["path"]).stem for table in tables}
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": _CONFORMS_TO,
        "name": package["name"],
        "description": package["title"],
        # The report beside it: an address is read from where the description itself stands.
        "url": "report.html",
        "license": [
            {"@type": "sc:CreativeWork", "name": licence["title"], "url": licence["path"]} for licence in package["licenses"]
        ],
        "usageInfo": package["redistribution"],
        "version": f"{package['version']}.0",
        "datePublished": package["created"],
        "creator": {"@type": "sc:Organization", "name": f"{package['name']} contributors"},
        "citeAs": f"{package['name']} contributors, release {package['id']}",
        "distribution": [_file(table) for table in tables],
        "recordSet": [_records(table, named) for table in tables],
    }


def _file(table: dict[str, Any]) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": table["path"],
        "name": table["path"],
        "contentUrl": table["path"],
        "contentSize": f"{table['bytes']} B",
        "encodingFormat": "application/x-parquet",
        "sha256": table["hash"].removeprefix("sha256:"),
    }


def _records(table: dict[str, Any], named: dict[str, str]) -> dict[str, Any]:
    """Return the record set of a table; ``named`` has the tables that a key may refer to, by the name of their resource."""
    name, schema = named[table["name"]], table["schema"]
    references = {
        key["fields"][0]: f"{named[key['reference']['resource']]}/{key['reference']['fields'][0]}"
        for key in schema.get("foreignKeys", [])
    }
    records: dict[str, Any] = {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": table["description"],
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{field['name']}",
                "name": f"{name}/{field['name']}",
                "description": field["description"],
                "dataType": _TYPES[field["type"]],
                "source": {"fileObject": {"@id": table["path"]}, "extract": {"column": field["name"]}},
            }
            | ({"references": {"field": {"@id": references[field["name"]]}}} if field["name"] in references else {})
            for field in schema["fields"]
        ],
    }
    if "primaryKey" in schema:
        records["key"] = [{"@id": f"{name}/{column}"} for column in schema["primaryKey"]]
    return records
