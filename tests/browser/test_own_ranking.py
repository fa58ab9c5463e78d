"""The index that a reader computes again in the page: with own weights, in other ways, by a link."""

import random
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import duckdb
import numpy as np
import polars as pl
import pytest
from playwright.sync_api import Browser, Page, expect

from pipelines.index.choices import ALTERNATIVES, Choices, score
from pipelines.index.definitions import Definitions
from tests.support.chromium import NEEDED, Opened, choose, frame

pytestmark = NEEDED


def test_own_ranking_starts_near_the_published_one(opened: Opened, published: duckdb.DuckDBPyConnection) -> None:
    scored = opened.page.evaluate("nextvalley.score(nextvalley.model, nextvalley.published(nextvalley.model))")
    expected = frame(
        published,
        "select s.city, s.score, s.rank from index.scores as s join index.headline as h on h.year = s.year "
        "where s.measure = 'Readiness' and s.score is not null",
    )
    published = {row["city"]: row for row in expected.iter_rows(named=True)}
    assert {one["city"] for one in scored} == set(published)
    unranked = {one["city"] for one in scored if one["rank"] is None}
    assert unranked == {city for city, row in published.items() if row["rank"] is None}
    assert "San Francisco Bay Area" in unranked
    apart = max(abs(one["score"] - published[one["city"]]["score"]) for one in scored)
    assert apart < 5
    (said,) = re.findall(r"differ by ([\d.]+) points at most\.", opened.page.locator("#apart").inner_text())
    assert 0 <= float(said) - apart < 0.1, "at most: rounded up to a tenth"


def _definitions(model: dict[str, Any]) -> Definitions:
    pillars = [one["id"] for one in model["pillars"]]
    pillar_of = np.array([pillars.index(one["pillar"]) for one in model["indicators"]])
    weights = np.array([one["weight"] for one in model["indicators"]], dtype=float)
    return Definitions(pl.DataFrame(), {"Readiness": tuple(pillars)}, pillar_of, weights)


def _choices(model: dict[str, Any], setting: dict[str, Any]) -> Choices:
    """Return the setting as the pipeline takes it: weights of pillars sum to one."""
    within = np.array([[one["weight"] * setting["indicators"][one["id"]] for one in model["indicators"]]], dtype=float)
    across = np.array([[one["weight"] * setting["pillars"][one["id"]] for one in model["pillars"]]], dtype=float)
    with np.errstate(invalid="ignore"):
        return Choices(within, across / across.sum(1, keepdims=True), np.zeros(1, dtype=int), np.zeros(1, dtype=int))


def _in_browser(opened: Opened, model: dict[str, Any], settings: list[dict[str, Any]]) -> list[np.ndarray]:
    """Return scores and ranks that the page computes, (city, 2) for each setting."""
    script = "([model, settings]) => settings.map((one) => nextvalley.score(model, one))"
    scored = opened.page.evaluate(script, [model, settings])
    return [np.array([[one["score"], one["rank"]] for one in every], dtype=float) for every in scored]


def _settings(model: dict[str, Any], chance: random.Random, way: str, least: float) -> dict[str, Any]:
    return {
        "way": way,
        "pillars": {one["id"]: chance.choice([least, 1, chance.uniform(least, 3)]) for one in model["pillars"]},
        "indicators": {one["id"]: chance.choice([least, 1, chance.uniform(least, 3)]) for one in model["indicators"]},
    }


def test_same_mean_as_the_pipeline_where_scores_are_missing(opened: Opened) -> None:
    model = opened.page.evaluate("nextvalley.model")
    chance = random.Random(5)
    width = len(model["indicators"])
    made = [[chance.choice([None, 0, 55.5, chance.uniform(0, 130)]) for _ in range(width)] for _ in range(7)]
    model |= {"cities": [f"City {number}" for number in range(7)], "ranked": [True] * 7, "points": made}
    settings = [_settings(model, chance, "mean of scores", 0) for _ in range(200)]
    settings.append(settings[0] | {"pillars": dict.fromkeys(settings[0]["pillars"], 0)})
    missing = 0
    for setting, shown in zip(settings, _in_browser(opened, model, settings), strict=True):
        with np.errstate(invalid="ignore"):
            expected = score(np.array([made], dtype=float), _choices(model, setting), _definitions(model)).totals["Readiness"][0]
        np.testing.assert_allclose(shown[:, 0], expected, rtol=0, atol=1e-9)
        missing += int(np.isnan(expected).sum())
    assert missing


