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
    """Return how well each list is predicted by the others: coverage of 90% intervals, and error beside each other list."""
    lists = found["held_out"]
    of_listed = [row for row in lists if "financedatabase" in row["list"]]
    others = [row for row in lists if row not in of_listed]
    beside = [rival for row in lists for rival in row["beside"]]
    best = [row["beside"][0] for row in lists if row["beside"]]
    registers = [register for row in lists if (register := _register(row))]
    return (
        f"{len(lists)} of the {found['lists']} lists of the default build can be predicted, {_cities(lists)} counts of cities in "
        f"all.\nThe 90% intervals cover {_covered(lists)} of them: {_covered(of_listed)} of the {_cities(of_listed)} by lists "
        f"of listed companies, and {_covered(others)} of the others.\n"
        "Counts are whole numbers, so an interval of nine in ten holds rather more: were the model right, these would cover "
        f"{_covered(lists, 'coverage expected')}.\n"
        "Only cities with two rows or more are compared, each with the interval of a count that is known to be two or more.\n"
        "The error is the root mean square of log(predicted / counted). Beside another list, the model is judged in the cities\n"
        "where that list looks, if it looks at five or more of them: first the error of the model there, then that of the list.\n"
        f"In {_no_worse(beside)} such comparisons the model errs no more than the other list; no more than the best of the\n"
        f"others for {_no_worse(best)} lists, and no more than the register for {_no_worse(registers)}.\n\n{_predicted(lists)}"
    )


def unseen(found: Results) -> str:
    """Return how well lists are predicted that the default build has never read."""
    lists = found["held_out"]
    registers = [register for row in lists if (register := _register(row))]
    return (
        f"{len(lists)} of {found['lists']} lists of sources that do not ship name enough cities. The intervals of the default\n"
        f"build cover {_covered(lists)} of their {_cities(lists)} counts of cities, where {_covered(lists, 'coverage expected')} "
        "would be right, and its error is\nno more than that of the register for "
        f"{_no_worse(registers)} lists.\n\n{_predicted(lists)}"
    )


def _predicted(lists: list[Results]) -> str:
    """Return the table of lists that are predicted, one row each."""
    rows = [
        [
            row["list"].replace("/", ": ", 1).replace("_", " "),
            str(row["cities"]),
            f"{row['coverage']:.0%}",
            f"{row['error']:.2f}",
            _side_by_side(row["beside"][0] if row["beside"] else None),
            _side_by_side(_register(row)),
        ]
        for row in lists
    ]
    return table(["list", "cities", "covered", "error", "beside the best other list", "beside the register"], rows)


def _register(row: Results) -> Results | None:
    """Return how the register predicts a list, if it does and the list is not one of its own."""
    if row["list"].partition("/")[2].startswith("register"):
        return None
    return next((rival for rival in row["beside"] if rival["list"].partition("/")[2].startswith("register")), None)


def _no_worse(beside: list[Results]) -> str:
    return f"{sum(row['error of the model'] <= row['error'] for row in beside)} of {len(beside)}"


def _side_by_side(row: Results | None) -> str:
    return "–" if row is None else f"{row['error of the model']:.2f} against {row['error']:.2f} ({row['cities']} cities)"
