"""The comparison with other tools: how it is written, and how dbt is given the models."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.compare import clock, ours, peers, report
from bench.compare.__main__ import PEERS, fastest
from bench.scale import TARGETS, path_to


def test_page_has_ratios_and_says_what_was_left_out() -> None:
    did = {"cpu_seconds": 2.0, "peak_gb": 0.5, "mean_width": 3.25}
    tasks = {
        "rank sets": {
            "peer": "tool",
            "version": "1.0",
            "runs": 3,
            "ours": did,
            "theirs": did | {"cpu_seconds": 5.0, "peak_gb": 0.25},
        },
        "models": {"peer": "dbt", "left_out": "pip failed"},
    }
    machine = {"cpu": "EPYC", "cores": 2, "load_before": 0.5}
    page = report.peers(json.loads(json.dumps({"machine": machine, "tasks": tasks})))
    assert "| rank sets of 100 units, 10,000 draws: tool 1.0, fastest of 3 | 5.00 | 2.50 | 0.25 | 0.50 | 3.2 ranks wide |" in page
    assert "models on 200,000 made-up deals: dbt | – | – | – | – | not run: pip failed |" in page


def test_dbt_waits_for_models_and_gets_their_queries_untouched() -> None:
    path = path_to(TARGETS)
    tables = {model.table for model in path}
    (flows,) = (model for model in path if model.table == "marts.deal_flows")
    text = ours.dbt_model(flows, tables)
    assert "schema='marts', alias='deal_flows'" in text
    assert f"{{% raw %}}\n{flows.sql}\n{{% endraw %}}" in text
    waits = {line.split("'")[1].replace("__", ".") for line in text.splitlines() if line.startswith("-- depends_on")}
    assert waits == {*flows.depends} & tables
    assert waits


def test_both_sides_and_the_page_know_every_task() -> None:
    assert set(PEERS) == set(peers.TASKS) == set(ours.TASKS) - {"prepare"} == set(report.TASKS)


def test_clock_starts_when_the_work_is_ready(tmp_path: Path) -> None:
    def work(folder: Path, ready: Callable[[], None]) -> dict[str, Any]:
        sum(range(3_000_000))
        ready()
        return {"folder": folder.name}

    measured = clock.measure(work, tmp_path)
    assert measured["cpu_seconds"] < 0.02
    assert measured["peak_gb"] > 0
    assert measured["folder"] == tmp_path.name


def test_fastest_run_counts_by_cpu_seconds() -> None:
    assert fastest([{"cpu_seconds": 2.0, "seconds": 1.0}, {"cpu_seconds": 1.5, "seconds": 9.0}])["seconds"] == 9.0
