"""Pairs of rows weighed by Splink (Fellegi and Sunter 1969), which runs in DuckDB.

What belongs here: what a row is, which rows are compared, the call to Splink, and its verdict in words. What does not: the
weights (``evidence``), and what follows from a verdict (``alike``).
"""

from collections.abc import Mapping
from math import log2

import duckdb
import polars as pl

from pipelines.resolve.names.evidence import CROWD, EVIDENCE, PRIOR, THRESHOLD

#: What is weighed: one row per entity and pair of its Latin and its Chinese names.
#: party: number of the entity. record: number of its best ranked record that bears the name. closed: its source if that
#: is the only one and tells its own apart by key. The rest as in ``Form`` and ``Record``.
ROW_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "party": pl.Int64,
    "record": pl.Int64,
    "shown": pl.String,
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
#: Which rows share a part of a name, and so are compared; ``mark`` is the sign of what the part is. Two words one letter apart
#: become equal when the right letter is left out of either or both.
PARTS = """
create table parts as
select distinct row, left(part, 1) as mark, hash(kind, part) as part from (
    select row, kind, unnest([
        '= ' || latin,
        '= ' || replace(core, ' ', ''),
        '= ' || cjk_core,
        '1 ' || split_part(core, ' ', 1),
        '2 ' || left(cjk_core, 2),
        'a ' || case when length(latin) between 3 and 6 then latin end
    ]) as part from rows
    union all
    select row, kind, 'a ' || unnest(initials) from rows
    union all
    select row, kind, '- ' || left(word, gap - 1) || substr(word, gap + 1)
    from (select row, kind, word, unnest(range(1, length(word) + 2)) as gap from (
        select row, kind, replace(core, ' ', '') as word from rows where length(core) between 10 and 40
    ))
) where part is not null;

create table weighed as
with shared as (select part from parts group by part having count(*) between 2 and {crowd}),
listed as (select row, list(part order by part) as parts from parts where part in (select part from shared) group by row)
select rows.*, listed.parts from rows join listed using (row) order by row
"""
_APART = "l.kind = r.kind and l.party <> r.party and (l.closed is null or r.closed is null or l.closed <> r.closed)"


def weigh(rows: pl.DataFrame) -> pl.DataFrame:
    """The pairs that may reach a threshold, sorted: ``match_weight``, ``match_probability``, ``gamma_`` of each comparison.

    ``rows`` has the columns of ``ROW_SCHEMA`` and its numbers as ``row``; of the two in a pair, which are told by
    ``_l`` and ``_r``, the left has the lower number.
    """
    from splink import DuckDBAPI, Linker  # takes a while to load, and most runs have nothing to weigh

    with duckdb.connect() as connection:
        connection.register("rows", rows)
        connection.execute(PARTS.format(crowd=CROWD))
        linker = Linker(DuckDBAPI(connection).register("weighed"), _settings(), log_level="ERROR")
        verdicts = linker.inference.predict(threshold_match_probability=min(THRESHOLD.values()), warning_mode="never")
        return pl.DataFrame(verdicts.as_duckdbpyrelation()).sort("row_l", "row_r")


def _settings() -> dict[str, object]:
    """``EVIDENCE`` as Splink takes it."""
    comparisons = []
    for name, (unknown, levels) in EVIDENCE.items():
        nothing: dict[str, object] = {"sql_condition": unknown, "label_for_charts": "unknown", "is_null_level": True}
        others = [
            {
                "sql_condition": level.sql,
                "label_for_charts": level.says,
                # Splink wants the two frequencies; only their ratio counts.
                "m_probability": 2**level.bits / (1 + 2**level.bits),
                "u_probability": 1 / (1 + 2**level.bits),
            }
            for level in levels
        ]
        comparisons.append({"output_column_name": name, "comparison_levels": [nothing, *others]})
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "row",
        "probability_two_random_records_match": PRIOR,
        "retain_matching_columns": True,  # and with them the outcome of each comparison
        "additional_columns_to_retain": ["party", "record", "shown", "kind"],
        "comparisons": comparisons,
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": f"l.parts = r.parts and {_APART}", "arrays_to_explode": ["parts"]}
        ],
    }


def outcomes(pair: Mapping[str, float]) -> str:
    """The outcomes that say something, each with its weight in bits: "the same city (+1.2)"."""
    said = [f"part of a name in common ({log2(PRIOR / (1 - PRIOR)):+.1f})"]
    for name, (_, levels) in EVIDENCE.items():
        if (outcome := int(pair[f"gamma_{name}"])) >= 0:  # Splink counts outcomes from the last, which is 0
            level = levels[-1 - outcome]
            said.append(f"{level.says} ({level.bits:+.1f})")
    return ", ".join(said)
