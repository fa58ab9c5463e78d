"""Servers that build the models outside this process: a Sail cluster, and Apache Spark as ``bench/spark.sh`` starts it."""

import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipelines import settings

SCRIPT = Path(__file__).with_name("spark.sh")
#: Seconds that a server may take to start.
PATIENCE = 60
#: What may be kept in memory before it goes to disk: as much as the executors of Spark have together.
POOL = 8 * 1024**3
#: Sums of Spark's event log in GB, and where each stands, in bytes, in the metrics of a task.
SUMS = {
    "shuffled_gb": "Shuffle Write Metrics.Shuffle Bytes Written",
    "fetched_gb": "Shuffle Read Metrics.Remote Bytes Read",
    "spilled_memory_gb": "Memory Bytes Spilled",
    "spilled_disk_gb": "Disk Bytes Spilled",
}


@contextmanager
def sail_cluster(scratch: Path) -> Iterator[tuple[str, int]]:
    """Yield the address and the process of a Sail server of its own, with two workers that shuffle rows."""
    scratch.mkdir(exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    variables = {
        "SAIL_MODE": "local-cluster",
        "SAIL_CLUSTER__WORKER_INITIAL_COUNT": "2",
        "SAIL_RUNTIME__MEMORY_POOL__TYPE": "fair",
        "SAIL_RUNTIME__MEMORY_POOL__FAIR__MAX_SIZE": str(POOL),
        "SAIL_RUNTIME__TEMPORARY_FILES__PATHS": json.dumps([scratch.as_posix()]),
    }
    command = [Path(sys.executable).with_name("sail"), "spark", "server", "--port", str(port)]
    with (
        (scratch / "server.log").open("w") as log,
        subprocess.Popen(command, env=os.environ | variables, stdout=log, stderr=log) as server,
    ):
        try:
            _wait_for(port)
            yield f"sc://127.0.0.1:{port}", server.pid
        finally:
            server.terminate()


def _wait_for(port: int) -> None:
    began = time.perf_counter()
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            if time.perf_counter() - began > PATIENCE:
                raise
            time.sleep(0.1)


def beside_spark(arguments: list[str], scratch: Path) -> tuple[list[str], dict[str, str]]:
    """Return the command that runs a module beside Apache Spark, and its variables."""
    homes = list((settings.DATA / "spark").glob("lib/python3*/site-packages/pyspark"))
    if not homes:
        sys.exit("Apache Spark is not there: make data/spark/ready")
    variables = {"SPARK_HOME": homes[0].as_posix(), "PYTHON": sys.executable, "SPARK_SCRATCH": scratch.as_posix()}
    return [SCRIPT.as_posix(), *arguments], os.environ | variables


def event_sums(folder: Path) -> dict[str, float]:
    """Return what the tasks of Spark's event logs in ``folder`` shuffled and spilled."""
    sums: Counter[str] = Counter()
    for line in (line for file in folder.iterdir() for line in file.open(encoding="utf-8")):
        if line.startswith('{"Event":"SparkListenerTaskEnd"'):
            metrics = json.loads(line).get("Task Metrics") or {}
            for name, path in SUMS.items():
                sums[name] += _metric(metrics, path)
    return {name: round(sums[name] / 1e9, 3) for name in SUMS}


def _metric(metrics: dict[str, Any], path: str) -> int:
    section, _, name = path.rpartition(".")
    return int((metrics[section] if section else metrics).get(name, 0)) if metrics else 0
