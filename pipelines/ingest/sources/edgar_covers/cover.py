"""Read the "Copies to" block on the cover of a registration statement: law firms and the cities of their offices.

The block is found among the columns of the page, names that wrap are joined, and each firm is paired with its address.
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
#: A label on a line of its own, such as "Copies to" or "Please send copies of all communications to".
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
#: Most lines of a cover, and of a "Copies to" block.
_LONGEST_COVER, _LONGEST_BLOCK = 600, 150
#: Longer lines name no firm and no place, and searching them would take time that grows with the square of their length.
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
CLIENTS = {
    "underwriters": r"underwriters?|placement agents?|initial purchasers?|sales agents?|dealer managers?|representatives?|agents",
    "selling holders": r"selling (?:share|stock|security|unit)?holders?",
    "depositary": r"depositar(?:y|ies)",
    "issuer": r"us|(?:our|the) (?:company|registrants?|issuers?|trust|partnership)|on our behalf|our [\w. ]*counsel|we are",
}


def cover_counsel(page: list[Column], filers: tuple[str, ...]) -> tuple[list[Firm], bool]:
    """Return the law firms of the "Copies to" block, column by column, and whether the end of the cover was found."""
    lines = in_order(page)
    stops = [number for number, line in enumerate(lines) if _STOP.match(line.text)]
    start = _block_start(lines, stops[0] if stops else _LONGEST_COVER)
    if start is None:
        return [], bool(stops)
    end = min([start + _LONGEST_BLOCK, *(stop for stop in stops if stop > start)])
    above = frozenset(base(line.text) for line in lines[:start] if len(line.text) <= _LONGEST_LINE)
    block = _block(page, lines[start], lines[end] if end < len(lines) else None)
    firms = [firm for column in block for firm in _firms(_unwrapped(column), filers, above)]
    return _distinct(firms), bool(stops)


def _block_start(lines: list[Line], end: int) -> int | None:
    """Return the number of the line that begins the block; None if the cover, which ends at line ``end``, has none."""
    # A few covers give the date of commencement, which ends other covers, before the block.
    for number, line in enumerate(lines[: end + _LONGEST_BLOCK]):
        if _after_label(line.text) is not None:
            return number
    # Some covers print counsel below the agent for service, without a label.
    return max((number for number, line in enumerate(lines[:end]) if _CAPTION.search(line.text)), default=None)


def client_of(text: str) -> str | None:
    """Return the client named last."""
    starts = {
        client: [match.start() for match in re.finditer(rf"\b(?:{words})\b", text, re.I)] for client, words in CLIENTS.items()
    }
    return max((client for client in starts if starts[client]), key=lambda client: starts[client][-1], default=None)


def _after_label(text: str) -> str | None:
    """Return what follows "Copies to:" on its line; None if the line has no such label."""
    if len(text) < 240 and _LABEL.fullmatch(text):
        return ""
    label = _LABEL_BEFORE.fullmatch(text) if len(text) < 400 else None
    return label["rest"] if label else None


def _block(page: list[Column], label: Line, stop: Line | None) -> Iterator[list[str]]:
    """Yield the lines between label and stop, column by column; of a column beside the label, those below the agent."""
    of_label = next(number for number, column in enumerate(page) if any(line is label for line in column))
    for number, column in enumerate(page):
        if number == of_label:
            lines = [line for line in column if line.order >= label.order]
        else:
            lines = [line for line in column if line.row > label.row or (line.row == label.row and number > of_label)]
        if stop:
            lines = [line for line in lines if line.row < stop.row or (line.row == stop.row and line.order < stop.order)]
        captions = [below for below, line in enumerate(lines, start=1) if _CAPTION.search(line.text)]
        below_agent = lines[captions[-1] :] if captions and number != of_label else lines
        yield [line.text for line in below_agent if len(line.text) <= _LONGEST_LINE]


def _unwrapped(lines: list[str]) -> list[str]:
    """Return the lines, with each firm's name on one of them."""
    joined: list[str] = []
    start = 0
    while start < len(lines):
        count = next((count for count in (4, 3, 2) if _is_one_name(lines[start : start + count], count)), 1)
        joined.append(" ".join(lines[start : start + count]))
        start += count
    return joined


