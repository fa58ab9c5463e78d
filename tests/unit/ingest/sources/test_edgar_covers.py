"""EDGAR covers and prospectuses: hand-made documents, and the recorded filings.

Issuers and lawyers are invented; law firms and their cities are public facts.
"""

import json
import re
import time
from pathlib import Path

import polars as pl
import pytest

from pipelines.ingest.request import JOINT
from pipelines.ingest.sources import edgar_covers
from pipelines.ingest.sources.edgar_covers.address import place_of
from pipelines.ingest.sources.edgar_covers.firms import base, is_pair
from pipelines.ingest.sources.edgar_covers.lines import Column
from pipelines.ingest.sources.edgar_covers.page import read_page
from pipelines.ingest.sources.edgar_covers.prose import auditor_of, legal_matters
from pipelines.ingest.sources.edgar_covers.submission import RECORDED_BEGINNING
from tests.support.parsing import read, refusal

FILINGS, COUNSEL = edgar_covers.SOURCE.tables
SKADDEN = "Skadden, Arps, Slate, Meagher & Flom LLP"


def paragraphs(*lines: str) -> str:
    return "".join(f"<P ALIGN='center'><B>{line}</B></P>\n" for line in lines)


def submission(document: str, form: str = "F-1") -> bytes:
    """Return a whole submission with one document."""
    return f"""<SEC-DOCUMENT>0000000000-24-000001.txt : 20240102
<SEC-HEADER>0000000000-24-000001.hdr.sgml : 20240102
ACCESSION NUMBER:\t\t0000000000-24-000001
CONFORMED SUBMISSION TYPE:\t{form}
FILED AS OF DATE:\t\t20240102

FILER:

\tCOMPANY DATA:\t
\t\tCOMPANY CONFORMED NAME:\t\t\tEXAMPLE LINK AG
\t\tCENTRAL INDEX KEY:\t\t\t0000000123

\tBUSINESS ADDRESS:\t
\t\tCITY:\t\t\tCHAOYANG DISTRICT BEIJING
\t\tSTATE:\t\t\tF4

\tMAIL ADDRESS:\t
\t\tCITY:\t\t\tELSEWHERE
\t\tSTATE:\t\t\tK3
</SEC-HEADER>
<DOCUMENT>
<TYPE>{form}
<TEXT>
{document}
</TEXT>
</DOCUMENT>
</SEC-DOCUMENT>
""".encode()


def html_cover(block: str) -> str:
    """Return an HTML document whose cover holds ``block``; the firm after the cover must not be read."""
    registrant = ("Example Link AG", "(Exact name of registrant)")
    agent = ("Cogency Global Inc.", "122 East 42nd Street, 18th Floor", "New York, NY 10168")
    return (
        "<HTML><HEAD><TITLE>Copies to: Nobody LLP</TITLE></HEAD><BODY>"
        f"{paragraphs(*registrant, *agent, '(Name, address of agent for service)')}{block}"
        "<P><B>Approximate date of commencement of proposed sale to the public:</B> at once</P>"
        f"{paragraphs('Late & Later LLP', '1 Late Street', 'Chicago, Illinois 60601')}</BODY></HTML>"
    )


def text_cover(block: str) -> str:
    """Return the same as plain text of the 1990s."""
    return f"""
                             EXAMPLE LINK, INC.
             (Exact name of registrant as specified in its charter)

          Delaware                    7372                   77-0000000
     (State of incorporation)    (Primary SIC Code)      (I.R.S. Employer No.)

    (Name, address and telephone number of agent for service)

{block}

   Approximate date of commencement of proposed sale to the public: As soon as
practicable.
                              Late & Later LLP
                          Chicago, Illinois 60601
"""


BLOCK = paragraphs("Copies to:", "Cooley LLP", "55 Hudson Yards", "New York, NY 10001")


