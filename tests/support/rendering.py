"""Render pages of a published file."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pipelines.publish.report import page

Made = TypeVar("Made")


def rendered(render: Callable[[page.Frames, str], Made], file: Path, code: str = "en") -> Made:
    """Return what ``render`` makes of the published file at ``file`` in a language."""
    with page.reading(file) as frames:
        return render(frames, code)
