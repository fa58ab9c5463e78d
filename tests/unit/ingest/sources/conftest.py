"""Compare whatever these tests note, in every column, with ``tests/expected/sources.csv``."""

from tests.support import notes

compared = notes.compared_with("sources")


def pytest_sessionfinish() -> None:
    notes.write("sources")
