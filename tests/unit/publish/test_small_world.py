"""What is published of a small world is as written down in ``tests/expected``: figures, pages, files and history."""

import hashlib
import json
import re
import stat
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines import settings
from pipelines.publish import release, release_file, texts
from pipelines.publish.report import city_pages, explorer, page, templates
from pipelines.warehouse import lock
from tests.support import expected, release_world
from tests.support.blank_pages import blank_pages
from tests.support.rendering import rendered

#: Tables of the published file whose contents are written down; their hashes depend on the version of DuckDB.
KEPT = {
    "core.release": "input_fingerprint, method_version, scope, redistribution, made_at",
    "core.release_history": "* exclude (content_hash)",
    "core.entities": "kind, entity, since",
    "core.fact_history": "*",
    "core.forecast_history": "*",
    "core.forecast_scores": "*",
}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a published file of the small world."""
    return release_world.published(tmp_path_factory.mktemp("world") / "published.duckdb")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Publish a release of the small world, with pages that are made elsewhere."""
    blank_pages(monkeypatch.setattr)
    to_publish, comment = release_world.publishable(tmp_path, monkeypatch), release_file._comment

    def without_a_log(*given: Any) -> None:
        assert [*settings.RELEASES.rglob(f"{settings.PUBLISHED.name}*")] == [*settings.RELEASES.rglob(settings.PUBLISHED.name)]
        comment(*given)

    monkeypatch.setattr(release_file, "_comment", without_a_log)
    yield release.publish(*to_publish, "fingerprint")
    lock.release()


def test_figures_of_a_small_world(file: Path) -> None:
    with page.reading(file) as frames, page.speaking(frames, "zh"):
        chinese = {name: figure and figure.says for name, figure in page._figures(frames).items()}
    with page.reading(file) as frames:
        figures = page._figures(frames)
    tables = {
        "figures": pl.concat([_of_figure(name, figure) for name, figure in figures.items() if figure]),
        "chinese": _flat(chinese),
    }
    expected.compare("figures", tables, most=400)


