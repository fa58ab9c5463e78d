"""Ways about the page: by keyboard, by links and back, by names that are none or several."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.chromium import NEEDED, PHONE, Opened, choose

pytestmark = NEEDED

SET = "w.P1=0&x.founders=2&city=Wuhan"


def _press(page: Page, selector: str) -> str:
    """Press what a keyboard is on, and return where the keyboard is then."""
    page.locator(selector).first.focus()
    page.keyboard.press("Enter")
    focused: str = page.evaluate("document.activeElement.id")
    return focused


def test_keyboard_follows_what_it_chose_and_keeps_what_is_set(browser: Browser, file: Path) -> None:
    page = Opened(browser, file, hash_=f"#{SET}").page
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    assert _press(page, "a.skip") == "main"
    assert page.url.endswith(f"#{SET}")
    assert page.locator("#city-heading").inner_text() == "Wuhan 武汉"
    expect(page.locator("#banner")).to_be_visible()
    assert _press(page, "#banner a") == "own-title"
    assert _press(page, "#profile button[data-indicator=deals_received]") == "rows-says"
    assert _press(page, "#banner button") == "main"
    assert _press(page, "table.answer [data-look=Shanghai]") == "city-heading"
    expect(page.locator("#city-heading")).to_be_in_viewport()
    page.close()


def test_part_of_the_page_is_a_step_and_a_link_of_its_own(browser: Browser, file: Path) -> None:
    page = Opened(browser, file).page
    page.locator("nav a[href='#claims']").click()
    assert page.url.endswith("report.html#claims")
    expect(page.locator("#claims")).to_be_in_viewport()
    page.go_back()
    page.wait_for_url(file.resolve().as_uri())
    page.close()
    for place in ("claims", "all", "alternatives-title"):
        page = Opened(browser, file, hash_=f"#{place}").page
        page.wait_for_timeout(300)
        assert page.url.endswith(f"#{place}")
        expect(page.locator(f"#{place}")).to_be_in_viewport()
        assert page.locator(f"details#{place}:not([open])").count() == 0
        page.close()


@pytest.mark.parametrize(
    ("named", "heading", "said"),
    [
        ("city=成都&other=chengdu", "Chengdu 成都", ""),
        ("city=Wuhan&other=Shanghai&third=Wuhan", "Wuhan 武汉 · Shanghai 上海", ""),
        ("city=Atlantis", None, "No city is called “Atlantis” here."),
        ("city=Wuhan&other=Chang", "Wuhan 武汉", "“Chang” is in the names of several cities: Chang"),
    ],
)
def test_link_names_cities_by_any_name_or_is_told_that_it_does_not(
    browser: Browser, file: Path, named: str, heading: str | None, said: str
) -> None:
    page = Opened(browser, file, hash_=f"#{named}").page
    if heading:
        assert page.locator("#city-heading").inner_text() == heading
    box = page.locator("#city-said")
    assert box.inner_text().startswith(said)
    assert bool(box.inner_text()) == bool(said)
    expect(box if said else page.locator("#city-heading")).to_be_in_viewport()
    page.close()


def test_field_of_a_city_answers(browser: Browser, file: Path) -> None:
    page = Opened(browser, file, hash_="#city=Wuhan&other=Shanghai").page
    said, heading = page.locator("#city-said"), page.locator("#city-heading")
    choose(page, "city", "Atlantis")
    assert said.inner_text() == "No city is called “Atlantis” here."
    choose(page, "city", "Chang")
    assert said.inner_text().startswith("“Chang” is in the names of several cities: ")
    choose(page, "city", "hanghai")
    assert (said.inner_text(), heading.inner_text()) == ("", "Shanghai 上海"), "found inside a name, and shown once"
    choose(page, "other", "武汉")
    assert heading.inner_text() == "Shanghai 上海 · Wuhan 武汉"
    choose(page, "other", "")
    assert heading.inner_text() == "Shanghai 上海"
    page.close()


def test_copied_link_is_the_whole_address(browser: Browser, file: Path) -> None:
    page = Opened(browser, file).page
    page.evaluate("() => { navigator.clipboard.writeText = (text) => { window.taken = text; return Promise.resolve(); }; }")
    page.get_by_role("button", name="Copy the link to “The map”").click()
    assert page.evaluate("taken") == f"{file.resolve().as_uri()}#figure=map"
    page.evaluate(
        "() => { const input = document.getElementById('w-P1'); input.value = 0.5; "
        "input.dispatchEvent(new Event('input')); document.getElementById('copy').click(); }"
    )
    assert page.evaluate("taken") == f"{file.resolve().as_uri()}#w.P1=0.5", "the chart was in its own link alone"
    expect(page.locator("#said")).to_have_text("Link copied.")
    page.close()


def test_turned_page_names_columns_and_draws_charts_anew(browser: Browser, file: Path) -> None:
    page = Opened(browser, file, hash_="#city=Wuhan&indicator=deals_received").page
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    for table in ("#profile", "#rows", "[data-name=ranking]"):
        assert page.locator(f"{table} tbody tr:nth-child(2) [data-label]").count() > 2
    page.wait_for_function(
        "() => { const chart = document.querySelector('#map .chart'); return Number(chart.dataset.width) === chart.clientWidth; }"
    )
    page.close()


def test_benchmark_has_no_course(browser: Browser, file: Path) -> None:
    opened = Opened(browser, file, hash_="#city=San+Francisco+Bay+Area&year=2010")
    page = opened.page
    for part in ("#course", "#course-title", "#years-of"):
        expect(page.locator(part)).to_be_hidden()
    assert page.locator("#profile tbody tr[data-indicator]").count() > 10, "numbers of the published year"
    choose(page, "other", "Wuhan")
    assert page.locator("#city-heading").inner_text() == "Wuhan 武汉"
    assert page.locator("#course-title").inner_text() == "Readiness of Wuhan since 2000"
    expect(page.locator("#course svg .role-legend-label")).to_have_text(["Wuhan"])
    assert opened.said == []
    page.close()


def test_without_scripts_names_lead_to_the_pages_of_cities(browser: Browser, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.resolve().as_uri())
    assert page.locator("h1").is_visible()
    assert page.locator("noscript").is_visible()
    rows, links = (page.locator(f"table[data-name=ranking] {part}") for part in ("tbody tr", "a[href^='city/']"))
    assert rows.count() == links.count() > 100
    assert all((file.parent / (link.get_attribute("href") or "")).is_file() for link in [*links.all()[:20], links.last])
    assert page.locator("table.answer a[href^='city/']").count() == page.locator("table.answer tbody tr").count()
    controls = page.locator("button, select, input, #what-if, #own-title, #city-title, .chart")
    assert controls.count() > 0
    expect(controls.filter(visible=True)).to_have_count(0)
    assert re.search("need JavaScript", page.locator("noscript").inner_text())
    context.close()
