"""Write how right names are matched and lists predicted into ``docs/matching.md`` and ``docs/method.md``."""

import csv
from pathlib import Path
from typing import Any

from bench.tables import table

Results = dict[str, Any]

#: Figures of others on the febrl sets, as printed, each with its address; F1 where it is printed.
PUBLISHED = Path(__file__).with_name("published_febrl.csv")
METHODS = {
    "matcher": "our matcher of companies: name, suburb, year of birth",
    "splink": "Splink's own comparisons, all fields, weights learnt without labels",
}


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


def febrl(sets: Results) -> str:
    """Return precision, recall and F1 on each set, measured here and published elsewhere."""
    rows = [
        [f"{name}: {METHODS[method]}", *(_share(score[part]) for part in ("precision", "recall", "f1")), "measured here"]
        for name, scores in sets.items()
        for method, score in scores.items()
    ]
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        rows += [
            [
                f"{row['set']}: {row['method']}",
                *(_share(float(row[part]) if row[part] else None) for part in ("precision", "recall")),
                _share(_f1(row)),
                f"[published]({row['url']}); {row['note']}",
            ]
            for row in csv.DictReader(file)
        ]
    return table(["", "precision", "recall", "F1", ""], sorted(rows, key=lambda row: row[0].split(":")[0]))


def _f1(row: dict[str, str]) -> float:
    """Return F1 as printed, else of precision and recall."""
    if row["f1"]:
        return float(row["f1"])
    precision, recall = float(row["precision"]), float(row["recall"])
    return 2 * precision * recall / (precision + recall)


def _cities(lists: list[Results]) -> int:
    return sum(row["cities"] for row in lists)


def _covered(lists: list[Results], name: str = "coverage") -> str:
    """Return what share of the counts of some lists lies in their intervals, or ought to; a dash for no list."""
    return f"{sum(row[name] * row['cities'] for row in lists) / _cities(lists):.0%}" if lists else "–"


def held_out(found: Results) -> str:
    """Return how well each list is predicted by the others: coverage of 90% intervals, and error beside simpler guesses."""
    lists = found["held_out"]
    of_listed = [row for row in lists if "financedatabase" in row["list"]]
    others = [row for row in lists if row not in of_listed]
    better = sum(row["error"] <= row["best single list"] for row in lists)
    rivals = [row for row in lists if row["register alone"] is not None]
    than_register = sum(row["error"] <= row["register alone"] for row in rivals)
    rows = [
        [
            row["list"].replace("/", ": ", 1).replace("_", " "),
            str(row["cities"]),
            f"{row['coverage']:.0%}",
            f"{row['error']:.2f}",
            *("–" if row[name] is None else f"{row[name]:.2f}" for name in ("best single list", "register alone")),
        ]
        for row in lists
    ]
    head = ["list left out", "cities", "covered", "error", "error of the best single list", "of the register"]
    return (
        f"{len(lists)} of the {found['lists']} lists of the default build can be predicted, {_cities(lists)} counts of cities in "
        f"all.\nThe 90% intervals cover {_covered(lists)} of them: {_covered(of_listed)} of the {_cities(of_listed)} by lists "
        f"of listed companies, and {_covered(others)} of the others.\n"
        "Counts are whole numbers, so an interval of nine in ten holds rather more: were the model right, these would cover "
        f"{_covered(lists, 'coverage expected')}.\n"
        "Only cities with two rows or more are compared, each with the interval of a count that is known to be two or more.\n"
        "The error is the root mean square of log(predicted / counted).\n"
        f"For {better} of {len(lists)} lists the model errs no more than the best of the other lists,\n"
        f"and for {than_register} of {len(rivals)} no more than the register alone.\n\n{table(head, rows)}"
    )
