"""Good inputs for every parser, to be damaged: what the tests feed them, caught in passing, and the project's own files.

Run as a pytest plugin (``-p torture.seeds``), it keeps each content that a parser accepted in the folder ``TORTURE_SEEDS``.
"""

import os
import sys
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipelines import settings
from pipelines.ingest import sources
from pipelines.ingest.source import Source, Table
from pipelines.ingest.sources import elite

#: Lines of a project's file that make a seed: small inputs make many cases.
LINES = 12
#: Seeds larger than this are left out, for the same reason.
LARGEST = 60_000

#: For parsers that the tests feed with recordings only.
OWN = {
    "elite__project_985": f"{','.join(elite.HEADER)}\n北京大学,{elite.TITLE_985},u,2026-04-21,n\n".encode(),
    "elite__double_first_class_2017": f"{','.join(elite.HEADER_ROUND_1)}\n".encode()
    + ",".join(
        {"轮次": "第一轮", "学校名称": "北京大学", "类别": "A类"}.get(name, "1") for name in elite.HEADER_ROUND_1
    ).encode(),
    "csrankings__country_info": b"institution,region,countryabbrv\nUESTC,asia,cn\nKAIST,asia,kr\n",
}


def folder_of(root: Path, source: Source, table: Table) -> Path:
    return root / f"{source.name}__{table.name}"


def collect(root: Path) -> None:
    """Write the seeds of every parser below ``root``; takes one run of the sources' tests."""
    import subprocess

    tests = str(settings.SHIPPED / "tests" / "unit" / "ingest")
    command = [sys.executable, "-m", "pytest", "-x", "-m", "not recorded and not slow", "-p", "torture.seeds", tests]
    environment = os.environ | {"TORTURE_SEEDS": str(root), "PYTHONPATH": str(settings.SHIPPED)}
    subprocess.run(command, check=True, env=environment, cwd=settings.SHIPPED, stdout=subprocess.DEVNULL)
    for name, content in OWN.items():
        _keep(root / name, content)
    for source in sources.ALL:
        for table in source.tables:
            if source.is_local and isinstance(table.addresses, tuple):
                for file in table.addresses:
                    lines = (settings.SHIPPED / file).read_bytes().splitlines(keepends=True)
                    _keep(folder_of(root, source, table), b"".join(lines[:LINES]))


def _keep(folder: Path, content: bytes) -> None:
    if len(content) <= LARGEST:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / sha256(content).hexdigest()[:16]).write_bytes(content)


def _catching(parse: Callable[[bytes], Any], folder: Path) -> Callable[[bytes], Any]:
    @wraps(parse)
    def caught(content: bytes) -> Any:
        frame = parse(content)
        _keep(folder, content)
        return frame

    return caught


if "TORTURE_SEEDS" in os.environ and "pytest" in sys.modules:
    for _source in sources.ALL:
        for _table in _source.tables:
            _caught = _catching(_table.parse, folder_of(Path(os.environ["TORTURE_SEEDS"]), _source, _table))
            _module = sys.modules[getattr(_table.parse, "func", _table.parse).__module__]
            _name = getattr(_table.parse, "__name__", "")
            if getattr(_module, _name, None) is _table.parse:
                setattr(_module, _name, _caught)
            object.__setattr__(_table, "parse", _caught)
