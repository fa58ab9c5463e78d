"""Names of companies, investors, universities and service firms → one entity each, whatever the source, language or spelling.

Four steps, each of which says why. A source's own key joins its mentions. Names that are equal once case,
punctuation and legal endings are gone join mentions that nothing else sets apart. Names that are merely alike, and
equal names that something sets apart, are weighed by Splink (Fellegi and Sunter 1969) with the weights of ``EVIDENCE``.
A reviewed decision (``data/reference/name_overrides.csv``) wins over all of it.

What keeps an entity from growing by chains: no two mentions in it may contradict each other (two keys of one source,
two countries, founding years more than three apart), and alikeness joins a mention only to the best trusted of an
entity. A mention that fits two entities equally well joins neither.

What belongs here: comparing names. What does not: places (``pipelines/places``) and how any source reads.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, combinations, count, product
from math import log2
from typing import NamedTuple

import duckdb
import polars as pl

from pipelines.errors import InputError, Problem

OVERRIDES = "data/reference/name_overrides.csv"
KINDS = ("company", "investor", "university", "service_firm")

#: What ``resolve`` takes: one row per mention of a name in a source.
#: mention: unique id. key: the source's own identity (permalink, stock code), or the name where its spelling is settled
#: there. name_other: names in another language and former names, separated by ``|``. country: ISO 3166 alpha-2.
#: city: as resolved. founded: year. rank: trust in the source, 0 the most; the best ranked mention names the entity.
MENTION_SCHEMA = pl.Schema(
    {
        "mention": pl.String,
        "kind": pl.String,
        "source": pl.String,
        "key": pl.String,
        "name": pl.String,
        "name_other": pl.String,
        "country": pl.String,
        "city": pl.String,
        "founded": pl.Int32,
        "rank": pl.Int32,
    }
)
LINK_SCHEMA = pl.Schema(
    {
        "mention": pl.String,
        "entity": pl.String,
        "how": pl.String,
        "probability": pl.Float64,
        "matched": pl.String,
        "explanation": pl.String,
    }
)


@dataclass(frozen=True)
class Resolution:
    """``links`` (``LINK_SCHEMA``), sorted by mention: the entity of each, unique within a kind, and why.

    ``how`` is alone, same key, same name, splink or override; ``matched`` is the mention it was compared with, null if
    alone; ``explanation`` one sentence saying what agreed. From match to match, all lead to the best ranked mention.
    """

    links: pl.DataFrame


# ----------------------------------------------------------------------------------------------------------------------
# A name, taken apart

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_BRACKETED = re.compile(r"^(.+?)\s*\((?:formerly |fka )?([^()]+)\)$")
_FORMERLY = re.compile(r"\((?:formerly|fka) ")
_TAILED = re.compile(r"^([\u3400-\u9fff]{2,}) ?[a-zA-Z][a-zA-Z .]+$")

_LEGAL = frozenset(
    "ab ag asa berhad bhd bv co company corp corporation gmbh inc incorporated kg kk limited llc llp lp ltd nv oy pc plc "  # noqa: SIM905
    "private professional pte pty pvt sa sarl se spa srl".split()
)
_LEGAL_CJK = re.compile(
    r"(?:(?:股份|集团)?有限(?:责任)?公司|股份公司|集团公司|集团|公司|株式会社|特殊普通合伙|普通合伙|有限合伙)$"
)
#: Words that say what a firm is rather than which, by the meaning they share. They are kept apart from the core of the
#: name as a weaker signal; 网, "net", is no signal at all.
_GENERIC = {
    "company": {
        "technology": "technology technologies tech innovation innovations",
        "group": "group holding holdings",
        "international": "international",
        "network": "network networks",
        "software": "software",
        "system": "system systems",
        "solution": "solution solutions",
        "lab": "lab labs laboratories",
        "科技": "科技 技术 信息技术 信息 数字技术 网络 软件 创新",
        "集团": "集团 控股 股份",
        "国际": "国际",
        "com": "com cn net org",
        "": "网",
    },
    "investor": {
        "capital": "capital",
        "venture": "venture ventures",
        "partner": "partner partners",
        "fund": "fund funds",
        "investment": "investment investments",
        "management": "management advisors advisers advisory",
        "equity": "equity",
        "associate": "associates",
        "group": "group holding holdings",
        "international": "international",
        "资本": "资本",
        "创投": "创投 创业投资 风险投资 风投 天使投资",
        "基金": "基金",
        "投资": "投资 股权 股权投资",
        "管理": "管理 资产 合伙企业",
        "集团": "集团 控股",
        "国际": "国际",
        "com": "com cn net org",
    },
    "university": {},
    "service_firm": {
        "law": "law lawyers attorneys advocates solicitors",
        "firm": "firm office offices",
        "partner": "partners associates",
        "group": "group",
        "international": "international",
        "律师": "律师事务所 会计师事务所 事务所 律师 咨询",
    },
}
#: Countries and regions in names: "Sequoia Capital China" is not "Sequoia Capital".
_LANDS = {
    "CN": "china 中国",
    "HK": "hongkong 香港",
    "TW": "taiwan 台湾",
    "JP": "japan 日本",
    "KR": "korea 韩国",
    "IN": "india 印度",
    "SG": "singapore 新加坡",
    "IL": "israel 以色列",
    "US": "usa 美国",
    "GB": "uk 英国",
    "DE": "germany deutschland 德国",
    "FR": "france 法国",
    "BR": "brazil brasil 巴西",
    "RU": "russia 俄罗斯",
    "CA": "canada 加拿大",
    "AU": "australia 澳大利亚",
    "Asia": "asia asian 亚洲 亚太",
    "Europe": "europe european 欧洲",
    "Africa": "africa 非洲",
}
#: Cities and provinces that Chinese companies carry in their registered names.
_TOWNS = {
    "Beijing": "北京",
    "Shanghai": "上海",
    "Shenzhen": "深圳",
    "Guangzhou": "广州",
    "Hangzhou": "杭州",
    "Nanjing": "南京",
    "Suzhou": "苏州",
    "Wuhan": "武汉",
    "Chengdu": "成都",
    "Chongqing": "重庆",
    "Tianjin": "天津",
    "Xiamen": "厦门",
    "Qingdao": "青岛",
    "Dalian": "大连",
    "Xi'an": "西安",
    "Changsha": "长沙",
    "Hefei": "合肥",
    "Zhengzhou": "郑州",
    "Jinan": "济南",
    "Ningbo": "宁波",
    "Wuxi": "无锡",
    "Zhuhai": "珠海",
    "Dongguan": "东莞",
    "Guangdong": "广东",
    "Zhejiang": "浙江",
    "Jiangsu": "江苏",
    "Sichuan": "四川",
    "Hunan": "湖南",
    "Hubei": "湖北",
    "Fujian": "福建",
    "Shandong": "山东",
    "Anhui": "安徽",
    "Yunnan": "云南",
}
_PLACE_OF = {spelling: place for place, spellings in _LANDS.items() for spelling in spellings.split()}
_PLACE_OF |= {town.casefold().replace("'", ""): town for town in _TOWNS if town != "Wuxi"}  # WuXi AppTec is no AppTec
_PLACE_OF |= {f"{chinese}{ending}": town for town, chinese in _TOWNS.items() for ending in ("", "市", "省")}
_MEANING = {
    kind: {word: meaning for meaning, words in meanings.items() for word in words.split()} for kind, meanings in _GENERIC.items()
}
_PLACES_CJK = sorted(filter(_CJK.match, _PLACE_OF), key=lambda one: (-len(one), one))
_WORDS_CJK = {kind: sorted(filter(_CJK.match, words), key=lambda one: (-len(one), one)) for kind, words in _MEANING.items()}
_LINKING = frozenset({"and", "of", "the", "at", "in", "for"})
_SPELLED_OUT = {"univ": "university", "inst": "institute", "st": "saint"}


def fold(name: str) -> str:
    """The form in which names are compared: no case, accents, punctuation, article or legal ending.

    Latin names keep single spaces between words; names with Chinese, Japanese or Korean letters have none. Words such
    as Capital or Technology stay, since two firms may differ in nothing else.
    """
    words = _words(name)
    if any(map(_CJK.search, words)):
        folded = "".join(words)
        while (shorter := _LEGAL_CJK.sub("", folded)) not in ("", folded):
            folded = shorter
        return folded
    if words[:1] == ["the"] and len(words) > 1:
        del words[0]
    while len(words) > 1 and (words[-1] in _LEGAL or words[-1] == "and"):
        del words[-1]
    return " ".join(words)


def _words(name: str) -> list[str]:
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    text = unicodedata.normalize("NFC", "".join(letter for letter in text if not unicodedata.combining(letter)))
    text = re.sub(r"['’‘`´]", "", text).replace("&", " and ").replace("hong kong", "hongkong")
    text = re.sub(r"(?<=\b\w)\.(?=\s?\w\b)", "", text)  # u.s. → us
    text = re.sub(r"(?<=\w)\.(?!(?:com|cn|net|org)\b)(?=\w)", "", text)  # ele.me → eleme, but ctrip.com → ctrip com
    return re.findall(r"[^\W_]+", text)


class _Form(NamedTuple):
    """One name: ``full`` is its fold without spaces; ``core`` is left when places and generic words are set aside."""

    shown: str
    full: str
    core: str = ""
    meanings: tuple[str, ...] = ()
    place: str | None = None
    initials: tuple[str, ...] = ()
    is_cjk: bool = False
    is_long: bool = False


_NO_NAME = _Form("", "")


def _forms(kind: str, name: str) -> Iterator[_Form]:
    """A name and the names it holds: "Didi (滴滴)" is two, "Megvii (Face++)" is also Megvii, "36氪36Kr" also 36氪."""
    name = unicodedata.normalize("NFKC", name).strip()
    yield _form(kind, name)
    if kind == "university":  # China University of Petroleum (Beijing)
        return
    if bracketed := _BRACKETED.match(name):
        outer, inner = bracketed.groups()
        if _CJK.search(outer) and not _CJK.search(inner):
            yield _form(kind, outer)
        elif (_CJK.search(inner) and not _CJK.search(outer)) or _FORMERLY.search(name):
            yield from (_form(kind, outer), _form(kind, inner))
        elif fold(inner) not in _PLACE_OF:
            yield _form(kind, outer)
    elif tailed := _TAILED.match(name):
        yield _form(kind, tailed[1])


def _form(kind: str, name: str) -> _Form:
    folded = fold(name)
    if _CJK.search(folded):
        return _Form(name, folded, *_core_cjk(kind, folded), is_cjk=True, is_long=len(folded) > 3)
    words = folded.split()
    # With and without the legal ending: TSMC ends in Company.
    initials = {"".join(word[0] for word in said if word not in _LINKING) for said in (words, _words(name))}
    told = tuple(sorted(one for one in initials if len(one) > 2))
    return _Form(name, "".join(words), *_core_latin(kind, words), told, is_long=len(words) > 1)


def _core_latin(kind: str, words: list[str]) -> tuple[str, tuple[str, ...], str | None]:
    """Core, meanings of the generic words, place."""
    if kind == "university":
        return " ".join(_SPELLED_OUT.get(word, word) for word in words if word not in _LINKING), (), None
    generic = _MEANING[kind]
    first, *others = [word for word in words if word not in _PLACE_OF] or [""]
    # The first word is never generic ("Capital Today"), and alone it is not one if it could be ("Partners Group").
    core = [first, *(word for word in others if word not in generic and word != "and")]
    if not first or (first in generic and len(core) == 1):
        return " ".join(words), (), None
    meanings = {generic[word] for word in others if word in generic} - {""}
    places = {_PLACE_OF[word] for word in words if word in _PLACE_OF} if kind != "service_firm" else ()
    return " ".join(core), tuple(sorted(meanings)), "+".join(sorted(places)) or None


def _core_cjk(kind: str, folded: str) -> tuple[str, tuple[str, ...], str | None]:
    """Core, meanings of the generic words, place."""
    if kind == "university":
        return folded, (), None
    generic = _MEANING[kind]
    core = folded
    cut: set[str] = set()
    for place in _PLACES_CJK:
        if core.startswith(place) and len(core) >= len(place) + 2:
            core = core.removeprefix(place)
            cut.add(place)
            break
    endings = (*_WORDS_CJK[kind], *_PLACES_CJK)
    while ending := next((one for one in endings if core.endswith(one) and len(core) >= len(one) + 2), None):
        core = core.removesuffix(ending)
        cut.add(ending)
    if core in generic:
        return folded, (), None
    meanings = {generic[word] for word in cut if word in generic} - {""}
    places = {_PLACE_OF[word] for word in cut if word in _PLACE_OF} if kind != "service_firm" else ()
    return core, tuple(sorted(meanings)), "+".join(sorted(places)) or None


# ----------------------------------------------------------------------------------------------------------------------
# What weighs how much

#: Founding years further apart than this are not told of one firm.
YEARS_APART = 3
#: Probability that one name is one entity, by what else agrees: nothing, the country alone, more. Companies in two
#: exports of one database, told apart by its own keys: 39 of 50, 26 of 26, 3,773 of 3,830, where about half of the
#: others were the same company entered twice; investors of which nothing else is known, read by eye: 40 of 40.
SAME_NAME = (0.9, 0.97, 0.985)
#: Least probability for names that are alike.
THRESHOLD = {"company": 0.9, "investor": 0.9, "university": 0.75, "service_firm": 0.75}
#: Share of matches among the pairs of the labelled tuning half that reach the weighing.
PRIOR = 1 / 3
#: A part of a name that more entities share proves nothing, and comparing them all would not scale.
CROWD = 60


class Level(NamedTuple):
    """One outcome of a comparison and its match weight: log2 of how much oftener it is seen where the two are one."""

    says: str
    sql: str
    bits: float


_SAME_CORE = "replace(core_l, ' ', '') = replace(core_r, ' ', '')"
_CONTAINED = "(list_has_all({0}_l, {0}_r) or list_has_all({0}_r, {0}_l))"
_SHARED = f"{_CONTAINED} and (len({{0}}_l) > 0) = (len({{0}}_r) > 0)"
_IS_ARM = (
    "kind_l = 'investor' and ("
    + " or ".join(f"list_contains(words_l, '{word}') <> list_contains(words_r, '{word}')" for word in ("venture", "investment"))
    + ")"
)
_ONE_LETTER = (
    "least(length(core_l), length(core_r)) >= 10 "
    "and damerau_levenshtein(replace(core_l, ' ', ''), replace(core_r, ' ', '')) <= 1 "
    "and regexp_replace(core_l, '[^0-9]', '', 'g') = regexp_replace(core_r, '[^0-9]', '', 'g')"
)
_INITIALS = "(list_contains(initials_l, latin_r) or list_contains(initials_r, latin_l))"
_WITHIN = "(starts_with(core_l, core_r || ' ') or starts_with(core_r, core_l || ' ')) and kind_l <> 'university'"
_SITS_IN = "(place_{0} is null and (place_{1} = country_{0} or place_{1} = city_{0}))"

#: The model: comparison → when nothing can be said, and the outcomes, tried in order. Weights come from the tuning half
#: of the labelled pairs (``tests/pairs_*.csv``), lowered where real sources, read by eye, spoke against them: one
#: letter, initials and a first word in common prove less there than among well-known names.
EVIDENCE: dict[str, tuple[str, tuple[Level, ...]]] = {
    "latin": (
        "latin_l is null or latin_r is null",
        (
            Level("the same Latin name", "latin_l = latin_r", 3.2),
            Level(
                "the same Latin name, once with words that an investing arm would have",
                f"{_SAME_CORE} and {_CONTAINED.format('words')} and {_IS_ARM}",
                1.2,
            ),
            Level(
                "the same Latin name but for some generic words of those it has",
                f"{_SAME_CORE} and {_SHARED.format('words')} and length(core_l) > 2",
                4.2,
            ),
            Level("the same Latin name, once without its generic words", f"{_SAME_CORE} and {_CONTAINED.format('words')}", 2.6),
            Level("the same Latin name with other generic words", _SAME_CORE, -1.5),
            Level("Latin names one letter apart", _ONE_LETTER, 2.0),
            Level("one Latin name is the initials of the other", _INITIALS, 1.2),
            Level(
                "one Latin name begins with the other, as firms of partners are called",
                f"{_WITHIN} and kind_l = 'service_firm'",
                3.0,
            ),
            Level(
                "one Latin name begins with the several words of the other",
                f"{_WITHIN} and contains(core_l, ' ') and contains(core_r, ' ')",
                1.0,
            ),
            Level("one Latin name begins with the one word of the other", _WITHIN, -0.3),
            Level("different Latin names", "ELSE", -2.5),
        ),
    ),
    "cjk": (
        "cjk_l is null or cjk_r is null",
        (
            Level("the same Chinese name", "cjk_l = cjk_r", 5.0),
            Level(
                "the same Chinese name but for some generic words of those it has",
                f"cjk_core_l = cjk_core_r and {_SHARED.format('cjk_words')}",
                4.2,
            ),
            Level(
                "the same Chinese name, once without its generic words",
                f"cjk_core_l = cjk_core_r and {_CONTAINED.format('cjk_words')}",
                3.8,
            ),
            Level("the same Chinese name with other generic words", "cjk_core_l = cjk_core_r", -1.0),
            Level(
                "one Chinese name begins with the other",
                "starts_with(cjk_core_l, cjk_core_r) or starts_with(cjk_core_r, cjk_core_l)",
                -0.3,
            ),
            Level("different Chinese names", "ELSE", -3.5),
        ),
    ),
    "place": (
        "place_l is null and place_r is null",
        (
            Level("both names hold the same place", "place_l = place_r", 0.5),
            Level(
                "the place in one name is where the other is", f"{_SITS_IN.format('l', 'r')} or {_SITS_IN.format('r', 'l')}", 1.0
            ),
            Level("one name holds a place that the other does not", "ELSE", -3.0),
        ),
    ),
    "country": (
        "region_l is null or region_r is null",
        (Level("the same country", "region_l = region_r", 0.5), Level("different countries", "ELSE", -3.3)),
    ),
    "city": (
        "city_l is null or city_r is null or region_l <> region_r",
        (Level("the same city", "city_l = city_r", 1.2), Level("different cities", "ELSE", -3.3)),
    ),
    "founded": (
        "founded_l is null or founded_r is null",
        (
            Level("founded in the same year", "founded_l = founded_r", 3.9),
            Level("founded one year apart", "abs(founded_l - founded_r) = 1", 0.0),
            Level("founded in different years", "ELSE", -5.4),
        ),
    ),
}

_SHELLS = frozenset({"KY", "VG", "BM"})  # where companies are registered, not where they are
_REGION = {"HK": "CN", "MO": "CN"}  # sources put a firm of Hong Kong in either


def _settings() -> dict[str, object]:
    """``EVIDENCE`` as Splink takes it."""
    comparisons = []
    for name, (unknown, levels) in EVIDENCE.items():
        nothing: dict[str, object] = {"sql_condition": unknown, "label_for_charts": "unknown", "is_null_level": True}
        outcomes = [
            {
                "sql_condition": level.sql,
                "label_for_charts": level.says,
                # Splink wants the two frequencies; only their ratio counts.
                "m_probability": 2**level.bits / (1 + 2**level.bits),
                "u_probability": 1 / (1 + 2**level.bits),
            }
            for level in levels
        ]
        comparisons.append({"output_column_name": name, "comparison_levels": [nothing, *outcomes]})
    apart = "l.kind = r.kind and l.party <> r.party and (l.closed is null or r.closed is null or l.closed <> r.closed)"
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "row",
        "probability_two_random_records_match": PRIOR,
        "retain_matching_columns": True,  # and with them the outcome of each comparison
        "comparisons": comparisons,
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": f"l.parts = r.parts and {apart}", "arrays_to_explode": ["parts"]}
        ],
    }


#: Which rows share a part of a name, and so are compared. Two words one letter apart become equal when the right letter
#: is left out of either or both.
_PARTS = """
create table parts as
select distinct row, hash(kind, part) as part from (
    select row, kind, unnest([
        '= ' || latin,
        '= ' || replace(core, ' ', ''),
        '= ' || cjk_core,
        '1 ' || split_part(core, ' ', 1),
        '2 ' || left(cjk_core, 2),
        'a ' || case when length(latin) between 3 and 6 then latin end
    ]) as part from rows
    union all
    select row, kind, 'a ' || unnest(initials) from rows
    union all
    select row, kind, '- ' || left(word, gap - 1) || substr(word, gap + 1)
    from (select row, kind, word, unnest(range(1, length(word) + 2)) as gap from (
        select row, kind, replace(core, ' ', '') as word from rows where length(core) between 10 and 40
    ))
) where part is not null;

