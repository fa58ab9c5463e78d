"""The page, the brief and the pages of cities fit every screen and paper, and are accessible."""

import re
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from pipelines.publish.report import share
from pipelines.publish.report.page import BRIEFS
from tests.support.chromium import CHROMIUM, NEEDED, PHONE, SMALL, TABLET, WIDE, Opened
from tools import paper

pytestmark = NEEDED


#: Words of a chart that its edge cuts off.
CUT = """() => [...document.querySelectorAll('figure.vega svg')].flatMap((svg) => {
  const edge = svg.getBoundingClientRect();
  return [...svg.querySelectorAll('text')].filter((text) => {
    const box = text.getBoundingClientRect();
    const isWide = box.right > edge.right + 1 || box.left < edge.left - 1;
    const isHigh = box.top < edge.top - 1 || box.bottom > edge.bottom + 1;
    return box.width && (isWide || isHigh);
  }).map((text) => `${svg.closest('figure').id}: ${text.textContent}`);
})"""

#: Numbers in cells of a chart that touch the number beside them.
TOUCHING = """() => [...document.querySelectorAll('figure.vega svg')].flatMap((svg) => {
  const boxes = [...svg.querySelectorAll('.role-mark.layer_1_marks text')].map((text) => text.getBoundingClientRect());
  return boxes.filter((one, at) => boxes.some((other, place) => place > at && Math.abs(one.top - other.top) < 2
    && one.left < other.right && other.left < one.right)).map(() => svg.closest('figure').id);
})"""


def assert_charts_are_whole(page: Page) -> None:
    """Wait for all charts of the open parts, and see that no word of them is cut off or covered."""
    expect(page.locator("figure.vega svg")).to_have_count(page.locator("figure.vega").count())
    assert page.evaluate(CUT) == []
    assert page.evaluate(TOUCHING) == []


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_answers_at_once_fits_asks_nothing_and_is_accessible(browser: Browser, file: Path, size: tuple[int, int]) -> None:
    opened = Opened(browser, file, size)
    page = opened.page
    for part in ("h1", ".deck", "table.answer tbody tr:nth-child(4)", "#made"):
        box = page.locator(part).bounding_box()
        assert box is not None
        assert box["y"] + min(box["height"], 40) <= size[1], "on the first screen"
    figures = page.locator("figure.vega")
    assert figures.count() > 5
    assert 0 < page.locator("figure.vega svg").count() < figures.count()
    page.evaluate("() => { for (const details of document.querySelectorAll('details')) details.open = true; }")
    assert_charts_are_whole(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    # Rows of a table are alike and the marks of a chart hidden from readers of screens; the checker takes minutes for thousands.
    page.evaluate("() => { for (const row of document.querySelectorAll('tbody tr:nth-child(n + 4)')) row.remove(); }")
    page.evaluate("() => { for (const marks of document.querySelectorAll('svg[aria-hidden=true]')) marks.replaceChildren(); }")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], scheme
    assert opened.said == []
    assert opened.asked == [opened.address]
    page.close()


@pytest.mark.parametrize("figure", ["differs", "flows"])
def test_cells_of_a_chart_have_their_numbers_on_a_phone(browser: Browser, file: Path, figure: str) -> None:
    """The sign of what a cell holds is in its number alone."""
    page = Opened(browser, file, PHONE).page
    page.locator(f"figure#{figure}").scroll_into_view_if_needed()
    expect(page.locator(f"figure#{figure} .role-mark.layer_1_marks text").first).to_be_attached()
    assert page.evaluate(TOUCHING) == []
    page.close()


def violations(page: Page) -> list[tuple[str, str]]:
    """Return every rule of accessibility that a page breaks, however small, with an element that breaks it."""
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in Axe().run(page).response["violations"]]


#: Boxes that reach beyond the screen: of everything that is shown, marks of charts and the inside of a scrolling box left out.
BEYOND = """() => {
  for (const details of document.querySelectorAll('details')) details.open = true;
  const inside = (element) => { const box = element.closest('.wide'); return box && box.scrollWidth > box.clientWidth + 1; };
  return [...document.querySelectorAll('body *')].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width && !element.closest('svg, .skip, caption, .vg-tooltip') && !inside(element) && box.right > innerWidth + 0.5;
  }).map((element) => element.outerHTML.slice(0, 120));
}"""


#: Tables that have to be pushed sideways to be read.
PUSHED = """() => [...document.querySelectorAll('.wide')].filter((box) => box.scrollWidth > box.clientWidth + 1)
  .map((box) => box.getAttribute('aria-label'))"""


