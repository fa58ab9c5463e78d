"""Join names that are nearly one, if two sources have more of them in one city than chance explains.

How often two firms of one city have names one letter apart, the sources tell themselves: within a source with keys, all such
names are of two firms (``sql/resolve/near_names.sql``). A source that misspells has many more with another source.
"""

import polars as pl

from pipelines.resolve.names.clustering import Match, Partition
from pipelines.resolve.names.linkage import database
from pipelines.resolve.names.weights import THRESHOLD


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
