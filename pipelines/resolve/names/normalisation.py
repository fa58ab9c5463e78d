"""Normalise names: take one apart into the forms in which it is compared with others."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from pipelines.ingest.look_alikes import fold_look_alikes
from pipelines.resolve.names.vocabulary import CJK, vocabulary

_BRACKETED = re.compile(r"^(.+?)\s*\((?:formerly |fka )?([^()]+)\)$")
_FORMERLY = re.compile(r"\((?:formerly|fka) ")
_LATIN_LAST = re.compile(r"^([\u3400-\u9fff]{2,}) ?[a-zA-Z][a-zA-Z .]+$")
_LATIN_FIRST = re.compile(r"^([a-zA-Z][a-zA-Z .&]+?) ?([\u3400-\u9fff]{2,})$")

_APOSTROPHE = re.compile(r"['’‘`´]")
_WORD = re.compile(r"[^\W_]+")
_AFTER_INITIAL = re.compile(r"(?<=\b\w)\.(?=\s?\w\b)")  # u.s. → us
_WITHIN_WORD = re.compile(r"(?<=\w)\.(?!(?:com|cn|net|org)\b)(?=\w)")  # ele.me → eleme, but ctrip.com → ctrip com


class Form(NamedTuple):
    """One name. ``full`` is its fold without spaces; ``core`` is left when generic words and places are set aside.

    ``meanings`` and ``place`` are what the words set aside say, a weaker signal; ``initials`` the abbreviations that the
    name may have. ``is_long``: of more than one word.
    """

    printed: str
    full: str
    core: str = ""
    meanings: tuple[str, ...] = ()
    place: str | None = None
    initials: tuple[str, ...] = ()
    is_cjk: bool = False
    is_long: bool = False


def fold(name: str) -> str:
    """Return a name without case, accents, punctuation, article and legal ending.

    Latin names keep single spaces between words; names with Chinese, Japanese or Korean letters have none. Words such
    as Capital or Technology stay, since two firms may differ in nothing else.
    """
    return _folded(_words(name))


def _folded(words: list[str]) -> str:
    known = vocabulary()
    if CJK.search(folded := "".join(words)):
        while (shorter := known.legal_cjk.sub("", folded)) not in ("", folded):
            folded = shorter
        return folded
    words = words[1:] if words[:1] == ["the"] and len(words) > 1 else words[:]
    while len(words) > 1 and (words[-1] in known.legal or words[-1] == "and"):
        del words[-1]
    return " ".join(words)


def forms(kind: str, name: str) -> Iterator[Form]:
    """Yield a name and the names it holds: "Didi (滴滴)" is two, "Megvii (Face++)" is also Megvii, "36氪36Kr" also 36氪.

    An investor's may stand side by side, "Cherubic Ventures心元资本"; but IDG资本 is one name, and DCM中国 is not DCM.
    """
    name = unicodedata.normalize("NFKC", name).strip()
    yield form(kind, name)
    if kind == "university":  # China University of Petroleum (Beijing) is one name
        return
    if bracketed := _BRACKETED.match(name):
        yield from (form(kind, part) for part in _bracketed(*bracketed.groups(), is_former=bool(_FORMERLY.search(name))))
    elif latin_last := _LATIN_LAST.match(name):
        yield form(kind, latin_last[1])
    elif kind == "investor" and (latin_first := _LATIN_FIRST.match(name)):
        latin, chinese = latin_first.groups()
        if not any(map(vocabulary().says_little, (chinese, _core_cjk(kind, chinese)[0]))):
            yield form(kind, chinese)
            if " " in latin:
                yield form(kind, latin)


def _bracketed(outer: str, inner: str, *, is_former: bool) -> list[str]:
    """Return the names in "outer (inner)": a translation or a former name is one too, a place or a product is not."""
    if CJK.search(outer) and not CJK.search(inner):
        return [outer]
    if is_former or (CJK.search(inner) and not CJK.search(outer)):
        return [outer, inner]
    return [] if fold(inner) in vocabulary().places else [outer]


def form(kind: str, name: str) -> Form:
    """Return the form of the whole of ``name``, brackets and all."""
    written = _words(name)
    folded = _folded(written)
    if CJK.search(folded):
        core, aside = _core_cjk(kind, folded)
        return Form(name, folded, core, *_meanings(kind, aside), is_cjk=True, is_long=len(folded) > 3)
    words = folded.split()
    core, aside = _core_latin(kind, words)
    # With and without the legal ending: TSMC ends in Company.
    linking = vocabulary().linking
    initials = {"".join(word[0] for word in of_name if word not in linking) for of_name in (words, written)}
    long_initials = tuple(sorted(letters for letters in initials if len(letters) > 2))
    return Form(name, "".join(words), core, *_meanings(kind, aside), long_initials, is_long=len(words) > 1)


def _words(name: str) -> list[str]:
    text = name.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", fold_look_alikes(name)).casefold())
        text = unicodedata.normalize("NFC", "".join(letter for letter in text if not unicodedata.combining(letter)))
    text = _APOSTROPHE.sub("", text).replace("&", " and ").replace("hong kong", "hongkong")
    if "." in text:
        text = _AFTER_INITIAL.sub("", text)
        text = _WITHIN_WORD.sub("", text)
    return _WORD.findall(text)


def _core_latin(kind: str, words: list[str]) -> tuple[str, list[str]]:
    """Return the core, and the words set aside."""
    known = vocabulary()
    if kind == "university":
        return " ".join(known.abbreviations.get(word, word) for word in words if word not in known.linking), []
    generic = known.meanings[kind]
    first, *others = [word for word in words if word not in known.places] or [""]
    # The first word is never generic ("Capital Today"), and alone it is not one if it could be ("Partners Group").
    core = [first, *(word for word in others if word not in generic and word != "and")]
    if not first or (first in generic and len(core) == 1):
        return " ".join(words), []
    aside = [word for word in words if word in known.places] + [word for word in others if word in generic]
    return " ".join(core), aside


def _core_cjk(kind: str, folded: str) -> tuple[str, list[str]]:
    """Return the core, of two letters at least, and the words set aside: a place before it, any number of words after it."""
    if kind == "university":
        return folded, []
    known = vocabulary()
    place = ""
    # Most names begin and end with none of the words, which one look at all of them tells.
    if folded.startswith(known.places_cjk):
        place = next((word for word in known.places_cjk if folded.startswith(word) and len(folded) >= len(word) + 2), "")
    core, aside, endings = folded.removeprefix(place), [place], known.endings_cjk[kind]
    while core.endswith(endings):
        ending = next((word for word in endings if core.endswith(word) and len(core) >= len(word) + 2), None)
        if ending is None:
            break
        core = core.removesuffix(ending)
        aside.append(ending)
    return (folded, []) if core in known.meanings[kind] else (core, aside)


def _meanings(kind: str, aside: list[str]) -> tuple[tuple[str, ...], str | None]:
    """Return ``meanings`` and ``place`` of the words set aside. In a service firm's name a place is an office."""
    known = vocabulary()
    meanings = {meaning for word in aside if (meaning := known.meanings[kind].get(word))}
    places = {known.places[word] for word in aside if word in known.places and kind != "service_firm"}
    return tuple(sorted(meanings)), "+".join(sorted(places)) or None
