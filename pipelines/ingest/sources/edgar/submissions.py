"""Read the issuers followed and their filings.

Submissions give a foreign address in two formats, ``countryCode`` or ``stateOrCountry``; checking only one would lose most
issuers. Filings beyond the newest thousand are in further files, which do not name the issuer. The city is dirty ("CHAOYANG
DISTRICT BEIJING") and tells where the head office is, not where the company comes from. The SEC answers an unknown number
with XML.
"""

from collections.abc import Iterator
from typing import Any

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest import columns
from pipelines.ingest.contract import ROW
from pipelines.ingest.readers.records import field
from pipelines.ingest.readers.text import CHANGED, CUT, json_value
from pipelines.ingest.request import Request
from pipelines.ingest.source import Get
from pipelines.ingest.sources.edgar.identifiers import JSON, accession_number, cik_of, filing_day, fits_day, location

#: Issuers followed, companies from China that listed in the United States: number at the SEC → ticker.
ISSUERS = {
    1084201: "SVA", 1110646: "NTES", 1269238: "TCOM", 1329099: "BIDU", 1346610: "SOS", 1372920: "EDU", 1375877: "CSIQ",
    1477641: "DQ", 1481513: "JKS", 1483994: "HTHT", 1499543: "NOAH", 1499620: "TAL", 1508475: "VNET", 1509646: "FENG",
    1510593: "XNET", 1526125: "GDS", 1527636: "ATHM", 1529192: "VIPS", 1530238: "YY", 1549802: "JD", 1577552: "BABA",
    1595761: "WB", 1597095: "TOUR", 1597835: "CMCM", 1610601: "MOMO", 1625414: "BZUN", 1631761: "YRD", 1651308: "BGNE",
    1677250: "ZTO", 1691445: "FINV", 1692705: "QD", 1704292: "ZLAB", 1708259: "LX", 1722608: "IQ", 1723690: "BILI",
    1728190: "HUYA", 1736541: "NIO", 1737806: "PDD", 1741530: "QFIN", 1744676: "TME", 1744781: "NIU", 1754581: "FUTU",
    1756699: "TIGR", 1758530: "SY", 1759783: "EH", 1762417: "DOYU", 1764757: "DIDIY", 1767582: "LKNCY", 1768259: "GOTU",
    1778016: "IMAB", 1780652: "CAN", 1781753: "DAO", 1791706: "LI", 1793862: "DADA", 1795589: "KC", 1801198: "LEGN",
    1802883: "API", 1809587: "BEKE", 1810997: "XPEV", 1815846: "MNSO", 1816007: "LU", 1819580: "YSG", 1823986: "WDH",
    1828365: "RLX", 1829118: "TUYA", 1835724: "ZH", 1838413: "YMM", 1842827: "BZ", 1853717: "ATAT", 1854545: "DDL",
    1861737: "HSAI", 1862044: "ZKH",
}  # fmt: skip


def _main_file(cik: int) -> str:
    return f"https://data.sec.gov/submissions/CIK{cik:010}.json"


MAIN_FILES = tuple(map(_main_file, ISSUERS))
#: Column → array of a submissions file.
ARRAYS = {
    "accession": "accessionNumber", "form": "form", "filed_on": "filingDate", "file_number": "fileNumber",
    "primary_document": "primaryDocument",
}  # fmt: skip


class Issuers(dy.Schema):
    """One row per issuer followed, as the SEC describes it today."""

    cik = columns.long_integer("SEC's number of the issuer.", 1, primary_key=True)
    company = columns.text("Name, in the form that the SEC conforms it to.")
    former_names = columns.text("Earlier names, separated by |.", nullable=True)
    tickers = columns.text("Tickers, separated by |.", nullable=True)
    sic = columns.text("Industry (SIC).", r"^[0-9]{4}$", "Write four digits", nullable=True)
    place = columns.text("City of the business address, as filed; districts and provinces occur.", nullable=True)
    region = columns.text("State or province of that address.", nullable=True)
    location_code = columns.text("SEC's code of the state or country of that address.", nullable=True)
    country = columns.country("Country of that code.", nullable=True)
    incorporated_code = columns.text("SEC's code of the state or country of incorporation.", nullable=True)


