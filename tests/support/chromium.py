"""The page as a reader has it: opened in Chromium, wide and narrow."""

import os
from pathlib import Path

import duckdb
import polars as pl
import pytest
from playwright.sync_api import Browser, Page

from tools import paper

CHROMIUM = paper.installed()

#: Marks of what needs it: where it is missing a person's tests are skipped, and those that run by themselves fail.
NEEDED = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None and "CI" not in os.environ, reason="no Chromium")]

WIDE, TABLET, PHONE, SMALL = (1280, 800), (768, 1024), (390, 844), (320, 640)


class Opened:
    """A page drawn to the end, with what it said on the console and asked of the network."""

    def __init__(self, browser: Browser, file: Path, size: tuple[int, int] = WIDE, hash_: str = "") -> None:
        self.page: Page = browser.new_page(viewport={"width": size[0], "height": size[1]}, accept_downloads=True)
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.address = file.resolve().as_uri()
        self.page.goto(f"{self.address}{hash_}")
        self.page.evaluate("() => nextvalley.drawn")


def choose(page: Page, field: str, name: str) -> None:
    """Name a city as a reader does."""
    page.fill(f"#{field}", name)
    page.press(f"#{field}", "Enter")


def frame(connection: duckdb.DuckDBPyConnection, sql: str) -> pl.DataFrame:
    """Return the rows of a query."""
    return pl.DataFrame(connection.sql(sql))
