"""Pages of a word each, for releases of which the tests read something else: the real ones take seconds."""

from collections.abc import Callable
from contextlib import nullcontext

from pipelines.publish import exports
from pipelines.publish.report import city_pages, page


def blank_pages(replace: Callable[..., object]) -> None:
    """Replace what makes the pages; ``replace`` is ``setattr``, or the same of a monkeypatch."""
    for name, text in (("render", "page"), ("render_brief", "brief"), ("render_picture", "<svg/>")):
        replace(page, name, lambda frames, code, text=text: f"{text} {code}")
    replace(page, "reading", nullcontext)
    replace(city_pages, "render", lambda frames, code: {f"alba.{code}.html": "Alba"})


def file_alone(replace: Callable[..., object]) -> None:
    """Let a release consist of the DuckDB file, with blank pages: its tables in other formats take seconds too."""
    blank_pages(replace)
    replace(exports, "export", export_nothing)


def export_nothing(*_: object) -> None:
    """Stand for ``exports.export``; it has a name by which another process finds it."""
