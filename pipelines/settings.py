"""Every location the pipeline reads or writes; nothing else spells out a path under ``data/``."""

import os
from pathlib import Path

#: The project's root; ``NEXTVALLEY_HOME`` moves it, with ``data/`` and ``sql/``, somewhere else.
ROOT = Path(os.environ.get("NEXTVALLEY_HOME", Path(__file__).resolve().parent.parent))

SQL = ROOT / "sql"
CODE = ROOT / "pipelines"
DATA = ROOT / "data"

# Committed.
REGISTER = DATA / "register"
REFERENCE = DATA / "reference"

# The user's own exports.
INBOX = DATA / "inbox"

# Made, and safe to delete: a refresh makes them again.
ARCHIVE = DATA / "archive"
LANDING = DATA / "landing"
BUILD = DATA / "build.duckdb"
EXCHANGE = DATA / "exchange"  # what another engine reads and writes
LOCK = DATA / "build.lock"
RELEASES = DATA / "releases"
RELEASE = DATA / "release"  # symlink to the current folder under RELEASES
PUBLISHED = DATA / "nextvalley.duckdb"  # symlink through RELEASE
DAGSTER = DATA / "dagster"
