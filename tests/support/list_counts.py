"""Count with one branch of the lists, on small hand-made frames."""

from collections.abc import Callable
from pathlib import Path

from tests.support.models import Rows, build, with_branch

CITIES: Rows = [
    {"city": "Beijing", "country": "CN", "province": "Beijing"},
    {"city": "Hangzhou", "country": "CN", "province": "Zhejiang"},
    {"city": "London", "country": "GB", "province": "England"},
]
#: A folder of the inbox that is of no list here.
NOWHERE: dict[str, object] = {"dataset": "inbox: nowhere", "city": "London"}
KEYS = ("quantity", "list", "country", "province", "city", "year")
#: The keys → number.
Counts = dict[tuple[object, ...], object]
Count = Callable[[str, dict[str, Rows]], Counts]


def counting(folder: Path) -> Count:
    """Return the function that counts with one branch of the lists, whose model it writes to ``folder``."""

    def count(branch: str, inputs: dict[str, Rows]) -> Counts:
        rows = build(
            with_branch("marts.list_counts", branch, folder), {"core.cities": CITIES, "staging.inbox_cities": [NOWHERE], **inputs}
        )
        counts = {tuple(row[key] for key in KEYS): row["n"] for row in rows}
        assert len(counts) == len(rows)
        return counts

    return count
