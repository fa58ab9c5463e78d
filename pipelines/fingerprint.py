"""What a release depends on, as one hash: equal fingerprints mean that a refresh would change nothing."""

import hashlib

from pipelines import paths, sources


def _code() -> str:
    digest = hashlib.sha256()
    code = [path for folder in (paths.SQL, paths.CODE) for kind in ("*.sql", "*.py", "*.html") for path in folder.rglob(kind)]
    for path in sorted([*code, paths.ROOT / "requirements.lock"]):
        digest.update(path.relative_to(paths.ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


#: Taken when the code is loaded: an edit during a run belongs to the next release.
CODE = _code()


def fingerprint_of(inputs: dict[str, str]) -> str:
    """Hash of ``inputs`` (URL → sha256 of its bytes) and of the code that turns them into a release."""
    lines = [CODE, *(f"{url} {sha256}" for url, sha256 in sorted(inputs.items()))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def present() -> str | None:
    """The fingerprint of the inputs as they stand now; None if one of them is missing."""
    inputs = {}
    for source in sources.ALL:
        for table in source.tables:
            path = paths.ROOT / table.url
            if not path.is_file():
                return None
            inputs[table.url] = hashlib.sha256(path.read_bytes()).hexdigest()
    return fingerprint_of(inputs)
