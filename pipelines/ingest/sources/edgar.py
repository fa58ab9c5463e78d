"""Issuers on SEC EDGAR and their filings, the tickers of all, and full-text search for issuers that speak of PRC counsel.

What bites: submissions give a foreign address in two shapes, ``countryCode`` or ``stateOrCountry``, and checking one loses
most issuers; filings beyond the newest thousand stand in further files, which do not say whose they are; the city is dirty
("CHAOYANG DISTRICT BEIJING") and tells where the head office is, not where the company comes from; an unknown number is
answered by XML. Search finds documents, several of one filing, and counts to 10,000 only.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urlencode

import dataframely as dy
import polars as pl

from pipelines import settings
from pipelines.errors import refuse
from pipelines.ingest.contract import ROW, doc
from pipelines.ingest.readers.text import json_value
from pipelines.ingest.request import Politeness, Request
from pipelines.ingest.source import Get, Source, Table
from pipelines.ingest.sources import reference

ACCESSION = r"^[0-9]{10}-[0-9][0-9]-[0-9]{6}$"
DAY = r"^[0-9]{4}-[0-9][0-9]-[0-9][0-9]$"
JSON = ("application/json",)

#: Issuers followed: number at the SEC → ticker. Companies from China that listed in the United States.
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

#: What only prospectuses of companies with business in China say, and where documents are searched for it.
SEARCH = "https://efts.sec.gov/LATEST/search-index"
PHRASE = '"PRC legal counsel"'
FIRST_YEAR = 2001
PAGE_SIZE = 100
#: Column → array of submissions.
ARRAYS = {
    "accession": "accessionNumber",
    "form": "form",
    "filed_on": "filingDate",
    "file_number": "fileNumber",
    "primary_document": "primaryDocument",
}
#: Forms of natural persons: their names are not kept.
_PERSONAL_FORMS = {"3", "4", "5", "144"}

_CHANGED = "Compare the record with the fields expected; if the source changed for good, change its parser"
_CUT = "Fetch it again; it was cut off or damaged"


class Issuers(dy.Schema):
    """One row per issuer followed, as the SEC knows it today."""

    cik = dy.Int64(primary_key=True, min=1, metadata=doc("Number of the issuer at the SEC."))
    company = dy.String(nullable=False, metadata=doc("Name as the SEC conforms it."))
    former_names = dy.String(nullable=True, metadata=doc("Earlier names, separated by |."))
    tickers = dy.String(nullable=True, metadata=doc("Tickers, separated by |."))
    sic = dy.String(nullable=True, regex=r"^[0-9]{4}$", metadata=doc("Industry (SIC).", "Four digits"))
    place = dy.String(nullable=True, metadata=doc("City of the business address as filed; districts and provinces occur."))
    region = dy.String(nullable=True, metadata=doc("State or province of that address."))
    location_code = dy.String(nullable=True, metadata=doc("State or country of that address, by the SEC's code."))
    country = dy.String(nullable=True, regex=r"^[A-Z]{2}$", metadata=doc("ISO country of that code.", "An ISO code"))
    incorporated_code = dy.String(nullable=True, metadata=doc("State or country of incorporation, by the SEC's code."))


class Filings(dy.Schema):
    """One row per filing of an issuer followed."""

    accession = dy.String(primary_key=True, regex=ACCESSION, metadata=doc("Accession number.", "Like 0001193125-14-184994"))
    cik = dy.Int64(nullable=True, min=1, metadata=doc("Number of the issuer; empty in further files, whose address has it."))
    form = dy.String(nullable=False, metadata=doc("Form, such as F-1/A or 424B4."))
    filed_on = dy.String(nullable=False, regex=DAY, metadata=doc("Day of filing.", "YYYY-MM-DD"))
    file_number = dy.String(nullable=True, metadata=doc("Number that all filings of one offering share."))
    primary_document = dy.String(nullable=True, metadata=doc("Name of the main document."))


class Tickers(dy.Schema):
    """One row per ticker with the issuer behind it."""

    ticker = dy.String(primary_key=True, metadata=doc("Ticker."))
    cik = dy.Int64(nullable=False, min=1, metadata=doc("Number of the issuer at the SEC."))
    company = dy.String(nullable=False, metadata=doc("Name as the SEC conforms it."))


class Hits(dy.Schema):
    """One row per filing found by full-text search; a filing whose documents fall on two pages stands on both."""

    accession = dy.String(primary_key=True, regex=ACCESSION, metadata=doc("Accession number.", "Like 0001193125-14-184994"))
    form = dy.String(nullable=False, metadata=doc("Form."))
    filed_on = dy.String(nullable=False, regex=DAY, metadata=doc("Day of filing.", "YYYY-MM-DD"))
    cik = dy.Int64(nullable=False, min=1, metadata=doc("Number of the first filer."))
    company = dy.String(nullable=False, metadata=doc("Name of the first filer."))
    place = dy.String(nullable=True, metadata=doc("City of its business address as filed."))
    location_code = dy.String(nullable=True, metadata=doc("State or country of that address, by the SEC's code."))
    country = dy.String(nullable=True, regex=r"^[A-Z]{2}$", metadata=doc("ISO country of that code.", "An ISO code"))
    sic = dy.String(nullable=True, regex=r"^[0-9]{4}$", metadata=doc("Industry (SIC).", "Four digits"))
    n_documents = dy.Int32(nullable=False, min=1, metadata=doc("Documents of the filing found on this page."))
    total_hits = dy.Int64(nullable=False, min=1, metadata=doc("Documents found in all, as the search says."))
    is_total_capped = dy.Bool(nullable=False, metadata=doc("Whether there are more: then the total counts nothing."))


@dataclass(frozen=True)
class Location:
    """What a code of the SEC stands for: ISO country, and state or province."""

    country: str | None
    region: str | None


@cache
def _locations() -> dict[str, Location]:
    frame = reference.FILES.parse("edgar_locations", (settings.REFERENCE / "edgar_locations.csv").read_bytes())
    return {row["code"]: Location(row["country"], row["region"]) for row in frame.iter_rows(named=True)}


def location(code: str | None, row: int | None = None) -> Location:
    """What the code stands for; nothing for none. Raises Refused, naming ``row``, for one the SEC's table does not hold."""
    if not code:
        return Location(None, None)
    if code not in _locations():
        remedy = "Correct it, or add it to data/reference/edgar_locations.csv"
        raise refuse(f"{code!r} is no location code of the SEC", remedy, row=row, column="location_code")
    return _locations()[code]


