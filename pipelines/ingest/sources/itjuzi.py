"""IT桔子 (itjuzi.com): financing events from 1999 to 2016, and where China's investing firms sit.

Two files that others collected from the site and published without a licence. What bites: an event has a province, a
municipality or a region, never a city; a date on the 1st mostly says that no more than the month is known; half the
amounts are classes such as 数百万人民币 (read by ``ingest.amounts``). The second file lists people; only how many a firm
has at an address is kept, and everything else about them is dropped here.
"""

import re
from typing import Any

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest.amounts import KINDS, with_amounts
from pipelines.ingest.contract import ROW, conform, doc
from pipelines.ingest.readers.text import csv_rows, decode, json_values
from pipelines.ingest.source import Source, Table

EVENTS = "https://raw.githubusercontent.com/zluckyhou/itjuzi/afad3cda1979b03d85a9d79470cad807176a913b/invest_event.csv"
PEOPLE = "https://raw.githubusercontent.com/tonywangcn/CrawlerOfItjuzi/c4ac355463d01654f3403211ed8ad1171a1af5e3/investorinfo.json"

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
#: Stands in the place of the investors where none was named.
UNDISCLOSED = "投资方未透露"

_EVENT = "https://www.itjuzi.com/investevents/"
#: Printed twice, alike in every cell.
REPEATED = [_EVENT + number for number in ("1418", "1850", "4528", "9536", "13811", "15492")]
#: Printed without its field, so that place and round stand one column early and the investor in the round's.
SHIFTED = _EVENT + "1206"
#: Printed without the company's name.
NAMELESS = _EVENT + "8316"

#: What a person's record may hold; of these only the firm and the address are read.
PERSON = {
    "investor_link", "investor_name", "investor_info", "investcase", "investment_stage", "investment_field",
    "work_experience", "educational_experience", "service_organization", "address",
}  # fmt: skip


class Events(dy.Schema):
    """One row per financing event."""

    link = dy.String(primary_key=True, regex=rf"^{_EVENT}[0-9]+$", metadata=doc("Page of the event."))
    date = dy.String(
        nullable=False,
        regex=r"^(1999|20(0[0-9]|1[0-6]))-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
        metadata=doc("Day of the announcement; the 1st mostly means the month alone.", "YYYY-MM-DD, 1999 to 2016"),
    )
    company = dy.String(nullable=True, metadata=doc("Product or company as printed, mostly Chinese."))
    field = dy.Enum(FIELDS, nullable=True, metadata=doc("Sector."))
    place = dy.Enum(PLACES, nullable=False, metadata=doc("Province, municipality or region; 国外 is abroad."))
    round = dy.Enum(ROUNDS, nullable=False, metadata=doc("Round; 新三板 is a listing on the NEEQ, 不明确 is unclear."))
    amount = dy.String(
        nullable=False, regex=AMOUNT, metadata=doc("Amount or its class as printed.", "As in 300万美元 or 数千万人民币")
    )
    currency = dy.String(nullable=True, regex=r"^[A-Z]{3}$", metadata=doc("ISO 4217 code; null where 其他 (another) is printed."))
    amount_low = dy.Float64(nullable=True, min=0, metadata=doc("Least it can be, in that currency; null if undisclosed."))
    amount_high = dy.Float64(nullable=True, min=0, metadata=doc("Most it can be; equal if one figure is printed; null if open."))
    amount_kind = dy.Enum(KINDS, nullable=False, metadata=doc("One figure, a range, an order of magnitude, or undisclosed."))
    investors = dy.String(nullable=False, metadata=doc("Investors as printed; 投资方未透露 where none was named."))

    @dy.rule()
    def company_is_given(cls) -> pl.Expr:
        return pl.col("company").is_not_null() | (pl.col("link") == NAMELESS)

    @dy.rule()
    def field_is_given(cls) -> pl.Expr:
        return pl.col("field").is_not_null() | (pl.col("link") == SHIFTED)


class EventInvestors(dy.Schema):
    """One row per investor of a financing event; events without a named investor have none."""

    link = dy.String(primary_key=True, regex=rf"^{_EVENT}[0-9]+$", metadata=doc("Page of the event."))
    investor = dy.String(primary_key=True, metadata=doc("Investor as printed, with the other name that may stand in brackets."))
    position = dy.Int32(nullable=False, min=1, metadata=doc("Its place among the event's investors; the first need not lead."))


class InvestorFirms(dy.Schema):
    """One row per investing firm and address, with the number of its people there."""

    firm = dy.String(nullable=False, metadata=doc("Firm as printed."))
    firm_url = dy.String(nullable=False, regex=r"^https://www\.itjuzi\.com/investfirm/[0-9]+$", metadata=doc("Page of the firm."))
    province = dy.String(nullable=True, metadata=doc("Province, municipality or continent; null where people give no address."))
    place = dy.String(nullable=True, metadata=doc("City, district of a municipality, or country; null as above."))
    people = dy.Int32(nullable=False, min=1, max=100, metadata=doc("People of the firm who give this address."))


