"""Print the brief of the release as PDF and draw its picture as PNG, where Chromium is installed: ``python -m tools.paper``."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from pipelines import settings

#: Names of a browser that prints without a screen.
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

#: File of the release → what the browser makes of it, and how it is asked for that.
MADE = {
    "brief.html": ("brief.pdf", ("--no-pdf-header-footer", "--print-to-pdf={}")),
    "brief.zh.html": ("brief.zh.pdf", ("--no-pdf-header-footer", "--print-to-pdf={}")),
    "share.svg": ("share.png", ("--window-size=1200,630", "--hide-scrollbars", "--screenshot={}")),
    "share.zh.svg": ("share.zh.png", ("--window-size=1200,630", "--hide-scrollbars", "--screenshot={}")),
}

#: Seconds that a page may take.
_PATIENCE = 120


def installed() -> str | None:
    """Return the path of the first of them that is installed, if any."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def make(folder: Path, browser: str) -> list[Path]:
    """Make what the folder of a release lacks, and return what it has then."""
    made = []
    for source, (name, how) in MADE.items():
        if (folder / name).exists():
            continue
        with tempfile.TemporaryDirectory() as profile:
            part = Path(profile) / name
            asked = [option.format(part) for option in how]
            # Chromium refuses to sandbox what runs as root, as in a container.
            rights = ["--no-sandbox"] if os.geteuid() == 0 else []
            command = [browser, "--headless", "--disable-gpu", f"--user-data-dir={profile}/profile", *rights, *asked]
            page = (folder / source).resolve().as_uri()
            subprocess.run([*command, page], check=True, capture_output=True, timeout=_PATIENCE)
            shutil.move(part, folder / name)
        made.append(folder / name)
    return made


def main() -> None:
    """Make what can be made, and say in one sentence what was made or why it was not."""
    browser = installed()
    if browser is None:
        print(f"No PDF of the brief, since Chromium is not installed: open {settings.RELEASE / 'brief.html'} and print it.")
        return
    try:
        made = make(settings.RELEASE, browser)
    except (OSError, subprocess.SubprocessError) as error:
        remedy = f"Open {settings.RELEASE / 'brief.html'} and print it."
        print(f"No PDF of the brief: {browser} failed ({error}). {remedy}", file=sys.stderr)
        return
    if made:
        print("Made", ", ".join(str(path) for path in made))


if __name__ == "__main__":
    main()
