"""Keep what pilots settled: chains of the same lists begin from it, and pilots of others have less to find."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pipelines.index.measurement.layout import Layout
from pipelines.index.measurement.state import SharedUnknowns, State

#: What the entries of each unknown are of, by axis.
AXES = {
    "noise": ("noises",),
    "level": ("channels",),
    "base": ("lists",),
    "elasticity": ("lists",),
    "regional_noise": ("lists",),
    "means": ("groups", "quantities"),
    "growth": ("groups", "steps", "flows"),
    "spread": ("groups", "ends"),
    "covariance": ("quantities", "quantities"),
    "step_covariance": ("flows", "flows"),
    "national": ("families", "groups"),
    "own_national": ("lists", "groups"),
}


@dataclass(frozen=True)
class Settled:
    """What pilots settled: ``values`` of the lists with the key ``lists``, and the ``names`` along each axis."""

    lists: str
    names: Mapping[str, list[str]]
    values: SharedUnknowns

    @classmethod
    def of(cls, layout: Layout, key: str, values: SharedUnknowns) -> "Settled":
        """Return ``values`` under the names of ``layout``; attention to regions, which chains find anew, is left out."""
        return cls(key, names(layout), {name: value for name, value in values.items() if name in AXES})

    def carried(self, layout: Layout, state: State) -> State:
        """Return ``state`` of ``layout`` with the values of all that these lists share with it."""
        here, changed = names(layout), {}
        for name, value in self.values.items():
            found = [_found(here[axis], self.names[axis]) for axis in AXES[name]]
            changed[name] = getattr(state, name).copy()
            changed[name][np.ix_(*(to for to, _ in found))] = value[np.ix_(*(of for _, of in found))]
        return replace(state, **changed)


def names(layout: Layout) -> dict[str, list[str]]:
    """Return what lies along each axis; a group of cities goes by the name of its first one."""
    columns, group_of = layout.columns, layout.group_of.tolist()
    return {
        "noises": layout.noise_names,
        "lists": layout.lists,
        "channels": [f"{layout.lists[of]} {column}" for of, column in zip(layout.list_of, layout.column_of, strict=True)],
        "families": layout.families,
        "groups": [layout.cities[group_of.index(group)] for group in range(layout.groups)],
        "quantities": list(columns.quantities),
        "flows": list(columns.flows),
        "steps": [str(step) for step in range(columns.periods - 1)],
        "ends": ["levels", "steps"],
    }


def _found(here: list[str], there: list[str]) -> tuple[list[int], list[int]]:
    """Return the places of the names that both have, in each."""
    places = {name: place for place, name in enumerate(there)}
    both = [(place, places[name]) for place, name in enumerate(here) if name in places]
    return [to for to, _ in both], [of for _, of in both]


def read(file: Path) -> Settled | None:
    """Return what ``file`` has; none if it cannot be read."""
    try:
        kept = json.loads(file.read_text("utf-8"))
        return Settled(kept["lists"], kept["names"], {name: np.array(value) for name, value in kept["settled"].items()})
    except (OSError, ValueError, KeyError):
        return None


def write(file: Path, settled: Settled) -> None:
    """Write ``settled``, to the last digit, one axis or unknown a line."""
    parts = {"names": settled.names, "settled": {name: value.tolist() for name, value in settled.values.items()}}
    blocks = [
        f'  "{part}": {{\n'
        + ",\n".join(f"    {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in entries.items())
        + "\n  }"
        for part, entries in parts.items()
    ]
    file.write_text(f'{{\n  "lists": {json.dumps(settled.lists)},\n' + ",\n".join(blocks) + "\n}\n", "utf-8")
