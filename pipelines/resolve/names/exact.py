"""Join records whose names are equal once folded, unless something sets them apart (``sql/resolve/same_names.sql``)."""

from functools import cache
from itertools import compress

from pipelines.resolve.names.clustering import Match, Partition
from pipelines.resolve.names.linkage import database
from pipelines.resolve.names.weights import same_name_probability

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
    """Return how, the probability and the reason of a match, given which of ``_FACTS`` agree."""
    agreed = list(compress(_FACTS.values(), agrees))
    reason = f"the same name but for case, punctuation and legal endings; {_listed(agreed)}"
    return "same name", same_name_probability(agreed), reason


def _listed(agreed: list[str]) -> str:
    if not agreed:
        return "nothing else is known of both"
    return f"{' and '.join(filter(None, (', '.join(agreed[:-1]), agreed[-1])))} agree{'s' if len(agreed) == 1 else ''}"
