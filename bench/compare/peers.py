"""Do the work as other tools do, each with its own defaults; runs where these are installed and the project is not."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.compare.clock import Work, run


def match_names(folder: Path, ready: Callable[[], None]) -> dict[str, Any]:
    """Link the two sources by Splink, with comparisons of its library and weights that it learns from the names alone."""
    import duckdb
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    connection = duckdb.connect()
    columns = (
        "* replace (lower(name) as name), split_part(lower(name), ' ', 1) as first_word, split_part(mention, ':', -1) as meant"
    )
    sql = f"select {columns} from '{folder}/mentions.parquet' where source = ? order by mention"
    sides = [connection.execute(sql, [source]).df() for source in ("one", "two")]
    ready()
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="mention",
        blocking_rules_to_generate_predictions=[block_on("first_word"), block_on("city", "founded")],
        comparisons=[
            compare.JaroWinklerAtThresholds("name"),
            *(compare.ExactMatch(column) for column in ("country", "city", "founded")),
        ],
        additional_columns_to_retain=["meant"],
    )
    api = DuckDBAPI(connection)
    linker = Linker([api.register(side) for side in sides], settings, log_level="ERROR")
    linker.training.estimate_probability_two_random_records_match([block_on("name", "city")], recall=0.5)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("first_word"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("city", "founded"))
    pairs = linker.inference.predict(threshold_match_probability=0.9).as_duckdbpyrelation()
    best = "qualify row_number() over (partition by mention_r order by match_weight desc, mention_l) = 1"
    sums = "count(*) filter (meant_l = meant_r), count(*) filter (meant_l <> meant_r)"
    pairs.create_view("pairs")
    ((found, wrong),) = connection.execute(f"select {sums} from (select * from pairs {best})").fetchall()
    return {"duplicates": len(sides[1]), "duplicates_found": found, "joined_wrongly": wrong}


def rank_units(folder: Path, ready: Callable[[], None]) -> dict[str, Any]:
    """Rank by multiple-inference."""
    import numpy as np
    from multiple_inference.confidence_set import SimultaneousRanking

    units = np.load(folder / "units.npz")
    ready()
    ends = SimultaneousRanking(units["mean"], np.diag(units["error"] ** 2)).fit().conf_int(alpha=0.10)
    return {"mean_width": round(float((ends[:, 1] - ends[:, 0] + 1).mean()), 2)}


def rank_draws(folder: Path, ready: Callable[[], None]) -> dict[str, Any]:
    """Rank every draw by SciPy."""
    import numpy as np
    from scipy.stats import rankdata

    scores = np.load(folder / "scores.npy")
    ready()
    return {"sum_of_ranks": int(rankdata(-scores, method="dense", axis=-1).sum())}


def build_models(folder: Path, ready: Callable[[], None]) -> dict[str, Any]:
    """Run the same queries by dbt-duckdb, which has not read them before."""
    import duckdb
    from dbt.cli.main import dbtRunner

    project = folder / "dbt"
    shutil.copy(project / "landed.duckdb", project / "build.duckdb")
    shutil.rmtree(project / "target", ignore_errors=True)
    ready()
    done = dbtRunner().invoke(["run", "--quiet", "--project-dir", str(project), "--profiles-dir", str(project)])
    if not done.success:
        raise SystemExit(f"dbt: {done.exception or [result.message for result in done.result]}")
    with duckdb.connect(project / "build.duckdb") as connection:
        tables = [f"{node.node.schema}.{node.node.alias}" for node in done.result]
        return {"rows": sum(connection.sql(f"select count(*) from {table}").fetchall()[0][0] for table in tables)}


TASKS: dict[str, Work] = {"names": match_names, "rank sets": rank_units, "ranks": rank_draws, "models": build_models}

if __name__ == "__main__":
    run(TASKS)
