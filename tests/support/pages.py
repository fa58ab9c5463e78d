"""Read the fenced blocks of README.md and docs/."""

import re
from dataclasses import dataclass
from pathlib import Path

from tools import documents


@dataclass(frozen=True)
class Block:
    """A fenced block: its page, the heading above it, what stands behind the fence, and its content."""

    page: Path
    heading: str
    info: str
    content: str


def blocks() -> list[Block]:
    """Return every block of every page."""
    result = []
    for page in documents.PAGES:
        heading = ""
        # Text, opening fence, content, closing fence, text, …
        parts = re.split(r"^```(.*)$", page.read_text("utf-8"), flags=re.MULTILINE)
        for text, opening, content in zip(parts[0::4], parts[1::4], parts[2::4], strict=False):
            heading = (re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE) or [heading])[-1]
            result.append(Block(page, heading, opening, content.strip("\n")))
    return result


BLOCKS = blocks()


def files_of(name: str) -> dict[str, str]:
    """Return the files called ``name``, and what docs/how-to.md says to write in each."""
    named = [(block.info.split()[1], block.content) for block in BLOCKS if " " in block.info]
    return {path: f"{content}\n" for path, content in named if Path(path).stem == name}


def written(path: str) -> str:
    """Return what docs/how-to.md says to write in the file at ``path``."""
    return files_of(Path(path).stem)[path]
