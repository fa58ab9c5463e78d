"""The joint curvature of all unknowns, and its inverse: cities apart, bordered by what they share (block elimination)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from pipelines.index.measurement.model import Model

#: Blocks that are computed side by side: NumPy lets other threads compute meanwhile.
THREADS = 2


@dataclass(frozen=True)
class Block:
    """The curvature of some cities alone: where their unknowns lie (city, unknown), its ``inverse`` (city, unknown, unknown), and
    how they follow what of the border is ``active`` for any of them, ``reply`` (city × unknown, active)."""

    places: np.ndarray
    inverse: np.ndarray
    active: np.ndarray
    reply: np.ndarray


@dataclass(frozen=True)
class Curvature:
    """The joint curvature of all unknowns: cities apart given what they share, bordered by that and by sums over several cities.

    ``border`` is the inverse of what remains of the border once cities have followed it, (border, border).
    """

    model: Model
    blocks: list[Block]
    border: np.ndarray

    @classmethod
    def of(cls, model: Model, precision: np.ndarray, rows: sparse.csr_matrix, weight: np.ndarray) -> "Curvature":
        """Add up what priors and observations tell.

        ``precision`` (group, column, column) is that of what a city has apart; ``rows`` (obs, unknown) say how the log of each
        observation's intensity follows the unknowns, ``weight`` (obs,) is its information.
        """
        single, wide = rows[~model.is_wide], rows[model.is_wide]
        root = (sparse.diags(np.sqrt(weight[~model.is_wide])) @ single).tocsc()
        shared, own = root[:, : model.shared], root[:, model.shared :]
        between = sparse.hstack([own.T @ shared, wide.tocsc()[:, model.shared :].T]).tocsr()
        told = (own.T @ own).tocsr()
        columns = model.layout.columns.count
        across = wide[:, : model.shared].toarray()
        remains = np.block([
            [model.shared_precision + (shared.T @ shared).toarray(), across.T],
            [across, -np.diag(1 / np.maximum(weight[model.is_wide], 1e-9))],
        ])  # fmt: skip

        def block(cities: np.ndarray, places: np.ndarray) -> tuple[Block, np.ndarray]:
            inside = places - model.shared
            curvature = _dense(told, inside)
            curvature[:, :columns, :columns] += precision[model.layout.group_of[cities]]
            slot = np.arange(columns, places.shape[1])
            curvature[:, slot, slot] += 1.0
            inverse = np.linalg.inv(curvature)
            part = between[inside.ravel()]
            active = np.unique(part.indices)
            side = part[:, active].toarray().reshape(*inside.shape, -1)
            reply = (inverse @ side).reshape(inside.size, -1)
            return Block(places, inverse, active, reply), side.reshape(inside.size, -1).T @ reply

        blocks = []
        with ThreadPoolExecutor(THREADS) as pool:
            for found, explained in pool.map(lambda both: block(*both), model.blocks):
                remains[np.ix_(found.active, found.active)] -= explained
                blocks.append(found)
        border = np.linalg.inv(remains)
        return cls(model, blocks, (border + border.T) / 2)

    @property
    def deviations(self) -> np.ndarray:
        """Return about how well each unknown is known, given what cities share: standard deviations (unknown,)."""
        deviations = np.ones(self.model.unknowns)
        deviations[: self.model.shared] = np.sqrt(np.diag(self.border)[: self.model.shared])
        for block in self.blocks:
            deviations[block.places] = np.sqrt(np.diagonal(block.inverse, axis1=1, axis2=2))
        return deviations

    def as_single(self) -> "Curvature":
        """Return it in single precision, which is enough for draws."""
        single = np.float32
        blocks = [replace(each, inverse=each.inverse.astype(single), reply=each.reply.astype(single)) for each in self.blocks]
        return replace(self, blocks=blocks, border=self.border.astype(single))

    def solve(self, slopes: np.ndarray) -> np.ndarray:
        """Return the inverse curvature times ``slopes`` (unknown, …)."""
        shared, solved = self.model.shared, np.empty_like(slopes)
        toward = np.zeros((len(self.border), *slopes.shape[1:]), slopes.dtype)
        toward[:shared] = slopes[:shared]
        for block in self.blocks:
            toward[block.active] -= block.reply.T @ slopes[block.places.ravel()]
        border = self.border @ toward
        solved[:shared] = border[:shared]
        for block in self.blocks:
            part = block.inverse @ slopes[block.places].reshape(*block.places.shape, -1)
            own = part.reshape(block.places.size, *slopes.shape[1:]) - block.reply @ border[block.active]
            solved[block.places.ravel()] = own
        return solved


def _dense(told: sparse.csr_matrix, places: np.ndarray) -> np.ndarray:
    """Return the diagonal blocks of ``told`` at ``places`` (city, unknown), (city, unknown, unknown)."""
    size = places.shape[1]
    part = told[places.ravel()].tocoo()
    blocks = np.zeros((len(places), size, size))
    city = part.row // size
    blocks[city, part.row % size, part.col - places[city, 0]] = part.data
    return blocks
