"""Weigh pairs of names with Splink (Fellegi and Sunter 1969), which runs in DuckDB: rows, blocking, and weights in words."""

from collections.abc import Mapping
from math import log2
from tempfile import TemporaryDirectory

import duckdb
import polars as pl

from pipelines import settings
from pipelines.resolve.names.weights import COMPARISONS, CROWD, PRIOR, THRESHOLD

#: What is compared: one row per entity and pair of its Latin and its Chinese names.
#: entity: its number. record: number of its best ranked record that bears the name. closed: its source if that is the
#: only one and tells its own apart by key. The rest as in ``Form`` and ``Record``.
ROW_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "entity": pl.Int64,
    "record": pl.Int64,
    "printed": pl.String,
    "kind": pl.String,
    "closed": pl.String,
    "latin": pl.String,
    "core": pl.String,
    "words": pl.List(pl.String),
    "initials": pl.List(pl.String),
    "cjk": pl.String,
    "cjk_core": pl.String,
    "cjk_words": pl.List(pl.String),
    "place": pl.String,
    "country": pl.String,
    "region": pl.String,
    "city": pl.String,
    "founded": pl.Int64,
}
#: What blocking and weighing may take beside the records; they go to disk beyond it.
MEMORY = "2GB"
_COMPARABLE = "l.kind = r.kind and l.entity <> r.entity and (l.closed is null or r.closed is null or l.closed <> r.closed)"


def block(connection: duckdb.DuckDBPyConnection, rows: pl.DataFrame) -> None:
    """Make the table ``blocked``: ``rows`` that share a part of a name with others, with these ``parts``; and all ``parts``."""
    connection.register("rows", rows)
    connection.execute(f"set variable crowd = {CROWD}")
    connection.execute((settings.SQL / "resolve" / "name_blocks.sql").read_text("utf-8"))


def weigh(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs that may reach a threshold, sorted.

    They have ``match_weight``, ``match_probability`` and the outcome of each comparison, ``gamma_<comparison>``. ``rows``
    has the columns of ``ROW_SCHEMA`` and ``row``, its number. Of the two in a pair, told apart by ``_l`` and ``_r``, the
    left has the lower number.
    """
    from splink import DuckDBAPI, Linker  # imported here because it loads slowly, and most runs have nothing to weigh

    with TemporaryDirectory() as folder, duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": folder}) as connection:
        block(connection, rows)
        blocked = DuckDBAPI(connection).register("blocked")
        # Its validation only warns of columns that are not there, and takes a third of the time for a few names.
        linker = Linker(blocked, _settings(), validate_settings=False, log_level="ERROR")
        pairs = linker.inference.predict(threshold_match_probability=min(THRESHOLD.values()), warning_mode="never")
        return pl.DataFrame(pairs.as_duckdbpyrelation()).sort("row_l", "row_r")


def _settings() -> dict[str, object]:
    """Return ``COMPARISONS`` as Splink takes them."""
    comparisons = []
    for name, (unknown, levels) in COMPARISONS.items():
        null_level: dict[str, object] = {"sql_condition": unknown, "label_for_charts": "unknown", "is_null_level": True}
        other_levels = [
            {
                "sql_condition": level.sql,
                "label_for_charts": level.label,
                # Splink wants the two frequencies; only their ratio counts.
                "m_probability": 2**level.bits / (1 + 2**level.bits),
                "u_probability": 1 / (1 + 2**level.bits),
            }
            for level in levels
        ]
        comparisons.append({"output_column_name": name, "comparison_levels": [null_level, *other_levels]})
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "row",
        "probability_two_random_records_match": PRIOR,
        "retain_matching_columns": True,  # and with them the outcome of each comparison
        "additional_columns_to_retain": ["entity", "record", "printed", "kind"],
        "comparisons": comparisons,
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": f"l.parts = r.parts and {_COMPARABLE}", "arrays_to_explode": ["parts"]}
        ],
    }


def outcomes(pair: Mapping[str, float]) -> str:
    """Return the outcomes that are known, each with its weight in bits: "the same city (+1.2)"."""
    texts = [f"part of a name in common ({log2(PRIOR / (1 - PRIOR)):+.1f})"]
    for name, (_, levels) in COMPARISONS.items():
        if (outcome := int(pair[f"gamma_{name}"])) >= 0:  # Splink counts outcomes from the last, which is 0
            level = levels[-1 - outcome]
            texts.append(f"{level.label} ({level.bits:+.1f})")
    return ", ".join(texts)
