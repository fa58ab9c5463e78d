"""A name → the forms in which it is compared with others.

What belongs here: reading one string. What does not: the vocabularies it is read with (``words``), and comparing.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pipelines.resolve.names.words import LEGAL, LEGAL_CJK, LINKING, MEANING, PLACE_OF, SPELLED_OUT

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_BRACKETED = re.compile(r"^(.+?)\s*\((?:formerly |fka )?([^()]+)\)$")
_FORMERLY = re.compile(r"\((?:formerly|fka) ")
_TAILED = re.compile(r"^([\u3400-\u9fff]{2,}) ?[a-zA-Z][a-zA-Z .]+$")
_HEADED = re.compile(r"^([a-zA-Z][a-zA-Z .&]+?) ?([\u3400-\u9fff]{2,})$")


class Form(NamedTuple):
    """One name. ``full`` is its fold without spaces; ``core`` is left when generic words and places are set aside.

    ``meanings`` and ``place`` are what those say, a weaker signal; ``initials`` the abbreviations the name may have.
    ``is_long``: of more than one word.
    """

    shown: str
    full: str
    core: str = ""
    meanings: tuple[str, ...] = ()
    place: str | None = None
    initials: tuple[str, ...] = ()
    is_cjk: bool = False
    is_long: bool = False


def fold(name: str) -> str:
    """The form in which names are compared: no case, accents, punctuation, article or legal ending.

    Latin names keep single spaces between words; names with Chinese, Japanese or Korean letters have none. Words such
    as Capital or Technology stay, since two firms may differ in nothing else.
    """
    words = _words(name)
    if any(map(_CJK.search, words)):
        folded = "".join(words)
        while (shorter := LEGAL_CJK.sub("", folded)) not in ("", folded):
            folded = shorter
        return folded
    if words[:1] == ["the"] and len(words) > 1:
        del words[0]
    while len(words) > 1 and (words[-1] in LEGAL or words[-1] == "and"):
        del words[-1]
    return " ".join(words)


def forms(kind: str, name: str) -> Iterator[Form]:
    """A name and the names it holds: "Didi (滴滴)" is two, "Megvii (Face++)" is also Megvii, "36氪36Kr" also 36氪.

    An investor's may stand side by side, "Cherubic Ventures心元资本"; but IDG资本 is one name, and DCM中国 is not DCM.
    """
    name = unicodedata.normalize("NFKC", name).strip()
    yield form(kind, name)
    if kind == "university":  # China University of Petroleum (Beijing)
        return
    if bracketed := _BRACKETED.match(name):
        outer, inner = bracketed.groups()
        if _CJK.search(outer) and not _CJK.search(inner):
            yield form(kind, outer)
        elif (_CJK.search(inner) and not _CJK.search(outer)) or _FORMERLY.search(name):
            yield from (form(kind, outer), form(kind, inner))
        elif fold(inner) not in PLACE_OF:
            yield form(kind, outer)
    elif tailed := _TAILED.match(name):
        yield form(kind, tailed[1])
    elif kind == "investor" and (headed := _HEADED.match(name)) and not {headed[2], _core_cjk(kind, headed[2])[0]} & _SAY_LITTLE:
        yield form(kind, headed[2])
        if " " in headed[1]:
            yield form(kind, headed[1])


def form(kind: str, name: str) -> Form:
    """The whole of ``name``, brackets and all."""
    folded = fold(name)
    if _CJK.search(folded):
        core, aside = _core_cjk(kind, folded)
        return Form(name, folded, core, *_say(kind, aside), is_cjk=True, is_long=len(folded) > 3)
    words = folded.split()
    core, aside = _core_latin(kind, words)
    # With and without the legal ending: TSMC ends in Company.
    initials = {"".join(word[0] for word in said if word not in LINKING) for said in (words, _words(name))}
    told = tuple(sorted(one for one in initials if len(one) > 2))
    return Form(name, "".join(words), core, *_say(kind, aside), told, is_long=len(words) > 1)


def _words(name: str) -> list[str]:
    text = name.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
        text = unicodedata.normalize("NFC", "".join(letter for letter in text if not unicodedata.combining(letter)))
    text = re.sub(r"['’‘`´]", "", text).replace("&", " and ").replace("hong kong", "hongkong")
    text = re.sub(r"(?<=\b\w)\.(?=\s?\w\b)", "", text)  # u.s. → us
    text = re.sub(r"(?<=\w)\.(?!(?:com|cn|net|org)\b)(?=\w)", "", text)  # ele.me → eleme, but ctrip.com → ctrip com
    return re.findall(r"[^\W_]+", text)


def _core_latin(kind: str, words: list[str]) -> tuple[str, list[str]]:
    """The core, and the words set aside."""
    if kind == "university":
        return " ".join(SPELLED_OUT.get(word, word) for word in words if word not in LINKING), []
    generic = MEANING[kind]
    first, *others = [word for word in words if word not in PLACE_OF] or [""]
    # The first word is never generic ("Capital Today"), and alone it is not one if it could be ("Partners Group").
    core = [first, *(word for word in others if word not in generic and word != "and")]
    if not first or (first in generic and len(core) == 1):
        return " ".join(words), []
    aside = [word for word in words if word in PLACE_OF] + [word for word in others if word in generic]
    return " ".join(core), aside


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(filter(_CJK.match, words), key=lambda one: (-len(one), one))


_PLACES_CJK = _longest_first(PLACE_OF)
_SAY_LITTLE = MEANING["investor"].keys() | PLACE_OF.keys()
_ENDINGS_CJK = {kind: [*_longest_first(words), *_PLACES_CJK] for kind, words in MEANING.items()}


def _core_cjk(kind: str, folded: str) -> tuple[str, list[str]]:
    """The core, of two letters at least, and the words set aside: a place before it, any number of words after it."""
    if kind == "university":
        return folded, []
    place = next((one for one in _PLACES_CJK if folded.startswith(one) and len(folded) >= len(one) + 2), "")
    core, aside = folded.removeprefix(place), [place]
    while ending := next((one for one in _ENDINGS_CJK[kind] if core.endswith(one) and len(core) >= len(one) + 2), None):
        core = core.removesuffix(ending)
        aside.append(ending)
    return (folded, []) if core in MEANING[kind] else (core, aside)


def _say(kind: str, aside: list[str]) -> tuple[tuple[str, ...], str | None]:
    """``meanings`` and ``place`` of the words set aside. In a service firm's name a place is an office."""
    meanings = {meaning for word in aside if (meaning := MEANING[kind].get(word))}
    places = {PLACE_OF[word] for word in aside if word in PLACE_OF and kind != "service_firm"}
    return tuple(sorted(meanings)), "+".join(sorted(places)) or None
