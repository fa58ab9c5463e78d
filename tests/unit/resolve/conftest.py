"""Compare whatever these tests note, in every column, with ``tests/expected/resolve.csv``."""

from tests.support import notes

compared = notes.compared_with("resolve")


def pytest_sessionfinish() -> None:
    notes.write("resolve")