def _is_one_name(lines: list[str], count: int) -> bool:
    """Return whether these lines are a single name: each shows that it continues, or the whole is known."""
    if len(lines) < count or any(re.search(r"\d", line) or is_person(line) or is_title(line) for line in lines):
        return False
    if any(_after_label(line) is not None for line in lines):
        return False
    first, last, whole = name_in(lines[0]), name_in(lines[-1]), name_in(" ".join(lines))
    if first and first.is_sure:
        return all(map(is_form, lines[1:]))
    if whole is None or whole.rest or whole == last or whole.text[:3] != lines[0][:3]:
        return False
    return is_known(whole.text) or all(_continues(line, after) for line, after in pairwise(lines))


def _continues(line: str, after: str) -> bool:
    if re.match(r"(&|and)\s", after) or re.search(r"(&|\band|\bof)$", line) or is_form(after):
        return True
    # A comma continues a list of surnames, but after a single full name it may end a person's line.
    return line.endswith(",") and (len(line.split()) == 1 or bool(re.search(r"[,&]", line[:-1])))


@dataclass
class _Office:
    """A firm found on the cover, and the lines below its name."""

    name: Name
    role: str | None
    address: list[str]


class _Reader:
    """Pair each firm of a column with the address below it.

    An address ends at a telephone number, a person or another name. ``above`` holds the names that the cover prints above
    the block.
    """

    def __init__(self, filers: tuple[str, ...], above: frozenset[str]) -> None:
        self.offices: list[_Office] = []
        self._filers = filers
        self._above = above
        self._address: list[str] | None = None
        self._has_title = False
        self._role: str | None = None

    def read(self, text: str) -> None:
        rest = _after_label(text)
        if rest is not None:
            self._end_address()
        line = text if rest is None else rest
        bare = _PHONE_AT_END.sub("", line)
        is_role = _COUNSEL_TO.match(line)
        name = None if is_role else name_in(bare)
        if name:
            self._read_name(name, bare)
        elif is_role:
            self._read_role(line)
        elif _CONTACT.search(line):
            self._end_address()
        elif is_title(line) or is_person(line):
            self._has_title |= is_title(line)
            self._address = None if self._address and place_of(self._address)[0] else self._address
        elif self._address is not None and not _NOTE.match(line):
            self._address.append(bare)
            self._address = self._address if bare == line else None

    def _end_address(self) -> None:
        self._address, self._has_title = None, False

    def _read_name(self, name: Name, bare: str) -> None:
        if not name.is_sure and self._address is not None and place_of(self._address) == (None, None):
            # Below a firm that still lacks its city, a doubtful name is that of a building.
            self._address.append(bare)
            return
        # A doubtful name that the cover also prints above the block is that of a registrant.
        is_firm = name.is_sure or base(name.text) not in self._above
        if is_firm and is_counsel(name, self._filers, has_title=self._has_title):
            self._address = [name.rest] if name.rest else []
            self.offices.append(_Office(name, self._role, self._address))
            self._role = None
        else:
            self._address = None
        self._has_title = False

    def _read_role(self, line: str) -> None:
        if line.endswith(":") or not self.offices:
            self._role = client_of(line)
        else:
            self.offices[-1].role = client_of(line)


def _firms(lines: list[str], filers: tuple[str, ...], above: frozenset[str]) -> list[Firm]:
    """Return the firms of a column, those with a doubtful name only if they have a city."""
    reader = _Reader(filers, above)
    for line in lines:
        reader.read(line)
    firms = [(Firm(office.name.text, *place_of(office.address), role=office.role), office.name) for office in reader.offices]
    return [firm for firm, name in firms if name.is_sure or firm.place]


def _distinct(firms: list[Firm]) -> list[Firm]:
    """Return one firm per name and city; a mention without a city counts only if there is no other."""
    located = {base(firm.name) for firm in firms if firm.place}
    kept: dict[tuple[str, str | None], Firm] = {}
    for firm in firms:
        if firm.place or base(firm.name) not in located:
            kept.setdefault((base(firm.name), firm.place), firm)
    return list(kept.values())
