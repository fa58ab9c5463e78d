"""Read a submission to SEC EDGAR: its header and its main document, which come as two files or within the whole submission.

Headers come in two dialects, ``ACCESSION NUMBER: …`` and ``<ACCESSION-NUMBER>…``. A document that is a file of its own may stand
within the tags of the whole submission.
"""

import re
from dataclasses import dataclass

from pipelines.errors import refuse
from pipelines.ingest.readers.text import CUT, decode
from pipelines.ingest.request import JOINT
from pipelines.ingest.sources.edgar.identifiers import cik_of

#: Some recordings hold the header and this many bytes from <TEXT> on, enough for a cover. Any other unfinished file was cut.
RECORDED_BEGINNING = 120_000

_HAS_COVER = re.compile(r"(POS |DRS)?([FS]-\d+|SB-2)|DRS|POS ?AM|POSASR")
_IS_PROSPECTUS = re.compile(r"424B\d")
_ACCESSION = "ACCESSION NUMBER:|<ACCESSION-NUMBER>"
_FORM = "CONFORMED SUBMISSION TYPE:|<TYPE>"
_FILED = "FILED AS OF DATE:|<FILING-DATE>"
_CIK = "CENTRAL INDEX KEY:|<CIK>"
_NAME = "COMPANY CONFORMED NAME:|<CONFORMED-NAME>"
_FORMER = "FORMER CONFORMED NAME:|<FORMER-CONFORMED-NAME>"
_ADDRESS = re.compile(r"(?:BUSINESS ADDRESS:|<BUSINESS-ADDRESS>)(.*?)(?:MAIL ADDRESS:|FILER:|</BUSINESS-ADDRESS>|\Z)", re.S)
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
    """Return header and main document; raise Refused unless ``content`` is one submission of a form that names counsel."""
    text = _text(content)
    header, joint, separate = text.partition(JOINT.decode())
    return _submission(header, *_document(header, separate)) if joint else _whole(text, content)


def _document(header: str, text: str) -> tuple[str, str, bool]:
    """Return form, text and whether its end is there, of a document that is a file of its own."""
    form = _field(header, _FORM)
    if not header.lstrip().startswith("<SEC-HEADER>") or form is None:
        raise refuse("does not begin with the header of a submission", "Fetch the .hdr.sgml file of the accession number")
    opening = re.match(r"\s*<DOCUMENT>.*?<TEXT>", text, re.S)
    if opening:
        document, closing, _ = text[opening.end() :].partition("</TEXT>")
        return form, document, bool(closing)
    return form, text, bool(re.search(r"</html>\s*\Z", text, re.I))


def _whole(text: str, content: bytes) -> Submission:
    """Return header and first document of a whole submission, or of its beginning as recorded."""
    start = re.search(r"<DOCUMENT>\s*<TYPE>([^\n<]+)", text)
    if start is None or not text.lstrip().startswith(_OPENINGS):
        raise refuse("does not begin as an EDGAR submission", "Fetch the .txt file of the accession number")
    if len(re.findall(r"^<(?:SEC|IMS)-HEADER>", text, re.M)) > 1:
        raise refuse("contains several submissions", "Keep each submission in its own file")
    header = text[: start.start()].strip()
    body, closing, _ = text[start.end() :].partition("</TEXT>")
    document = body.partition("<TEXT>")[2]
    is_unfinished = header and not text.rstrip().endswith(_ENDINGS)
    if is_unfinished and len(content) - content.find(b"<TEXT>") != RECORDED_BEGINNING:
        raise refuse("ends before the submission does", CUT)
    return _submission(header, start[1].strip(), document, bool(closing))


def _submission(header: str, form: str, document: str, is_whole: bool) -> Submission:
    accession = _field(header, _ACCESSION)
    if header and accession is None:
        raise refuse("the header has no ACCESSION NUMBER", CUT, column="ACCESSION NUMBER")
    if not (_HAS_COVER.match(form) or _IS_PROSPECTUS.match(form)):
        raise refuse(f"form {form} names no counsel", "Fetch forms F-1, F-3, S-1, S-3 or 424B", column="TYPE")
    if not document.strip():
        raise refuse("ends before the submission does", CUT)
    filed, cik, address = _field(header, _FILED), _field(header, _CIK), _ADDRESS.search(header)
    return Submission(
        accession=accession,
        cik=cik_of(cik) if cik else None,
        issuer=_field(header, _NAME),
        form=form,
        filed_on=f"{filed[:4]}-{filed[4:6]}-{filed[6:]}" if filed else None,
        place=_field(address[1], "CITY:|<CITY>") if address else None,
        location_code=_field(address[1], "STATE:|<STATE>") if address else None,
        filers=tuple(name.rstrip() for name in re.findall(rf"^\s*(?:{_NAME}|{_FORMER})[ \t]*(\S.*)", header, re.M)),
        document=document,
        is_whole=is_whole,
    )


def _text(content: bytes) -> str:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        # Submissions are ASCII by rule. The few that are not were typed on Windows; its characters are translated later.
        return decode(content, "latin-1")
    return decode(content)


def _field(header: str, names: str) -> str | None:
    """Return the first value that follows one of ``names``, which | separates, at the beginning of a line."""
    match = re.search(rf"^\s*(?:{names})[ \t]*(\S.*)", header, re.M)
    return match[1].rstrip() if match else None