create table weighed as
with shared as (select part from parts group by part having count(*) between 2 and {crowd}),
listed as (select row, list(part order by part) as parts from parts where part in (select part from shared) group by row)
select rows.*, listed.parts from rows join listed using (row) order by row
"""


# ----------------------------------------------------------------------------------------------------------------------
# Records and entities


@dataclass(slots=True)
class _Record:
    """Mentions of one source that are one for certain, with the facts of the best ranked that states them."""

    kind: str
    source: str
    key: str | None
    name: str
    mentions: list[str]
    forms: dict[str, _Form]
    country: str | None
    city: str | None
    founded: int | None

    @property
    def region(self) -> str | None:
        return _REGION.get(self.country, self.country) if self.country else None

    @property
    def cjk(self) -> set[str]:
        return {full for full, form in self.forms.items() if form.is_cjk}


#: Kind and folded name → the records that bear it; and the sides of the decisions that part it from another name.
_ByName = dict[tuple[str, str], list[int]]
_Marks = dict[tuple[str, str], set[tuple[int, str]]]


def _records(mentions: pl.DataFrame) -> list[_Record]:
    """Mentions joined by key, or by saying the very same; the best ranked first."""
    records: dict[tuple[object, ...], _Record] = {}
    taken_apart: dict[tuple[str, str], tuple[_Form, ...]] = {}
    for row in mentions.sort("rank", "source", "name", "key", "mention", nulls_last=True).iter_rows(named=True):
        kind, source, key, country, city, founded = (row[one] for one in ("kind", "source", "key", "country", "city", "founded"))
        if kind == "service_firm":  # met at its offices
            country = city = None
        if kind in ("service_firm", "university"):  # when a university was founded is told in many ways
            founded = None
        if country in _SHELLS:
            country = None
        names = [row["name"], *(row["name_other"] or "").split("|")]
        forms: dict[str, _Form] = {}
        for name in filter(str.strip, names):
            if (kind, name) not in taken_apart:
                taken_apart[kind, name] = tuple(_forms(kind, name))
            forms |= {form.full: form for form in taken_apart[kind, name] if form.full}
        certain: tuple[object, ...] = (key,) if key is not None else (*sorted(forms), country, city, founded)
        if (record := records.get((kind, source, key is None, *certain))) is None:
            record = _Record(kind, source, key, row["name"], [], forms, country, city, founded)
            records[kind, source, key is None, *certain] = record
        record.mentions.append(row["mention"])
        record.forms = forms | record.forms
        record.country = record.country or country
        record.city = record.city or city
        record.founded = record.founded or founded
    return list(records.values())


class _Edge(NamedTuple):
    """Two records found to be one, by their places in the list of records."""

    one: int
    other: int
    how: str
    probability: float
    says: str


@dataclass(slots=True)
class _Entity:
    """Records taken for one, and whatever would contradict a further one."""

    members: list[int]
    keys: dict[str, set[str]]
    regions: set[str]
    years: set[int]
    marks: set[tuple[int, str]]

    def contradicts(self, other: "_Entity", *, but_region: bool = False) -> bool:
        """Whether the two cannot be one; ``but_region`` if it was weighed already that their countries differ."""
        years = self.years | other.years
        return (
            any(self.keys[source] != other.keys[source] for source in self.keys.keys() & other.keys.keys())
            or (not but_region and bool(self.regions and other.regions) and self.regions.isdisjoint(other.regions))
            or bool(years and max(years) - min(years) > YEARS_APART)
            or self.parted(other)
        )

    def parted(self, other: "_Entity") -> bool:
        """Whether a reviewed decision holds them apart."""
        return any((row, "b" if side == "a" else "a") in other.marks for row, side in self.marks)

    def absorb(self, other: "_Entity") -> None:
        self.members += other.members
        for source, keys in other.keys.items():
            self.keys[source] = self.keys.get(source, set()) | keys
        self.regions |= other.regions
        self.years |= other.years
        self.marks |= other.marks


class _Partition:
    """The records sorted into entities, each under the number of its best ranked record, and the matches made."""

    def __init__(self, records: list[_Record], marks: _Marks):
        self.edges: list[_Edge] = []
        self._records = records
        self._marks = marks
        self._of = list(range(len(records)))
        self._joined: dict[int, _Entity] = {}  # most entities are one record, and are made when asked for

    def of(self, record: int) -> int:
        return self._of[record]

    def leads(self, number: int) -> bool:
        return self._of[number] == number

    def entity(self, number: int) -> _Entity:
        """The entity under ``number``, which must lead it."""
        if number in self._joined:
            return self._joined[number]
        record = self._records[number]
        return _Entity(
            [number],
            {} if record.key is None else {record.source: {record.key}},
            {record.region} if record.region else set(),
            {record.founded} if record.founded else set(),
            {mark for full in record.forms for mark in self._marks.get((record.kind, full), ())},
        )

    def join(self, edge: _Edge) -> None:
        """Make the two entities one; the better ranked keeps its number."""
        keep, lose = sorted((self._of[edge.one], self._of[edge.other]))
        kept, lost = self.entity(keep), self.entity(lose)
        for number in lost.members:
            self._of[number] = keep
        kept.absorb(lost)
        self._joined[keep] = kept
        self._joined.pop(lose, None)
        self.edges.append(edge)


# ----------------------------------------------------------------------------------------------------------------------
# Reviewed decisions


class _Decision(NamedTuple):
    row: int
    kind: str
    names: tuple[str, str]
    same: bool
    says: str


def _decisions(overrides: pl.DataFrame) -> list[_Decision]:
    """The decisions by row of their file: ``source_row`` where the frame has it, else as they stand."""
    return sorted(
        _Decision(
            one.get("source_row", row),
            one["kind"],
            (_form(one["kind"], one["name_a"]).full, _form(one["kind"], one["name_b"]).full),
            str(one["same"]) == "1",
            f"a reviewed decision says that “{one['name_a']}” is “{one['name_b']}”: {one['why']}",
        )
        for row, one in enumerate(overrides.iter_rows(named=True), start=2)
    )


def _decide(partition: _Partition, by_name: _ByName, decisions: list[_Decision]) -> None:
    """Join what reviewed decisions call the same; raises InputError if others part it.

    A decision speaks of the best ranked entity of each name, of the two best ranked if its names are one; further
    entities of these names follow unless something contradicts.
    """
    for decision in decisions:
        if not decision.same:
            continue
        first, second = (
            {partition.of(number): number for number in reversed(by_name.get((decision.kind, name), []))}
            for name in decision.names
        )
        if not first or not second:
            continue
        bearers = second | first
        meant = {min(first), min(second)} if first != second else set(sorted(first)[:2])
        for number in sorted(bearers, key=lambda one: (one not in meant, one)):
            keep, lose = partition.of(min(first)), partition.of(number)
            if keep == lose or (number not in meant and partition.entity(keep).contradicts(partition.entity(lose))):
                continue
            if partition.entity(keep).parted(partition.entity(lose)):
                problem = "by this row the two are the same, by others they are not"
                raise InputError("reference", [Problem(OVERRIDES, problem, "Remove one of the rows", decision.row, "same")])
            partition.join(_Edge(bearers[min(first)], bearers[number], "override", 1.0, decision.says))


# ----------------------------------------------------------------------------------------------------------------------
# The same name


def _agreement(one: _Record, other: _Record) -> list[str] | None:
    """What else agrees between two records of one name; None if something sets them apart."""
    if one.source == other.source and one.key is not None and other.key is not None:
        return None
    if one.cjk and other.cjk and not one.cjk & other.cjk:
        return None
    if one.founded and other.founded and abs(one.founded - other.founded) > YEARS_APART:
        return None
    shared = one.forms.keys() & other.forms.keys()
    agreed = []
    if one.region and other.region:
        if one.region != other.region:
            return None
        agreed.append("country")
    if one.city and other.city:
        if one.city == other.city:
            agreed.append("city")
        elif not any(one.forms[full].is_long for full in shared):
            return None  # firms move, but a name of one word is soon taken twice
    if one.founded and other.founded:
        agreed.append("year founded")
    if len(shared) > 1:
        agreed.append("other name")
    return agreed


def _same_names(records: list[_Record], by_name: _ByName) -> list[_Edge]:
    """Pairs of one name that nothing sets apart, best first; a record that fits two rivals equally well is in none."""
    found: list[tuple[int, _Edge]] = []
    for numbers in by_name.values():
        agreements: dict[tuple[int, int], list[str]] = {}
        partners: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for one, other in combinations(numbers, 2):
            if (agreed := _agreement(records[one], records[other])) is not None:
                agreements[one, other] = agreed
                partners[one].append((len(agreed), other))
                partners[other].append((len(agreed), one))
        torn = set()
        if len(agreements) < len(numbers) * (len(numbers) - 1) // 2:  # some of the bearers are rivals
            for number, ranked in partners.items():
                most, _ = max(ranked)
                best = sorted(other for strength, other in ranked if strength == most)
                if any(rivals not in agreements for rivals in combinations(best, 2)):
                    torn.add(number)
        for (one, other), agreed in agreements.items():
            if one not in torn and other not in torn:
                says = f"the same name but for case, punctuation and legal endings; {_listed(agreed)}"
                found.append((-len(agreed), _Edge(one, other, "same name", _surety(agreed), says)))
    return [edge for _, edge in sorted(found)]


def _surety(agreed: list[str]) -> float:
    return SAME_NAME[2] if set(agreed) - {"country"} else SAME_NAME[len(agreed)]


def _listed(agreed: list[str]) -> str:
    if not agreed:
        return "nothing else is known of both"
    return f"{' and '.join(filter(None, (', '.join(agreed[:-1]), agreed[-1])))} agree{'s' if len(agreed) == 1 else ''}"


# ----------------------------------------------------------------------------------------------------------------------
# Names that are alike

_ROW_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "party": pl.Int64,
    "record": pl.Int64,
    "shown": pl.String,
    "kind": pl.String,
    "closed": pl.String,
    "latin": pl.String,
    "core": pl.String,
    "words": pl.List(pl.String),
    "initials": pl.List(pl.String),
    "cjk": pl.String,
    "cjk_core": pl.String,
    "cjk_words": pl.List(pl.String),
    "place": pl.String,
    "country": pl.String,
    "region": pl.String,
    "city": pl.String,
    "founded": pl.Int64,
}


def _rows(records: list[_Record], partition: _Partition, numbers: list[int]) -> pl.DataFrame:
    """What is weighed: one row per entity, given by ``numbers``, and pair of its Latin and its Chinese names.

    ``party`` is the entity, ``record`` the best ranked that bears the name; ``closed`` the source if it is the only one
    and tells its own apart by key.
    """
    rows: list[tuple[object, ...]] = []
    for number in numbers:
        members = [(one, records[one]) for one in sorted(partition.entity(number).members)]
        borne = {full: (one, form) for one, record in reversed(members) for full, form in record.forms.items()}
        latin = [bearer for bearer in borne.values() if not bearer[1].is_cjk] or [(number, _NO_NAME)]
        cjk = [bearer for bearer in borne.values() if bearer[1].is_cjk] or [(number, _NO_NAME)]
        sources = {record.source for _, record in members}
        closed = sources.pop() if len(sources) == 1 and all(record.key is not None for _, record in members) else None
        facts = [
            next((known for _, record in members if (known := getattr(record, fact))), None)
            for fact in ("country", "region", "city", "founded")
        ]
        for (one, ours), (other, theirs) in product(latin, cjk):
            bearer = one if ours.full else other
            shown = " ".join(dict.fromkeys(filter(None, (ours.shown, theirs.shown))))
            place = "+".join(sorted({form.place for form in (ours, theirs) if form.place})) or None
            names = (ours.full, ours.core, ours.meanings, ours.initials, theirs.full, theirs.core, theirs.meanings)
            rows.append((number, bearer, shown, members[0][1].kind, closed, *names, place, *facts))
    empty_is_null = pl.col("latin", "core", "cjk", "cjk_core").replace("", None)
    return pl.DataFrame(rows, schema=_ROW_SCHEMA, orient="row").with_columns(empty_is_null).with_row_index("row")


class _Offer(NamedTuple):
    """Two entities whose names are alike enough, with the weight and the match of their best names."""

    better: int
    number: int
    weight: float
    match: _Edge


def _alike(records: list[_Record], partition: _Partition) -> list[_Offer]:
    sources: dict[str, set[str | None]] = defaultdict(set)
    for record in records:
        sources[record.kind].add(record.source if record.key is not None else None)
    # Within one source that tells its own apart there is nothing to find.
    kinds = {kind for kind, known in sources.items() if len(known) > 1 or None in known}
    numbers = [number for number, record in enumerate(records) if record.kind in kinds and partition.leads(number)]
    if len(numbers) < 2:
        return []
    rows = _rows(records, partition, numbers)
    pairs = _weigh(rows).sort("row_l", "row_r")
    weighed = rows.filter(pl.col("row").is_in(pl.concat([pairs["row_l"], pairs["row_r"]]).implode()))
    row = {one["row"]: one for one in weighed.iter_rows(named=True)}
    best: dict[tuple[int, int], _Offer] = {}
    for pair in pairs.iter_rows(named=True):
        left, right = sorted((row[pair["row_l"]], row[pair["row_r"]]), key=lambda one: int(one["party"]))
        parties, weight = (left["party"], right["party"]), round(pair["match_weight"], 6)
        probability = round(pair["match_probability"], 4)
        if probability >= THRESHOLD[left["kind"]] and (parties not in best or best[parties].weight < weight):
            says = f"“{left['shown']}” and “{right['shown']}” weighed {weight:+.1f} bits: {_outcomes(pair)}"
            best[parties] = _Offer(*parties, weight, _Edge(left["record"], right["record"], "splink", probability, says))
    return list(best.values())


def _weigh(rows: pl.DataFrame) -> pl.DataFrame:
    """Splink's verdict on every pair of rows that share a part of a name, with the outcome of each comparison."""
    from splink import DuckDBAPI, Linker  # takes a while to load, and most runs have nothing to weigh

    with duckdb.connect() as connection:
        connection.register("stated", rows)
        connection.execute("create table rows as select * from stated")
        connection.execute(_PARTS.format(crowd=CROWD))
        linker = Linker(DuckDBAPI(connection).register("weighed"), _settings(), log_level="ERROR")
        verdicts = linker.inference.predict(threshold_match_probability=min(THRESHOLD.values()), warning_mode="never")
        return pl.DataFrame(verdicts.as_duckdbpyrelation())


