"""Predict lists that a build has never read: ``python -m bench.unseen DATABASE FULLER``.

``FULLER`` was made with more sources than ``DATABASE``, from recordings that do not ship. The draws are those of ``DATABASE``
as it stands: no count of a source that it lacks reaches them. What is compared, and how, is as in ``bench/held_out.py``. Writes
``bench/results/unseen.json``.
"""

import json
import sys
from pathlib import Path

import duckdb
import polars as pl

from bench.held_out import DRAWS, Lists, predictable, row_of
from pipelines.index.measurement.fit import fit
from pipelines.index.measurement.posterior import Posterior

RESULTS = Path(__file__).parent / "results" / "unseen.json"


def main(database_path: Path, fuller_path: Path) -> None:
    """Print how well each list of a source that the first database lacks is predicted by it, and keep the table."""
    with duckdb.connect(str(database_path), read_only=True) as connection:
        lists = Lists(connection)
    with duckdb.connect(str(fuller_path), read_only=True) as connection:
        fuller = Lists(connection)
    layout = lists.layout()
    posterior = Posterior.of(fit(layout, print), DRAWS)
    is_new = ~pl.col("dataset").is_in(lists.counts["dataset"].unique().to_list())
    lists.counts = pl.concat([lists.counts, fuller.counts.filter(is_new)])
    lists.profiles = pl.concat([lists.profiles, fuller.profiles.filter(is_new)])
    both = lists.layout()
    rows = [row_of(both, name, posterior) for name in predictable(both) if name not in layout.lists]
    with pl.Config(tbl_rows=-1, tbl_cols=-1, fmt_str_lengths=60, float_precision=2):
        print(pl.DataFrame(rows))
    RESULTS.write_text(json.dumps({"lists": len(both.lists) - len(layout.lists), "held_out": rows}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("name two databases: python -m bench.unseen DATABASE FULLER")
    main(*map(Path, sys.argv[1:]))
