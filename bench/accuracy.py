"""Write what was measured of the matching of names into ``docs/matching.md``: parts of ``bench.pages``."""

from typing import Any

from bench.tables import table

Results = dict[str, Any]


def company_names(ways: Results) -> str:
    """Return precision, recall and F1 of each way and language."""
    rows = [
        [
            f"{way}: {name}",
            f"{score['pairs']} ({score['same']})",
            *(_share(score[part]) for part in ("precision", "recall", "f1")),
        ]
        for way, scores in ways.items()
        for name, score in scores.items()
    ]
    return table(["", "pairs (of them one company)", "precision", "recall", "F1"], rows)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
