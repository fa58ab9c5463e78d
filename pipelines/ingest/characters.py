"""Tell text that was damaged on its way.

Text read in the wrong encoding is still text, so nothing fails: ``Orléans`` becomes ``OrlÃ©ans``, ``Orl閍ns``, ``Orl?ans`` or
``Orl�ans``. Each leaves marks that no language has. A damaged name is another name, so its row would count for nobody.
"""

import re
from functools import cache

import polars as pl

from pipelines.ingest.look_alikes import INVISIBLE, LOOK_ALIKES, MIXED

#: What the bytes 0x80–0xFF are in Windows-1252 and Latin-1.
_HIGH = r"[\u0080-\u00FFŒœŠšŽžŸƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]"
_HAN = r"[\u4E00-\u9FFF]"

#: What damaged text looks like, as far as a pattern can tell, and how a person would say it. ``_misread`` decides of the rest.
_MARKS = {
    "has a letter that was lost in decoding": "\ufffd|锟斤拷",
    "has ? where letters were": r"\?{2}|[A-Za-z]\?[a-zß-ÿ]|(?:^|\s)\?[A-Za-z]",
    "has an invisible or control character": INVISIBLE,
    "mixes Latin letters with others that look the same": MIXED,
}
#: Characters in a row that are suspect, how they would have been read and written, and what was meant if they were.
_MISREADINGS = (
    (f"{_HIGH}{{2,}}", "cp1252", "utf-8", r"[^\x00-\x7F]"),
    (f"{_HAN}{{2,}}", "gb18030", "utf-8", _HAN),
    (r"[\u00A1-\u00FE]{4,}", "latin-1", "gb2312", _HAN),
)
_BESIDE_LATIN = f"(?<=[A-Za-z]){_HAN}(?!{_HAN})|(?<!{_HAN}){_HAN}(?=[A-Za-z])"
_MISREAD = "was read in another encoding than it was written in"
_ANY = "|".join([*_MARKS.values(), *(pattern for pattern, *_ in _MISREADINGS), f"[A-Za-z]{_HAN}", f"{_HAN}[A-Za-z]"])
_ADDRESS = re.compile(r"^[a-z]+://", re.IGNORECASE)

REMEDY = "Copy it from the source again, as UTF-8"


def damage(text: str) -> str | None:
    """Return what is wrong with the characters of ``text``; None if nothing is."""
    if _ADDRESS.match(text):
        return None
    for problem, pattern in _MARKS.items():
        if re.search(pattern, text):
            return problem
    return _MISREAD if _misread(text) else None


def _misread(text: str) -> bool:
    """Return whether a part of ``text`` is UTF-8 read as Windows-1252 or GBK, GBK read as Latin-1, or Latin-1 read as GBK."""
    for pattern, read_as, written_in, letters in _MISREADINGS:
        if any(re.search(letters, _reread(run, read_as, written_in)) for run in re.findall(pattern, text)):
            return True
    # GBK keeps common characters apart from ASCII: one whose second byte is a letter is rare, and took that letter in.
    return any(han.encode("gb18030")[1:].isalpha() for han in re.findall(_BESIDE_LATIN, text))


def _reread(run: str, read_as: str, written_in: str) -> str:
    """Return what the bytes that ``run`` was read from say in another encoding; "" if they are no text in it."""
    try:
        return b"".join(_byte(letter, read_as) for letter in run).decode(written_in)
    except UnicodeError:
        return ""


@cache
def _byte(letter: str, encoding: str) -> bytes:
    """Return the bytes of a letter; Windows-1252 leaves five bytes undefined, which programs read as Latin-1 does."""
    return bytes([ord(letter)]) if encoding == "cp1252" and "\x80" <= letter <= "\x9f" else letter.encode(encoding)


def damaged(texts: pl.Series) -> pl.Series:
    """Return what is wrong with each of ``texts``, null for most: a pattern chooses the few that are looked at one by one."""
    suspects = texts.unique().drop_nulls()
    suspects = suspects.filter(suspects.str.contains(_ANY))
    problems = {text: problem for text in suspects if (problem := damage(text))}
    if not problems:
        return pl.Series(texts.name, [None], pl.String).new_from_index(0, texts.len())
    return texts.replace_strict(problems, default=None, return_dtype=pl.String)


def without_look_alikes(column: pl.Expr) -> pl.Expr:
    """Return a column with its mixed cells in Latin letters, as ``fold_look_alikes`` folds one text."""
    return pl.when(column.str.contains(MIXED)).then(column.str.replace_many(LOOK_ALIKES)).otherwise(column)
