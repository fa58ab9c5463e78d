"""Days on Dagster's daemon, whose processes are killed on some of them: worker, code server and daemon.

``python -m torture.daemon [DAYS]`` prints what was killed and what became of it: a killed run has to be marked as failed, told of
and tried again, and the command line must be free at once. The source changes every day, so every day fetches, lands, builds and
publishes. It takes some minutes, most of which is waiting.
"""

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from pipelines import settings
from torture import crashes, world

DAYS = 8

#: Day on which one of the processes is killed, and which one.
KILLED = {2: "worker", 4: "code server", 6: "daemon"}

#: States in which a run stays.
ENDED = ("SUCCESS", "FAILURE", "CANCELED")

#: Seconds that a day may take before the soak gives up, and between two looks.
PATIENCE, PAUSE = 900.0, 3.0


@dataclass
class Soak:
    """A home, the daemon that runs there, and the days on which something is killed."""

    home: Path
    days: int
    stops: dict[int, str]
    module: str = "torture.location"
    daemon: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the daemon, which starts the code server."""
        environment = os.environ | {
            "DAGSTER_HOME": str(self.home), "TORTURE_HOME": str(self.home), "TORTURE_DAYS": str(self.days),
            "TORTURE_STOPS": ",".join(map(str, self.stops)), "PYTHONPATH": str(settings.SHIPPED), "SOURCES": "shop",
            "NEXTVALLEY_ALERT_COMMAND": f"sh -c 'cat >> {self.home}/alerts'",
        }  # fmt: skip
        command = [str(Path(sys.executable).with_name("dagster-daemon")), "run", "--module-name", self.module]
        with (self.home / "log").open("ab") as log:
            self.daemon = subprocess.Popen(
                command, cwd=self.home, env=environment, stdout=log, stderr=log, start_new_session=True
            )

    def processes(self) -> list[int]:
        """Return the daemon and its code server, without the workers."""
        return [process for process, command in commands().items() if str(self.home) in command[1] and self.module in command[0]]

    def stop(self) -> None:
        """End the daemon and its code server."""
        if self.daemon is not None:
            self.daemon.terminate()
            self.daemon.wait()
        for process in self.processes():  # A code server whose daemon was killed may not have noticed yet.
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


def commands() -> dict[int, tuple[str, str]]:
    """Return the command line and the environment of every process that may be looked at."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command, environment = ((folder / name).read_bytes().replace(b"\0", b" ") for name in ("cmdline", "environ"))
            found[int(folder.name)] = command.decode(errors="replace"), environment.decode(errors="replace")
        except OSError:
            continue
    return found


def _runs(home: Path) -> list[tuple[int, str, bool]]:
    """Return day and state of every run, and whether it tries another again; read from the record itself, which costs little."""
    sql = """
        select d.value, r.status, p.value is not null
        from runs as r
        join run_tags as d on d.run_id = r.run_id and d.key = 'day'
        left join run_tags as p on p.run_id = r.run_id and p.key = 'dagster/parent_run_id'
    """
    record = home / "data" / "dagster" / "history" / "runs.db"
    if not record.exists():
        return []
    with closing(sqlite3.connect(f"file:{record}?mode=ro", uri=True, timeout=30)) as connection:
        if not connection.execute("select 1 from sqlite_master where name = 'run_tags'").fetchall():
            return []  # The daemon is about to make its tables.
        return [(int(day), status, bool(is_retry)) for day, status, is_retry in connection.execute(sql).fetchall()]


def _is_over(runs: list[tuple[int, str, bool]], days: int, killed: set[int]) -> bool:
    """Say whether the last day and every day on which something was killed have been lived through, and nothing goes on."""
    succeeded = {day for day, status, _ in runs if status == "SUCCESS"}
    return {days, *killed} <= succeeded and all(status in ENDED for _, status, _ in runs)


def _is_alive(process: int) -> bool:
    """Say whether a process still holds what it opened: the last thread of one that was killed takes a moment to go."""
    try:
        states = [file.read_text().rpartition(")")[2].split()[0] for file in Path(f"/proc/{process}/task").glob("*/stat")]
    except OSError:
        return Path(f"/proc/{process}").exists()
    return any(state not in "ZX" for state in states)


