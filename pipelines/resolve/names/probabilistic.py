"""Join entities whose names are merely alike, as their weights say."""

from itertools import groupby
from typing import Any

from pipelines.resolve.names.clustering import Match, Partition
from pipelines.resolve.names.linkage import outcomes, weigh


def join_alike(partition: Partition) -> None:
    """Join each entity to the better ranked one it is most alike, unless that has joined another itself."""
    pairs = weigh(partition)
    both = pairs.select("^entity_[lr]$").iter_rows()
    # The weight counts already that their countries differ.
    abroad = [partition.entity(better).is_abroad(partition.entity(number)) for better, number in both]
    candidates = zip(pairs.iter_rows(named=True), abroad, strict=True)
    for number, of_entity in groupby(candidates, key=lambda candidate: candidate[0]["entity_r"]):
        entity = partition.entity(number)
        fitting = [
            pair
            for pair, is_abroad in of_entity
            if partition.leads(pair["entity_l"])
            and not partition.entity(pair["entity_l"]).contradicts(entity, but_region=is_abroad)
        ]
        if len(fitting) == 1 or (fitting and fitting[0]["weight"] > fitting[1]["weight"]):
            partition.join(_match(fitting[0]))


def _match(pair: dict[str, Any]) -> Match:
    reason = f"“{pair['printed_l']}” and “{pair['printed_r']}” weighed {pair['weight']:+.1f} bits: {outcomes(pair)}"
    return Match(pair["record_l"], pair["record_r"], "splink", pair["probability"], reason)
