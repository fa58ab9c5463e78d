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
    table = pages.models(json.loads(json.dumps({"sizes": sizes})), {})
    assert "| models, seconds | 4.0 | 16.0 | 1.00 |" in table, "the smaller size first, and how time grows with it"
    assert "| by hand, seconds | 2.0 | – | – |" in table
    assert "| models / by hand, seconds | 2.00 | – |  |" in table


def test_prediction_is_compared_with_the_best_single_list_and_the_register() -> None:
    row = {"list": "exits/a list", "cities": 10, "coverage": 0.9, "error": 0.5, "best single list": 0.4, "register alone": None}
    better = row | {"list": "exits/register", "cities": 30, "coverage": 0.5, "best single list": 0.5, "register alone": 0.6}
    said = accuracy.held_out({"lists": 7, "held_out": [row, better]})
    assert said.startswith("2 of the 7 lists of the default build can be predicted, 40 counts of cities in all.")
    assert "intervals cover 60% of them" in said
    assert "For 1 of 2 lists the model errs no more than the best of the other lists,\nand for 1 of 1 no more than" in said
    assert "| exits: a list | 10 | 90% | 0.50 | 0.40 | – |" in said
