"""A rough index in place of a fitted one, for homes whose index is not what the tests are about."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from pipelines.index import compute, gather
from pipelines.index.measurement import fit
from pipelines.index.measurement.layout import Layout
from pipelines.index.measurement.model import Model
from pipelines.index.measurement.posterior import Posterior

#: Draws of such a posterior, and of the choices of its index.
DRAWS, CHOICES = 100, 250


def use_rough(set_to: Callable[..., object]) -> None:
    """Compute an index of rough draws and few choices; ``set_to`` is ``setattr``, or the same of a monkeypatch."""
    set_to(gather, "draws_of", rough)
    set_to(compute, "DRAWS", CHOICES)


def rough(layout: Layout, progress: Callable[[str], None]) -> Posterior:
    """Return draws around the first step from the settings that are expected before any list is read, as ``gather.draws_of``."""
    model = Model(layout)
    settings = fit.start(model)
    found = fit._newton(model, settings, model.prior_mean, fit.Told.nothing(model), is_first=True)
    known = replace(found, scale_sd=model.scale_sd, elasticity_covariance=np.diag(model.elasticity_sd**2))
    return Posterior.of(known, DRAWS)
