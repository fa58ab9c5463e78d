"""A way is measured by the median of its runs, with what its servers took, and must give the contents of the models."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from bench import contents, processes, scale, servers


@pytest.mark.parametrize(("seconds", "kept", "runs"), [([9, 180, 20], 20, 3), ([180, 400, 500], 400, 3), ([181, 1, 1], 181, 1)])
def test_median_of_three_runs_is_kept_of_a_short_way(
    seconds: list[float], kept: float, runs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = iter(seconds)
    monkeypatch.setattr(scale, "run", lambda *_: {"seconds": next(left), "peak_gb": 1.0})
    assert scale.measure(Path(), 1000, "models") == {"seconds": kept, "peak_gb": 1.0, "runs": runs}


def test_no_run_finds_what_another_left(tmp_path: Path) -> None:
    (tmp_path / "spark.exchange").mkdir()
    for name in ("spark.exchange/part.parquet", "spark.duckdb", "models.duckdb", "sparks"):
        (tmp_path / name).touch()
    scale.remove(tmp_path, "spark")
    assert {path.name for path in tmp_path.iterdir()} == {"models.duckdb", "sparks"}


def test_way_beside_spark_has_the_sums_of_its_event_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called: dict[str, Any] = {}

    def finished(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        called.update(options, command=command)
        (tmp_path / "spark.scratch" / "events").mkdir(parents=True, exist_ok=True)
        return subprocess.CompletedProcess(command, 0, '{"seconds": 2}')

    (tmp_path / "spark/lib/python3.11/site-packages/pyspark").mkdir(parents=True)
    monkeypatch.setattr("pipelines.settings.DATA", tmp_path)
    monkeypatch.setattr(subprocess, "run", finished)
    done = scale.run(tmp_path, 1000, "spark")
    assert (done["seconds"], done["shuffled_gb"]) == (2, 0)
    assert called["command"][1:] == ["bench.scale", "1000", "--only", "spark", tmp_path.as_posix()]
    assert called["env"]["SPARK_SCRATCH"] == f"{tmp_path.as_posix()}/spark.scratch"
    assert scale.run(tmp_path, 1000, "limit").keys() == {"seconds", "load_before"}
    assert called["command"] == [sys.executable, "-m", "bench.scale", "1000", "--only", "limit", tmp_path.as_posix()]


def test_event_log_tells_what_tasks_shuffled_and_spilled(tmp_path: Path) -> None:
    metrics = {
        "Memory Bytes Spilled": 3_000_000_000,
        "Disk Bytes Spilled": 1_000_000_000,
        "Shuffle Read Metrics": {"Remote Bytes Read": 250_000_000, "Local Bytes Read": 7},
        "Shuffle Write Metrics": {"Shuffle Bytes Written": 500_000_000},
    }
    task = {"Event": "SparkListenerTaskEnd", "Task Metrics": metrics}
    failed = {"Event": "SparkListenerTaskEnd", "Task End Reason": "lost"}
    stage = {"Event": "SparkListenerStageCompleted", "Task Metrics": metrics}
    lines = (json.dumps(event, separators=(",", ":")) for event in (task, stage, failed, task))
    (tmp_path / "app-1").write_text("\n".join(lines))
    assert servers.event_sums(tmp_path) == {"shuffled_gb": 1, "fetched_gb": 0.5, "spilled_memory_gb": 6, "spilled_disk_gb": 2}


@pytest.mark.slow
def test_server_counts_with_what_it_has_started() -> None:
    started = "subprocess.run([sys.executable, '-c', 'input()'])"
    code = f"import subprocess, sys; held = bytearray(90_000_000); sum(range(9_000_000)); {started}"
    before = processes.ServerClock(os.getpid())
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as server:
        while len(processes.family(server.pid)) < 2:
            pass
        read = processes.ServerClock(server.pid).read()
        server.communicate(b"\n")
    assert read["peak_gb"] > 0.09
    assert read["client_peak_gb"] == processes.peak()
    assert processes.family(server.pid) == [server.pid]
    assert (processes.cpu_seconds(server.pid), processes.peak(server.pid)) == (0, 0), "it has ended"
    assert before.read()["cpu_seconds"] > before.read()["client_cpu_seconds"], "with that of the server"


@pytest.mark.slow
def test_contents_differ_by_rows_values_and_sums(tmp_path: Path) -> None:
    def made(name: str, rows: str) -> Path:
        with duckdb.connect(tmp_path / name) as connection:
            connection.execute(f"create table made as from (values {rows}) as t(word, n, x)")
        return tmp_path / name

    ours = made("ours", "('a', 1, 1e0), ('b', 2, null)")
    assert contents.differing(ours, made("same", "('b', 2, null), ('a', 1, 1e0 + 1e-12)"), ["made"]) == []
    assert contents.differing(ours, made("other", "('b', 2, 1e0), ('c', 1, 1e0)"), ["made"]) == ["made.word", "made.x"]
    assert contents.differing(ours, made("more", "('a', 1, 1e0), ('b', 1, null), ('b', 1, null)"), ["made"]) == [
        "made.word", "made.n", "made.x",
    ]  # fmt: skip