def parse_issuers(content: bytes) -> pl.DataFrame:
    """The one issuer of a submissions file."""
    record = _record(content)
    name, address = _field(record, "name", str), _field(_field(record, "addresses", dict), "business", dict)
    former = [_field(one, "name", str) for one in _field({"formerNames": []} | record, "formerNames", list)]
    code, incorporated = _location_code(address), _field(record, "stateOfIncorporation", str | None) or None
    location(incorporated)
    row = {
        "cik": cik_of(_field(record, "cik", str)),
        "company": name,
        "former_names": "|".join(dict.fromkeys(one for one in former if one != name)) or None,
        "tickers": "|".join(_texts(record, "tickers")) or None if "tickers" in record else None,
        "sic": _field(record, "sic", str | None) or None,
        "place": _field(address, "city", str | None),
        "region": location(code).region or _field({"foreignStateTerritory": None} | address, "foreignStateTerritory", str | None),
        "location_code": code,
        "country": location(code).country,
        "incorporated_code": incorporated,
        ROW: 1,
    }
    return pl.DataFrame([row], schema={**Issuers.create_empty().schema, ROW: pl.Int32})


def _location_code(address: dict[str, Any]) -> str | None:
    """The code of an address, in either of its two shapes."""
    shapes = (_field(address, "stateOrCountry", str | None), _field({"countryCode": None} | address, "countryCode", str | None))
    codes = sorted({code for code in shapes if code})
    if len(codes) > 1:
        raise refuse(f"the address is in {' and '.join(codes)}", _CHANGED, column="countryCode")
    return codes[0] if codes else None