def _outcomes(pair: Mapping[str, float]) -> str:
    """The outcomes that say something, each with its weight in bits: "the same city (+1.2)"."""
    said = [f"part of a name in common ({log2(PRIOR / (1 - PRIOR)):+.1f})"]
    for name, (_, levels) in EVIDENCE.items():
        if (outcome := int(pair[f"gamma_{name}"])) >= 0:  # Splink counts outcomes from the last, which is 0
            level = levels[len(levels) - 1 - outcome]
            said.append(f"{level.says} ({level.bits:+.1f})")
    return ", ".join(said)


def _join_alike(partition: _Partition, offers: list[_Offer]) -> None:
    """Let each entity join the better ranked one it is most alike, unless that has joined another itself."""
    regions = {number: set(partition.entity(number).regions) for offer in offers for number in (offer.better, offer.number)}
    offered: dict[int, list[_Offer]] = defaultdict(list)
    for offer in offers:
        offered[offer.number].append(offer)
    for number in sorted(offered):
        takers = []
        for offer in sorted(offered[number], key=lambda one: (-one.weight, one.better)):
            ours, theirs = regions[number], regions[offer.better]
            differ = bool(ours and theirs) and ours.isdisjoint(theirs)
            if partition.leads(offer.better) and not partition.entity(offer.better).contradicts(
                partition.entity(number), but_region=differ
            ):
                takers.append(offer)
        if len(takers) == 1 or (takers and takers[0].weight > takers[1].weight):
            partition.join(takers[0].match)