#: What the page shows of each way to make the score, from what the pipeline computes of it.
SHOWN = {
    "mean of scores": lambda made, cities: made,
    "geometric mean of scores": lambda made, cities: np.exp(made),
    "mean of ratios": lambda made, cities: 100 + 10 * np.log2(made),
    "mean of ranks": lambda made, cities: 100 * made / (cities - 1),
    "weakest pillar": lambda made, cities: made,
}


@pytest.mark.parametrize("way", list(ALTERNATIVES))
def test_other_ways_rank_as_in_the_pipeline(opened: Opened, way: str) -> None:
    model = opened.page.evaluate("nextvalley.model")
    assert model["ways"] == list(ALTERNATIVES)
    chance = random.Random(6)
    made = [[chance.uniform(0, 130) for _ in model["indicators"]] for _ in range(9)]
    model |= {"cities": [f"City {number}" for number in range(9)], "ranked": [True] * 8 + [False], "points": made}
    settings = [_settings(model, chance, way, 0.1) for _ in range(40)]
    for setting, shown in zip(settings, _in_browser(opened, model, settings), strict=True):
        choices = _choices(model, setting)
        pillars = score(np.array([made[:8]]), choices, _definitions(model)).pillars
        expected = SHOWN[way](ALTERNATIVES[way](pillars, choices.pillar_weights)[0], 8)
        np.testing.assert_allclose(shown[:8, 0], expected, rtol=0, atol=1e-9)
        np.testing.assert_array_equal(shown[:8, 1], 1 + (expected[None] > expected[:, None] + 1e-9).sum(1))
        assert np.isnan(shown[8, 1])


def test_sliders_say_the_share_of_what_they_weigh(browser: Browser, file: Path) -> None:
    page = Opened(browser, file).page
    pillars = page.locator("#sliders .pillar > .slider output").all_inner_texts()
    assert abs(sum(int(text.rstrip("%")) for text in pillars) - 100) <= 2
    for other in page.evaluate("nextvalley.model.pillars.slice(1).map((one) => one.id)"):
        _set(page, f"w-{other}", 0)
    assert page.locator("#sliders .pillar > .slider output").all_inner_texts() == ["100%", *["not counted"] * (len(pillars) - 1)]
    page.close()


def _set(page: Page, control: str, value: float) -> None:
    """Move a slider as a reader does."""
    page.evaluate(
        "([id, value]) => { const input = document.getElementById(id); input.value = value; "
        "input.dispatchEvent(new Event('input', { bubbles: true })); }",
        [control, value],
    )


def _shown(page: Page) -> list[list[str]]:
    rows: list[list[str]] = page.locator("#own tbody tr").evaluate_all(
        "(all) => all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.innerText))"
    )
    return rows


def test_link_reproduces_the_setting(browser: Browser, file: Path) -> None:
    opened = Opened(browser, file)
    page = opened.page
    before = _shown(page)
    page.select_option("#way", "weakest pillar")
    _set(page, "w-P1", 0.35)
    _set(page, "w-deals_received", 2.5)
    choose(page, "city", "Shanghai")
    choose(page, "other", "北京")
    expect(page).to_have_url(re.compile("w.deals_received=2.5"))
    address = page.url
    hash_ = address.split("#")[1]
    assert parse_qs(hash_) == {
        "way": ["weakest pillar"],
        "w.P1": ["0.35"],
        "w.deals_received": ["2.5"],
        "city": ["Shanghai"],
        "other": ["Beijing"],
    }
    after = _shown(page)
    assert after != before
    again = Opened(browser, file, hash_=f"#{hash_}").page
    assert _shown(again) == after
    assert again.locator("#city-heading").inner_text() == "Shanghai 上海 · Beijing 北京"
    assert again.locator("#w-P1").input_value() == "0.35"
    again.click("#reset")
    assert _shown(again) == before
    expect(again).to_have_url(f"{file.resolve().as_uri()}#city=Shanghai&other=Beijing")
    again.close()
    page.close()


def test_hash_of_strangers_does_no_harm(browser: Browser, file: Path) -> None:
    opened = Opened(
        browser,
        file,
        hash_="#way=<script>&w.P1=-3&w.P2=Infinity&w.P3=&x.founders=99&year=9999&city=Atlantis&w.__proto__=2&indicator=x",
    )
    assert opened.said == []
    assert (
        opened.page.evaluate(
            "() => { const { model, toHash, fromHash } = nextvalley, { setting, supposed } = fromHash(model, location.hash); "
            "return toHash(model, setting, {}, supposed); }"
        )
        == ""
    )
    assert opened.page.locator("#year").input_value() == opened.page.locator("#year").get_attribute("max")
    assert "rank 1 (90%:" in opened.page.locator("#standing").inner_text()
