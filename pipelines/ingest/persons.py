"""Tell names of persons from names of firms among investors, because persons never leave a parser.

Sources print private investors among firms and do not mark them. A name made like a person's counts as one unless something
in it says firm. So some firms are left out as well, unless ``_FIRMS`` has them: to lose a firm is the smaller harm.
"""

import re

#: Family names of more than nine in ten Chinese.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金"
    "韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤温康施俞傅季盛章柯庄樊葛"
)
#: Characters that end the short name of a firm, and hardly ever a given name.
_FIRM_ENDINGS = "资投司行网团社会所厂店宝品讯通富股控能技业票贷机车云"
_CHINESE = re.compile(rf"[{_SURNAMES}][\u4e00-\u9fff]{{0,1}}[^{_FIRM_ENDINGS}\W]|(?:欧阳|上官|司马|诸葛)[\u4e00-\u9fff]{{1,2}}")

#: Words of a firm's name that no person's has.
_FIRM_WORD = re.compile(
    "ab|accelerators?|advis.+|ag|ai|airlines|alpha|alternatives|and|angels?|asia|assets?|associat.+|atlantic|aviation|banks?|bay"
    "|berhad|biosciences|brothers|by|capital|catalyst|cent(er|re)|chain|china|city|co|collective|combinator|communications|compan.+"
    "|conference|consult.+|corp.*|councils?|creation|dao|digital|edge|education|enterprises?|entertainment|entrepreneurs.*|equity"
    "|express|financ.+|firms?|forum|foundation|founders?|funders|funds?|global|gmbh|government|group|growth|health.*|hnis|holdings?"
    "|hospital|hospitality|house|hub|inc|incubat.+|india.*|industries|informatics|initiatives?|innovations?|institut.+|insurance"
    "|international|internet|invest.*|kapital|labs?|limited|ll[cp]|lp|ltd|management|managers|media|ministry|mobile|motors?"
    "|multimedia|multiventures|networks?|of|office|online|others?|partners?|partnerships?|pharma.*|pictures|plan|platform|plc"
    "|private|programme|promoters|pte|research|resources?|robotics|sa|school|scien.+|securities|seed.*|services|software|solutions"
    "|sports|startups?|strategies|strategy|studios?|syndicate|systems?|tech.*|the|times|trading|trust|undisclosed|undertaking"
    "|university|us|vencaps|ventures?|wealth|with|works|world"
)
_WORD = r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ.'’-]*"
_LATIN = re.compile(rf"{_WORD}(?: {_WORD}){{1,5}}|[A-Z]\.[A-Z][a-z]{{3,}}")
#: An abbreviation, or VC at the end.
_FIRM_LETTERS = re.compile(r"\b[A-Z]{3,}\b|\bVC$")
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]$")

#: Firms whose names are made like a person's.
_FIRMS = frozenset({
    "Ambit Pragma", "Andreessen Horowitz", "Baillie Gifford", "Blue Orchard", "Brick Eagle", "Bryant Stibel", "Cyber Carrier",
    "Didi Kuaidi", "Draper Fisher Jurvetson", "Facebook FBStart", "Goldman Sachs", "Grey Orange", "Hero MotoCorp",
    "Huawei Hubble", "Info Edge", "Iron Pillar", "Jump Trading", "Khosla Impact", "Kleiner Perkins", "LG Innotek",
    "Lumina Datamatics", "Mahindra Univeg", "Medi Assist", "Morgan Stanley", "Neuberger Berman", "Nihon Kotsu",
    "Northern Gritstone", "Pale blue dot", "Pine Brook", "S Chand", "Sixth Sense", "SK hynix", "Snow Leopard", "Sol Primero",
    "T. Rowe Price", "Turning Ideas", "Warburg Pincus",
    "丁香园", "万科", "万达", "任子行", "周大福", "华登", "康佳", "康得新", "康恩贝", "方正", "武岳峰",
    "石药", "苏宁", "金蝶", "金沙江", "盛世景", "盛大", "苏河汇",
})  # fmt: skip


def is_person(name: str) -> bool:
    """Return whether a name reads as that of a person."""
    outer = _BRACKETS.sub("", name).strip()
    if outer in _FIRMS:
        return False
    if _CHINESE.fullmatch(outer):
        return True
    words = [word.strip(".").casefold() for word in outer.split()]
    says_firm = _FIRM_LETTERS.search(outer) or any(map(_FIRM_WORD.fullmatch, words))
    return bool(_LATIN.fullmatch(outer)) and not outer.islower() and not says_firm


def firms(names: list[str]) -> list[str]:
    """Return the names that are not those of persons, each once and in their order."""
    return [name for name in dict.fromkeys(names) if name and not is_person(name)]