# ----------------------------------------------------------------------------------------------------------------------
# The outcome


def resolve(mentions: pl.DataFrame, overrides: pl.DataFrame) -> Resolution:
    """Every mention's entity; the same whatever the order of rows and the number of threads.

    ``mentions`` has the columns of ``MENTION_SCHEMA``, ``overrides`` those of ``name_overrides.csv``: kind, name_a,
    name_b, same ("1" or "0"), why. Raises InputError for a mention without an id of its own, a kind, source, rank or
    name, and for decisions that contradict one another.
    """
    records = _records(_checked(mentions))
    by_name: _ByName = defaultdict(list)
    for number, record in enumerate(records):
        for full in record.forms:
            by_name[record.kind, full].append(number)
    decisions = _decisions(overrides)
    marks: _Marks = defaultdict(set)
    for decision in decisions:
        if not decision.same:
            for side, name in zip("ab", decision.names, strict=True):
                marks[decision.kind, name].add((decision.row, side))
    partition = _Partition(records, marks)
    for edge in _same_names(records, by_name):
        one, other = partition.of(edge.one), partition.of(edge.other)
        if one != other and not partition.entity(one).contradicts(partition.entity(other)):
            partition.join(edge)
    _decide(partition, by_name, decisions)
    _join_alike(partition, _alike(records, partition))
    return Resolution(_links(records, partition))