def parse_filings(content: bytes) -> pl.DataFrame:
    """The filings of a submissions file, or of a file with further ones."""
    record = _record(content)
    is_main = "filings" in record
    arrays = _field(_field(record, "filings", dict), "recent", dict) if is_main else record
    lengths = {name: len(_field(arrays, name, list)) for name in arrays}
    if len(set(lengths.values())) > 1:
        shortest = min(lengths, key=lambda name: lengths[name])
        raise refuse(f"contains {lengths[shortest]} values where others hold {max(lengths.values())}", _CUT, column=shortest)
    found = {column: _texts(arrays, name) for column, name in ARRAYS.items()}
    cik = cik_of(_field(record, "cik", str)) if is_main else None
    frame = pl.DataFrame(found, schema=dict.fromkeys(ARRAYS, pl.String)).with_columns(pl.lit(cik, pl.Int64).alias("cik"))
    return frame.with_columns(pl.col("file_number", "primary_document").replace("", None)).with_row_index(ROW, offset=1)


def parse_tickers(content: bytes) -> pl.DataFrame:
    """Every ticker."""
    rows = [
        (_field(record, "ticker", str), _field(record, "cik_str", int), _field(record, "title", str), number)
        for number, record in enumerate(_record(content).values(), start=1)
    ]
    return pl.DataFrame(rows, schema=["ticker", "cik", "company", ROW], orient="row")


def parse_hits(content: bytes) -> pl.DataFrame:
    """The filings of one page of an answer, each once, in the order found."""
    hits, total, is_capped = _answer(content)
    if len(hits) > PAGE_SIZE:
        raise refuse(f"{len(hits)} hits on a page of {PAGE_SIZE}", "Fetch it again; look for repeated hits")
    rows: dict[str, dict[str, Any]] = {}
    for number, hit in enumerate(hits, start=1):
        found = _field(hit, "_source", dict)
        form, accession = _field(found, "form", str), _field(found, "adsh", str)
        if form.removesuffix("/A") in _PERSONAL_FORMS:
            continue
        if accession in rows:
            rows[accession]["n_documents"] += 1
            continue
        place, _, code = (_first(found, "biz_locations") or "").rpartition(", ")
        rows[accession] = {
            "accession": accession,
            "form": form,
            "filed_on": _field(found, "file_date", str),
            "cik": cik_of(_first(found, "ciks")),
            # Example Link Ltd  (EXLK)  (CIK 0000000123)
            "company": re.sub(r"(  \([^()]*\))+$", "", _first(found, "display_names") or ""),
            "place": place or None,
            "location_code": code or None,
            "country": location(code, number).country,
            "sic": _first(found, "sics"),
            "n_documents": 1,
            "total_hits": total,
            "is_total_capped": is_capped,
            ROW: number,
        }
    return pl.DataFrame(list(rows.values()), schema={**Hits.create_empty().schema, ROW: pl.Int32})


def _answer(content: bytes) -> tuple[list[Any], int, bool]:
    """Hits, the total, and whether it is only a lower bound; raises Refused for an answer that is not whole."""
    answer = _record(content)
    if _field(answer, "timed_out", bool) or _field(_field(answer, "_shards", dict), "failed", int):
        raise refuse("the search did not reach all documents", "Fetch it again later")
    found = _field(answer, "hits", dict)
    total = _field(found, "total", dict)
    return _field(found, "hits", list), _field(total, "value", int), _field(total, "relation", str) != "eq"


def _record(content: bytes) -> dict[str, Any]:
    if content.lstrip().startswith(b"<?xml") and b"NoSuchKey" in content:
        raise refuse("the SEC knows no issuer of that number", "Correct the number in the list of issuers")
    record = json_value(content)
    if not isinstance(record, dict):
        raise refuse("is no JSON object", _CHANGED)
    return record


