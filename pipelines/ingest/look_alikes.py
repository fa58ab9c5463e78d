"""Fold letters that only look like others; nothing else is needed to read names, so this imports no library."""

import re
import unicodedata

#: Cyrillic and Greek letters that look like Latin ones.
LOOK_ALIKES: dict[str, str] = dict(
    zip(
        "АВЕЅІЈКМНОРСТХҮаеоѕіјрсухһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
        "ABESIJKMHOPCTXYaeosijpcyxhdqwABEZHIKMNOPTYXo",
        strict=True,
    )
)
_FOREIGN = f"[{''.join(LOOK_ALIKES)}]"
MIXED = f"[A-Za-z]{_FOREIGN}|{_FOREIGN}[A-Za-z]"
#: Characters that are invisible, or steer a terminal or the direction of writing.
INVISIBLE = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF\uE000-\uF8FF]"

_FOLDED = str.maketrans(LOOK_ALIKES)
_MIXED_WORD = re.compile(r"[^\W\d_]+")
_UNSEEN = re.compile(INVISIBLE)


def fold_look_alikes(text: str) -> str:
    """Return ``text`` without invisible characters, and with words that mix alphabets in Latin letters: "Bеijing" is Beijing."""
    if text.isascii():
        return text
    return _MIXED_WORD.sub(lambda word: _fold_word(word[0]), _UNSEEN.sub("", text))


def _fold_word(word: str) -> str:
    folded = word.translate(_FOLDED)
    if folded == word:
        return word
    is_latin = all(letter.isascii() or "LATIN" in unicodedata.name(letter, "") for letter in folded)
    return folded if is_latin and re.search(MIXED, word) else word