class Filings(dy.Schema):
    """One row per filing of an issuer followed."""

    accession = accession_number(primary_key=True)
    cik = columns.long_integer("SEC's number of the issuer; empty in further files, whose address has it.", 1, nullable=True)
    form = columns.text("Form, such as F-1/A or 424B4.")
    filed_on = filing_day("Date of filing.")
    file_number = columns.text("Number shared by all filings of one offering.", nullable=True)
    primary_document = columns.text("Name of the main document.", nullable=True)

    accession_has_the_year_of_filed_on = columns.rule(fits_day())


def parse_issuers(content: bytes) -> pl.DataFrame:
    """Return the only issuer of a submissions file."""
    record = record_of(content)
    name, address = field(record, "name", str), field(field(record, "addresses", dict), "business", dict)
    former = [field(former_name, "name", str) for former_name in field({"formerNames": []} | record, "formerNames", list)]
    code, incorporated = _location_code(address), field(record, "stateOfIncorporation", str, type(None)) or None
    location(incorporated)
    row = {
        "cik": cik_of(field(record, "cik", str)),
        "company": name,
        "former_names": "|".join(dict.fromkeys(former_name for former_name in former if former_name != name)) or None,
        "tickers": "|".join(texts(record, "tickers")) or None if "tickers" in record else None,
        "sic": field(record, "sic", str, type(None)) or None,
        "place": field(address, "city", str, type(None)),
        "region": location(code).region or _optional_text(address, "foreignStateTerritory"),
        "location_code": code,
        "country": location(code).country,
        "incorporated_code": incorporated,
        ROW: 1,
    }
    return pl.DataFrame([row], schema={**Issuers.create_empty().schema, ROW: pl.Int32})


def _optional_text(record: dict[str, Any], name: str) -> str | None:
    value: str | None = field({name: None} | record, name, str, type(None))
    return value


def _location_code(address: dict[str, Any]) -> str | None:
    """Return the code of an address in either of its two formats."""
    both = (field(address, "stateOrCountry", str, type(None)), _optional_text(address, "countryCode"))
    codes = sorted({code for code in both if code})
    if len(codes) > 1:
        raise refuse(f"the address is in {' and '.join(codes)}", CHANGED, column="countryCode")
    return codes[0] if codes else None


def parse_filings(content: bytes) -> pl.DataFrame:
    """Return the filings of a submissions file, or of a file with further ones."""
    record = record_of(content)
    is_main = "filings" in record
    arrays = field(field(record, "filings", dict), "recent", dict) if is_main else record
    lengths = {name: len(field(arrays, name, list)) for name in arrays}
    if len(set(lengths.values())) > 1:
        shortest = min(lengths, key=lambda name: lengths[name])
        problem = f"contains {lengths[shortest]} values where others contain {max(lengths.values())}"
        raise refuse(problem, CUT, column=shortest)
    values = {column: texts(arrays, name) for column, name in ARRAYS.items()}
    cik = cik_of(field(record, "cik", str)) if is_main else None
    frame = pl.DataFrame(values, schema=dict.fromkeys(ARRAYS, pl.String)).with_columns(pl.lit(cik, pl.Int64).alias("cik"))
    return frame.with_columns(pl.col("file_number", "primary_document").replace("", None)).with_row_index(ROW, offset=1)


def record_of(content: bytes) -> dict[str, Any]:
    """Return the JSON object of an answer of the SEC."""
    if content.lstrip().startswith(b"<?xml") and b"NoSuchKey" in content:
        raise refuse("the SEC knows no issuer with this number", "Correct the number in the list of issuers")
    record = json_value(content)
    if not isinstance(record, dict):
        raise refuse("is not a JSON object", CHANGED)
    return record


def texts(record: Any, name: str) -> list[str]:
    """Return a field that is a list of texts."""
    values: list[str] = field(record, name, list)
    for row, value in enumerate(values, start=1):
        if not isinstance(value, str):
            raise refuse(f"{value!r} is not text", CHANGED, row=row, column=name)
    return values


def submissions_of(get: Get, cik: int) -> dict[Request, bytes]:
    """Return the submissions file of an issuer, and the further files with older filings that it names."""
    main = Request(_main_file(cik), accepts=JSON)
    files = {main: get(main)}
    for further in field(field(record_of(files[main]), "filings", dict), "files", list):
        request = Request(f"https://data.sec.gov/submissions/{field(further, 'name', str)}", accepts=JSON)
        files[request] = get(request)
    return files


def find_files(get: Get) -> Iterator[Request]:
    """Yield the submissions file and the further files of every issuer followed."""
    for cik in ISSUERS:
        yield from submissions_of(get, cik)
