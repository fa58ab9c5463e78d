"""A browser, and the released page in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.chromium import CHROMIUM, Opened


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def file(released: Path) -> Path:
    return released / "data" / "release" / "report.html"


@pytest.fixture(scope="module")
def opened(browser: Browser, file: Path) -> Opened:
    return Opened(browser, file)
