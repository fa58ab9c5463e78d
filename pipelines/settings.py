"""Read the environment once and name every path: what ships with the code, and what a refresh makes in the home."""

import os
from pathlib import Path

CODE = Path(__file__).resolve().parent

_INSTALLED = CODE / "shipped"

#: The committed files the code needs beside itself: in a checkout its root, in an installed package a folder of the package.
SHIPPED = _INSTALLED if _INSTALLED.is_dir() else CODE.parent

#: Where ``data/`` is made: ``NEXTVALLEY_HOME``, else the checkout, else (installed) the current folder.
HOME = Path(os.environ.get("NEXTVALLEY_HOME") or (Path.cwd() if SHIPPED == _INSTALLED else SHIPPED)).absolute()


def folder(name: str) -> Path:
    """Return a folder of committed files: the home's own where there is one, else the one that ships with the code."""
    return next((root / name for root in (HOME, SHIPPED) if (root / name).is_dir()), HOME / name)


SQL = SHIPPED / "sql"
REQUIREMENTS = SHIPPED / "requirements.lock"
DATA = HOME / "data"

# Committed.
REGISTER = folder("data/register")
REFERENCE = folder("data/reference")
COUNTRIES = REFERENCE / "countries.csv"
PLACE_WORDS = REFERENCE / "place_words.csv"
NAME_WORDS = REFERENCE / "name_words.csv"
GAZETTEER = REFERENCE / "geonames" / "places.parquet"

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
