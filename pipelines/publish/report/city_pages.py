"""Write a page for each scored city: where it stands, what is missing, and rows behind its numbers; no script, so it prints."""

import re
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from markupsafe import Markup

from pipelines.publish.report import explorer
from pipelines.publish.report.page import HERE, Frames, reach, template

#: In place of the numbers of an indicator that a city has not: there is nothing to infer.
_KNOWN = (None,)


def render(file: Path) -> dict[str, str]:
    """Return the name of a file → its page, for every scored city of the published file at ``file``."""
    with duckdb.connect(file, read_only=True) as connection:
        frames = Frames(connection)
        indicators, scores, ranking = frames["indicators"], frames["scores"], frames["ranking"]
        profiles = explorer.cities(scores, frames["values"], ranking)
        standing = {row["city"]: row for row in ranking.iter_rows(named=True)}
        rows = _rows(frames["city_evidence"])
        shared: dict[str, Any] = {
            "indicators": indicators.to_dicts(),
            "pillars": indicators.select("pillar", "pillar_name").unique(maintain_order=True).rows(),
            "benchmark": frames["benchmark"].row(0, named=True),
            "basis": frames.of("from index.headline").row(0, named=True),
            "release": frames.of("from core.release").row(0, named=True),
            "style": Markup((HERE / "page.css").read_text("utf-8")),
        }
    page = template("city.html")
    return {
        file_name(city): page.render(
            city=city,
            profile=profile,
            row=standing.get(city),
            rows=rows.get(city, {}),
            reach=reach([standing[city]] if city in standing else []),
            missing=[one["name"] for one in shared["indicators"] if profile["numbers"].get(one["indicator"], _KNOWN)[-1] == 0],
            **shared,
        )
        for city, profile in profiles.items()
        if city != shared["benchmark"]["benchmark"]
    }


def file_name(city: str) -> str:
    """Return the name of a city's file: lower case, with a hyphen for what is neither a letter nor a digit."""
    return re.sub(r"\W+", "-", city.lower()).strip("-") + ".html"


def _rows(evidence: pl.DataFrame) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return city → indicator → its first rows; ``evidence`` is sorted, and ``n`` counts all rows of city and indicator."""
    rows: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for row in evidence.iter_rows(named=True):
        rows.setdefault(row["city"], {}).setdefault(row["indicator"], []).append(row)
    return rows