def covers() -> dict[str, tuple[str, list[str]]]:
    """Return name → document and firms of every case in ``edgar_covers.txt``, which explains its format."""
    wrap = {"=": html_cover, "~": text_cover, "#": str}
    text = Path(__file__).with_name("edgar_covers.txt").read_text("utf-8")
    cases = re.findall(r"^([=~#]) (.+)\n((?:(?!> ).*\n)+)((?:> .+\n)+)", text, re.M)
    return {
        name: (wrap[kind](content.removesuffix("\n")), [firm for firm in firms[2:-1].split("\n> ") if firm != "none"])
        for kind, name, content, firms in cases
    }


COVERS = covers()


def texts(columns: list[Column]) -> list[list[str]]:
    return [[line.text for line in column] for column in columns]


def test_tabs_of_plain_text_stop_at_every_eighth_letter() -> None:
    assert texts(read_page("Able LLP\tBaker LLP\n1 Able Street\tBoston")) == [
        ["Able LLP", "1 Able Street"],
        ["Baker LLP", "Boston"],
    ]


def test_cell_of_a_short_row_belongs_to_the_nearest_column_of_the_fullest() -> None:
    rows = (
        "<tr><td colspan=3>Able LLP</td><td colspan=3>Baker LLP</td></tr>",
        "<tr><td colspan=2>1 Able Street</td><td colspan=4>2 Baker Street</td></tr>",
        "<tr><td colspan=3></td><td colspan=3>Boston</td></tr>",
    )
    assert texts(read_page(f"<body><table>{''.join(rows)}</table></body>")) == [
        ["Able LLP", "1 Able Street"],
        ["Baker LLP", "2 Baker Street", "Boston"],
    ]


def counsel(document: str, form: str = "F-1") -> pl.DataFrame:
    return read(COUNSEL, submission(document, form))


@pytest.mark.parametrize("name", COVERS)
def test_cover_names_firms_with_their_cities(name: str) -> None:
    document, firms = COVERS[name]
    frame = counsel(document).filter(pl.col("section").cast(pl.String) == "cover")
    assert [f"{firm} / {place}" for firm, place in frame.select("firm", "place").iter_rows()] == firms
    text = pl.any_horizontal(pl.col(pl.String).str.contains(r"\b(John|Ann|Max) (Roe|Poe|Moe)\b"))
    assert frame.filter(text).is_empty(), "persons are not kept"


def test_label_far_behind_the_cover_is_ignored() -> None:
    far = "<p>Text</p>" * 200 + paragraphs("Copies to:", "Far LLP", "Reno, NV 89501")
    document = html_cover(BLOCK.replace("Copies to:", "Jane Doe")).replace("</BODY>", far)
    assert counsel(document).select("firm", "place").rows() == [("Cooley LLP", "New York")]


def test_cover_names_whom_a_firm_advises() -> None:
    underwriters = ("Goodwin Procter LLP", "620 Eighth Avenue", "New York, NY 10018", "Counsel for the Underwriters")
    block = BLOCK + paragraphs("Counsel to the Registrant", *underwriters)
    assert counsel(html_cover(block))["role"].to_list() == ["issuer", "underwriters"]


@pytest.mark.parametrize(
    ("address", "place", "region"),
    [
        ("1221 McKinney|Houston, Texas 77010", "Houston", "Texas"),
        ("1000 Louisiana|Suite 5100|Houston, TX 77002", "Houston", "TX"),
        ("345 Park Avenue|New York 10154", "New York", None),
        ("New York,|New York 10019", "New York", "New York"),
        ("1301 K Street, N.W.|Washington, D.C. 20005-3317", "Washington", "DC"),
        ("555 Eleventh Street, NW Suite 1000 Washington, DC 20004", "Washington", "DC"),
        ("2 London Wall|London EC2Y 5AU, United Kingdom", "London", "United Kingdom"),
        ("Room 1100, Pudong New Area, Shanghai", "Shanghai", None),
        ("Hangzhou, Zhejiang Province|China 310000", "Hangzhou", "Zhejiang Province, China"),
        ("Central|Hong Kong", "Hong Kong", None),
        ("Biopole, Route de la Corniche 3B|1066 Epalinges, Switzerland", "Epalinges", "Switzerland"),
        ("Torre Virreyes|11040 Ciudad de México, México", "Mexico City", "México"),
        ("Level 46|Sydney NSW 2000|Australia", "Sydney", "NSW, Australia"),
        ("3 Dublin Landings|Dublin 1|Ireland", "Dublin", "Ireland"),
        ("1-9-10 Roppongi|Minato-ku|Tokyo 106-6019", "Tokyo", None),
        ("94 Solaris Avenue|Grand Cayman KY1-1108|Cayman Islands", "Grand Cayman", "Cayman Islands"),
        ("c/o 42/F, Edinburgh Tower|The Landmark", None, None),
    ],
)
def test_city_is_read_from_the_end_of_an_address(address: str, place: str | None, region: str | None) -> None:
    assert place_of(address.split("|")) == (place, region)