#: What a finger has to hit, and that is smaller than 24 pixels in either direction.
SMALL_TARGETS = """() => [...document.querySelectorAll('button, select, input, summary, nav a')].filter((element) => {
  const box = element.getBoundingClientRect();
  return box.width && (box.height < 24 || box.width < 24);
}).map((element) => element.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("size", [SMALL, PHONE, TABLET])
def test_nothing_is_off_screen_and_everything_can_be_hit(browser: Browser, file: Path, size: tuple[int, int]) -> None:
    page = Opened(browser, file, size, hash_="#city=Shanghai&other=Beijing&third=Shenzhen&indicator=deals_received").page
    assert page.evaluate(BEYOND) == []
    assert page.evaluate(SMALL_TARGETS) == []
    if size != TABLET:
        assert page.evaluate(PUSHED) == []
        labels = page.locator("table[data-name=ranking] tbody tr:first-child td").evaluate_all(
            "(all) => all.map((one) => one.dataset.label)"
        )
        assert labels[1:4] == ["中文", "year", "rank"]
    assert_charts_are_whole(page)
    page.close()


def test_chinese_page_fits_and_the_switch_keeps_what_is_shown(browser: Browser, file: Path) -> None:
    opened = Opened(browser, file, SMALL, hash_="#w.P1=0.5&city=Chengdu")
    opened.page.click("a.language")
    opened.page.wait_for_function(
        "() => document.documentElement.dataset.drawn === 'yes' && document.documentElement.lang === 'zh'"
    )
    assert opened.page.url.endswith("report.zh.html#w.P1=0.5&city=Chengdu")
    assert opened.page.locator("#city-heading").inner_text() == "成都 Chengdu"
    assert opened.said == []
    assert opened.page.evaluate(BEYOND) == []
    assert opened.page.evaluate(PUSHED) == []
    assert_charts_are_whole(opened.page)
    opened.page.close()


def test_file_is_small(file: Path) -> None:
    assert file.stat().st_size <= 6_000_000


def test_page_prints_whole(browser: Browser, file: Path, tmp_path: Path) -> None:
    page = Opened(browser, file).page
    for event, is_open in (("beforeprint", True), ("afterprint", False)):
        page.evaluate("(event) => dispatchEvent(new Event(event))", event)
        states = page.locator("details.print").evaluate_all("(all) => all.map((one) => one.open)")
        assert set(states) == {is_open}
    page.emulate_media(media="print")
    assert page.locator("article.claim").first.is_visible()
    assert not page.locator("nav").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDE[0]
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    assert (tmp_path / "page.pdf").stat().st_size > 50_000
    page.close()


@pytest.mark.parametrize("name", ["beijing.html", "xi-an.html", "chengdu.zh.html"])
def test_page_of_a_city_fits_a_phone(browser: Browser, file: Path, name: str) -> None:
    page = browser.new_page(viewport={"width": SMALL[0], "height": SMALL[1]})
    page.goto((file.parent.resolve() / "city" / name).as_uri())
    assert page.evaluate(BEYOND) == []
    assert page.evaluate(PUSHED) == []
    assert page.evaluate("document.documentElement.scrollWidth") == SMALL[0]
    assert violations(page) == []
    page.close()


@pytest.mark.parametrize("name", BRIEFS.values())
def test_brief_is_two_sheets_of_paper(browser: Browser, file: Path, name: str) -> None:
    page = browser.new_page()
    page.goto((file.parent.resolve() / name).as_uri())
    sheets = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", sheets)) == 2
    assert page.locator(".claim").count() > 10
    assert violations(page) == []
    page.close()


def test_brief_becomes_a_pdf_of_two_pages(file: Path, tmp_path: Path) -> None:
    for name in (*BRIEFS.values(), *share.FILES.values()):
        shutil.copy(file.with_name(name), tmp_path)
    assert CHROMIUM is not None
    names = [path.name for path in paper.make(tmp_path, CHROMIUM)]
    assert names == ["brief.pdf", "brief.zh.pdf", "share.png", "share.zh.png"]
    for name in names[:2]:
        assert len(re.findall(rb"/Type\s*/Page[^s]", (tmp_path / name).read_bytes())) == 2
    for name in names[2:]:
        assert (tmp_path / name).read_bytes()[16:24] == (1200).to_bytes(4, "big") + (630).to_bytes(4, "big")
    assert paper.make(tmp_path, CHROMIUM) == []


def test_without_a_browser_the_reader_is_told_to_print_the_brief(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(paper.shutil, "which", lambda _: None)
    paper.main()
    assert "brief.html and print it" in capsys.readouterr().out
