"""The "Copies to" block of a registration statement's cover → law firms and the cities of their offices.

What belongs here: finding the block among the columns of a page, joining names that wrap, and pairing firm and address.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from pipelines.ingest.sources.edgar_covers.address import place_of
from pipelines.ingest.sources.edgar_covers.firms import (
    Firm,
    Name,
    base,
    is_counsel,
    is_form,
    is_known,
    is_person,
    is_title,
    name_in,
)
from pipelines.ingest.sources.edgar_covers.lines import Column, Line, in_order

_STOP = re.compile(
    r"\W*(approximate\s+date|if\s+(the\s+only|only|any)\s+(of\s+)?(the\s+)?securities|if\s+this\s+form\s+is|if\s+delivery\s+of"
    r"|indicate\s+by\s+check|calculation\s+of\s+(the\s+)?(registration|filing)|title\s+of\s+(each\s+class|securities)"
    r"|the\s+registrants?\s+hereby\s+amend|it\s+is\s+proposed\s+that|the\s+information\s+(contained\s+)?in\s+this\s+(preliminary\s+)?prosp"
    r"|explanatory\s+note|pursuant\s+to\s+rule\s+4)",
    re.I,
)
#: A line of its own that ends with "to": Copies to; Please send copies of all communications to.
_LABEL = re.compile(
    r"[^.:@]{0,90}?\bcop(?:y|ies)\b[^:@]{0,140}?\b(?:to|with)(?: (?:the following|counsel)[\w ]{0,20})?\W*"
    r"|\W*(?:copies|cc)\W*:\W*"
    r"|\W*(?:communications|correspondence|notices)[\w\s,]{0,80}\bto\s*:\W*",
    re.I,
)
_LABEL_BEFORE = re.compile(
    r"\W*(?:please |kindly )?(?:send |address |direct )?(?:with )?(?:an? )?(?:cop(?:y|ies)(?: of [\w\s,]{1,100}?)?"
    r"(?: (?:should be|to be|are to be))?(?: (?:sent|addressed|directed|delivered|furnished|mailed))? to\s*:|cc\s*:"
    r"|cop(?:y|ies) to(?= [A-Z]))\s*(?P<rest>\S.*)",
    re.I,
)
#: Lines that a cover, and a "Copies to" block, can have at most.
_LONGEST_COVER, _LONGEST_BLOCK = 600, 150
#: Letters beyond which a line names no firm and no place; to look closer would take time that grows with their square.
_LONGEST_LINE = 1_000
_CAPTION = re.compile(r"\bagents?\s+(for|of)\s+service\b", re.I)
_NOTE = re.compile(r"\(.*\b(address|telephone|agents?|service|copies)\b", re.I)
_CONTACT = re.compile(
    r"@|^\W*(tel|telephone|phone|ph|fax|facsimile|telecop\w+|e-?mail|mobile)\b\W*[:.+\d(]|^\W*[tfpm]\b\.?\s*[:+(]"
    r"|^\W*\d[\d\s()+./–-]{6,}(ext|x)?[\s.\d]*(\W*(tele)?phone|\W*fax)?\W*$",
    re.I,
)
_PHONE_AT_END = re.compile(
    r"[\s,;–—-]*(?:\b(?:tel|telephone|phone|fax|facsimile)\b[^\d+(]{0,12})?"
    r"(?:\(?\+\s?\(?\d[\d\s().–-]{6,}|\(\d{1,4}\)\s*\d[\d\s.–-]{5,}|\b\d{3}[-.\s]\d{3}[-.\s]\d{4})\W*$",
    re.I,
)
_COUNSEL_TO = re.compile(r"\W*(?:[A-Z][\w.]* ){0,3}(?:counsel|attorneys?|solicitors|advocates) (?:to|for) ", re.I)
CLIENTS = (
    (
        "underwriters",
        r"underwriters?|placement agents?|initial purchasers?|sales agents?|dealer managers?|representatives?|agents",
    ),
    ("selling holders", r"selling (?:share|stock|security|unit)?holders?"),
    ("depositary", r"depositar(?:y|ies)"),
    ("issuer", r"us|(?:our|the) (?:company|registrants?|issuers?|trust|partnership)|on our behalf|our [\w. ]*counsel|we are"),
)


def cover_counsel(page: list[Column], filers: tuple[str, ...]) -> tuple[list[Firm], bool]:
    """Law firms of the "Copies to" block, column by column, and whether the cover's end was seen."""
    lines = in_order(page)
    stops = [at for at, line in enumerate(lines) if _STOP.match(line.text)]
    end = stops[0] if stops else _LONGEST_COVER
    # A few covers give the date of commencement first.
    start = next((at for at, line in enumerate(lines[: end + _LONGEST_BLOCK]) if _after_label(line.text) is not None), None)
    if start is None:
        # Some covers print counsel below the agent for service, without a label.
        start = max((at for at, line in enumerate(lines[:end]) if _CAPTION.search(line.text)), default=None)
    if start is None:
        return [], bool(stops)
    stops = [at for at in stops if at > start]
    last = min([start + _LONGEST_BLOCK, *stops])
    above = frozenset(base(line.text) for line in lines[:start] if len(line.text) <= _LONGEST_LINE)
    block = _block(page, lines[start], lines[last] if last < len(lines) else None)
    return _distinct([firm for column in block for firm in _firms(_unwrapped(column), filers, above)]), bool(stops)