def test_page_of_a_small_world(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with page.reading(file) as frames, page.speaking(frames, "zh"):
        chinese = {card["claim"]: card["sentence"] for card in page._claims(frames)["claims"]}
        chinese |= {"headline": page.first_screen(frames)["headline"], "city": texts.city_name("Beijing")}
        assert page._scripts()["script_texts"]
    with page.reading(file) as frames:
        shown, explored, cards = page.first_screen(frames), page._explorer(frames), page._claims(frames)
        figures = page._figures(frames)
        held, landed = explorer.evidence(frames["evidence"], page.MOST_BYTES), frames["tables"]
    tables = {
        "first screen": _flat({name: value for name, value in shown.items() if name != "release"}),
        "explorer": _flat({name: value for name, value in explored.items() if name != "indicators"}),
        "claims": _flat({"tally": cards["tally"]} | {card["claim"]: _of_claim(card) for card in cards["claims"]}),
        "chinese": _flat(chinese),
        "picture": _flat({"share.svg": rendered(page.render_picture, file)}),
        "tables": landed,
    }
    expected.compare("page", tables, most=400)
    rooms: list[int] = []

    def evidence(rows: pl.DataFrame, room: int) -> dict[str, Any]:
        rooms.append(room)
        return held

    assert figures["growth"] is not None
    figures["growth"] = replace(figures["growth"], rows=figures["growth"].rows.head(1))
    monkeypatch.setattr(explorer, "evidence", evidence)
    monkeypatch.setattr(page, "_figures", lambda frames: figures)  # the same on the page and in the brief, and long to make
    whole = rendered(page.render, file)
    assert page.MOST_BYTES - rooms[0] == pytest.approx(len(whole.replace(templates.as_json(held), "").encode()), abs=100)
    assert str(templates.as_json(held)) in whole
    assert page._EVIDENCE not in whole
    assert "Content-Security-Policy" in whole
    assert "3 sources with licence and date; the lists are from 17 of them" in whole
    assert "The numbers (1 row)" in whole and "(1 rows)" not in whole
    brief = rendered(page.render_brief, file)
    assert shown["headline"] in brief and "This release is for local use only." in brief


def test_cities_of_a_small_world(file: Path) -> None:
    with page.reading(file) as frames:
        made = city_pages.render(frames) | city_pages.render(frames, "zh")
    cities = ("beijing", "shanghai", "shenzhen", "suzhou", "wuhan")
    assert sorted(made) == sorted(f"{city}.{kind}" for city in cities for kind in ("html", "svg", "zh.html", "zh.svg"))
    kept = {name: _text(made[name]) for name in ("beijing.html", "wuhan.html", "wuhan.zh.html")}
    expected.compare("cities", {"pages": _flat(kept), "pictures": _flat({"": made["shanghai.svg"], "zh": made["wuhan.zh.svg"]})})


def test_release_of_a_small_world(folder: Path) -> None:
    tables = {
        "package": _package(json.loads((folder / "datapackage.json").read_text("utf-8"))),
        "croissant": _flat(_croissant(json.loads((folder / "croissant.json").read_text("utf-8")))),
        "llms": _flat({"": dict(enumerate(_lines(folder / "llms.txt")))}),
        "workbook": _workbook(folder / "nextvalley.xlsx"),
        **_file(folder / settings.PUBLISHED.name),
    }
    expected.compare("release", tables, most=400)
    assert (folder / "report.zh.html").read_text("utf-8") == "page zh"
    assert (folder / "core.deals.csv").read_bytes().startswith(b"\xef\xbb\xbf"), "or a spreadsheet garbles Chinese names"
    assert (folder / "city" / "alba.en.html").read_text("utf-8") == "Alba"
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")} == {0o755, 0o444}
    assert (folder.name[:17], settings.PUBLISHED.resolve().parent) == ("20260102T030405Z-", folder)
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert package["redistribution"].startswith("is for local use only")
    sources = {resource["path"]: resource.get("sources") for resource in package["resources"]}
    assert sources["core.deals.csv"] == [{"title": "Own register (Publisher 0; CC0)"}]
    assert sources["index.scores.csv"] is None, "its rows name no files"
    assert json.loads((settings.RELEASES / release.LIST).read_text("utf-8")) == []
    for resource in package["resources"]:
        content = (folder / resource["path"]).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")
    hashes = dict(line.split("  ")[::-1] for line in (folder / release.HASHES).read_text("utf-8").splitlines())
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != release.HASHES]
    assert hashes == {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, pl.DataFrame):
        return [value.columns, *map(list, value.rows())]
    return str(value)


def _flat(values: Mapping[str, Any]) -> pl.DataFrame:
    """Return one row for each value, and for each part of a mapping."""
    rows = []
    for name, value in values.items():
        parts = value.items() if isinstance(value, dict) else [("", value)]
        rows += [(name, part, json.dumps(item, ensure_ascii=False, default=_plain)) for part, item in parts]
    return pl.DataFrame(rows, ["name", "part", "value"], orient="row")


def _of_claim(card: dict[str, Any]) -> dict[str, Any]:
    return {period["period"]: {name: period[name] for name in ("sentence", "bar", "counted")} for period in card["periods"]} | {
        "verdict": card["verdict"], "evidence": card["evidence"].height,
    }  # fmt: skip


def _of_figure(name: str, figure: Any) -> pl.DataFrame:
    """Return what a figure says, its rows in short, and its chart, in which data are summed up."""
    data: list[Any] = []
    chart = _without_data(figure.chart, data)
    lines = {"says": figure.says, "choices": figure.choices, "news": figure.news, "chart": chart}
    lines |= {"columns": [[column.name, column.title, column.digits, column.share] for column in figure.columns]}
    frames = [figure.rows, *(pl.DataFrame(rows, infer_schema_length=None) for rows in data if rows and "type" not in rows[0])]
    lines |= {f"rows {number}": _short(frame) for number, frame in enumerate(frames)}
    lines |= {f"shape {number}": rows for number, rows in enumerate(data) if rows and "type" in rows[0]}
    return pl.DataFrame(
        [(name, part, json.dumps(value, ensure_ascii=False, default=_plain)) for part, value in lines.items()],
        ["figure", "part", "value"],
        orient="row",
    )


