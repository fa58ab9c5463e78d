"""Read LEGAL MATTERS and EXPERTS of a prospectus: law firms with client and law, and the auditor."""

import re
from collections.abc import Iterator

from pipelines.ingest.sources.edgar_covers.address import is_city, is_region, place_of
from pipelines.ingest.sources.edgar_covers.cover import client_of
from pipelines.ingest.sources.edgar_covers.firms import Firm, Name, base, is_counsel, is_known, name_in
from pipelines.ingest.sources.edgar_covers.lines import Column, in_order

LEGAL_MATTERS = re.compile(
    r"(legal matters|legal opinions?|legality|legal counsel"
    r"|validity of (the )?(\w+ ){0,4}(securities|shares|notes|stock|adss?|warrants|units))\W*",
    re.I,
)
EXPERTS = re.compile(
    r"(experts|experts and .*|auditors|(our )?independent (registered )?(public )?(accounting firms?|accountants|auditors))\W*",
    re.I,
)
_HEADING = re.compile(
    r"(experts|legal matters|interests? of named experts.*|where you can find.*|additional information|available information"
    r"|change in .*accountants?|enforce(ability|ment) of.*|(documents )?incorporat\w+ .*reference.*|index to .*|legal proceedings"
    r"|transfer agent.*|disclosure of commission.*|glossary.*|material contracts.*|expenses .*|notice to.*|taxation"
    r"|part ii.*)\W*",
    re.I,
)
_PAGE_NUMBER = re.compile(r"([A-Z]{1,2}-?)?(\d{1,3}|[ivxl]+)", re.I)
_LONGEST_SECTION = 8_000
_SENTENCE = re.compile(
    r"(?<=[a-z)”\"’])(?<!\bSt)(?<!\bNo)(?<!\bJr)(?<!\bInc)(?<!\bLtd)(?<!\bCo)(?<!\bCorp)\.\s+(?=[A-Z“])|(?<=LLP)\.\s+|;\s"
)
_SMALL = r"(?:&|and|of|de|van|der|von|und|y|e|the|in|du|la)"
_CAPITAL = r"[A-ZÀ-ÞŁŞ\u4e00-\u9fff][\w'’.\-|&]*"
_OPENING = re.compile(rf"(?:\W|(?:{_SMALL}|The|Additionally|Finally|Separately|Messrs)\b)*(?=\w)")
_RUN = re.compile(rf"{_CAPITAL}(?:(?:,? {_SMALL})*,? (?:{_CAPITAL}|\([A-Z][\w .]*\)))*")
_LAW = re.compile(
    r"laws? of (?:the )?(?P<of>[A-Z][\w’'.]*(?: (?:(?:of|and|the) )*[A-Z][\w’'.]*)*)"
    r"|(?P<plain>[A-Z][\w’'.]*(?: (?:(?:and|of|federal|state|securities|the) )*[A-Z][\w’'.]*)*)"
    r"(?: (?:federal|state|securities|corporate|and))* laws?\b"
    r"|\b(?:our|special|as|its) (?P<counsel>[A-Z][\w’'.]*(?: [A-Z][\w’'.]*)*) (?:legal )?counsel\b"
)
_LAWS = (
    ("PRC", r"PRC|China|Chinese"),
    ("Cayman Islands", r"Cayman"),
    ("British Virgin Islands", r"Virgin"),
    ("Hong Kong", r"Hong Kong"),
    ("United States", r"U\.?S\.?\b|United States|New York|federal"),
)
_PLACES = r"\W*(?:[A-Z][\w.’]*,? )*"
#: Text after a name, as in "…, New York, is representing the underwriters", "…, our Israeli counsel", "… will pass upon".
_CLIENT_FOLLOWS = re.compile(
    _PLACES + r"(?:(?:is|are|has|have|will|who|which) (?:been |be )?)?"
    r"(?:(?:acting|acted|serving|represent\w+|pass(?:ing|ed)?) )?[\w. ]{0,25}?(?:counsel\b|represent|pass(?:ed|ing)? (?:up)?on)"
)
_LAW_FOLLOWS = re.compile(_PLACES + r"(?:with respect|as to|in respect|regarding|relating|(?:is acting as )?our|our special)\b")
_INDEPENDENT = re.compile(
    r"\W*(?:\([^)]*\)\W*)?(?:(?:an?|our|as|the|whose|who are|which is an?|each an?)\s+)?"
    r"(?:PCAOB[- ]registered\s+|United States\s+)?independent\b",
    re.I,
)
_OFFICE = re.compile(
    r"(?:\b(?:address|offices?|place of business)\b[^.]{0,120}? (?:is|are)(?: located)?(?: at| in)?|\blocated at)"
    r" (?=[A-Z\d])(.+?)(?:\.\s+[A-Z]|, has |, have |\.?\s*$)"
)