def split_investors(text: str) -> list[str]:
    """The investors named in one field, in their order; none for 投资方未透露.

    They are separated by commas, in two fields by semicolons. A hyphen, a slash or brackets stand between two names of
    one investor, often a fund and its parent (盛大资本-盛大网络).
    """
    names = [name.strip() for name in re.split("[,;]", text)]
    return [name for name in names if name and name != UNDISCLOSED]


def parse_events(content: bytes) -> pl.DataFrame:
    """The events, without the second print of those printed twice."""
    rows = csv_rows(content, HEADER, encoding="gbk").rename({"investor": "investors"})
    is_second = pl.col("link").is_in(REPEATED) & ~pl.struct(pl.exclude(ROW)).is_first_distinct()
    shifted = (pl.col("link") == SHIFTED) & (pl.col("place") == "A轮")
    moved = {"field": pl.lit(None, pl.String), "place": pl.col("field"), "round": pl.col("place"), "investors": pl.col("round")}
    repaired = rows.filter(~is_second).with_columns(
        pl.when(shifted).then(to).otherwise(name).alias(name) for name, to in moved.items()
    )
    return with_amounts(repaired, "amount")


def parse_event_investors(content: bytes) -> pl.DataFrame:
    """The investors of the events, one by one."""
    split = pl.col("investors").map_elements(split_investors, pl.List(pl.String))
    return (
        conform(parse_events(content), Events)
        .select("link", ROW, investor=split, position=pl.int_ranges(1, split.list.len() + 1, dtype=pl.Int32))
        .explode("investor", "position")
    )


def parse_investor_firms(content: bytes) -> pl.DataFrame:
    """People counted by firm and address, out of two JSON arrays run together."""
    arrays = _arrays(decode(content))
    if len(arrays) != 2:
        raise refuse(
            f"holds {len(arrays)} JSON arrays, expected two run together", "Fetch it again; it was cut or pasted together"
        )
    # The first array is left over from a crawl of links and describes nobody.
    leftover, people = arrays
    for one in leftover:
        if set(one) != {"website"}:
            raise refuse("the first array holds more than links", "Look at what its records say before they are left out")
    rows = []
    for number, person in enumerate(people, len(leftover) + 1):
        unknown = sorted(set(person) - PERSON)
        if unknown:
            raise refuse("the field is not known", "Compare the record with its neighbours", row=number, column=unknown[0])
        rows.append((*_pair(person, "service_organization", number), *_pair(person, "address", number), number))
    frame = pl.DataFrame(rows, ["firm", "firm_url", "province", "place", ROW], orient="row")
    keys = pl.col("firm", "firm_url", "province", "place")
    return frame.group_by(keys, maintain_order=True).agg(pl.len().alias("people"), pl.col(ROW).first())


def _arrays(text: str) -> list[list[dict[str, Any]]]:
    """The JSON arrays of records that stand one after another in the text."""
    arrays = list(json_values(text))
    for array in arrays:
        if not isinstance(array, list) or not all(isinstance(record, dict) for record in array):
            raise refuse("is not made of arrays of records", "Compare the file with the one recorded")
    return arrays


def _pair(person: dict[str, Any], name: str, number: int) -> tuple[str | None, str | None]:
    """The two texts of a field, or twice None if the record lacks it."""
    match person.get(name):
        case None:
            return None, None
        case [str(first), str(second)]:
            return first.strip(), second.strip()
        case _:
            raise refuse("is not a pair of texts", "Compare the record with its neighbours", row=number, column=name)


SOURCE = Source(
    name="itjuzi",
    title="IT桔子: financing events 1999–2016, and the homes of investing firms",
    publisher="IT桔子, by way of zluckyhou/itjuzi and tonywangcn/CrawlerOfItjuzi",
    landing_page="https://www.itjuzi.com",
    licence="None stated; collected from a site that reserves its rights",
    licence_class="restricted",
    citation="IT桔子 (itjuzi.com), events to September 2016 and investors of 2016, as collected on GitHub",
    cadence="once",
    tables=(
        Table("events", Events, (15_298, 15_298), parse_events, (EVENTS,), accepts=("text/plain", "text/csv"), is_final=True),
        Table(
            "event_investors",
            EventInvestors,
            (17_832, 17_832),
            parse_event_investors,
            (EVENTS,),
            accepts=("text/plain", "text/csv"),
            is_final=True,
        ),
        Table(
            "investor_firms",
            InvestorFirms,
            (1_398, 1_398),
            parse_investor_firms,
            (PEOPLE,),
            accepts=("text/plain", "application/json"),
            is_final=True,
        ),
    ),
)
