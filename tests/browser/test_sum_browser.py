"""What the page says if numbers of a city are multiplied, or weights taken away: arithmetic, quick, and marked as that."""

import math
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support.chromium import NEEDED, Opened

pytestmark = NEEDED


def test_twice_as_much_adds_ten_points_times_the_weight(browser: Browser, file: Path) -> None:
    opened = Opened(browser, file, hash_="#city=Chengdu&x.founders=2")
    page = opened.page
    model = page.evaluate("nextvalley.model")
    weight = {one["id"]: one["weight"] for one in model["pillars"]}
    (founders,) = [one for one in model["indicators"] if one["id"] == "founders"]
    within = [one["weight"] for one in model["indicators"] if one["pillar"] == founders["pillar"]]
    gained = 10 * founders["weight"] / sum(within) * weight[founders["pillar"]] / sum(weight.values())
    after, before = re.findall(r"Readiness ([\d.]+) instead of ([\d.]+)", page.locator("#sum-says").inner_text())[0]
    assert float(after) - float(before) == pytest.approx(gained, abs=0.11)
    page.locator("#x-founders").fill("-1")
    expect(page).to_have_url(re.compile(r"x\.founders=0\.5"))
    page.locator("#suppose-nothing").click()
    expect(page.locator("#sum-says")).to_have_text("Move a slider to multiply a number of Chengdu.")
    expect(page).to_have_url(re.compile("#city=Chengdu$"))
    assert opened.said == []
    page.close()


@pytest.mark.parametrize(("factor", "points"), [(2, 0), (8, 100 + 10 * math.log2(8 / 4000))])
def test_score_at_the_end_of_the_scale_rises_from_what_the_city_has(opened: Opened, factor: float, points: float) -> None:
    model = {"cities": ["A"], "indicators": [{"id": "deals", "goal": 4000.0}], "points": [[0.0]]}
    script = "([model, factor]) => nextvalley.supposing(model, 'A', { deals: factor }, { deals: [1] }).points[0][0]"
    assert opened.page.evaluate(script, [model, factor]) == pytest.approx(points)


def test_sum_is_there_within_a_tenth_of_a_second(opened: Opened) -> None:
    took = opened.page.evaluate(
        "() => { const input = document.getElementById('x-founders'), start = performance.now(); "
        "for (const value of [1, 2, 3, -1, 0]) { input.value = value; input.dispatchEvent(new Event('input')); } "
        "return (performance.now() - start) / 5; }"
    )
    assert took < 100


def test_what_has_no_weight_is_said_not_to_count(browser: Browser, file: Path) -> None:
    page = Opened(browser, file, hash_="#w.P1=0").page
    for control in ("P1", "research"):
        assert page.locator(f"#w-{control} + output").text_content() == "not counted"
    assert (page.locator("#w-founders + output").text_content() or "").endswith("%")
    page.close()


def test_first_paint_is_within_a_second(browser: Browser, file: Path) -> None:
    page = Opened(browser, file).page
    assert page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") < 1_000
    page.close()