def test_legal_matters_name_client_and_law() -> None:
    text = (
        "The validity of the ADSs and certain other legal matters as to the United States federal and New York State law will be "
        f"passed upon for us by {SKADDEN}. Certain legal matters as to the United States federal law will be passed upon for the "
        "underwriters by Kirkland & Ellis International LLP. Legal matters as to Cayman Islands law will be passed upon for us "
        "by Maples and Calder (Hong Kong) LLP. Certain legal matters as to PRC law will be passed upon for us by King & Wood "
        f"Mallesons and for the underwriters by Fangda Partners. {SKADDEN} may rely upon Maples and Calder (Hong Kong) LLP with "
        "respect to matters governed by Cayman Islands law. Guangdong Wesley Law Firm is acting as our PRC counsel."
    )
    assert [(firm.name, firm.role, firm.law) for firm in legal_matters(text, ())] == [
        (SKADDEN, "issuer", "United States"),
        ("Kirkland & Ellis International LLP", "underwriters", "United States"),
        ("Maples and Calder (Hong Kong) LLP", "issuer", "Cayman Islands"),
        ("King & Wood Mallesons", "issuer", "PRC"),
        ("Fangda Partners", "underwriters", "PRC"),
        ("Guangdong Wesley Law Firm", "issuer", "PRC"),
    ]


def test_legal_matters_name_places() -> None:
    text = (
        "Wilson Sonsini Goodrich & Rosati, Professional Corporation, Palo Alto, California, will pass upon the validity of the "
        "shares for us. Hale and Dorr, Boston, Massachusetts, is representing the underwriters. Certain matters will be passed "
        "upon for the underwriters by White & Case LLP, New York, New York, with respect to U.S. law, and by Goldfarb Seligman & "
        "Co., Tel Aviv, Israel, with respect to Israeli law."
    )
    assert [(firm.name, firm.place, firm.role, firm.law) for firm in legal_matters(text, ())] == [
        ("Wilson Sonsini Goodrich & Rosati, Professional Corporation", "Palo Alto", "issuer", None),
        ("Hale and Dorr", "Boston", "underwriters", None),
        ("White & Case LLP", "New York", "underwriters", "United States"),
        ("Goldfarb Seligman & Co.", "Tel Aviv", "underwriters", "Israeli"),
    ]


@pytest.mark.parametrize(
    ("text", "auditor", "place"),
    [
        (
            "The statements have been audited by Ernst & Young Hua Ming LLP, an independent registered public accounting firm. "
            "The offices of Ernst & Young Hua Ming LLP are located at No. 1 East Chang An Avenue, Dong Cheng District, Beijing, "
            "China.",
            "Ernst & Young Hua Ming LLP",
            "Beijing",
        ),
        (
            "…in reliance on the report of PricewaterhouseCoopers Zhong Tian LLP, an independent registered public accounting "
            "firm. The registered business address of PricewaterhouseCoopers Zhong Tian LLP is 6/F DBS Bank Tower, 1318 Lu Jia "
            "Zui Ring Road, Pudong New Area, Shanghai, the People’s Republic of China.",
            "PricewaterhouseCoopers Zhong Tian LLP",
            "Shanghai",
        ),
        ("…have been audited by Friedman LLP, New York, New York, an independent registered firm.", "Friedman LLP", "New York"),
        ("…audited by Arthur Andersen LLP, independent public accountants, as indicated.", "Arthur Andersen LLP", None),
        ("Experts were asked, and said nothing.", None, None),
    ],
)
def test_auditor_is_read_with_its_office(text: str, auditor: str | None, place: str | None) -> None:
    assert auditor_of(text) == (auditor, place)


