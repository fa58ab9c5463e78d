"""Words in names that say what a firm is, or where, rather than which.

What belongs here: vocabularies. What does not: taking a name apart with them (``forms``).
"""

import re
from collections.abc import Mapping

LEGAL = frozenset(
    "ab ag asa berhad bhd bv co company corp corporation gmbh inc incorporated kg kk limited llc llp lp ltd nv oy pc plc "  # noqa: SIM905
    "private professional pte pty pvt sa sarl se spa srl".split()
)
LEGAL_CJK = re.compile(
    r"(?:(?:股份|集团)?有限(?:责任)?公司|股份公司|集团公司|集团|公司|株式会社|特殊普通合伙|普通合伙|有限合伙)$"
)
#: What may be missing between the words of a university, and from initials.
LINKING = frozenset({"and", "of", "the", "at", "in", "for"})
SPELLED_OUT = {"univ": "university", "inst": "institute", "st": "saint"}


def _by_word(words: Mapping[str, str]) -> dict[str, str]:
    return {word: meaning for meaning, spellings in words.items() for word in spellings.split()}


#: Kind → word → what it says a firm is. 网, "net", says nothing at all.
MEANING = {
    "company": _by_word(
        {
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
        }
    ),
    "investor": _by_word(
        {
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
        }
    ),
    "university": {},
    "service_firm": _by_word(
        {
            "law": "law lawyers attorneys advocates solicitors",
            "firm": "firm office offices",
            "partner": "partners associates",
            "group": "group",
            "international": "international",
            "律师": "律师事务所 会计师事务所 事务所 律师 咨询",
        }
    ),
}

#: Cities and provinces that Chinese companies carry in their registered names.
_TOWNS = {
    "Beijing": "北京", "Shanghai": "上海", "Shenzhen": "深圳", "Guangzhou": "广州", "Hangzhou": "杭州", "Nanjing": "南京",
    "Suzhou": "苏州", "Wuhan": "武汉", "Chengdu": "成都", "Chongqing": "重庆", "Tianjin": "天津", "Xiamen": "厦门",
    "Qingdao": "青岛", "Dalian": "大连", "Xi'an": "西安", "Changsha": "长沙", "Hefei": "合肥", "Zhengzhou": "郑州",
    "Jinan": "济南", "Ningbo": "宁波", "Wuxi": "无锡", "Zhuhai": "珠海", "Dongguan": "东莞", "Guangdong": "广东",
    "Zhejiang": "浙江", "Jiangsu": "江苏", "Sichuan": "四川", "Hunan": "湖南", "Hubei": "湖北", "Fujian": "福建",
    "Shandong": "山东", "Anhui": "安徽", "Yunnan": "云南",
}  # fmt: skip
#: Word → the country (ISO 3166 alpha-2), continent or town it names: "Sequoia Capital China" is not "Sequoia Capital".
PLACE_OF = _by_word(
    {
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
)
PLACE_OF |= {town.casefold().replace("'", ""): town for town in _TOWNS if town != "Wuxi"}  # WuXi AppTec is no AppTec
PLACE_OF |= {f"{chinese}{ending}": town for town, chinese in _TOWNS.items() for ending in ("", "市", "省")}