def _checked(mentions: pl.DataFrame) -> pl.DataFrame:
    mentions = mentions.select(pl.col(name).cast(dtype) for name, dtype in MENTION_SCHEMA.items())
    faults = {
        "mention": (pl.col("mention").is_null() | pl.col("mention").is_duplicated(), "is empty or not unique"),
        "kind": (~pl.col("kind").is_in(KINDS).fill_null(False), f"is none of {', '.join(KINDS)}"),
        "source": (pl.col("source").is_null(), "is empty"),
        "name": (~pl.col("name").str.contains(r"[\p{L}\p{N}]").fill_null(False), "holds no letter or digit"),
        "rank": (pl.col("rank").is_null(), "is empty"),
    }
    problems = [
        Problem("mentions", f"{row[column]!r} {fault}", "Correct it where it is made", row["row"], column)
        for column, (condition, fault) in faults.items()
        for row in mentions.with_row_index("row").filter(condition).iter_rows(named=True)
    ]
    if problems:
        raise InputError("names", problems)
    return mentions


_Link = tuple[str, str, str, float, str | None, str]


def _links(records: list[_Record], partition: _Partition) -> pl.DataFrame:
    touching: dict[int, list[_Edge]] = defaultdict(list)
    for edge in partition.edges:
        touching[edge.one].append(edge)
        touching[edge.other].append(edge)
    taken: set[tuple[str, str]] = set()
    links: list[_Link] = []
    for leader in filter(partition.leads, range(len(records))):
        entity = _entity_name(records[leader], taken)
        for number, match in _towards(leader, touching).items():
            links += _explained(records, number, match, entity)
    return pl.DataFrame(links, schema=LINK_SCHEMA, orient="row").sort("mention")


