"""The publishers of the open sources, each by the rules that public clients met in 2026, on one server of this machine.

What has a recording that ships is served from it; everything else is made up, in the published form and at the size expected.
"""

import hashlib
import re
from collections.abc import Callable
from functools import reduce
from typing import Any

import polars as pl

from pipelines import settings
from pipelines.ingest.recordings import Folder
from pipelines.ingest.sources import financedatabase, moe
from tests.support.parsing import as_json, csv_file, zipped
from tests.support.site import Clock, Handler, Page, Site
from tests.support.workbook import workbook
from tests.unit.ingest.sources import (
    test_edgar,
    test_edgar_covers,
    test_form_d,
    test_openalex,
    test_pcaob,
    test_ror,
    test_wikidata,
    test_wikipedia_unicorns,
)
from tests.unit.ingest.sources.test_financedatabase import COMPANY

HOSTS = (
    "raw.githubusercontent.com", "www.sec.gov", "data.sec.gov", "query.wikidata.org", "zenodo.org",
    "api.openalex.org", "assets.pcaobus.org", "www.moe.gov.cn", "en.wikipedia.org",
    "www2.census.gov",
)  # fmt: skip
JSON = "application/json"
THROTTLED = Page(b"<html><title>SEC.gov | Request Rate Threshold Exceeded</title></html>", "text/html", 403)
UNDECLARED = Page(b"<html>Your Request Originates from an Undeclared Automated Tool</html>", "text/html", 403)
FORBIDDEN, MISSING = Page(status=403), Page(status=404)
ROBOTS = {
    "query.wikidata.org": b"User-agent: *\nDisallow: /sparql\n",
    "zenodo.org": b"User-agent: *\nDisallow: /api\nAllow: /api/records/*/files\nCrawl-delay: 10\n",
    "www.sec.gov": b"User-agent: *\nAllow: /Archives/edgar/data\nDisallow: /cgi-bin\n",
}

Answer = Callable[[re.Match[str]], Page]


class Internet(Site):
    """Answers by host and path; addresses without encryption are those of ``plain``."""

    def __init__(self, clock: Clock, *arguments: Any) -> None:
        super().__init__(clock, *arguments)
        self._requests_of_the_sec = 0
        self._companies_named = 0
        self._answers: dict[str, Answer] = {
            r"https://raw\.githubusercontent\.com/(leiii|datahoarder|nvkelso|ieduer|DaoSword)/.*": _recorded,
            r"https://raw\.githubusercontent\.com/JerBouma/.*/(\w+)\.csv": _exchange,
            r"https://raw\.githubusercontent\.com/john-friedman/.*/(listed_filer_metadata\.csv\.gz)": _filers,
            r"https://data\.sec\.gov/submissions/CIK(\d+)\.json": _submissions,
            r"https://www\.sec\.gov/data-research/.*": lambda _: Page(test_form_d.LISTING, "text/html"),
            r"https://www\.sec\.gov/files/.*/20(..)q._d.*\.zip": _quarter,
            r"https://www\.sec\.gov/Archives/edgar/data/(\d+)/(\d+)/(.*)": _filing,
            r"https://query\.wikidata\.org/sparql": self._companies,
            r"https://zenodo\.org/api/records/6347574": lambda _: Page(_release(), JSON),
            r"https://zenodo\.org/api/records/1/files/.*": lambda _: Page(DUMP, "application/octet-stream"),
            r"https://api\.openalex\.org/institutions": lambda _: Page(as_json(_institutions()), JSON),
            r"https://assets\.pcaobus\.org/firm-filings/FirmFilings\.zip": lambda _: Page(_forms(), "application/zip"),
            r"https://www2\.census\.gov/.*/bds2023_msa_sec_fac\.csv": lambda _: Page(_new_firms(), "text/csv"),
            r"https://en\.wikipedia\.org/wiki/List_of_unicorn_startup_companies": lambda _: Page(_unicorns(), "text/html"),
            r"https://www\.moe\.gov\.cn(/.*)": lambda path: Page(status=302, headers={"Location": f"http://www.moe.gov.cn{path[1]}"}),
            r"http://www\.moe\.gov\.cn/(.*)\.html": lambda page: Page(_link(page[1]), "text/html; charset=utf-8"),
            r"http://www\.moe\.gov\.cn/.*/(20..)\.xls": _list,
        }  # fmt: skip

    def find(self, handler: Handler) -> Page:
        """Return the publisher's page, or its refusal."""
        self.agent = handler.headers["User-Agent"]
        url = handler.path if "://" in handler.path else f"https://{handler.headers['Host']}{handler.path}"
        url = url.partition("?")[0]
        host = url.split("/")[2]
        if refusal := self._refusal(host):
            return refusal
        if url.endswith("/robots.txt"):
            return Page(ROBOTS[host], "text/plain") if host in ROBOTS else MISSING
        matches = ((answer, re.fullmatch(pattern, url)) for pattern, answer in self._answers.items())
        return next((answer(match) for answer, match in matches if match), MISSING)

    def _refusal(self, host: str) -> Page | None:
        if host.endswith("sec.gov"):
            self._requests_of_the_sec += 1
            if not re.fullmatch(r"[\w-]+/[\d.]+ [^\s()/]+@[^\s()/]+", self.agent):
                return UNDECLARED
            return THROTTLED if self._requests_of_the_sec == 50 else None
        is_named = re.search(r"\(\S+@\S+\)", self.agent)
        return FORBIDDEN if host == "query.wikidata.org" and not is_named else None

    def _companies(self, _: re.Match[str]) -> Page:
        """Return forty companies, other ones for every query."""
        self._companies_named += 40
        numbers = range(self._companies_named, self._companies_named + 40)
        company = test_wikidata.COMPANY
        bindings = [test_wikidata.binding(**company | {"company": f"http://www.wikidata.org/entity/Q{n}"}) for n in numbers]
        return Page(test_wikidata.answer(*bindings), "application/sparql-results+json;charset=utf-8")


