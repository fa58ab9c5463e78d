"""Weights of indicators, (indicator,). ``values`` are (unit, indicator), without missing cells.

Weights count relative to each other; a mean brings them to a sum of one. Given weights need no function.
"""

import numpy as np


def principal(values: np.ndarray) -> np.ndarray:
    """Loadings of the first principal component of the standardised indicators, sign chosen so that they add up to > 0.

    Single loadings may be negative: look before use. Nicoletti, Scarpetta & Boylaud (2000), OECD WP 226.
    """
    standard = (values - values.mean(0)) / values.std(0, ddof=1)
    first = np.linalg.svd(standard, full_matrices=False)[2][0]
    return first if first.sum() > 0 else -first
