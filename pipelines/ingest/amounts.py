"""Read amounts of money as announced, in Chinese or English, as a currency and an interval.

Half of the amounts announced in China are classes such as 数千万人民币, "tens of millions of yuan". They stay intervals: no
middle is made up. SQL models convert amounts to US dollars, with ``data/reference/exchange_rates.csv``.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from pipelines.ingest import missing

KINDS = ("exact", "range", "order of magnitude", "undisclosed", "unreadable")

_NAMES = {
    "CNY": "人民币|人民幣|rmb|cny|renminbi|yuan",
    "USD": "美元|美金|us$|usd|us dollars|u.s. dollars",
    "HKD": "港元|港币|港幣|hk$|hkd|hong kong dollars",
    "TWD": "新台币|新臺幣|新台幣|台币|台幣|nt$|twd|ntd|new taiwan dollars",
    "EUR": "欧元|歐元|€|eur|euro|euros",
    "GBP": "英镑|英鎊|£|gbp|pounds|british pounds",
    "JPY": "日元|日圆|日圓|jpy|yen",
    "KRW": "韩元|韓元|韩圆|韩币|₩|krw|won",
    "SGD": "新加坡元|新加坡币|新币|s$|sgd|singapore dollars",
    "CAD": "加拿大元|加元|加币|c$|ca$|cad|canadian dollars",
    "AUD": "澳大利亚元|澳元|澳币|a$|au$|aud|australian dollars",
    "INR": "印度卢比|卢比|₹|inr|rs|rs.|rupees|indian rupees",
    "CHF": "瑞士法郎|瑞郎|chf|swiss francs",
    "SEK": "瑞典克朗|sek|swedish kronor",
    "ILS": "新谢克尔|谢克尔|₪|ils|nis|shekels",
    "BRL": "巴西雷亚尔|雷亚尔|r$|brl|reais",
    "RUB": "俄罗斯卢布|卢布|₽|rub|rubles|roubles",
    "other": "其他",
}
#: Signs that several currencies share; 元 can follow an amount in any of them.
_SIGNS = {"$": "$|dollars", "¥": "¥", "元": "元"}
_DOLLARS = ["USD", "HKD", "TWD", "SGD", "CAD", "AUD", "NZD"]
_YUAN_OR_YEN = ["CNY", "JPY"]

_SIZES = {
    1e3: "千|k|thousand|thousands",
    1e4: "万",
    1e5: "十万|lakh|lakhs",
    1e6: "百万|m|mm|mn|mio|mln|million|millions",
    1e7: "千万|cr|crore|crores",
    1e8: "亿",
    1e9: "十亿|b|bn|billion|billions",
    1e10: "百亿",
    1e11: "千亿",
    1e12: "万亿|tn|trillion",
}
_MANY = {"数": 1.0, "几": 1.0, "several": 1.0, "tens of": 10.0, "hundreds of": 100.0}
_PARTS = ("nearly", "over", "many", "number", "unit", "end", "end_unit", "upwards", "about")


def _meanings(spelt: Mapping[Any, str]) -> dict[str, Any]:
    return {word: meaning for meaning, words in spelt.items() for word in words.split("|")}


def _any(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


_CURRENCY_OF, _SIGN_OF, _SIZE_OF = _meanings(_NAMES), _meanings(_SIGNS), _meanings(_SIZES)
_MONEY = _any([*_CURRENCY_OF, *_SIGN_OF])
_NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?(?:e\+?[0-9]+)?"
#: An amount without its money words. Every part is optional; ``_reading`` decides which parts go together.
_AMOUNT = (
    "^(?:(?<nearly>将近|近|nearly|almost)|(?<over>超过|超|过|逾|上|over|more than|at least|above|>))?"
    f" ?(?<many>{_any(_MANY)})? ?(?<number>{_NUMBER})? ?(?<unit>{_any(_SIZE_OF)})?"
    f"(?: ?(?:-|–|—|~|to|至|到) ?(?<end>{_NUMBER}) ?(?<end_unit>{_any(_SIZE_OF)})?)?"
    " ?(?:(?<upwards>及以上|以上|\\+|or more)|(?<about>级|级别))?(?: of)?$"
)
#: A point that separates thousands in half of Europe, and decimals elsewhere.
_AMBIGUOUS = r"^[1-9][0-9]{0,2}\.[0-9]{3}$"
_NULL = pl.lit(None, pl.Float64)
#: Units that name a class of amounts without a number: 千万级, "millions".
_CLASSES = [word for word in _SIZE_OF if not word.isascii() or word.endswith(("ands", "ions"))]


def parse_amounts(amounts: pl.Series | pl.DataFrame) -> pl.DataFrame:
    """Return text, currency, low, high (units of that currency) and kind of each amount.

    ``amounts``: the texts, or a frame of ``text`` and ``currency``, the ISO 4217 code printed beside it, or null.

    An amount is at least ``low`` and below ``high``. Its kind is ``exact`` if a figure was printed (low and high are equal then);
    ``range`` if its ends were, with a null upper end for "亿元及以上" or "over $100M"; ``order of magnitude`` if only its
    size was: 数千万, 千万级 and 上千万 are [10^7, 10^8), 近千万 is [10^6, 10^7), and "nearly" a figure is below it and above
    a tenth of it; ``undisclosed``; or ``unreadable``: any other text, two currencies, a currency that contradicts the
    column, a ¥ that may be yuan or yen, or 10.000, which is ten or ten thousand. 元 alone is CNY and $ alone USD; the
    currency is null if neither text nor column names it, or if the text has 其他 (another).
    """
    frame = amounts if isinstance(amounts, pl.DataFrame) else amounts.to_frame("text").with_columns(currency=None)
    plain = pl.col("text").fill_null("").str.normalize("NFKC").str.to_lowercase().str.strip_chars()
    rest = pl.col("plain").str.replace_all(_MONEY, " ").str.replace_all(r"\s+", " ").str.strip_chars()
    rest = rest.str.replace_all(r"(\p{Han}) (\p{Han})", "$1$2")
    return (
        frame.select("text", pl.col("currency").cast(pl.String).alias("column"))
        .with_columns(plain=plain.str.replace_many({"萬": "万", "億": "亿", "數": "数", "幾": "几"}))
        .with_columns(rest=rest, named=_words(_CURRENCY_OF), signs=_words(_SIGN_OF))
        .with_columns(_currency(), parts=pl.col("rest").str.extract_groups(_AMOUNT))
        .unnest("parts")
        .with_columns(_reading())
        .unnest("reading")
        .select(
            "text",
            pl.when(pl.col("low").is_not_null() & (pl.col("currency") != "other")).then("currency").alias("currency"),
            pl.col("low", "high").round(2),
            "kind",
        )
    )


def currency_code(word: str) -> str | None:
    """Return the ISO 4217 code of a currency's name or sign: RMB is CNY; None for a word that is not known."""
    code = _CURRENCY_OF.get(word.casefold())
    return None if code == "other" else code