def _field(record: Any, name: str, kind: Any) -> Any:
    """A field of a JSON object; raises Refused if it is missing or of another kind."""
    if not isinstance(record, dict) or name not in record:
        raise refuse("the field is missing", _CHANGED, column=name)
    if not isinstance(record[name], kind) or (isinstance(record[name], int) and record[name] >= 2**63):
        raise refuse(f"is a {type(record[name]).__name__} where another kind of value was expected", _CHANGED, column=name)
    return record[name]


def _texts(record: dict[str, Any], name: str) -> list[str]:
    values = _field(record, name, list)
    for row, value in enumerate(values, start=1):
        if not isinstance(value, str):
            raise refuse(f"{value!r} is not a text", _CHANGED, row=row, column=name)
    return values


def _first(record: dict[str, Any], name: str) -> str | None:
    return next(iter(_texts(record, name)), None)


def cik_of(text: str | None) -> int:
    """The number of an issuer; raises Refused for anything else."""
    if not text or not re.fullmatch(r"[0-9]{1,10}", text):
        raise refuse(f"{text!r} is no number of an issuer", _CHANGED, column="cik")
    return int(text)


def _main_file(cik: int) -> Request:
    return Request(f"https://data.sec.gov/submissions/CIK{cik:010}.json", accepts=JSON)


def submissions_of(get: Get, cik: int) -> dict[Request, bytes]:
    """The submissions file of an issuer, and the further files with older filings that it names."""
    main = _main_file(cik)
    found = {main: get(main)}
    for further in _field(_field(_record(found[main]), "filings", dict), "files", list):
        request = Request(f"https://data.sec.gov/submissions/{_field(further, 'name', str)}", accepts=JSON)
        found[request] = get(request)
    return found


def filing_files(get: Get) -> Iterator[Request]:
    """The same of every issuer followed."""
    for cik in ISSUERS:
        yield from submissions_of(get, cik)


def search_pages(get: Get) -> Iterator[Request]:
    """Every page of answers, year by year; raises Refused where a year holds more than the search counts."""
    for year in range(FIRST_YEAR, date.today().year + 1):
        first = _page(year, 0)
        _, total, is_capped = _answer(get(first))
        if is_capped:
            raise refuse(f"more than {total} hits in {year}", "Search for shorter periods, or for a rarer phrase")
        for start in range(0, total, PAGE_SIZE):
            yield _page(year, start)


def _page(year: int, start: int) -> Request:
    period = {"dateRange": "custom", "startdt": f"{year}-01-01", "enddt": f"{year}-12-31"}
    return Request(f"{SEARCH}?{urlencode({'q': PHRASE, 'forms': 'F-1', **period, 'from': start})}", accepts=JSON)


SOURCE = Source(
    name="edgar",
    title="Issuers, filings, tickers and full-text search of SEC EDGAR",
    publisher="U.S. Securities and Exchange Commission",
    landing_page="https://www.sec.gov/search-filings/edgar-application-programming-interfaces",
    licence="Public domain (work of the United States government)",
    licence_class="open",
    citation="U.S. Securities and Exchange Commission, EDGAR",
    cadence="weekly",
    tables=(
        Table("issuers", Issuers, (30, 200), parse_issuers, tuple(_main_file(cik).url for cik in ISSUERS), accepts=JSON),
        Table("filings", Filings, (5_000, 60_000), parse_filings, filing_files, accepts=JSON),
        Table(
            "tickers", Tickers, (8_000, 14_000), parse_tickers, ("https://www.sec.gov/files/company_tickers.json",), accepts=JSON
        ),
        Table("hits", Hits, (50, 30_000), parse_hits, search_pages, accepts=JSON),
    ),
    politeness=Politeness(seconds_between=0.15, needs_contact=True),
)
