"""Time the start of every command, and name the imports that cost most: ``python -m bench.startup``.

Each command runs five times on the current release; the fastest run counts, in CPU seconds, so that other work on the machine
matters little. Prints a Markdown table.
"""

import re
import resource
import subprocess
import sys

from pipelines import settings

RUNS = 5
COMMANDS = {
    "--help": ["-m", "pipelines", "--help"],
    "rank": ["-m", "pipelines", "rank"],
    "claims": ["-m", "pipelines", "claims"],
    "why Beijing": ["-m", "pipelines", "why", "Beijing"],
    "compare Beijing Shanghai": ["-m", "pipelines", "compare", "Beijing", "Shanghai"],
    "sources": ["-m", "pipelines", "sources"],
    "refresh, nothing changed": ["-m", "pipelines", "refresh"],
    "what Dagster loads": ["-c", "import pipelines.definitions"],
}
#: A line of ``-X importtime``: microseconds of the module alone, with what it imports, and its indented name.
_LINE = re.compile(r"^import time: +\d+ \| +(\d+) \| ( *)(\S+)$", re.MULTILINE)


def cpu_seconds(arguments: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True, cwd=settings.HOME)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def imports(arguments: list[str]) -> dict[str, float]:
    """Return the seconds that each top-level package took to import, with all it imports in turn."""
    command = [sys.executable, "-X", "importtime", *arguments]
    report = subprocess.run(command, check=True, capture_output=True, text=True, cwd=settings.HOME).stderr
    seconds: dict[str, float] = {}
    for microseconds, _, module in _LINE.findall(report):
        if "." not in module and module != "pipelines":
            seconds[module] = seconds.get(module, 0.0) + int(microseconds) / 1e6
    return seconds


def main() -> None:
    if not settings.PUBLISHED.exists():
        sys.exit(f"There is no release at {settings.PUBLISHED}. Run `make refresh` first.")
    print("| command | CPU s | heaviest imports, s |\n| :-- | --: | :-- |")
    for name, arguments in COMMANDS.items():
        fastest = min(cpu_seconds(arguments) for _ in range(RUNS))
        runs = [imports(arguments) for _ in range(RUNS)]
        seconds = {module: min(run[module] for run in runs) for module in runs[0]}
        heaviest = ", ".join(f"{module} {seconds[module]:.2f}" for module in sorted(seconds, key=seconds.__getitem__)[:-5:-1])
        print(f"| {name} | {fastest:.2f} | {heaviest} |")


if __name__ == "__main__":
    main()
