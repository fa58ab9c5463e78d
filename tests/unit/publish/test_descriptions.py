"""A release describes itself to programs: Croissant and llms.txt, from a data package made by hand."""

from typing import Any

from pipelines.publish import croissant, llms, wording

CITIES: dict[str, Any] = {
    "name": "core.cities",
    "path": "core.cities.parquet",
    "description": "One row per city.",
    "format": "parquet",
    "schema": {"fields": [{"name": "city", "type": "string", "description": "City."}], "primaryKey": ["city"]},
    "bytes": 10,
    "hash": "sha256:aa",
}
SCORES = CITIES | {
    "name": "index.high-scores",
    "path": "index.high_scores.parquet",
    "schema": {
        "fields": [
            {"name": "city", "type": "string", "description": "City."},
            {"name": "made_at", "type": "datetime", "description": "When."},
        ],
        "primaryKey": ["city", "made_at"],
        "foreignKeys": [{"fields": ["city"], "reference": {"resource": "core.cities", "fields": ["city"]}}],
    },
}
PACKAGE: dict[str, Any] = {
    "name": "towns",
    "id": "abc",
    "title": "Towns",
    "version": "2.0",
    "created": "2026-01-01T00:00:00Z",
    "licenses": [{"title": "MIT", "path": "https://opensource.org/license/mit"}],
    "redistribution": "may be redistributed",
    "resources": [CITIES, SCORES, {"name": "workbook", "path": "towns.xlsx", "format": "xlsx"}],
}


def ids(node: object) -> list[str]:
    """Return the ids that a description defines, which are those of typed nodes."""
    if isinstance(node, list):
        return [found for each in node for found in ids(each)]
    if not isinstance(node, dict):
        return []
    own = [node["@id"]] if "@type" in node and "@id" in node else []
    return own + [found for key, value in node.items() if key != "@context" for found in ids(value)]


def references(node: object) -> list[str]:
    """Return the ids that a description refers to: those of nodes that are nothing but an id."""
    if isinstance(node, list):
        return [found for each in node for found in references(each)]
    if not isinstance(node, dict):
        return []
    if set(node) == {"@id"}:
        return [node["@id"]]
    return [found for key, value in node.items() if key != "@context" for found in references(value)]


def test_croissant_has_every_parquet_file_and_column() -> None:
    described = croissant.describe(PACKAGE)
    assert ids(described) == [
        *("core.cities.parquet", "index.high_scores.parquet", "core.cities", "core.cities/city"),
        *("index.high_scores", "index.high_scores/city", "index.high_scores/made_at"),
    ]
    assert described["distribution"][0]["sha256"] == "aa"
    assert [field["dataType"] for field in described["recordSet"][1]["field"]] == ["sc:Text", "sc:DateTime"]


def test_croissant_says_of_the_data_set_what_is_required() -> None:
    described = croissant.describe(PACKAGE)
    required = "@context @type conformsTo description license name url creator datePublished distribution"
    assert all(described.get(name) for name in required.split())


def test_licence_in_croissant_has_its_text_on_the_web() -> None:
    licence = {"@type": "sc:CreativeWork", "name": "MIT", "url": "https://opensource.org/license/mit"}
    assert croissant.describe(PACKAGE)["license"] == [licence]


def test_keys_and_sources_in_croissant_lead_somewhere() -> None:
    described = croissant.describe(PACKAGE)
    assert set(references(described)) <= set(ids(described))
    scores = described["recordSet"][1]
    assert scores["key"] == [{"@id": "index.high_scores/city"}, {"@id": "index.high_scores/made_at"}]
    assert scores["field"][0]["references"] == {"field": {"@id": "core.cities/city"}}


def test_llms_txt_links_every_table_and_macro() -> None:
    names = [*llms.FIRST, "core.cities"]
    resources = [CITIES | {"path": f"{name}.parquet"} for name in names]
    said = llms.text(PACKAGE | {"resources": resources}, "Alba is ahead.", ", or whoever", [("top", "the cities in order")])
    assert said.startswith("# towns\n\n> Towns. Alba is ahead.\n\nRelease abc, made 2026-01-01T00:00:00Z, method 2.0.")
    start, optional = said.split("## Optional")
    assert all(f"- [{name}]({name}.parquet): One row per city." in start for name in llms.FIRST)
    assert "- [core.cities](core.cities.parquet): One row per city." in optional
    assert "- `top`: the cities in order" in said
    assert "(`index.goalposts`), or whoever; ten points less" in said
    assert f"- {wording.ORDER}" in said
    assert "Every row of `marts.evidence` has `source`, `source_file` and `source_row`." in said
