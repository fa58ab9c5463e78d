"""Entities whose names are alike, joined if their weight suffices and no other is as likely.

What belongs here: what of an entity is weighed, and what follows from the weights. What does not: weighing a pair
(``weighing``), and the weights (``evidence``).
"""

from collections import defaultdict
from itertools import product
from typing import NamedTuple

import polars as pl

from pipelines.resolve.names.entities import Match, Partition
from pipelines.resolve.names.evidence import THRESHOLD
from pipelines.resolve.names.forms import Form
from pipelines.resolve.names.weighing import ROW_SCHEMA, outcomes, weigh

_NO_NAME = Form("", "")
#: Entities written into rows at once: as Python objects those of millions would not fit beside their records.
_AT_ONCE = 100_000


class _Offer(NamedTuple):
    """Two entities whose names are alike enough, with the weight and the match of their best names.

    ``is_abroad``: their countries differ, which the weight counts already.
    """

    better: int
    number: int
    weight: float
    is_abroad: bool
    match: Match


def join_alike(partition: Partition) -> None:
    """Let each entity join the better ranked one it is most alike, unless that has joined another itself."""
    offered: dict[int, list[_Offer]] = defaultdict(list)
    for offer in _offers(partition):
        offered[offer.number].append(offer)
    for number, offers in sorted(offered.items()):
        entity = partition.entity(number)
        takers = [
            offer
            for offer in sorted(offers, key=lambda one: (-one.weight, one.better))
            if partition.leads(offer.better)
            and not partition.entity(offer.better).contradicts(entity, but_region=offer.is_abroad)
        ]
        if len(takers) == 1 or (takers and takers[0].weight > takers[1].weight):
            partition.join(takers[0].match)


def _offers(partition: Partition) -> list[_Offer]:
    rows = compared(partition)
    if rows["party"].n_unique() < 2:
        return []
    best: dict[tuple[int, int], _Offer] = {}
    for pair in weigh(rows).iter_rows(named=True):
        parties = pair["party_l"], pair["party_r"]  # ascending, as the rows are
        weight, probability = round(pair["match_weight"], 6), round(pair["match_probability"], 4)
        if probability >= THRESHOLD[pair["kind_l"]] and (parties not in best or best[parties].weight < weight):
            says = f"“{pair['shown_l']}” and “{pair['shown_r']}” weighed {weight:+.1f} bits: {outcomes(pair)}"
            match = Match(pair["record_l"], pair["record_r"], "splink", probability, says)
            is_abroad = partition.entity(parties[0]).is_abroad(partition.entity(parties[1]))
            best[parties] = _Offer(*parties, weight, is_abroad, match)
    return list(best.values())


def _open(partition: Partition) -> list[int]:
    """The entities that may be joined: within one source that tells its own apart there is nothing to find."""
    sources: dict[str, set[str | None]] = defaultdict(set)
    for record in partition.records:
        sources[record.kind].add(record.source if record.key is not None else None)
    kinds = {kind for kind, known in sources.items() if len(known) > 1 or None in known}
    return [number for number, record in enumerate(partition.records) if record.kind in kinds and partition.leads(number)]


def compared(partition: Partition) -> pl.DataFrame:
    """``ROW_SCHEMA`` for the entities that may be joined, in their order."""
    numbers = _open(partition)
    parts = [
        pl.DataFrame(_rows(partition, numbers[first : first + _AT_ONCE]), schema=ROW_SCHEMA)
        for first in range(0, len(numbers), _AT_ONCE)
    ]
    return pl.concat([pl.DataFrame(schema=ROW_SCHEMA), *parts]).with_row_index("row")


def _rows(partition: Partition, numbers: list[int]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for number in numbers:
        members = [(one, partition.records[one]) for one in sorted(partition.entity(number).members)]
        borne = {full: (one, form) for one, record in reversed(members) for full, form in record.forms.items()}
        latin = [bearer for bearer in borne.values() if not bearer[1].is_cjk] or [(number, _NO_NAME)]
        cjk = [bearer for bearer in borne.values() if bearer[1].is_cjk] or [(number, _NO_NAME)]
        sources = {record.source for _, record in members}
        facts = {
            "party": number,
            "kind": partition.records[number].kind,
            "closed": sources.pop() if len(sources) == 1 and all(record.key is not None for _, record in members) else None,
        } | {
            fact: next((known for _, record in members if (known := getattr(record, fact))), None)
            for fact in ("country", "region", "city", "founded")
        }
        for (one, ours), (other, theirs) in product(latin, cjk):
            names = {
                "record": one if ours.full else other,
                "shown": " ".join(dict.fromkeys(filter(None, (ours.shown, theirs.shown)))),
                "latin": ours.full or None,
                "core": ours.core or None,
                "words": ours.meanings,
                "initials": ours.initials,
                "cjk": theirs.full or None,
                "cjk_core": theirs.core or None,
                "cjk_words": theirs.meanings,
                "place": "+".join(sorted({form.place for form in (ours, theirs) if form.place})) or None,
            }
            rows.append(facts | names)
    return rows
