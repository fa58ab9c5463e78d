"""Say which attention noises there are, and on which of them each list depends."""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Audits:
    """What comparing rows with their sources has shown, by source and quantity.

    ``wrong``: share of rows that are wrong. ``noise``: how unevenly a list looks at cities, as the standard deviation of the
    logarithm of the part that it holds, beyond chance.
    """

    wrong: dict[tuple[str, str], float] = field(default_factory=dict)
    noise: dict[tuple[str, str], float] = field(default_factory=dict)


def key(row: dict[str, object]) -> tuple[str, str]:
    """Return source and quantity of a list, by which audits name it."""
    return str(row["dataset"]), str(row["quantity"])


def of_lists(
    lists: list[dict[str, object]],
    list_of: np.ndarray,
    is_exact: np.ndarray,
    families: list[str | None],
    audits: Audits,
) -> tuple[np.ndarray, list[str], np.ndarray, dict[int, float]]:
    """Return the channels that depend on each noise (channel, source of noise), the names of the noises, each list's own, and
    those that audits know.

    Each publication whose attention is not a region's, nor the same everywhere, has one, which its editions share; and so have
    families of several such publications. ``is_exact`` and ``families`` are of the lists. A list without a noise of its own
    has −1.

    Where one list of a quantity is audited, the others differ from it by what they choose of that quantity: it says nothing of
    what else their families hold, so no list of that quantity shares a noise with its family.
    """
    own = np.full(len(lists), -1)
    names: list[str] = []
    for place, row in enumerate(lists):
        if not row["is_regional"] and not is_exact[place]:
            name = f"{row['quantity']}/{row['publication']}"
            if name not in names:
                names.append(name)
            own[place] = names.index(name)
    members = [np.flatnonzero(own == source) for source in range(len(names))]
    known = {
        int(own[place]): audits.noise[key(row)] for place, row in enumerate(lists) if own[place] >= 0 and key(row) in audits.noise
    }
    audited = {str(row["quantity"]) for place, row in enumerate(lists) if own[place] in known}
    is_shared = np.array([row["quantity"] not in audited for row in lists], dtype=bool)
    for family in sorted({family for family in families if family}):
        several = [place for place in np.flatnonzero((own >= 0) & is_shared) if families[place] == family]
        if len(set(own[several])) > 1:
            names.append(family)
            members.append(np.array(several))
    noise = np.array([np.isin(list_of, places) for places in members], dtype=float).reshape(len(members), len(list_of)).T
    return noise, names, own, known
