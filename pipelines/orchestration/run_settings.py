"""Let the config of a run set, for that run, what the environment sets for all."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dagster as dg
from pydantic import Field

from pipelines import settings

#: The key of the resource, which every step requires.
KEY = "settings"

#: Tag of every run. Whoever takes the lock of a killed run discards the build, so a retry from the failed step would lack tables.
RETRY = {"dagster/retry_strategy": "ALL_STEPS"}


def _field(variable: settings.Variable) -> str:
    return Field(default="", description=f"{variable}: {variable.doc}. Empty: what the environment says.")


class RunSettings(dg.ConfigurableResource[Any]):
    """Settings of one run; what is left empty is as the environment says.

    Secrets are not among them, since Dagster keeps the config of a run, nor is what holds before a run begins.
    """

    sources: str = _field(settings.SOURCES)
    scope: str = _field(settings.SCOPE)
    replay: str = _field(settings.REPLAY)
    contact: str = _field(settings.CONTACT)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["RunSettings"]:
        """Hold the settings in the environment of the run's process while it goes on."""
        if context.instance and context.run:
            context.instance.add_run_tags(context.run.run_id, RETRY)
        values = {
            settings.SOURCES: self.sources,
            settings.SCOPE: self.scope,
            settings.REPLAY: self.replay,
            settings.CONTACT: self.contact,
        }
        with settings.changed({str(variable): value for variable, value in values.items() if value}):
            yield self
