"""Takes the two pictures of the README from the current release: the first screen of the page, and the Dagster UI.

`make pictures` runs it, after a refresh. It needs Chromium; where it is installed apart, CHROMIUM names it.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from playwright.sync_api import Page, sync_playwright

from pipelines import settings
from tools import paper

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"

#: Seconds for Dagster to come up.
PATIENCE = 120


@contextmanager
def dagster() -> Iterator[str]:
    """Serve the Dagster UI on a spare port of this machine, and yield its address."""
    with socket.socket() as spare:
        spare.bind(("127.0.0.1", 0))
        port = spare.getsockname()[1]
    environment = os.environ | {"DAGSTER_HOME": str(settings.HOME), "VIRTUAL_ENV": sys.prefix}
    command = [f"{sys.prefix}/bin/dg", "dev", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(
        command, cwd=settings.HOME, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, server)
        yield address
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:  # a shell that starts this in the background makes it deaf to SIGINT
            os.killpg(server.pid, signal.SIGKILL)


def _wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            requests.get(f"{address}/server_info", timeout=5).raise_for_status()
        except requests.RequestException:
            time.sleep(1)
        else:
            return
    raise RuntimeError("Dagster did not start; `make ui` shows why")


def photograph(page: Page, ui: str) -> None:
    """Write report.png and dagster.png."""
    page.goto((settings.RELEASE / "report.html").resolve().as_uri())
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / "report.png")
    page.set_viewport_size({"width": 1280, "height": 960})
    page.goto(f"{ui}/assets/index/ranking?view=lineage")
    page.get_by_text("ranking").first.wait_for()
    page.wait_for_timeout(5000)  # the graph lays itself out, then moves into view
    page.screenshot(path=PICTURES / "dagster.png")


def main() -> None:
    if not (settings.RELEASE / "report.html").exists():
        sys.exit("There is no release yet: run `make refresh` first.")
    chromium = os.environ.get("CHROMIUM") or paper.installed()
    PICTURES.mkdir(parents=True, exist_ok=True)
    with dagster() as ui, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        photograph(browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light"), ui)
        browser.close()


if __name__ == "__main__":
    main()
