"""The pages say of speed and size what was measured, and nothing that was not."""

import json
import re

from bench import accuracy, pages


def test_pages_say_what_was_measured() -> None:
    parts = []
    for page in pages.PAGES:
        text = page.read_text("utf-8")
        assert pages.render(text) == text, f"{page.name} is not what bench/results say: `python -m bench.pages`"
        parts += re.findall(r"<!-- bench:(\w+) -->", text)
    assert sorted(parts) == sorted(pages.PARTS)


def test_what_was_not_measured_is_a_dash() -> None:
    def done(seconds: float) -> dict[str, float]:
        return {"seconds": seconds, "cpu_seconds": 2 * seconds, "peak_gb": 1.5}

    sizes = {"8000000": {"models": done(16)}, "2000000": {"models": done(4), "by_hand": done(2)}}
    table = pages.models(json.loads(json.dumps({"sizes": sizes})))
    assert "| models, seconds | 4.0 | 16.0 | 1.00 |" in table, "the smaller size first, and how time grows with it"
    assert "| by hand, seconds | 2.0 | – | – |" in table
    assert "| models / by hand, seconds | 2.00 | – |  |" in table


def test_page_says_of_how_many_runs_a_figure_is_the_median() -> None:
    def done(seconds: float, runs: int) -> dict[str, float]:
        return {"seconds": seconds, "cpu_seconds": 1, "peak_gb": 1, "runs": runs}

    table = pages.models({"sizes": {"2000000": {"models": done(4, 3)}, "8000000": {"models": done(190, 1)}}})
    assert "| models, runs | 3 | 1 |  |" in table


def test_load_is_told_from_the_least_to_the_most() -> None:
    facts = {"cpu": "EPYC", "cores": 2, "duckdb": "2.0", "python": "3.11"}
    ways = {way: {"load_before": load} for way, load in {"models": 10.4, "words": 0.4, "limit": 2.5}.items()}
    text = pages.machine(
        {"sizes": {"2000000": {"machine": facts, **ways}, "8000000": {"machine": facts, "models": {"load_before": 1}}}}
    )
    assert "at a load of 0.4 to 10.4 before 2 million; 1.0 before 8 million." in text


def test_engines_are_compared_where_a_server_built_the_models() -> None:
    own = {"seconds": 30, "cpu_seconds": 60, "peak_gb": 2, "runs": 3, "load_before": 0.25}
    served = own | {"client_cpu_seconds": 5, "client_peak_gb": 0.5, "runs": 1}
    spilled = {"shuffled_gb": 7.25, "fetched_gb": 3.5, "spilled_memory_gb": 2, "spilled_disk_gb": 0.5}
    sizes = {"2000000": {"models": own, "sail": own, "cluster": served, "spark": served | spilled}, "8000000": {"models": own}}
    header, _, *rows = pages.engines({"sizes": sizes}).splitlines()
    assert header.startswith(
        "|  | DuckDB, 2 million | Sail in the process of the client, 2 million | Sail, two workers, 2 million |"
    )
    assert "8 million" not in header
    assert "| client's CPU seconds | – | – | 5 | 5 |" in rows
    assert "| shuffled, GB | – | not told | not told | 7.25 |" in rows
    assert rows[-2:] == ["| runs | 3 | 3 | 1 | 1 |", "| load before | 0.2 | 0.2 | 0.2 | 0.2 |"]


def test_names_are_compared_where_a_server_compared_them() -> None:
    small, large = ({"companies": number, "cpu_seconds": number / 1000, "peak_gb": 2} for number in (1000, 5000))
    served = small | {"cpu_seconds": 3, "client_cpu_seconds": 0.6, "client_peak_gb": 0.5}
    header, _, *rows = pages.names_on_servers({"names": {"sizes": [small, large]}, "cluster": {"sizes": [served]}}).splitlines()
    assert header == "|  | DuckDB, 1,000 companies | Sail, two workers, 1,000 companies |"
    assert rows[0] == "| CPU seconds | 1 | 3 |"
    assert rows[2:] == ["| client's CPU seconds | – | 1 |", "| client's peak memory, GB | – | 0.5 |"]


def test_world_costs_what_spark_takes_at_the_largest_size_that_it_built() -> None:
    names = {"sizes": [{"companies": 2_000_000, "mentions": 3_000_000, "cpu_seconds": 36, "peak_gb": 5}], "exponent": 1.0}
    small, middle, large = ({"models": {"cpu_seconds": seconds}} for seconds in (10, 100, 1000))
    sizes = {
        "1000000": small | {"spark": {"cpu_seconds": 400}},
        "10000000": middle | {"spark": {"cpu_seconds": 700}},
        "100000000": large,
    }
    served = {"sizes": [{"companies": 2_000_000, "client_peak_gb": 3.5}]}
    text = pages.world({"sizes": sizes}, {"names": names, "cluster": served})
    assert "| models on Spark, 10 million deals | 7.0 times the CPU seconds of DuckDB |" in text
    assert "| registries: names | 200 million firms | 100 GB | 1.0 | $0.35 |" in text, (
        "an hour at a twentieth of a dollar, seven times"
    )
    assert "would take 5.0 GB × 100 = 0.50 TB in one process,\nand 3.5 GB × 100 = 0.35 TB in the client" in text


def test_prediction_is_compared_with_each_other_list_where_both_look() -> None:
    register = {"list": "exits/register", "cities": 6, "error": 0.6, "error of the model": 0.45}
    better = {"list": "exits/a list", "cities": 8, "error": 0.4, "error of the model": 0.42}
    row = {"list": "exits/b", "cities": 10, "coverage": 0.9, "coverage expected": 0.94, "error": 0.5}
    lists = [
        row | {"beside": [better, register]},
        row | {"list": "exits/financedatabase", "cities": 30, "coverage": 0.5, "beside": [register | {"error": 0.45}]},
        row | {"list": "founders/alone", "beside": []},
        row | {"list": "exits/register: offices", "beside": [register]},
    ]
    said = accuracy.held_out({"lists": 7, "held_out": lists})
    assert said.startswith("4 of the 7 lists of the default build can be predicted, 60 counts of cities in all.")
    assert "intervals cover 70% of them: 50% of the 30 by lists of listed companies, and 90% of the others" in said
    assert "were the model right, these would cover 94%." in said
    assert "In 3 of 4 such comparisons the model errs no more than the other list" in said, "an equal error counts for the model"
    assert "best of the\nothers for 2 of 3 lists, and no more than the register for 2 of 2." in said, (
        "its own lists do not judge the register"
    )
    assert "| exits: b | 10 | 90% | 0.50 | 0.42 against 0.40 (8 cities) | 0.45 against 0.60 (6 cities) |" in said
    assert "| exits: register: offices | 10 | 90% | 0.50 | 0.45 against 0.60 (6 cities) | – |" in said
    assert "| founders: alone | 10 | 90% | 0.50 | – | – |" in said
