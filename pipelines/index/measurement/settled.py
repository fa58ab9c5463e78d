"""Read and write what pilots settled, with a key of the lists and the code that it is of."""

import json
from pathlib import Path

import numpy as np

from pipelines.index.measurement.state import SharedUnknowns


def read(file: Path, key: str) -> SharedUnknowns | None:
    """Return what ``file`` has of the lists with this key; none if it is of others, or cannot be read."""
    try:
        kept = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return {name: np.array(value) for name, value in kept["settled"].items()} if kept.get("lists") == key else None


def write(file: Path, key: str, settled: SharedUnknowns) -> None:
    """Write what is ``settled``, to the last digit, one unknown a line."""
    lines = [f"    {json.dumps(name)}: {json.dumps(value.tolist())}" for name, value in settled.items()]
    file.write_text(f'{{\n  "lists": {json.dumps(key)},\n  "settled": {{\n' + ",\n".join(lines) + "\n  }\n}\n", "utf-8")
