"""Weigh pairs of names with Splink (Fellegi and Sunter 1969): rows, blocking, and weights in words."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from math import log2

import polars as pl

from pipelines import settings
from pipelines.resolve.names.clustering import Partition
from pipelines.resolve.names.database import Database
from pipelines.resolve.names.weights import COINED_IN, COMPARISONS, CROWD, PRIOR, THRESHOLD, YEARS_APART

_COMPARABLE = "l.kind = r.kind and l.entity <> r.entity and (l.closed is null or r.closed is null or l.closed <> r.closed)"
_VARIABLES = {"crowd": CROWD, "years_apart": YEARS_APART, "coined_in": COINED_IN}


@contextmanager
def database(partition: Partition, *files: str) -> Iterator[Database]:
    """Lend a database in which these files of ``sql/resolve`` have run on the entities of the moment."""
    facts = partition.records.facts.with_columns(partition.entities())
    with partition.lend(facts, partition.records.names) as lent:
        for file in ("macros", *files):
            lent.run((settings.SQL / "resolve" / f"{file}.sql").read_text("utf-8"), _VARIABLES)
        yield lent


def weigh(partition: Partition) -> pl.DataFrame:
    """Return the pairs of entities that reach the threshold, each by its best names; by the right one, the best first.

    The left of a pair, told apart by ``_l`` and ``_r``, is the better ranked. They have ``weight``, ``probability``, ``printed``
    and the ``record`` that bears the name, and the outcome of each comparison, ``gamma_<comparison>``.
    """
    with database(partition, "name_rows", "name_blocks") as lent:
        if lent.query("from blocked limit 1").is_empty():
            return pl.DataFrame()
        from splink import Linker  # imported here because it loads slowly, and most runs have nothing to weigh

        # Its validation only warns of columns that are not there, and takes a third of the time for a few names.
        linker = Linker(lent.splink("blocked"), _settings(lent.condition), validate_settings=False, log_level="ERROR")
        found = linker.inference.predict(threshold_match_probability=min(THRESHOLD.values()), warning_mode="never")
        sides = [f"{column}_{side}" for column in ("entity", "record", "printed", "kind", "row") for side in "lr"]
        numbers = ["round(match_weight, 6) as weight", "round(match_probability, 4) as probability"]
        columns = ", ".join([*sides, *numbers, *(f"gamma_{name}" for name in COMPARISONS)])
        lent.run(f"create table weighed as select {columns} from {found.physical_name}", {})
        pairs = lent.query("from weighed")
    return (
        pairs.filter(pl.col("probability") >= pl.col("kind_l").replace_strict(THRESHOLD))
        .sort("weight", "row_l", "row_r", descending=[True, False, False])
        .unique(["entity_l", "entity_r"], keep="first", maintain_order=True)
        .sort("entity_r", "weight", "entity_l", descending=[False, True, False])
    )


def _settings(condition: Callable[[str], str]) -> dict[str, object]:
    """Return ``COMPARISONS`` as Splink takes them; ``condition`` is what the database makes of their SQL."""
    comparisons = []
    for name, (unknown, levels) in COMPARISONS.items():
        null_level = {"sql_condition": condition(unknown), "label_for_charts": "unknown", "is_null_level": True}
        other_levels = [
            {
                "sql_condition": level.sql if level.sql == "ELSE" else condition(level.sql),
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