def _kill(soak: Soak, day: int, what: str) -> None:
    """Kill a process while the run of that day holds the lock, and start the daemon again where nobody else would."""
    worker = int((soak.home / f"waiting-{day}").read_text())
    others = {process: command for process, (command, _) in commands().items() if process in soak.processes()}
    daemon = soak.daemon.pid if soak.daemon else 0
    victims = {"worker": [worker], "daemon": [daemon]}
    victims["code server"] = [process for process, command in others.items() if "grpc" in command and process != daemon]
    # The worker may outlive its parent; the day is over for it as well.
    for victim in (*victims[what], worker):
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
    while _is_alive(worker):
        time.sleep(0.1)
    if what == "daemon" and soak.daemon is not None:
        soak.daemon.wait()
        soak.start()


def run(folder: Path, days: int) -> list[str]:
    """Return what went wrong."""
    home = folder / "daemon"
    (home / "data").mkdir(parents=True)
    text = (settings.SHIPPED / "dagster.yaml").read_text("utf-8")
    (home / "dagster.yaml").write_text(text, "utf-8")
    soak = Soak(home, days, {day: what for day, what in KILLED.items() if day <= days})
    soak.start()
    wrong: list[str] = []
    killed: set[int] = set()
    before, since = list[tuple[int, str, bool]](), time.monotonic()
    try:
        while not _is_over(_runs(home), days, killed) or _alerts(home) < len(killed):
            time.sleep(PAUSE)
            for day, what in soak.stops.items():
                if day not in killed and (home / f"waiting-{day}").exists():
                    _kill(soak, day, what)
                    killed.add(day)
                    begin = time.monotonic()
                    wrong += _command_line_blocked(home, day, what)
                    print(f"day {day}: {what} killed; a refresh from the command line took {time.monotonic() - begin:.0f} s")
            # Old runs are deleted, so their number alone does not tell.
            now = sorted(run for run in _runs(home) if run[1] in ENDED)
            if now != before:
                before, since = now, time.monotonic()
            if time.monotonic() - since > PATIENCE:
                return [*wrong, *_unmarked(home, killed), f"after {before[-1:]} nothing happened any more"]
        return wrong + _unmarked(home, killed)
    finally:
        soak.stop()


def _command_line_blocked(home: Path, day: int, what: str) -> list[str]:
    """Refresh in a process of one's own, as the command line does, right after a kill."""

    def refresh() -> dict[str, object]:
        os.chdir(home)
        world.settle(home)
        world.refresh(day - 1)
        return world.inspect(home)

    state = crashes.in_child(refresh)
    return [] if isinstance(state, dict) and not state["fault"] else [f"{what} killed: the command line is blocked: {state}"]


def _alerts(home: Path) -> int:
    """Return how many failures the alerts have told of."""
    file = home / "alerts"
    return file.read_text("utf-8").count("day failed") if file.exists() else 0


def _unmarked(home: Path, killed: set[int]) -> list[str]:
    """Return which killed runs were not marked as failed, not tried again, or gave no alert."""
    runs = _runs(home)
    wrong = [] if _alerts(home) >= len(killed) else [f"{_alerts(home)} alerts of {len(killed)} kills"]
    for day in sorted(killed):
        of_day = [(status, is_retry) for number, status, is_retry in runs if number == day]
        if of_day and ("FAILURE", False) not in of_day:
            wrong.append(f"the killed run of day {day} is not marked as failed: {of_day}")
        if of_day and ("SUCCESS", True) not in of_day:
            wrong.append(f"the killed run of day {day} was not tried again: {of_day}")
    return wrong


def main(days: int) -> int:
    with tempfile.TemporaryDirectory(prefix="torture-", ignore_cleanup_errors=True) as folder:
        wrong = run(Path(folder), days)
    for line in wrong or ["nothing was lost; every killed run was marked, tried again and told of"]:
        print(line)
    return min(len(wrong), 1)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else DAYS))
