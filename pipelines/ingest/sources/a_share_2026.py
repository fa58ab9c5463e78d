"""Read the companies listed in Shanghai, Shenzhen and Beijing, with seat, listing date, board, industry and owner, to May 2026.

Both files are exports of Tushare Pro, kept in public repositories at fixed commits. The place of a company is its registered
seat, not its head office; the two agree for 88% of the companies that FinanceDatabase lists in 15 large cities. Six
companies registered in the Cayman Islands or Basel have no province, and three companies have no name.

The files differ in date and scope. The companies (January 2026) include 753 without a listing date: delisted ones, and
applicants to the Beijing exchange. The listings (May 2026) hold only companies still listed, so listings of earlier years
are survivors; 83 of the newest are not among the companies, and only their province is known. The area of a listing is
Shenzhen or a province. The name of the controlling person, where the file has it, is dropped.
"""

from urllib.parse import quote

import dataframely as dy
import polars as pl

from pipelines.ingest import columns
from pipelines.ingest.contract import ROW
from pipelines.ingest.readers.text import CSV_TYPES, csv_rows
from pipelines.ingest.readers.workbook import check_header, sheet_rows
from pipelines.ingest.source import Source, fixed_table

FILES = "https://raw.githubusercontent.com/"
COMPANIES = f"{FILES}yymsunday/finance_assessment/82f6f3519faac2834367621623963e3348d42680/" + quote("上市公司基本信息.xlsx")
LISTINGS = f"{FILES}yzq129/quant-factor/bac99cfa2f121a03eddf3ea04079bc897581eb17/stock_basic.csv"
COMPANIES_HEADER = ("ts_code", "公司名称", "交易所", "注册资金", "省份", "城市", "公司简介", "公司员工数", "主营业务")
LISTINGS_HEADER = ["ts_code", "symbol", "name", "area", "industry", "cnspell", "market", "list_date", "act_ent_type"]
PERSON = "act_name"

BOARDS = {"主板": "Main Board", "创业板": "ChiNext", "科创板": "STAR Market", "北交所": "Beijing Stock Exchange"}
OWNERS = {
    "中央企业": "central government", "地方国有企业": "local government", "集体企业": "collective", "大学": "university",
    "民营企业": "private", "自然人": "natural person", "外资": "foreign", "企业": "company", "其他": "other",
}  # fmt: skip
#: Marks of special treatment, of shares about to be delisted and of classes of shares, which are not part of the name.
_MARKS = r"^(\*?ST|退市)|(-[UWD]+|[AＡ])$"


def _ticker() -> dy.String:
    form = "Write six digits and .SH, .SZ or .BJ"
    return columns.text("Ticker, such as 300750.SZ.", r"^[0-9T][0-9]{5}\.(SH|SZ|BJ)$", form, primary_key=True)


class Companies(dy.Schema):
    """One row per company with a ticker, listed or not, at its registered seat."""

    ticker = _ticker()
    company_zh = columns.text("Registered Chinese name.", nullable=True)
    exchange = columns.category("Exchange: SSE is Shanghai, SZSE Shenzhen, BSE Beijing.", ["SSE", "SZSE", "BSE"])
    region = columns.text("Province of the seat; empty if it is abroad.", nullable=True)
    place = columns.text("City of the seat, as printed.")


class Listings(dy.Schema):
    """One row per company listed in May 2026."""

    ticker = _ticker()
    name_zh = columns.text("Short Chinese name, without marks such as *ST, 退市, Ａ and -U.")
    area = columns.text("Province of the seat, or Shenzhen.", nullable=True)
    industry = columns.text("Industry in Chinese, by Tushare's classification.", nullable=True)
    board = columns.category("Board.", [*BOARDS.values()])
    listed_on = columns.day("First day of trading.", r"^(19[89]|20[0-9])[0-9]-[01][0-9]-[0-3][0-9]$")
    owner_type = columns.category("Kind of the controlling owner.", [*OWNERS.values()])


def parse_companies(content: bytes) -> pl.DataFrame:
    rows = sheet_rows(content)
    check_header(rows[0], COMPANIES_HEADER, 1)
    frame = pl.DataFrame(rows[1:], dict.fromkeys(COMPANIES_HEADER, pl.String), orient="row").with_row_index(ROW, 2)
    return frame.select(ROW, ticker="ts_code", company_zh="公司名称", exchange="交易所", region="省份", place="城市")


def parse_listings(content: bytes) -> pl.DataFrame:
    """Return the listings, without the persons who control the companies."""
    has_persons = PERSON.encode() in content.split(b"\n", 1)[0]
    rows = csv_rows(content, [*LISTINGS_HEADER, PERSON] if has_persons else LISTINGS_HEADER)
    return rows.select(
        ["industry", ROW],
        ticker="ts_code",
        area=pl.col("area").replace({"内蒙": "内蒙古"}),
        name_zh=pl.col("name").str.replace_all(_MARKS, ""),
        board=pl.col("market").replace(BOARDS),
        listed_on=pl.col("list_date").str.replace(r"^([0-9]{4})([0-9]{2})([0-9]{2})$", "$1-$2-$3"),
        owner_type=pl.col("act_ent_type").replace(OWNERS),
    )


SOURCE = Source(
    name="a_share_2026",
    title="Companies listed in mainland China, May 2026",
    publisher="Tushare Pro, as kept in yymsunday/finance_assessment and yzq129/quant-factor",
    landing_page="https://tushare.pro/document/2?doc_id=25",
    licence="free to read; redistribution not permitted",
    completeness="census",
    licence_class="terms",
    citation="Tushare Pro, tables stock_company and stock_basic, 2026",
    cadence="once",
    subjects=("companies",),
    priority=4,
    tables=(
        fixed_table("companies", Companies, 6_194, parse_companies, (COMPANIES,), ("application/octet-stream",)),
        fixed_table("listings", Listings, 5_524, parse_listings, (LISTINGS,), CSV_TYPES),
    ),
)
