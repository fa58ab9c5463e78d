"""Let today's code refresh a home that earlier code made: ``python -m torture.upgrade COMMIT …``.

A clone is checked out at the earlier commit and refreshed, then checked out at today's and refreshed again, as somebody does who
pulls: each time ``make refresh`` installs what the lock of that commit names, which needs the network. What it
publishes has to be what it publishes from nothing, beside the release that was there, whose numbers its history goes on from.
"""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines import settings


@dataclass(frozen=True)
class Refreshed:
    """How a refresh ended: its exit code, its last lines, and how long it took."""

    code: int
    said: str
    seconds: float


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder and return what it prints."""
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def clone(folder: Path, commit: str) -> Path:
    """Return a clone of the project at a commit."""
    git(folder.parent, "clone", "--quiet", "--shared", "--no-checkout", str(settings.SHIPPED), str(folder))
    git(folder, "checkout", "--quiet", "--detach", commit)
    return folder


def refresh(home: Path) -> Refreshed:
    """Refresh a home by the code that is checked out there, from what it reads by default, with the packages that it names."""
    environment = {name: value for name, value in os.environ.items() if name != str(settings.SOURCES)}
    begin = time.monotonic()
    ended = subprocess.run(
        ["make", "refresh", f"PYTHON={sys.executable}"], cwd=home, env=environment, capture_output=True, text=True, check=False
    )
    last = (ended.stderr or ended.stdout).strip().splitlines()[-3:]
    return Refreshed(ended.returncode, " ".join(line.strip() for line in last), time.monotonic() - begin)


def contents(home: Path) -> str:
    """Return the hash of what a home publishes."""
    with duckdb.connect(home / "data" / "nextvalley.duckdb", read_only=True) as connection:
        ((content,),) = connection.execute("select content_hash from core.release").fetchall()
    return str(content)


def remembered(home: Path, release: Path) -> bool:
    """Say whether the history of what a home publishes has the numbers of an earlier release, if that one has a history."""
    with duckdb.connect(home / "data" / "nextvalley.duckdb", read_only=True) as connection:
        connection.execute(f"attach '{release / 'nextvalley.duckdb'}' as earlier (read_only)")
        sql = "from {}core.release_history select made_at, subject, value where measure = 'Readiness'"
        ((lost,),) = connection.execute(f"select count(*) from ({sql.format('earlier.')} except {sql.format('')})").fetchall()
    return lost == 0


def upgrade(folder: Path, commit: str, today: str, scratch: Path) -> list[str]:
    """Return what went wrong with a home made at a commit; ``scratch`` is one that today's code made from nothing."""
    home = clone(folder / commit, commit)
    earlier = refresh(home)
    if earlier.code:
        return [f"{commit} cannot be refreshed any more: {earlier.said}"]
    before = (home / "data" / "release").resolve()
    git(home, "checkout", "--quiet", "--detach", today)
    later = refresh(home)
    print(f"{commit} of {git(home, 'log', '-1', '--format=%as', commit)}: {earlier.seconds:.0f} s, then {later.seconds:.0f} s")
    if later.code:
        return [f"today's code on the data of {commit}: {later.said}"]
    wrong = [] if contents(home) == contents(scratch) else [f"on the data of {commit} other contents come out than from nothing"]
    if not (before / "nextvalley.duckdb").exists() or (home / "data" / "release").resolve() == before:
        wrong.append(f"the release of {commit} is not kept beside the new one")
    elif not remembered(home, before):
        wrong.append(f"the numbers of {commit} are missing in the history")
    return wrong


def main(commits: list[str]) -> int:
    today = git(settings.SHIPPED, "rev-parse", "HEAD")
    with tempfile.TemporaryDirectory(prefix="torture-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        scratch = clone(folder / "today", today)
        made = refresh(scratch)
        if made.code:
            raise RuntimeError(f"today's code does not refresh: {made.said}")
        wrong = [failure for commit in commits for failure in upgrade(folder, commit, today, scratch)]
    for line in wrong or ["nothing was lost; the contents are those of a refresh from nothing"]:
        print(line)
    return min(len(wrong), 1)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("Name the commits whose data to refresh: python -m torture.upgrade COMMIT …")
    sys.exit(main(sys.argv[1:]))
