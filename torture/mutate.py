"""Ways in which bytes go wrong, or are made to.

Each mutator takes good bytes and a source of chance, and returns bad ones; what comes out is small unless size is the point.
"""

import gzip
import io
import random
import zipfile
from collections.abc import Callable, Iterable
from functools import cache

Mutator = Callable[[bytes, random.Random], bytes]

_DELIMITERS = b",;\t|\n\r\"'<>{}[]:&=/\\"
_INVISIBLE = ["\u202e", "\u2066", "\u200b", "\u200d", "\u2060", "\ufeff", "\u0301", "\u00ad", "\U000e0041", "\ufffe"]
_NUMBERS = [
    "NaN", "nan", "inf", "-inf", "Infinity", "1e308", "-1e308", "1e309", "1e-400", "0001-01-01", "0001", "0000-00-00",
    "9999-12-31", "10000-01-01", "2023-02-29", "-1", "-1e3", "99999999999999999999", "9223372036854775808", "2147483648",
    "0x10", "1_000", "١٢٣", "1,000", "½", "--5", "null", "true", "=1+1", "@SUM(1)", "+1", "-1+1", "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>", "'; drop table t; --", "../../etc/passwd", "\\N", "#REF!", "%00", "{{7*7}}",
]  # fmt: skip
_XML = [
    b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    b'<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1:9/">]>',
    b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "%b"><!ENTITY c "%b">]>' % (b"&a;" * 10, b"&b;" * 1000),
    b"&x;", b"&c;", b"&#0;", b"&#x110000;", b"&nbsp;", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?xml version='9.9'?>", b"<?php",
]  # fmt: skip


def _position(content: bytes, chance: random.Random) -> int:
    return chance.randint(0, len(content))


def _inserted(content: bytes, position: int, part: bytes) -> bytes:
    return content[:position] + part + content[position:]


def truncated(content: bytes, chance: random.Random) -> bytes:
    return content[: _position(content, chance)]


def beheaded(content: bytes, chance: random.Random) -> bytes:
    return content[_position(content, chance) :]


def flipped(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 8))):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def punctuated(content: bytes, chance: random.Random) -> bytes:
    return _inserted(content, _position(content, chance), bytes([chance.choice(_DELIMITERS)]) * chance.choice((1, 1, 2, 50)))


def cut_out(content: bytes, chance: random.Random) -> bytes:
    start = _position(content, chance)
    return content[:start] + content[start + chance.choice((1, 3, 20, 200)) :]


def doubled(content: bytes, chance: random.Random) -> bytes:
    start, end = sorted((_position(content, chance), _position(content, chance)))
    return content[:end] + content[start:end] * chance.choice((1, 1, 3)) + content[end:]


def shuffled_lines(content: bytes, chance: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    chance.shuffle(lines)
    return b"".join(lines)


def swapped_lines(content: bytes, chance: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    if len(lines) > 1:
        a, b = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[a], lines[b] = lines[b], lines[a]
    return b"".join(lines)


def recoded(content: bytes, chance: random.Random) -> bytes:
    encodings = ("utf-16", "utf-16-le", "utf-32", "gb18030", "latin-1", "shift_jis", "utf-7", "cp037")
    return content.decode("utf-8", "replace").encode(chance.choice(encodings), "replace")


def invisible(content: bytes, chance: random.Random) -> bytes:
    position = _position(content, chance)
    return _inserted(content, position, chance.choice(_INVISIBLE).encode("utf-8", "surrogatepass") * chance.choice((1, 3)))


def number(content: bytes, chance: random.Random) -> bytes:
    """A cell, or a JSON value, becomes an odd one."""
    odd = chance.choice(_NUMBERS).encode()
    starts = [position for position, byte in enumerate(content) if byte in b",\t\n:;>|"]
    if not starts:
        return odd
    start = chance.choice(starts) + 1
    end = next((position for position in range(start, len(content)) if content[position] in b",\t\n;<|}]"), len(content))
    return content[:start] + (odd if chance.random() < 0.7 else b'"' + odd + b'"') + content[end:]


def giant(content: bytes, chance: random.Random) -> bytes:
    position = _position(content, chance)
    letter = chance.choice((b"A", b"9", b" ", b"\xe6\x96\x87", b"(", b"0"))
    return _inserted(content, position, letter * chance.choice((5_000, 200_000)))


def nested(content: bytes, chance: random.Random) -> bytes:
    position, depth = _position(content, chance), chance.choice((60, 300, 5_000))
    opening, closing = chance.choice(
        ((b"[", b"]"), (b'{"a":', b"}"), (b"<div>", b"</div>"), (b"<table><tr><td>", b""), (b"(", b")"), (b"<b>", b""))
    )
    return _inserted(content, position, opening * depth + closing * depth)


def marked_up(content: bytes, chance: random.Random) -> bytes:
    position = chance.choice((0, _position(content, chance)))
    return _inserted(content, position, chance.choice(_XML))


def packed(content: bytes, chance: random.Random) -> bytes:
    """Within archives, of names that lead elsewhere, and twice over; or an archive whose member claims another size."""
    names = [
        "data.csv",
        "../../../etc/passwd",
        "/etc/passwd",
        "a/" * 100 + "b",
        "C:\\x",
        "\u202evsc.atad",
        "FORMDSUBMISSION.tsv",
        "",
    ]
    once = _zipped((chance.choice(names) or "x", content) for _ in range(chance.choice((1, 1, 3))))
    return chance.choice((once, gzip.compress(content), gzip.compress(once), flipped(once, chance), once[:-10]))


def repacked(content: bytes, chance: random.Random) -> bytes:
    """Return an archive whose members are damaged, gone, doubled, or unfold to very much more."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except Exception:
        return packed(content, chance)
    name = chance.choice(list(members))
    damage_kind = chance.randrange(5)
    damage = (flipped, truncated, number, invisible, shuffled_lines, marked_up, giant)
    if damage_kind == 0:
        del members[name]
    elif damage_kind == 1:
        members[f"../{name}"] = members[name]
    elif damage_kind == 2:
        return _bomb(name)
    else:
        members[name] = chance.choice(damage)(members[name], chance)
    return _zipped(members.items())


@cache
def _bomb(name: str) -> bytes:
    """Return a few hundred kilobytes that unfold to 200 MB."""
    return _zipped([(name, b"0" * 200_000_000)], level=1)


def _zipped(members: Iterable[tuple[str, bytes]], level: int | None = None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def several(content: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(2, 4)):
        content = chance.choice(SMALL)(content, chance)
    return content


SMALL: tuple[Mutator, ...] = (
    truncated, beheaded, flipped, punctuated, cut_out, doubled, shuffled_lines, swapped_lines, recoded, invisible, number, number,
    marked_up,
)  # fmt: skip
#: Those that cost more come less often.
ALL: tuple[Mutator, ...] = (*SMALL, *SMALL, *SMALL, several, several, packed, repacked, repacked, giant, nested)


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Return one case made of a good input."""
    mutators = ALL if not content.startswith(b"PK") else (*ALL, *[repacked] * len(ALL))
    return chance.choice(mutators)(content, chance)