PROSPECTUS = (
    "<HTML><BODY><table><tr><td>LEGAL MATTERS</td><td>132</td></tr><tr><td>EXPERTS</td><td>133</td></tr></table>"
    "<p>We are responsible for this report; counsel of Contents &amp; Contents LLP is not.</p><p>LEGAL MATTERS</p>"
    "<p>The validity of the shares will be passed upon for us by Cooley LLP, Boston, Massachusetts.</p><p>132</p>"
    "<p>EXPERTS</p><p>The statements have been audited by KPMG Huazhen LLP, an independent registered public accounting firm.</p>"
    "<p>WHERE YOU CAN FIND ADDITIONAL INFORMATION</p><p>Later &amp; Later LLP</p></BODY></HTML>"
)


def test_prospectus_is_read_behind_its_table_of_contents() -> None:
    assert counsel(PROSPECTUS, form="424B4").select("section", "firm", "place", "role").rows() == [
        ("legal matters", "Cooley LLP", "Boston", "issuer")
    ]
    assert read(FILINGS, submission(PROSPECTUS, form="424B4"))["auditor"].to_list() == ["KPMG Huazhen LLP"]


def test_filing_is_described_by_its_header() -> None:
    city = "CHAOYANG DISTRICT BEIJING"
    assert read(FILINGS, submission(html_cover(BLOCK))).rows() == [
        ("0000000000-24-000001", 123, "EXAMPLE LINK AG", "F-1", "2024-01-02", city, "F4", "CN", 1, None, None, True, 1)
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><title>502</title></html>", "web page"),
        (b"<?xml version='1.0'?><Error/>", "does not begin as an EDGAR submission"),
        (submission(html_cover(BLOCK)).replace(b"ACCESSION NUMBER", b"ACCESSION"), "no ACCESSION NUMBER"),
        (submission(html_cover(BLOCK), form="8-K"), "form 8-K names no counsel"),
        (submission(html_cover(BLOCK)) * 10, "several submissions"),
        (submission(html_cover(BLOCK)).decode().encode("utf-16"), "contains a NUL character"),
        (submission(html_cover(BLOCK)).partition(b"Approximate date")[0], "ends before"),
        (submission(html_cover(BLOCK) + "x" * 200_000).partition(b"</SEC-DOCUMENT>")[0], "ends before"),
        (submission(PROSPECTUS, form="424B4").partition(b"EXPERTS</p>")[0], "ends before"),
        (submission(html_cover(BLOCK)).replace(b"STATE:\t\t\tF4", b"STATE:\t\t\tQX"), "is not a location code"),
        (submission("<html><body>" + "<div>" * 5_000 + "Copies to:"), "too deeply"),
    ],
)
def test_damaged_submission_is_refused(content: bytes, problem: str) -> None:
    assert problem in refusal(FILINGS, content)


#: The header of ``submission`` in the dialect of the file that holds it alone.
HEADER = b"""<SEC-HEADER>0000000000-24-000001.hdr.sgml : 20240102
<ACCEPTANCE-DATETIME>20240102161616
<ACCESSION-NUMBER>0000000000-24-000001
<TYPE>F-1
<FILING-DATE>20240102
<FILER>
<COMPANY-DATA>
<CONFORMED-NAME>EXAMPLE LINK AG
<CIK>0000000123
</COMPANY-DATA>
<BUSINESS-ADDRESS>
<STREET1>1 EXAMPLE ROAD
<CITY>CHAOYANG DISTRICT BEIJING
<STATE>F4
</BUSINESS-ADDRESS>
<MAIL-ADDRESS>
<CITY>ELSEWHERE
<STATE>K3
</MAIL-ADDRESS>
<FORMER-COMPANY>
<FORMER-CONFORMED-NAME>OLD EXAMPLE AG
</FORMER-COMPANY>
</FILER>
</SEC-HEADER>
"""


