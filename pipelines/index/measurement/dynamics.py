"""Follow Hamiltonian dynamics where the target is nearly normal.

The normal part of a target is a circle, which is turned exactly; only what differs from it pushes (Shahbaba, Lan, Johnson & Neal
2014, Statistics and Computing 24, 339–349). So a few long steps go to the far side of the target and nearly all are accepted.
"""

from collections.abc import Callable

import numpy as np

#: Steps of one move, and the range of the angle each turns by: together somewhat more than a quarter of the circle. After a
#: quarter, where a move began is forgotten; beyond, a high draw is followed by a low one, so that means are known better than
#: from independent draws. Where steps are shorter there are more of them.
STEPS, SHORTEST, LONGEST, MOST_STEPS = 3, 0.53, 0.74, 10

#: How far from where the curvature was taken the middle of the target is sought, in standard deviations.
FARTHEST_MIDDLE = 3.0

#: Return the slope of the energy less that of the normal part, as a velocity, so far from the middle.
Push = Callable[[np.ndarray], np.ndarray]


def travel(
    apart: np.ndarray, velocity: np.ndarray, angle: np.ndarray | float, push: Push, steps: int = STEPS
) -> tuple[np.ndarray, np.ndarray]:
    """Return how far from the middle a move ends that starts ``apart`` from it, and its velocity there.

    ``push`` is asked at the start and after every step. The way back is as long, and volumes stay, whatever it says.
    """
    velocity = velocity - 0.5 * angle * push(apart)
    for step in range(steps):
        apart, velocity = np.cos(angle) * apart + np.sin(angle) * velocity, np.cos(angle) * velocity - np.sin(angle) * apart
        velocity = velocity - (1.0 if step < steps - 1 else 0.5) * angle * push(apart)
    return apart, velocity