def _towards(leader: int, touching: Mapping[int, list[_Edge]]) -> dict[int, _Edge | None]:
    """Each record of an entity with the match that leads towards its leader; the leader with its own best match."""
    found: dict[int, _Edge | None] = {leader: min(touching.get(leader, ()), key=lambda one: -one.probability, default=None)}
    ahead = [leader]
    while ahead:
        number = ahead.pop()
        for edge in touching.get(number, ()):
            other = edge.other if edge.one == number else edge.one
            if other not in found:
                found[other] = edge
                ahead.append(other)
    return found


def _explained(records: list[_Record], number: int, match: _Edge | None, entity: str) -> Iterator[_Link]:
    record = records[number]
    first, *others = record.mentions
    if record.key is not None:
        again = ("same key", 1.0, f"{record.source} gives both the key {record.key!r}")
    else:
        stated = [fact for fact in ("country", "city", "founded") if getattr(record, fact)]
        again = ("same name", _surety(stated), f"{record.source} says the very same of both")
    if match:
        other = records[match.other if match.one == number else match.one]
        says = f"“{record.name}” ({record.source}) and “{other.name}” ({other.source}): {match.says}"
        yield first, entity, match.how, match.probability, other.mentions[0], says
    elif others:
        yield first, entity, *again[:2], others[0], again[2]
    else:
        yield first, entity, "alone", 1.0, None, "no other mention is the same, or alike enough"
    for mention in others:
        yield mention, entity, *again[:2], first, again[2]


def _entity_name(record: _Record, taken: set[tuple[str, str]]) -> str:
    """The record's name; where a better ranked entity has it, with the country, the city or a number."""
    qualified = [f"{record.name} ({fact})" for fact in (record.country, record.city) if fact]
    numbered = (f"{record.name} ({number})" for number in count(2))
    name = next(one for one in chain([record.name], qualified, numbered) if (record.kind, one.casefold()) not in taken)
    taken.add((record.kind, name.casefold()))
    return name