def _recorded(match: re.Match[str]) -> Page:
    """Return the bytes that ship under this address, as text if they are."""
    folder = Folder(settings.SHIPPED / "data" / "recordings")
    for pattern, url in pl.read_csv(settings.REFERENCE / "replay.csv", infer_schema=False).select("file", "url").iter_rows():
        for file, texts in folder.matches(pattern):
            if reduce(lambda address, text: address.replace("*", text, 1), texts, url) == match[0]:
                return Page(folder.read(file), "application/octet-stream" if file.endswith(".xlsx") else "text/plain")
    return MISSING


def _exchange(match: re.Match[str]) -> Page:
    """Return an exchange with as many companies as the smallest file that is whole."""
    rows = [COMPANY | {"symbol": f"{n}.{match[1]}", "exchange": match[1]} for n in range(financedatabase.EXCHANGES[match[1]])]
    return Page(csv_file(financedatabase.HEADER, *rows), "text/plain")


def _filers(match: re.Match[str]) -> Page:
    """Return the filers with a ticker that ship, as GitHub serves what is compressed."""
    folder = Folder(settings.SHIPPED / "data" / "recordings")
    return Page(folder.read(f"edgar_listed_filers/{match[1]}"), "application/octet-stream")


def _submissions(match: re.Match[str]) -> Page:
    """Return an issuer with eighty filings, of which one is a registration statement and one a prospectus."""
    forms = ["424B4", "F-1", *["6-K"] * 78]
    recent = {
        "accessionNumber": [f"{match[1]}-24-{number:06}" for number in range(80)],
        "form": forms,
        "filingDate": ["2024-01-02"] * 80,
        "fileNumber": ["333-1"] * 80,
        "primaryDocument": ["p.htm", "f.htm", *["k.htm"] * 78],
    }
    return Page(as_json(test_edgar.issuer(cik=match[1], filings={"recent": recent, "files": []})), JSON)


def _filing(match: re.Match[str]) -> Page:
    """Return a header or a main document; nothing else of a submission is there to be fetched."""
    accession = f"{match[2][:10]}-{match[2][10:12]}-{match[2][12:]}"
    form = {"000000": "424B4", "000001": "F-1"}[accession[-6:]]
    if match[3] == f"{accession}.hdr.sgml":
        header = test_edgar_covers.HEADER.replace(b"0000000000-24-000001", accession.encode())
        return Page(header.replace(b"<TYPE>F-1", b"<TYPE>" + form.encode()), "text/plain")
    documents = {"f.htm": test_edgar_covers.html_cover(test_edgar_covers.BLOCK), "p.htm": test_edgar_covers.PROSPECTUS}
    return Page(documents[match[3]].encode(), "text/html") if match[3] in documents else MISSING


