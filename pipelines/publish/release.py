"""Publish a release: a folder of its own under ``data/releases``, swapped in at once.

``data/release`` is a symlink to the current folder and ``data/nextvalley.duckdb`` one through it, so that one rename publishes
everything. Replacing the DuckDB file itself would not be safe: the new file would take up a write-ahead log that anyone left
beside the old one.
"""

import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import chain
from pathlib import Path

from pipelines import beside, settings
from pipelines.errors import InputError
from pipelines.ingest import archive
from pipelines.publish import exports, release_file, state, texts
from pipelines.publish.release_before import may_be_passed_on
from pipelines.publish.report import city_pages, page, share
from pipelines.schema import TableSchema
from pipelines.warehouse import lock
from pipelines.warehouse.model import Model

#: Folder of the pages of cities.
CITIES = "city"

#: Hashes of all other files of a release, as ``sha256sum --check`` reads them.
HASHES = "SHA256SUMS"

#: List of the releases that may be passed on, beside their folders.
LIST = "releases.json"

#: Releases kept; older ones go when a new one is published.
KEPT: int = 10


def publish(models: list[Model], tables: Sequence[type[TableSchema]], fingerprint: str) -> Path:
    """Write the tables of SQL ``models`` and Python ``tables`` as a new release, swap it in, and return its folder.

    Nothing that is already published is touched before the swap, and the swap is one rename.
    """
    lock.acquire()
    settings.RELEASES.mkdir(parents=True, exist_ok=True)
    os.chmod(settings.RELEASES, 0o755)
    folder = staging = Path(tempfile.mkdtemp(dir=settings.RELEASES, prefix=archive.PART))
    try:
        content_hash = _write(staging, models, tables, fingerprint)
        folder = _free(settings.RELEASES / f"{state.moment():{state.TIME}}-{content_hash[:8]}")
        os.rename(staging, folder)
        archive.sync(settings.RELEASES)
        _swap(settings.RELEASE, Path(settings.RELEASES.name) / folder.name)
    except BaseException:
        for unpublished in {staging, folder} - {settings.RELEASE.resolve()}:
            shutil.rmtree(unpublished, ignore_errors=True)
        raise
    if not settings.PUBLISHED.is_symlink():
        _swap(settings.PUBLISHED, Path(settings.RELEASE.name) / settings.PUBLISHED.name)
    # What was published must not fail for what the next release does again.
    try:
        prune()
    except InputError as error:
        logging.getLogger(__name__).warning("No older release was removed, since one cannot be read: %s", error)
    with suppress(OSError):
        list_releases()
    return folder


def _write(folder: Path, models: list[Model], tables: Sequence[type[TableSchema]], fingerprint: str) -> str:
    """Write every file of the release to disk; return the hash of the DuckDB file's contents."""
    file = folder / settings.PUBLISHED.name
    with beside.another(exports.__name__) as another:
        content_hash = release_file.write(file, release_file.docs(models, tables), fingerprint)
        exported = another.begin(exports.export, file, folder, models, tables)
        with page.reading(file) as frames:
            _write_pages(folder, frames)
        exported()
    (folder / HASHES).write_bytes(_hashes(folder).encode())
    written = [*folder.rglob("*"), folder]
    for path in written:
        # Every reader of the folder may read all of it, whatever the umask, and nobody changes it by mistake.
        os.chmod(path, 0o755 if path.is_dir() else 0o444)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(archive.sync, written))  # The disk takes together what several wait for.
    return content_hash


def _write_pages(folder: Path, frames: page.Frames) -> None:
    """Write what people read in a browser, in every language."""
    for render, names in ((page.render, page.FILES), (page.render_brief, page.BRIEFS), (page.render_picture, share.FILES)):
        for code, name in names.items():
            (folder / name).write_bytes(render(frames, code).encode())
    (folder / CITIES).mkdir()
    for code in texts.LANGUAGES:
        for name, text in city_pages.render(frames, code).items():
            (folder / CITIES / name).write_bytes(text.encode())


def _hashes(folder: Path) -> str:
    """Return the hash of each file of a release, one a line, with its path in the folder."""
    lines = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.relative_to(folder).as_posix()}\n")
    return "".join(lines)


def _free(folder: Path) -> Path:
    """Return ``folder``, or the first of its name that is not taken: a run killed before its swap leaves one behind."""
    numbered = (folder.with_name(f"{folder.name}-{number}") for number in range(2, 1000))
    return next(path for path in chain([folder], numbered) if not path.exists())


def _swap(link: Path, target: Path) -> None:
    """Point ``link`` at ``target`` atomically."""
    temporary = link.with_name(f"{archive.PART}{link.name}")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    os.replace(temporary, link)
    archive.sync(link.parent)


def list_releases() -> None:
    """Write which of the kept releases may be passed on, the newest first, so that a web host has each of them by its name."""
    packages = {
        file.parent.name: json.loads(file.read_text("utf-8"))
        for file in settings.RELEASES.glob("[0-9]*/datapackage.json")
        if _is_free(file.with_name(settings.PUBLISHED.name))
    }
    kept = [
        {"release": name, "file": f"{name}/{settings.PUBLISHED.name}"}
        | {key: packages[name].get(key) for key in ("id", "version", "created", "redistribution")}
        for name in sorted(packages, reverse=True)
    ]
    archive.write_atomically(settings.RELEASES / LIST, (json.dumps(kept, indent=2) + "\n").encode())


def _is_free(file: Path) -> bool:
    """Return whether a release may be passed on; one that cannot be read may not."""
    try:
        return may_be_passed_on(file)
    except InputError:
        return False


def prune() -> None:
    """Delete all but the last releases; a reader who has an older one open keeps it until it closes.

    Raise InputError, and delete none, if one cannot be read: it may be the one from which the next goes on.

    The newest that may be passed on stays, since the next one goes on from it. So does one that cannot be deleted, since what was
    published must not fail for it; it is tried again the next time.
    """
    folders = sorted(path for path in settings.RELEASES.iterdir() if path.is_dir() and not path.name.startswith("."))
    free = (folder for folder in reversed(folders) if may_be_passed_on(folder / settings.PUBLISHED.name))
    needed = {settings.RELEASE.resolve(), next(free, None)}
    for folder in folders[:-KEPT]:
        if folder not in needed:
            archive.remove_folder(folder)
