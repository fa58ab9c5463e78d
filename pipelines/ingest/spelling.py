"""Compare names as a reader does: by their letters, without case, accents, blanks and punctuation."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property

from pipelines.ingest.look_alikes import fold_look_alikes

#: Words of fewer letters are abbreviations, in which each letter counts: BOC and ABC are two banks.
LONG_WORD = 5
#: What separates names in a list, apart from |.
_SEPARATORS = re.compile(r"\s*[,;、，；/]\s*|\s+(?:and|&|\+)\s+")


@cache
def words(name: str) -> tuple[str, ...]:
    """Return the folded words of a name; a Chinese one is a single word."""
    folded = unicodedata.normalize("NFKD", fold_look_alikes(name).casefold())
    return tuple(re.findall(r"[^\W_]+", "".join(letter for letter in folded if not unicodedata.combining(letter))))


def folded_key(values: Sequence[object]) -> tuple[str, ...]:
    """Return what is left of the values of a key when they are folded."""
    return tuple("".join(words(str(value))) or str(value) for value in values)


class Names:
    """Names, to be looked up by what is nearly one of them."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = dict.fromkeys(names)

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    @cached_property
    def _by_shortened(self) -> dict[str, list[str]]:
        """Return the names under all that they can become by the loss of one letter."""
        index: dict[str, list[str]] = {}
        for name in self._names:
            for shortened in _shortened(name):
                index.setdefault(shortened, []).append(name)
        return index

    def alike(self, name: str) -> Iterator[str]:
        """Yield the other names that ``name`` may be a misspelling of."""
        candidates = dict.fromkeys(other for shortened in _shortened(name) for other in self._by_shortened.get(shortened, ()))
        return (other for other in candidates if other != name and alike(name, other))


@cache
def _shortened(name: str) -> frozenset[str]:
    """Return the folded name, and all it can become by the loss of one letter: names one letter apart share one of these."""
    folded = "".join(words(name))
    return frozenset([folded, *(folded[:position] + folded[position + 1 :] for position in range(len(folded)))])


def alike(name: str, other: str) -> bool:
    """Return whether two names differ in nothing that a reader minds, or in one letter of one long word."""
    ours, theirs = words(name), words(other)
    if "".join(ours) == "".join(theirs):
        return True
    if len(ours) != len(theirs) or _shortened(name).isdisjoint(_shortened(other)):
        return False
    pairs = [pair for pair in zip(ours, theirs, strict=True) if pair[0] != pair[1]]
    return len(pairs) == 1 and min(map(len, pairs[0])) >= LONG_WORD


def parts_of_list(name: str, known: Iterable[str]) -> bool:
    """Return whether ``name`` is a list: names between commas, or between "and" with one that is ``known`` among them."""
    parts = _SEPARATORS.split(name)
    return len(parts) > 1 and (bool(re.search("[,;、，；/]", name)) or not set(parts).isdisjoint(known))