def _without_data(part: Any, data: list[Any]) -> Any:
    if isinstance(part, list):
        return [_without_data(item, data) for item in part]
    if not isinstance(part, dict):
        return part
    if "values" in part.get("data", {}):
        data.append(part["data"]["values"])
    return {key: _without_data(value, data) for key, value in part.items() if key != "data"}


def _short(frame: pl.DataFrame) -> list[Any]:
    """Return the columns, the number of rows, the first and the last, and sums of all."""
    sums = [expected.summed(frame[column]) for column in frame.columns]
    return [frame.columns, frame.height, *(list(frame.row(place)) for place in (0, -1)), sums]


def _text(html: str) -> str:
    """Return what a reader sees of a page."""
    return " ".join(re.sub(r"<(style|script)[^>]*>.*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL).split())


def _package(package: dict[str, Any]) -> pl.DataFrame:
    """Return the files with their columns and keys, without their words and hashes."""
    rows = []
    for resource in package["resources"]:
        schema = resource.get("schema", {"fields": []})
        fields = [(field["name"], field["type"], *field.get("constraints", {})) for field in schema["fields"]]
        keys = [schema.get("primaryKey"), schema.get("foreignKeys")]
        rows.append((resource["name"], resource["path"], resource["format"], json.dumps([fields, keys])))
    about = [package[name] for name in ("title", "version", "created", "redistribution", "sources", "licenses")]
    rows.append(("", "", "", json.dumps(about, ensure_ascii=False)))
    return pl.DataFrame(rows, ["name", "path", "format", "columns"], orient="row")


def _croissant(described: dict[str, Any]) -> dict[str, Any]:
    """Return the description without its context, and of its files and tables the first and one with keys to others."""
    files, tables = described["distribution"], {table["name"]: table for table in described["recordSet"]}
    kept = {
        "files": len(files),
        "tables": len(tables),
        "first": {key: files[0][key] for key in ("@id", "@type", "encodingFormat")},
    }
    fields = {field["name"]: {**field, "description": ""} for field in tables["index.growth"]["field"]}
    about = {name: described[name] for name in ("name", "license", "usageInfo", "version", "datePublished", "creator")}
    return {"about": about | kept, "index.growth": fields | {"key": tables["index.growth"].get("key")}}


def _lines(file: Path) -> list[str]:
    """Return the beginning of every line, without the hash of the release."""
    return [re.sub(r"[0-9a-f]{64}", "hash", line)[:60] for line in file.read_text("utf-8").splitlines() if line]


def _workbook(file: Path) -> pl.DataFrame:
    """Return what each sheet holds: its size, its first cells as they are stored, with their formats, and its notes."""
    with zipfile.ZipFile(file) as parts:
        names = re.findall(r'<sheet name="([^"]+)"', parts.read("xl/workbook.xml").decode())
        rows = []
        for number, name in enumerate(names, 1):
            sheet = parts.read(f"xl/worksheets/sheet{number}.xml").decode()
            notes = f"xl/comments{number - 1}.xml"
            count = parts.read(notes).count(b"<comment ") if notes in parts.namelist() else 0
            first = re.findall(r"<row [^>]*>.*?</row>", sheet)[1:2]
            rows.append((name, *re.findall(r'<dimension ref="([^"]+)"', sheet), count, "<pane " in sheet, *first[:1]))
        formats = re.findall(r"<numFmts.*</numFmts>", parts.read("xl/styles.xml").decode().replace("0", "o"))
    rows.append(("", "", 0, False, *formats))
    return pl.DataFrame(rows, ["sheet", "cells", "notes", "is_frozen", "first row"], orient="row")


def _file(file: Path) -> dict[str, pl.DataFrame]:
    """Return the tables that publishing makes, and how many of each schema have a comment."""
    with duckdb.connect(file, read_only=True) as connection:
        kept = {
            name: pl.DataFrame(connection.sql(f"select {columns} from {name} order by all")) for name, columns in KEPT.items()
        }
        commented = connection.sql(
            "select schema_name, count(*) as n, count(comment) as n_comments from duckdb_columns() "
            "where schema_name in ('core', 'marts', 'index', 'claims') group by 1 order by 1"
        )
        return kept | {"comments": pl.DataFrame(commented)}
