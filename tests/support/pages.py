"""Read the fenced blocks of README.md and docs/."""

import re
from dataclasses import dataclass
from pathlib import Path

from tools import documents


@dataclass(frozen=True)
class Block:
    """A fenced block: its page, the heading above it, its language, its content, and the file that the line above names."""

    page: Path
    heading: str
    language: str
    content: str
    path: str | None


def blocks() -> list[Block]:
    """Return every block of every page."""
    result = []
    for page in documents.PAGES:
        heading = ""
        # Text, opening fence, content, closing fence, text, …
        parts = re.split(r"^```(.*)$", page.read_text("utf-8"), flags=re.MULTILINE)
        for text, opening, content in zip(parts[0::4], parts[1::4], parts[2::4], strict=False):
            heading = (re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE) or [heading])[-1]
            named = re.search(r"^`(\S+)`:\n\n\Z", text, flags=re.MULTILINE)
            result.append(Block(page, heading, opening, content.strip("\n"), named[1] if named else None))
    return result


BLOCKS = blocks()


def files_of(name: str) -> dict[str, str]:
    """Return the files called ``name``, and what docs/how-to.md says to write in each."""
    return {block.path: f"{block.content}\n" for block in BLOCKS if block.path and Path(block.path).stem == name}


def written(path: str) -> str:
    """Return what docs/how-to.md says to write in the file at ``path``."""
    return files_of(Path(path).stem)[path]