def with_amounts(frame: pl.DataFrame) -> pl.DataFrame:
    """Add currency, amount_low, amount_high and amount_kind, as read from the column ``amount``.

    A column ``currency``, if there is one, is that printed beside the amount; it is replaced.
    """
    column = pl.col("currency") if "currency" in frame.columns else pl.lit(None, pl.String).alias("currency")
    read = parse_amounts(frame.select(pl.col("amount").alias("text"), column))
    return frame.with_columns(read["currency"], amount_low=read["low"], amount_high=read["high"], amount_kind=read["kind"])


def _words(meanings: dict[str, str]) -> pl.Expr:
    """Return the meanings of the text's money words, each once, as far as ``meanings`` has them."""
    meaning = pl.element().replace_strict(meanings, default=None, return_dtype=pl.String)
    return pl.col("plain").str.extract_all(_MONEY).list.eval(meaning.drop_nulls().unique())


def _currency() -> list[pl.Expr]:
    """Return the currency, and whether text and column agree on it."""
    named, column = pl.col("named").list.first(), pl.col("column")
    has_dollar, has_yuan, has_yen_or_yuan = (pl.col("signs").list.contains(sign) for sign in ("$", "元", "¥"))
    currency = pl.coalesce(named, column, pl.when(has_dollar).then(pl.lit("USD")).when(has_yuan).then(pl.lit("CNY")))
    agrees = (
        (pl.col("named").list.len() <= 1)
        & (named == column).fill_null(True)
        & (~has_dollar | currency.is_in(_DOLLARS))
        & (~has_yen_or_yuan | currency.is_in(_YUAN_OR_YEN).fill_null(False))
    )
    return [currency.alias("currency"), agrees.alias("agrees")]


def _has(*parts: str) -> pl.Expr:
    """Return whether the amount consists of these parts; one marked with ? is optional."""
    present = (
        pl.col(part).is_not_null() if part in parts else pl.col(part).is_null() for part in _PARTS if f"{part}?" not in parts
    )
    return pl.all_horizontal(present)


def _figure(name: str) -> pl.Expr:
    return pl.col(name).str.replace_all(",", "").cast(pl.Float64)


def _size(unit: pl.Expr) -> pl.Expr:
    return pl.when(unit.is_null()).then(1.0).otherwise(unit.replace_strict(_SIZE_OF, default=None, return_dtype=pl.Float64))


def _read_as(kind: str, low: pl.Expr = _NULL, high: pl.Expr = _NULL) -> pl.Expr:
    return pl.struct(low.alias("low"), high.alias("high"), pl.lit(kind).alias("kind"))


def _reading() -> pl.Expr:
    """Return ``low``, ``high`` and ``kind``, by the first case whose parts the amount consists of."""
    unit, end_unit = pl.col("unit"), pl.col("end_unit")
    amount = _figure("number").fill_null(1.0) * _size(unit)
    start, end = _figure("number") * _size(pl.coalesce(unit, end_unit)), _figure("end") * _size(end_unit)
    many = amount * pl.col("many").replace_strict(_MANY, default=None, return_dtype=pl.Float64)
    is_class = unit.is_in(_CLASSES)
    is_range = _has("number", "end") | _has("number", "unit?", "end", "end_unit")
    is_from = _has("over", "number", "unit?") | _has("number", "unit?", "upwards") | (_has("unit", "upwards") & is_class)
    is_nearly = _has("nearly", "number", "unit?") | (_has("nearly", "unit") & is_class)
    magnitude = "order of magnitude"
    return (
        pl.when((pl.col("plain") == "") | pl.col("rest").is_in([*missing.WORDS, "none"]))
        .then(_read_as("undisclosed"))
        .when(~pl.col("agrees") | pl.col("rest").str.contains(_AMBIGUOUS))
        .then(_read_as("unreadable"))
        .when(_has("number", "unit?"))
        .then(_read_as("exact", amount, amount))
        .when(is_range & (start < end))
        .then(_read_as("range", start, end))
        .when(is_from)
        .then(_read_as("range", amount))
        .when(is_nearly)
        .then(_read_as(magnitude, amount / 10, amount))
        .when(_has("over?", "unit", "about?") & is_class)
        .then(_read_as(magnitude, amount, amount * 10))
        .when(_has("many", "unit", "about?"))
        .then(_read_as(magnitude, many, many * 10))
        .otherwise(_read_as("unreadable"))
        .alias("reading")
    )