def _quarter(match: re.Match[str]) -> Page:
    """Return ten notices of a quarter, with dates in the form of its time."""
    tables = {}
    for name, table in test_form_d.QUARTER.items():
        header, _, rows = table.partition("\n")
        numbered = "".join(rows.replace("-25-", f"-{n}-") for n in range(10, 20))
        tables[f"20{match[1]}_d/{name}.tsv"] = f"{header}\n{numbered}"
    if int(match[1]) < 20:
        submissions = f"20{match[1]}_d/FORMDSUBMISSION.tsv"
        tables[submissions] = tables[submissions].replace("31-DEC-2025", "2013-12-31 17:30:58")
    return Page(zipped(dict(tables)), "application/zip")


def _link(page: str) -> bytes:
    """Return a page of the Ministry that links the list of its year."""
    (year,) = re.findall(r"t(20[0-9]{2})", page)
    return f'<html><a href="/files/{year}.xls">全国普通高等学校名单</a></html>'.encode()


def _list(match: re.Match[str]) -> Page:
    folder, names = Folder(settings.SHIPPED / "data" / "recordings"), {2017: "2017", 2022: "2022-05-31", 2025: "2025-06-20"}
    year = int(match[1])
    if year in names:
        return Page(folder.read(f"moe_list/moe_{names[year]}.xls"), "application/vnd.ms-excel")
    count = moe.TOTALS[year]
    rows = [[str(n), f"大学{n}", f"{4_000_000_000 + n}", "教育部", "北京市", "本科", None] for n in range(1, count + 1)]
    title = f"{moe.NAME}（截至{year}年6月15日）"
    return Page(workbook([["附件1"], [title], list(moe.HEADER), [f"北京市（{count}所）"], *rows]), "application/vnd.ms-excel")


def _new_firms() -> bytes:
    """Return all years of nine hundred areas, with the new firms alone."""
    rows = (
        f"{year},{area},{sector},a) 0,7\n" for year in range(1978, 2024) for area in range(10_100, 11_000) for sector in (51, 54)
    )
    return ("year,msa,sector,fagecoarse,firms\n" + "".join(rows)).encode()


def _unicorns() -> bytes:
    """Return the page with five hundred unicorns and as many former ones."""
    page = test_wikipedia_unicorns.PAGE
    for name in ("Apex", "Acorn"):
        row = next(row for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if f"<td>{name}</td>" in row)
        page = page.replace(row, "\n".join(row.replace(name, f"{name} {number}") for number in range(500)))
    return page.encode()


def _institutions() -> dict[str, Any]:
    """Return a page of a hundred institutions with ten years each."""
    years = [{"year": year, "works_count": 40} for year in range(2015, 2025)]
    page = test_openalex.page(counts_by_year=years)
    (record,) = page["results"]
    numbered = [record | {"id": f"https://openalex.org/I{n}"} for n in range(100)]
    return {"meta": {"count": 100, "per_page": 100}, "results": numbered}


def _forms() -> bytes:
    rows = [test_pcaob.FORM | {"Form Filing ID": str(number)} for number in range(125_000)]
    return zipped({"FirmFilings.csv": csv_file(test_pcaob.FORM, *rows)})


def _dump() -> bytes:
    """Return a dump of two thousand organisations."""
    letters = "abcdefghjk"
    names = (f"https://ror.org/0{''.join(letters[int(digit)] for digit in f'{number:06}')}11" for number in range(2_000))
    return zipped({"v2.16-2026-11-19-ror-data.json": as_json([test_ror.peking(id=name) for name in names])})


DUMP = _dump()


def _release() -> bytes:
    name = "v2.16-2026-11-19-ror-data.zip"
    links = {"self": f"https://zenodo.org/api/records/1/files/{name}/content"}
    return as_json({"files": [{"key": name, "checksum": f"md5:{hashlib.md5(DUMP).hexdigest()}", "links": links}]})
