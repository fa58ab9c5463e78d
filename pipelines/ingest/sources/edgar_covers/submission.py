"""Read a whole submission to SEC EDGAR: its header and its first document."""

import re
from dataclasses import dataclass

from pipelines.errors import refuse
from pipelines.ingest.readers.text import decode
from pipelines.ingest.sources.edgar.identifiers import cik_of

#: Some recordings hold the header and this many bytes from <TEXT> on, enough for a cover. Any other unfinished file was cut.
RECORDED_BEGINNING = 120_000
CUT = "Fetch it again; it was cut off or damaged"

_HAS_COVER = re.compile(r"(POS |DRS)?([FS]-\d+|SB-2)|DRS|POS ?AM|POSASR")
_IS_PROSPECTUS = re.compile(r"424B\d")
_OPENINGS = ("<SEC-DOCUMENT>", "<IMS-DOCUMENT>", "-----BEGIN PRIVACY-ENHANCED MESSAGE-----", "<DOCUMENT>")
_ENDINGS = ("</SEC-DOCUMENT>", "</IMS-DOCUMENT>", "-----END PRIVACY-ENHANCED MESSAGE-----")


@dataclass(frozen=True)
class Submission:
    """The first document of a submission, and what the SEC's header says about it."""

    accession: str | None
    cik: int | None
    issuer: str | None
    form: str
    filed_on: str | None
    place: str | None
    location_code: str | None
    filers: tuple[str, ...]
    document: str
    is_whole: bool

    @property
    def has_cover(self) -> bool:
        """Return whether the form begins with the cover of a registration statement."""
        return bool(_HAS_COVER.match(self.form))


def read_submission(content: bytes) -> Submission:
    """Return header and first document; raise Refused unless ``content`` is one whole submission of a form that names counsel."""
    text = _text(content)
    start = re.search(r"<DOCUMENT>\s*<TYPE>([^\n<]+)", text)
    if start is None or not text.lstrip().startswith(_OPENINGS):
        raise refuse("does not begin as an EDGAR submission", "Fetch the .txt file of the accession number")
    if len(re.findall(r"^<(?:SEC|IMS)-HEADER>", text, re.M)) > 1:
        raise refuse("contains several submissions", "Keep each submission in its own file")
    header, form = text[: start.start()].strip(), start[1].strip()
    accession = _field(header, "ACCESSION NUMBER")
    if header and accession is None:
        raise refuse("the header has no ACCESSION NUMBER", CUT, column="ACCESSION NUMBER")
    if not (_HAS_COVER.match(form) or _IS_PROSPECTUS.match(form)):
        raise refuse(f"form {form} names no counsel", "Fetch forms F-1, F-3, S-1, S-3 or 424B", column="TYPE")
    body, closing, _ = text[start.end() :].partition("</TEXT>")
    document = body.partition("<TEXT>")[2]
    is_unfinished = header and not text.rstrip().endswith(_ENDINGS)
    if not document or (is_unfinished and len(content) - content.find(b"<TEXT>") != RECORDED_BEGINNING):
        raise refuse("ends before the submission does", CUT)
    filed, cik = _field(header, "FILED AS OF DATE"), _field(header, "CENTRAL INDEX KEY")
    address = header.partition("BUSINESS ADDRESS:")[2].partition("MAIL ADDRESS:")[0].partition("FILER:")[0]
    return Submission(
        accession=accession,
        cik=cik_of(cik) if cik else None,
        issuer=_field(header, "COMPANY CONFORMED NAME"),
        form=form,
        filed_on=f"{filed[:4]}-{filed[4:6]}-{filed[6:]}" if filed else None,
        place=_field(address, "CITY"),
        location_code=_field(address, "STATE"),
        filers=tuple(name.rstrip() for name in re.findall(r"(?:COMPANY|FORMER) CONFORMED NAME:[ \t]*(\S.*)", header)),
        document=document,
        is_whole=bool(closing),
    )


def _text(content: bytes) -> str:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        # Submissions are ASCII by rule. The few that are not were typed on Windows; its characters are translated later.
        return decode(content, "latin-1")
    return decode(content)


def _field(header: str, name: str) -> str | None:
    match = re.search(rf"^\s*{name}:[ \t]*(\S.*)", header, re.M)
    return match[1].rstrip() if match else None
