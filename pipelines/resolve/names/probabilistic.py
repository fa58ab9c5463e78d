"""Join entities whose names are alike, if their weight suffices and no other entity is as likely."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import polars as pl

from pipelines.resolve.names.clustering import Match, Partition
from pipelines.resolve.names.linkage import ROW_SCHEMA, outcomes, weigh
from pipelines.resolve.names.mentions import Record
from pipelines.resolve.names.normalisation import Form
from pipelines.resolve.names.weights import THRESHOLD

_NO_NAME = Form("", "")
#: Entities written into rows at once: as Python objects those of millions would not fit beside their records.
_BATCH = 100_000


class _Candidate(NamedTuple):
    """Two entities whose names are alike enough, with the weight and the match of their best names.

    ``is_abroad``: their countries differ, which the weight counts already.
    """

    better: int
    number: int
    weight: float
    is_abroad: bool
    match: Match


def join_alike(partition: Partition) -> None:
    """Join each entity to the better ranked one it is most alike, unless that has joined another itself."""
    candidates: dict[int, list[_Candidate]] = defaultdict(list)
    for candidate in _candidates(partition):
        candidates[candidate.number].append(candidate)
    for number, of_entity in sorted(candidates.items()):
        entity = partition.entity(number)
        fitting = [
            candidate
            for candidate in sorted(of_entity, key=lambda candidate: (-candidate.weight, candidate.better))
            if partition.leads(candidate.better)
            and not partition.entity(candidate.better).contradicts(entity, but_region=candidate.is_abroad)
        ]
        if len(fitting) == 1 or (fitting and fitting[0].weight > fitting[1].weight):
            partition.join(fitting[0].match)


def _candidates(partition: Partition) -> list[_Candidate]:
    rows = comparison_rows(partition)
    if rows["entity"].n_unique() < 2:
        return []
    best: dict[tuple[int, int], _Candidate] = {}
    for pair in weigh(rows).iter_rows(named=True):
        numbers = pair["entity_l"], pair["entity_r"]  # ascending, as the rows are
        weight, probability = round(pair["match_weight"], 6), round(pair["match_probability"], 4)
        if probability >= THRESHOLD[pair["kind_l"]] and (numbers not in best or best[numbers].weight < weight):
            reason = f"“{pair['printed_l']}” and “{pair['printed_r']}” weighed {weight:+.1f} bits: {outcomes(pair)}"
            match = Match(pair["record_l"], pair["record_r"], "splink", probability, reason)
            is_abroad = partition.entity(numbers[0]).is_abroad(partition.entity(numbers[1]))
            best[numbers] = _Candidate(*numbers, weight, is_abroad, match)
    return list(best.values())


def _open(partition: Partition) -> list[int]:
    """Return the entities that may be joined: within one source that tells its own apart there is nothing to find."""
    sources: dict[str, set[str | None]] = defaultdict(set)
    for record in partition.records:
        sources[record.kind].add(record.source if record.key is not None else None)
    kinds = {kind for kind, known in sources.items() if len(known) > 1 or None in known}
    return [number for number, record in enumerate(partition.records) if record.kind in kinds and partition.leads(number)]


def comparison_rows(partition: Partition) -> pl.DataFrame:
    """Return ``ROW_SCHEMA`` for the entities that may be joined, in their order, numbered as ``row``."""
    numbers = _open(partition)
    batches = [
        pl.DataFrame([row for number in numbers[first : first + _BATCH] for row in _rows(partition, number)], schema=ROW_SCHEMA)
        for first in range(0, len(numbers), _BATCH)
    ]
    return pl.concat([pl.DataFrame(schema=ROW_SCHEMA), *batches]).with_row_index("row")


def _rows(partition: Partition, number: int) -> Iterator[dict[str, object]]:
    """Yield a row for each pair of a Latin and a Chinese name of an entity."""
    members = [(member, partition.records[member]) for member in sorted(partition.entity(number).members)]
    bearing = {full: (member, form) for member, record in reversed(members) for full, form in record.forms.items()}
    latin = [bearer for bearer in bearing.values() if not bearer[1].is_cjk] or [(number, _NO_NAME)]
    cjk = [bearer for bearer in bearing.values() if bearer[1].is_cjk] or [(number, _NO_NAME)]
    facts = {"entity": number, **_facts([record for _, record in members])}
    for (latin_record, latin_form), (cjk_record, cjk_form) in product(latin, cjk):
        both = (latin_form, cjk_form)
        yield facts | {
            "record": latin_record if latin_form.full else cjk_record,
            "printed": " ".join(dict.fromkeys(form.printed for form in both if form.printed)),
            "latin": latin_form.full or None,
            "core": latin_form.core or None,
            "words": latin_form.meanings,
            "initials": latin_form.initials,
            "cjk": cjk_form.full or None,
            "cjk_core": cjk_form.core or None,
            "cjk_words": cjk_form.meanings,
            "place": "+".join(sorted({form.place for form in both if form.place})) or None,
        }


def _facts(records: list[Record]) -> dict[str, object]:
    """Return kind, place and year of an entity by its best ranked records, and the source that alone has it, by key."""
    sources = {record.source for record in records}
    is_closed = len(sources) == 1 and all(record.key is not None for record in records)
    facts = ("country", "region", "city", "founded")
    stated = {fact: next((known for record in records if (known := getattr(record, fact))), None) for fact in facts}
    return {"kind": records[0].kind, "closed": sources.pop() if is_closed else None, **stated}