@pytest.mark.parametrize("wrapper", ["{}", "<DOCUMENT>\n<TYPE>F-1\n<FILENAME>f.htm\n<TEXT>\n{}</TEXT>\n</DOCUMENT>\n"])
@pytest.mark.parametrize("dialect", ["tags", "words"])
def test_header_and_document_say_what_the_submission_says(wrapper: str, dialect: str) -> None:
    whole = submission(html_cover(BLOCK))
    words = whole[whole.index(b"<SEC-HEADER>") : whole.index(b"<DOCUMENT>")]
    parted = (HEADER if dialect == "tags" else words) + JOINT + wrapper.format(html_cover(BLOCK)).encode()
    assert read(FILINGS, parted).equals(read(FILINGS, whole))
    assert read(COUNSEL, parted).equals(read(COUNSEL, whole))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (HEADER + JOINT, "ends before the submission does"),
        (b"<html></html>" + JOINT + b"<html></html>", "web page"),
        (b"Not found" + JOINT + html_cover(BLOCK).encode(), "does not begin with the header"),
        (HEADER + JOINT + html_cover(BLOCK).partition("Approximate date")[0].encode(), "ends before the cover"),
        (HEADER.replace(b"<TYPE>F-1", b"<TYPE>8-K") + JOINT + html_cover(BLOCK).encode(), "form 8-K names no counsel"),
    ],
)
def test_damaged_header_or_document_is_refused(content: bytes, problem: str) -> None:
    assert problem in refusal(FILINGS, content)


def test_recorded_beginning_suffices_for_its_cover() -> None:
    content = submission(html_cover(BLOCK) + " " * RECORDED_BEGINNING)
    beginning = content[: content.index(b"<TEXT>") + RECORDED_BEGINNING]
    assert read(FILINGS, beginning).select("n_firms", "is_whole").row(0) == (1, False)
    assert "ends before" in refusal(FILINGS, beginning[:-1])


@pytest.mark.parametrize(
    ("line", "is_firm"),
    [
        ("Hale and Dorr", True),
        ("Skadden, Arps, Slate & Flom", True),
        ("Legal and Compliance", False),
        ("President and Director", False),
        ("Mr. Smith and Jones", False),
        ("Dorr", False),
    ],
)
def test_surnames_joined_by_and_are_a_firm(line: str, is_firm: bool) -> None:
    assert is_pair(line) == is_firm


def test_single_document_has_no_accession() -> None:
    document = submission(PROSPECTUS, form="424B4").partition(b"</SEC-HEADER>\n")[2].partition(b"</SEC-DOCUMENT>")[0]
    assert read(FILINGS, document).select("accession", "form", "auditor").row(0) == (None, "424B4", "KPMG Huazhen LLP")


def test_recorded_filings_name_the_firms_expected(recordings: Path) -> None:
    folder = recordings / "edgar_filings"
    expected = json.loads((folder / "expected_copies_to.json").read_text())
    filings = []
    for path in [*folder.glob("*_*.txt"), *(folder / "covers").glob("*.txt")]:
        frame = read(COUNSEL, path.read_bytes()).filter(pl.col("section").cast(pl.String) == "cover")
        accession = path.name.removesuffix(".txt").removesuffix(".prefix").partition("_")[2]
        assert frame.select("firm", "place").rows() == [tuple(firm) for firm in expected.get(accession, [])], path.name
        filings.append(read(FILINGS, path.read_bytes()))
    whole = pl.concat(filings).filter("is_whole")
    assert (whole.height, whole["auditor"].null_count()) == (6, 0)


def test_opening_brackets_without_end_do_not_stop_a_refresh() -> None:
    begin = time.process_time()
    assert base("Example (US) LLP" + "(" * 100_000) == "example"
    assert time.process_time() - begin < 2