def section(page: list[Column], heading: re.Pattern[str], subject: str) -> str | None:
    """Return the text under the first such heading that matches ``subject``, not the entry in the table of contents."""
    lines = [line.text for line in in_order(page) if line.text.casefold() != "table of contents"]
    for start, line in enumerate(lines, start=1):
        if heading.fullmatch(line) and not _PAGE_NUMBER.fullmatch("".join(lines[start : start + 1])):
            text = ""
            for following in lines[start:]:
                if _HEADING.fullmatch(following) or len(text) > _LONGEST_SECTION:
                    break
                text += "" if _PAGE_NUMBER.fullmatch(following) else following[:_LONGEST_SECTION] + " "
            if re.search(subject, text, re.I):
                return text
    return None


def legal_matters(text: str, filers: tuple[str, ...]) -> list[Firm]:
    """Return the law firms of a LEGAL MATTERS section, with client and law if the sentence names them."""
    firms: dict[str, Firm] = {}
    for sentence in _SENTENCE.split(text):
        names = [name for run in _RUN.finditer(sentence) for name in _names(sentence, run) if is_counsel(name[2], filers)]
        starts = [start for start, _, _ in names] + [len(sentence)]
        previous_end, role, law = 0, None, None
        for (start, end, name), next_start in zip(names, starts[1:], strict=True):
            before, after = sentence[previous_end:start], sentence[end:next_start]
            role = (client_of(after) if _CLIENT_FOLLOWS.match(after) else None) or client_of(before) or role
            law = (_law_of(after) if _LAW_FOLLOWS.match(after) else None) or _law_of(before) or law
            place, region = place_of([name.rest]) if name.rest else (None, None)
            firms.setdefault(base(name.text), Firm(name.text, place, region, role, law))
            previous_end = end
    return list(firms.values())


def _names(text: str, run: re.Match[str]) -> Iterator[tuple[int, int, Name]]:
    """Yield the firms in a run of capitalised words: start, end, and the name with the place printed after it."""
    position = run.start()
    is_due = bool(re.search(r"\b(by|upon|from|of|to|counsel,?)\s*$", text[:position]) or _CLIENT_FOLLOWS.match(text, run.end()))
    while opening := _OPENING.match(text, position, run.end()):
        start = opening.end()
        name = _first_name(text[start : run.end()].rstrip(" ,"), is_due=is_due)
        if name is None:
            return
        is_due = True
        end = start + len(name.text)
        place = _leading_place(text[end : run.end()])
        yield start, end, Name(name.text, place, name.is_sure)
        position = end + len(place)


def _first_name(text: str, *, is_due: bool) -> Name | None:
    """Return the firm whose name begins ``text``: it ends with a form, is known, or is possible where a name is due."""
    text = re.sub(r"(?<=[A-Za-z]{2})\.$", "", text)
    cuts = [text[: cut.start()] for cut in re.finditer(r",? and |, ", text)] + [text]
    known = [cut for cut in cuts if is_known(cut)]
    named = [name for cut in cuts if (name := name_in(cut)) and name.text == cut]
    formed = [name for name in named if name.is_sure and name.text not in known]
    if known:
        return Name(known[-1])
    if formed:
        # A form may have two parts: Rosati, Professional Corporation.
        same = [name for name in formed if base(name.text) == base(formed[0].text)]
        return same[-1]
    return named[-1] if named and is_due else None


def _leading_place(text: str) -> str:
    """Return the city, state and country printed right after a name, with the comma before them."""
    match = re.match(r"(?:, [^,]+){1,3}", text)
    parts = match[0].split(",")[1:] if match else []
    end = 0
    for part in parts:
        bare = re.split(r"\s+(?:and|for|as)\b", part)[0]
        if not (is_region(bare.strip(" .")) or is_city(bare.strip(" ."))):
            break
        end += 1 + len(bare)
        if bare != part:
            break
    return text[:end]


def _law_of(text: str) -> str | None:
    """Return the law named last."""
    named = [
        re.sub(r"^(Certain|The|Matters|Legal) ", "", match["of"] or match["plain"] or match["counsel"])
        for match in _LAW.finditer(text)
    ]
    return next((law for law, words in _LAWS if re.search(words, named[-1])), named[-1]) if named else None


def auditor_of(text: str) -> tuple[str | None, str | None]:
    """Return the first auditor of an EXPERTS section, and the city of its office if the text names it."""
    for run in _RUN.finditer(text):
        name = re.sub(r"^(?:The|In|With|As|Our|By)\s+", "", run[0]).rstrip(" ,")
        is_named = re.search(r"\b(audited by|reports? of)\s*$", text[: run.start()])
        if len(name) > 3 and (is_named or _INDEPENDENT.match(text[run.end() : run.end() + 160])):
            parts = name.split(", ")
            while len(parts) > 1 and (is_region(parts[-1]) or is_city(parts[-1])):
                parts.pop()
            auditor = ", ".join(parts)
            office = _OFFICE.search(text)
            place = place_of([office[1]])[0] if office else place_of([name.removeprefix(auditor)])[0]
            return re.sub(r"(?<=[a-z]{3})\.$", "", auditor), place
    return None, None
