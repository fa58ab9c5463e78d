"""Read financing events of 1999–2016, and the places of China's investing firms, from IT桔子 (itjuzi.com).

Others collected both files from the site and published them without a licence. An event has a province, a municipality or a
region, but never a city. A date on the 1st mostly means that only the month is known. Half of the amounts are classes such
as 数百万人民币, which ``ingest.amounts`` reads. The second file lists people; the parser keeps only how many people a firm
has at an address and drops everything else about them.
"""

import re
from typing import Any

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest import columns, missing
from pipelines.ingest.amounts import KINDS, with_amounts
from pipelines.ingest.contract import ROW, conform
from pipelines.ingest.readers.text import CHANGED, CSV_TYPES, csv_rows, decode, json_values
from pipelines.ingest.source import Source, fixed_table

EVENTS = "https://raw.githubusercontent.com/zluckyhou/itjuzi/afad3cda1979b03d85a9d79470cad807176a913b/invest_event.csv"
PEOPLE = "https://raw.githubusercontent.com/tonywangcn/CrawlerOfItjuzi/c4ac355463d01654f3403211ed8ad1171a1af5e3/investorinfo.json"
JSON_TYPES = ("text/plain", "application/json")

HEADER = ["date", "link", "company", "field", "place", "round", "amount", "investor"]
FIELDS = [
    "电子商务", "企业服务", "文化娱乐", "本地生活", "金融", "游戏", "硬件", "教育", "医疗健康", "汽车交通", "社交网络", "旅游",
    "工具软件", "广告营销", "房产服务", "体育运动", "物流", "移动互联网",
]  # fmt: skip
PLACES = [
    "北京", "上海", "天津", "重庆", "广东", "浙江", "江苏", "四川", "福建", "湖北", "陕西", "山东", "湖南", "河南", "辽宁",
    "安徽", "海南", "贵州", "河北", "内蒙古", "广西", "山西", "黑龙江", "江西", "甘肃", "云南", "吉林", "新疆", "宁夏", "台湾",
    "香港", "国外",
]  # fmt: skip
ROUNDS = [
    "种子轮", "天使轮", "Pre-A轮", "A轮", "A+轮", "Pre-B轮", "B轮", "B+轮", "C轮", "D轮", "E轮", "F轮-上市前", "IPO上市",
    "IPO上市后", "新三板", "战略投资", "不明确",
]  # fmt: skip
AMOUNT = r"^(未透露|([0-9]+(\.[0-9]+)?[万亿]|数[十百千]万|亿元及以上)(人民币|美元|港元|新台币|日元|英镑|其他))$"

_EVENT = "https://www.itjuzi.com/investevents/"
_LINK = rf"^{_EVENT}[0-9]+$"
#: Events printed twice, identical in every cell.
REPEATED = [_EVENT + number for number in ("1418", "1850", "4528", "9536", "13811", "15492")]
#: Event printed without its field: place and round stand one column too early, and the investor in the column of the round.
SHIFTED = _EVENT + "1206"
#: Event printed without the company's name.
NAMELESS = _EVENT + "8316"

#: Fields that a person's record may have; only the firm and the address are read.
PERSON = {
    "investor_link", "investor_name", "investor_info", "investcase", "investment_stage", "investment_field",
    "work_experience", "educational_experience", "service_organization", "address",
}  # fmt: skip


class Events(dy.Schema):
    """One row per financing event."""

    link = columns.text("Page of the event.", _LINK, primary_key=True)
    date = columns.text(
        "Date of the announcement; the 1st of a month mostly means that only the month is known.",
        r"^(1999|20(0[0-9]|1[0-6]))-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
        "Write YYYY-MM-DD, from 1999 to 2016",
    )
    company = columns.text("Product or company as printed, mostly in Chinese.", nullable=True)
    field = columns.category("Sector.", FIELDS, nullable=True)
    place = columns.category("Province, municipality or region; 国外 means abroad.", PLACES)
    round = columns.category("Round; 新三板 is a listing on the NEEQ, 不明确 means unclear.", ROUNDS)
    amount = columns.text("Amount or its class, as printed.", AMOUNT, "Write it as in 300万美元 or 数千万人民币")
    currency = columns.text("ISO 4217 code; empty where 其他 (other) is printed.", r"^[A-Z]{3}$", nullable=True)
    amount_low = columns.number("Lowest possible amount in that currency; empty if undisclosed.", 0, nullable=True)
    amount_high = columns.number(
        "Highest possible amount: that of amount_low if one figure is printed, empty if open.", 0, nullable=True
    )
    amount_kind = columns.category("One figure, a range, an order of magnitude, or undisclosed.", KINDS)
    investors = columns.text("Investors, as printed; 投资方未透露 where none is named.")

    company_is_given = columns.rule(pl.col("company").is_not_null() | (pl.col("link") == NAMELESS))
    field_is_given = columns.rule(pl.col("field").is_not_null() | (pl.col("link") == SHIFTED))


