"""Join the records whose names are the same, alike, or nearly one.

Equal names join unless something sets them apart (``sql/resolve/same_names.sql``), and names that are merely alike as their
weights say. Names that are nearly one join if two sources have more of them in one city than chance explains. How often two
firms of one city have names one letter apart, the sources tell themselves: within a source with keys, all such names are of two
firms (``sql/resolve/near_names.sql``). A source that misspells has many more with another source.
"""

from functools import cache
from itertools import compress, groupby

import polars as pl

from pipelines.resolve.names.clustering import Match, Partition
from pipelines.resolve.names.linkage import database, outcomes, weigh
from pipelines.resolve.names.weights import THRESHOLD, same_name_probability

#: What else may agree, by its column.
_FACTS = {"is_country": "country", "is_city": "city", "is_year": "year founded", "is_other_name": "other name"}


def join_same_names(partition: Partition) -> None:
    """Join the pairs of one name, best first, as long as their entities do not contradict each other."""
    with database(partition, "same_names") as lent:
        best_first = "order by agreed desc, is_verbatim desc, number_l, number_r"
        pairs = lent.query(f"select number_l, number_r, {', '.join(_FACTS)} from pairs {best_first}")
    for left, right, *agrees in pairs.iter_rows():
        keep, lose = partition.of(left), partition.of(right)
        if keep != lose and not partition.entity(keep).contradicts(partition.entity(lose)):
            partition.join(Match(left, right, *_verdict(*agrees)))


@cache
def _verdict(*agrees: bool) -> tuple[str, float, str]:
    """Return how two names match, with what probability and why, given which of ``_FACTS`` agree."""
    agreed = list(compress(_FACTS.values(), agrees))
    reason = f"the same name but for case, punctuation and legal endings; {_listed(agreed)}"
    return "same name", same_name_probability(agreed), reason


def _listed(agreed: list[str]) -> str:
    if not agreed:
        return "nothing else is known of both"
    return f"{' and '.join(filter(None, (', '.join(agreed[:-1]), agreed[-1])))} agree{'s' if len(agreed) == 1 else ''}"


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
            best = fitting[0]
            reason = f"“{best['printed_l']}” and “{best['printed_r']}” weighed {best['weight']:+.1f} bits: {outcomes(best)}"
            partition.join(Match(best["record_l"], best["record_r"], "splink", best["probability"], reason))


def join_near_names(partition: Partition) -> None:
    """Join the near names of two sources, if such pairs are likely one firm and neither name is near two of the other source."""
    if partition.records.facts.filter(pl.col("key").is_not_null())["source"].n_unique() < 2:
        return  # what chance explains, sources without keys do not tell
    with database(partition, "name_rows", "near_names") as lent:
        pairs = lent.query("from near_pairs order by entity_r, entity_l")
    for pair in pairs.iter_rows(named=True):
        if pair["probability"] < THRESHOLD[pair["kind"]]:
            continue
        better, other = (partition.of(pair[f"entity_{side}"]) for side in "lr")
        if better != other and not partition.entity(better).contradicts(partition.entity(other)):
            reason = (
                f"{pair['likeness']}, as no other names in {pair['city']} are; "
                f"of such pairs of their sources {pair['probability']:.0%} are more than chance"
            )
            partition.join(Match(pair["record_l"], pair["record_r"], "near name", pair["probability"], reason))
