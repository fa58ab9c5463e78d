"""Name what stands for a missing value, in Chinese or English: an amount or a name that was not disclosed."""

import re

_ENGLISH = (
    *("n/a", "na", "n.a.", "null", "nil", "nan", "tbd", "tba", "unknown", "undisclosed", "undisclosed amount", "not disclosed"),
    *("unspecified", "confidential", "indefinite", "various", "-", "--", "–", "—"),
)
_CHINESE = ("未透露", "未披露", "未公布", "未公开", "不详", "未知", "暂无")

#: Texts that stand for a missing value, in lower case.
WORDS = frozenset(_ENGLISH) | {of + word for word in _CHINESE for of in ("", "投资方", "投资机构", "金额")}

#: What a spreadsheet writes where a formula fails, and a person where there is none. It is to be mended, and never read as
#: undisclosed.
_MENDED = frozenset(
    ("#ref!", "#n/a", "#name?", "#value!", "#div/0!", "#num!", "#null!", "#spill!", "#calc!", "#field!", "#getting_data", "无")
)

#: A cell, or a name in a list separated by |, that stands for a missing value.
PATTERN = r"(?i)(^|\|)(" + "|".join(map(re.escape, sorted(WORDS | _MENDED))) + r"|-+|\?+|\.+|#+)(\||$)"