class EventInvestors(dy.Schema):
    """One row per investor of a financing event; events without a named investor have none."""

    link = columns.text("Page of the event.", _LINK, primary_key=True)
    investor = columns.text("Investor, as printed, with its other name if that is added in brackets.", primary_key=True)
    position = columns.integer("Position among the event's investors; the first need not be the lead.", 1, 100)


class InvestorFirms(dy.Schema):
    """One row per investing firm and address, with the number of its people there."""

    firm = columns.text("Firm, as printed.")
    firm_url = columns.text("Page of the firm.", r"^https://www\.itjuzi\.com/investfirm/[0-9]+$")
    province = columns.text("Province, municipality or continent; empty if people give no address.", nullable=True)
    place = columns.text("City, district of a municipality, or country; empty if people give no address.", nullable=True)
    people = columns.integer("Number of the firm's people who give this address.", 1, 100)


def split_investors(text: str) -> list[str]:
    """Return the investors named in one cell, in their order; none where they were not disclosed.

    Commas separate them, and semicolons in two cells. A hyphen, a slash or brackets stand between two names of one
    investor, often a fund and its parent (盛大资本-盛大网络).
    """
    names = [name.strip() for name in re.split("[,;]", text)]
    return [name for name in names if name and name.casefold() not in missing.WORDS]


def parse_events(content: bytes) -> pl.DataFrame:
    """Return the events, each of those printed twice only once."""
    rows = csv_rows(content, HEADER, encoding="gbk").rename({"investor": "investors"})
    is_second = pl.col("link").is_in(REPEATED) & ~pl.struct(pl.exclude(ROW)).is_first_distinct()
    is_shifted = (pl.col("link") == SHIFTED) & (pl.col("place") == "A轮")
    moved = {"field": pl.lit(None, pl.String), "place": pl.col("field"), "round": pl.col("place"), "investors": pl.col("round")}
    repaired = rows.filter(~is_second).with_columns(
        pl.when(is_shifted).then(cell).otherwise(name).alias(name) for name, cell in moved.items()
    )
    return with_amounts(repaired)


def parse_event_investors(content: bytes) -> pl.DataFrame:
    investors = pl.col("investors").map_elements(split_investors, pl.List(pl.String))
    return (
        conform(parse_events(content), Events)
        .select("link", ROW, investor=investors, position=pl.int_ranges(1, investors.list.len() + 1, dtype=pl.Int32))
        .explode("investor", "position")
    )


def parse_investor_firms(content: bytes) -> pl.DataFrame:
    """Return the number of people by firm and address, from a file of two JSON arrays without a separator."""
    arrays = _arrays(decode(content))
    if len(arrays) != 2:
        raise refuse(f"contains {len(arrays)} JSON arrays, expected two", "Fetch it again; it was cut off or pasted together")
    # The first array is left over from a crawl of links and describes nobody.
    links, people = arrays
    if any(set(link) != {"website"} for link in links):
        raise refuse("the first array contains more than links", "Check what its records hold before they are left out")
    rows = []
    for number, person in enumerate(people, len(links) + 1):
        unknown = sorted(set(person) - PERSON)
        if unknown:
            raise refuse("the field is unknown", CHANGED, row=number, column=unknown[0])
        rows.append((*_pair(person, "service_organization", number), *_pair(person, "address", number), number))
    frame = pl.DataFrame(rows, ["firm", "firm_url", "province", "place", ROW], orient="row")
    keys = pl.col("firm", "firm_url", "province", "place")
    return frame.group_by(keys, maintain_order=True).agg(pl.len().alias("people"), pl.col(ROW).first())


def _arrays(text: str) -> list[list[dict[str, Any]]]:
    """Return the JSON arrays of records that follow each other in the text."""
    arrays = list(json_values(text))
    for array in arrays:
        if not isinstance(array, list) or not all(isinstance(record, dict) for record in array):
            raise refuse("is not a sequence of arrays of records", CHANGED)
    return arrays


def _pair(person: dict[str, Any], name: str, row: int) -> tuple[str | None, str | None]:
    """Return the two texts of a field, or two None if the record lacks it; raise Refused for anything else."""
    match person.get(name):
        case None:
            return None, None
        case [str(first), str(second)]:
            return first.strip(), second.strip()
        case _:
            raise refuse("is not a pair of texts", CHANGED, row=row, column=name)


SOURCE = Source(
    name="itjuzi",
    title="IT桔子: financing events 1999–2016, and the homes of investing firms",
    publisher="IT桔子, by way of zluckyhou/itjuzi and tonywangcn/CrawlerOfItjuzi",
    landing_page="https://www.itjuzi.com",
    licence="None stated; collected from a site that reserves its rights",
    licence_class="restricted",
    citation="IT桔子 (itjuzi.com), events to September 2016 and investors of 2016, as collected on GitHub",
    cadence="once",
    subjects=("deals", "companies", "investors"),
    priority=5,
    tables=(
        fixed_table("events", Events, 15_298, parse_events, (EVENTS,), CSV_TYPES),
        fixed_table("event_investors", EventInvestors, 17_832, parse_event_investors, (EVENTS,), CSV_TYPES),
        fixed_table("investor_firms", InvestorFirms, 1_398, parse_investor_firms, (PEOPLE,), JSON_TYPES),
    ),
)
