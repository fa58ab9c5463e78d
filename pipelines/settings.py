"""Read the environment once and name every path: what ships with the code, and what a refresh makes in the home."""

import os
import platform
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Variable:
    """A variable of the environment, which docs/deploy.md lists with the same words."""

    name: str
    doc: str
    default: str = ""

    def __str__(self) -> str:
        return self.name

    def value(self) -> str:
        """Return its present value, or the default where it is unset or blank."""
        return os.environ.get(self.name, "").strip() or self.default


SOURCES = Variable(
    "SOURCES", "sources to land and build: `shipped`, `register`, `open`, `all`, or names separated by commas", "shipped"
)
SCHEDULES = Variable("SCHEDULES", "`on`: the schedules run from the start; otherwise they are turned on under Automation")
SCOPE = Variable("SCOPE", "whose cities are ranked: a country, as an ISO 3166 code, or world", "CN")
REPLAY = Variable("REPLAY", "folder of recorded bytes that is read in place of the network")
HOME_FOLDER = Variable(
    "NEXTVALLEY_HOME", "folder that `data/` is made in; by default the checkout, or the current folder if installed"
)
CONTACT = Variable("NEXTVALLEY_CONTACT", "e-mail address or web page that publishers may write to; the SEC insists on one")
OPENALEX_KEY = Variable("OPENALEX_KEY", "key of OpenAlex, which raises the small number of calls it allows without one")
FAKE_IP = Variable(
    "NEXTVALLEY_FAKE_IP",
    "network within `198.18.0.0/15` from which a proxy program on this machine answers DNS, if it runs in fake-IP mode",
)
ALERT_URL = Variable("NEXTVALLEY_ALERT_URL", "webhook that takes alerts by POST, as JSON with `title`, `text` and `content`")
ALERT_COMMAND = Variable(
    "NEXTVALLEY_ALERT_COMMAND", "command that takes alerts on its standard input, such as `mail -s nextvalley me@example.org`"
)
ENGINE = Variable("ENGINE", "engine that builds the SQL models and compares names: `duckdb` or `spark`", "duckdb")
SPARK_REMOTE = Variable("SPARK_REMOTE", "address of the Spark Connect endpoint, as `sc://host:port`")
SPARK_FILES = Variable("SPARK_FILES", "folder or object store that both this machine and Spark reach; by default `data/exchange`")

VARIABLES = (
    *(SOURCES, SCHEDULES, SCOPE, REPLAY, HOME_FOLDER, CONTACT, OPENALEX_KEY, FAKE_IP, ALERT_URL, ALERT_COMMAND),
    *(ENGINE, SPARK_REMOTE, SPARK_FILES),
)


#: Instructions that some processors of one kind have and others lack. With them NumPy and OpenBLAS round otherwise in the last
#: digit, and a refresh publishes other contents from the same facts.
#: The size of the cache is stated too: with one thread and one of 1 MB, as many servers have, the OpenBLAS of NumPy 2.5 ends in a
#: segmentation fault.
SAME_INSTRUCTIONS = {
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR", "OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_L2_SIZE": "512",
}  # fmt: skip


def compute_alike() -> None:
    """Let this process and its children compute the same, to the last digit, on all x86-64 processors with AVX2.

    That is nearly all since 2013; on others the last digits differ. NumPy has to be imported afterwards. Linear algebra takes one
    thread: with more, what else the machine does decides how sums are split.
    """
    threads = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
    instructions = SAME_INSTRUCTIONS if platform.machine() in {"x86_64", "AMD64"} else {}
    os.environ.update(dict.fromkeys(threads, "1") | instructions)


@contextmanager
def changed(values: Mapping[str, str]) -> Iterator[None]:
    """Set variables of the environment inside, and put back afterwards what they were."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def environment(**changes: str) -> dict[str, str]:
    """Return the environment of a child process: this one's, with ``changes``."""
    return os.environ | changes


CODE = Path(__file__).resolve().parent

_INSTALLED = CODE / "shipped"

#: The committed files the code needs beside itself: in a checkout its root, in an installed package a folder of the package.
SHIPPED = _INSTALLED if _INSTALLED.is_dir() else CODE.parent

#: Where ``data/`` is made: ``NEXTVALLEY_HOME``, else the checkout, else (installed) the current folder.
HOME = Path(HOME_FOLDER.value() or (Path.cwd() if SHIPPED == _INSTALLED else SHIPPED)).absolute()


def folder(name: str) -> Path:
    """Return a folder of committed files: the home's own where there is one, else the one that ships with the code."""
    return next((root / name for root in (HOME, SHIPPED) if (root / name).is_dir()), HOME / name)


SQL = SHIPPED / "sql"
REQUIREMENTS = SHIPPED / "requirements.lock"
DATA = HOME / "data"

# Committed.
REGISTER = folder("data/register")
REFERENCE = folder("data/reference")
RECORDINGS = folder("data/recordings")
COUNTRIES = REFERENCE / "countries.csv"
PLACE_WORDS = REFERENCE / "place_words.csv"
NAME_WORDS = REFERENCE / "name_words.csv"
GAZETTEER = REFERENCE / "geonames" / "places.parquet"

# The user's own exports.
INBOX = DATA / "inbox"

# Made, and not to be made again: what was fetched, and what was published, with its history and ids.
ARCHIVE = DATA / "archive"
RELEASES = DATA / "releases"
RELEASE = DATA / "release"  # symlink to the current folder under RELEASES
PUBLISHED = DATA / "nextvalley.duckdb"  # symlink through RELEASE

# Made, and safe to delete: a refresh makes them again.
LANDING = DATA / "landing"
BUILD = DATA / "build.duckdb"
EXCHANGE = DATA / "exchange"  # what another engine reads and writes
LOCK = DATA / "build.lock"
DURATIONS = DATA / "durations.json"  # seconds that each step took last
DAGSTER = DATA / "dagster"


def set_dagster_home() -> None:
    """Point Dagster to its configuration, the home's own or the one that ships with the code, unless the user has."""
    os.environ.setdefault("DAGSTER_HOME", str(HOME if (HOME / "dagster.yaml").is_file() else SHIPPED))
