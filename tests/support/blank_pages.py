"""Pages of a word each, for releases of which the tests read something else: the real ones take seconds."""

from collections.abc import Callable
from contextlib import nullcontext

from pipelines.publish.report import city_pages, page


def blank_pages(replace: Callable[..., object]) -> None:
    """Replace what makes the pages; ``replace`` is ``setattr``, or the same of a monkeypatch."""
    for name, text in (("render", "page"), ("render_brief", "brief"), ("render_picture", "<svg/>")):
        replace(page, name, lambda frames, code, text=text: f"{text} {code}")
    replace(page, "reading", nullcontext)
    replace(city_pages, "render", lambda frames, code: {f"alba.{code}.html": "Alba"})