def client_of(text: str) -> str | None:
    """The client named last."""
    found = {client: [match.start() for match in re.finditer(rf"\b(?:{words})\b", text, re.I)] for client, words in CLIENTS}
    return max((client for client, at in found.items() if at), key=lambda client: found[client][-1], default=None)


def _after_label(text: str) -> str | None:
    """What follows "Copies to:" on its line; None if the line has no such label."""
    if len(text) < 240 and _LABEL.fullmatch(text):
        return ""
    found = _LABEL_BEFORE.fullmatch(text) if len(text) < 400 else None
    return found["rest"] if found else None


def _block(page: list[Column], label: Line, stop: Line | None) -> Iterator[list[str]]:
    """The lines between label and stop, column by column; of an agent's column beside the label, what follows the agent."""
    of_label = next(number for number, column in enumerate(page) if any(line is label for line in column))
    for number, column in enumerate(page):
        if number == of_label:
            lines = [line for line in column if line.order >= label.order]
        else:
            lines = [line for line in column if line.row > label.row or (line.row == label.row and number > of_label)]
        if stop:
            lines = [line for line in lines if line.row < stop.row or (line.row == stop.row and line.order < stop.order)]
        captions = [at for at, line in enumerate(lines, start=1) if _CAPTION.search(line.text)] if number != of_label else []
        below = lines[captions[-1] if captions else 0 :]
        yield [line.text for line in below if len(line.text) <= _LONGEST_LINE]


def _unwrapped(lines: list[str]) -> list[str]:
    """The lines, with each firm's name on one of them."""
    found: list[str] = []
    at = 0
    while at < len(lines):
        count = next((count for count in (4, 3, 2) if _is_one_name(lines[at : at + count], count)), 1)
        found.append(" ".join(lines[at : at + count]))
        at += count
    return found


def _is_one_name(lines: list[str], count: int) -> bool:
    """Whether these lines are one name: each shows that it goes on, or the whole is known."""
    if len(lines) < count or any(re.search(r"\d", line) or is_person(line) or is_title(line) for line in lines):
        return False
    if any(_after_label(line) is not None for line in lines):
        return False
    first, last, whole = name_in(lines[0]), name_in(lines[-1]), name_in(" ".join(lines))
    if first and first.is_sure:
        return all(map(is_form, lines[1:]))
    if whole is None or whole.rest or whole == last or whole.text[:3] != lines[0][:3]:
        return False
    return is_known(whole.text) or all(_goes_on(line, after) for line, after in pairwise(lines))


def _goes_on(line: str, after: str) -> bool:
    if re.match(r"(&|and)\s", after) or re.search(r"(&|\band|\bof)$", line) or is_form(after):
        return True
    # A comma goes on within a list of surnames; behind a single whole name it may as well end a person's line.
    return line.endswith(",") and (len(line.split()) == 1 or bool(re.search(r"[,&]", line[:-1])))


@dataclass
class _Office:
    """A firm as met on the cover, and the lines below its name."""

    name: Name
    role: str | None
    address: list[str]


def _firms(lines: list[str], filers: tuple[str, ...], above: frozenset[str]) -> list[Firm]:
    """Each firm of a column with the address below it; an address ends at a telephone number, a person or another name."""
    found: list[_Office] = []
    address: list[str] | None = None
    has_title = False
    role = None
    for text in lines:
        rest = _after_label(text)
        if rest is not None:
            address, has_title = None, False
        line = text if rest is None else rest
        bare = _PHONE_AT_END.sub("", line)
        is_role = _COUNSEL_TO.match(line)
        name = None if is_role else name_in(bare)
        if name and not name.is_sure and address is not None and place_of(address) == (None, None):
            # Below a firm that still lacks its city, a doubtful name is a building's.
            address.append(bare)
        elif name:
            address = [name.rest] if name.rest else []
            # A doubtful name that the cover also has above the block is a registrant's.
            if is_counsel(name, filers, has_title=has_title) and (name.is_sure or base(name.text) not in above):
                found.append(_Office(name, role, address))
                role = None
            else:
                address = None
            has_title = False
        elif is_role:
            if line.endswith(":") or not found:
                role = client_of(line)
            else:
                found[-1].role = client_of(line)
        elif _CONTACT.search(line):
            address, has_title = None, False
        elif is_title(line) or is_person(line):
            has_title |= is_title(line)
            address = None if address and place_of(address)[0] else address
        elif address is not None and not _NOTE.match(line):
            address.append(bare)
            address = address if bare == line else None
    firms = [(Firm(one.name.text, *place_of(one.address), role=one.role), one.name.is_sure) for one in found]
    return [firm for firm, is_sure in firms if is_sure or firm.place]


def _distinct(firms: list[Firm]) -> list[Firm]:
    """One per firm and office; a mention without an office counts only where there is no other."""
    located = {base(firm.name) for firm in firms if firm.place}
    kept: dict[tuple[str, str | None], Firm] = {}
    for firm in firms:
        if firm.place or base(firm.name) not in located:
            kept.setdefault((base(firm.name), firm.place), firm)
    return list(kept.values())
