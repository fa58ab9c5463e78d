"""Split a value over the players who made it: the mean of what each adds, over all orders of joining (Shapley 1953)."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from math import factorial

import numpy as np

#: What a set of players is worth.
Value = Callable[[frozenset[str]], np.ndarray]


def subsets(players: Sequence[str]) -> Iterator[frozenset[str]]:
    """Yield every set of ``players``, small ones first."""
    for size in range(len(players) + 1):
        yield from map(frozenset, combinations(players, size))


def shapley(players: Sequence[str], value: Value) -> dict[str, np.ndarray]:
    """Return the part of each player; together the parts are the value of all players less that of none."""
    count = len(players)
    worth = {joined: value(joined) for joined in subsets(players)}
    return {player: _part(player, worth, count) for player in players}


def _part(player: str, worth: dict[frozenset[str], np.ndarray], count: int) -> np.ndarray:
    without = [joined for joined in worth if player not in joined]
    orders = {joined: factorial(len(joined)) * factorial(count - len(joined) - 1) / factorial(count) for joined in without}
    return np.asarray(sum(orders[joined] * (worth[joined | {player}] - worth[joined]) for joined in without))
