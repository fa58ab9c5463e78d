"""Hash what a release depends on, inputs, scope and code: equal fingerprints mean that a refresh would change nothing."""

import hashlib
from functools import cache
from pathlib import Path

from pipelines import code, settings
from pipelines.errors import FetchFailed, InputError, Refused
from pipelines.ingest import fetchers, sources
from pipelines.ingest.landing import landed_from
from pipelines.resolve import scope
from pipelines.warehouse import engines

Inputs = dict[tuple[str, str, str], str]


def _files() -> dict[Path, bytes]:
    """Return what makes a release by its role, wherever it lies: models, package, required packages, gazetteer.

    Of the package neither caches count, in which another process may be writing, nor what ships in it, which is named by its own
    role or read as data.
    """
    found = {
        Path("requirements.lock"): settings.REQUIREMENTS,
        Path("gazetteer.parquet"): settings.GAZETTEER,
    }
    for role, folder in (("sql", settings.SQL), ("code", settings.CODE)):
        found |= {role / path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    shipped = Path("code", "shipped")
    return {
        name: path.read_bytes()
        for name, path in sorted(found.items())
        if not (name.is_relative_to(shipped) or name.name[0] == "." or "__pycache__" in name.parts)
    }


#: Named and read when the code is loaded: an edit during a run belongs to the next release, and paths may move meanwhile.
_FILES = _files()


@cache
def _code() -> str:
    return "\n".join([*map(str, _FILES), code.digest(_FILES)])


def _hash(inputs: Inputs) -> str:
    lines = [_code(), scope.named(), engines.setting(), *(" ".join([*key, sha256]) for key, sha256 in sorted(inputs.items()))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def of_landed() -> str:
    """Return the fingerprint of the selected sources as they have landed."""
    inputs: Inputs = {}
    for source in sources.selected():
        for table in source.tables:
            for file in landed_from(source, table):
                inputs[source.name, table.name, file.url] = file.sha256
    return _hash(inputs)


def present() -> str | None:
    """Return the fingerprint of the selected sources as they are now; None if only the network, or landing them, could tell."""
    inputs: Inputs = {}
    for source in sources.selected():
        if fetchers.is_live(source):
            return None
        with fetchers.origin_of(source) as origin:
            try:
                for table in source.tables:
                    for request in origin.requests(source, table):
                        content = origin.fetch(request, None).content
                        inputs[source.name, table.name, str(request)] = hashlib.sha256(content).hexdigest()
            except (FetchFailed, InputError, Refused):
                return None
    return _hash(inputs)
