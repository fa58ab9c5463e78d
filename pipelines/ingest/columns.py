"""Declare the columns of contracts in one line each: what a column holds, the values it may take and the form they have.

Each function but ``rule`` returns a dataframely column. As in dataframely, a column must be filled unless ``nullable`` is set.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import dataframely as dy
import polars as pl

from pipelines.ingest.calendar import today
from pipelines.ingest.contract import doc

#: Pattern of an ISO 3166 alpha-2 code.
COUNTRY = r"^[A-Z]{2}$"
#: Pattern of names separated by |.
NAMES = r"^[^|]+(\|[^|]+)*$"
#: More than any figure of any source: the world's yearly product is a tenth of it, in US dollars.
MOST = 1e15
#: The ISO 4217 codes in use, and those that the euro replaced.
CURRENCIES = (
    "AED|AFN|ALL|AMD|ANG|AOA|ARS|ATS|AUD|AWG|AZN|BAM|BBD|BDT|BEF|BGN|BHD|BIF|BMD|BND|BOB|BRL|BSD|BTN|BWP|BYN|BZD|CAD|"
    "CDF|CHF|CLP|CNY|COP|CRC|CUP|CVE|CYP|CZK|DEM|DJF|DKK|DOP|DZD|EEK|EGP|ERN|ESP|ETB|EUR|FIM|FJD|FKP|FRF|GBP|GEL|GHS|"
    "GIP|GMD|GNF|GRD|GTQ|GYD|HKD|HNL|HRK|HTG|HUF|IDR|IEP|ILS|INR|IQD|IRR|ISK|ITL|JMD|JOD|JPY|KES|KGS|KHR|KMF|KPW|KRW|"
    "KWD|KYD|KZT|LAK|LBP|LKR|LRD|LSL|LTL|LUF|LVL|LYD|MAD|MDL|MGA|MKD|MMK|MNT|MOP|MRU|MTL|MUR|MVR|MWK|MXN|MYR|MZN|NAD|"
    "NGN|NIO|NLG|NOK|NPR|NZD|OMR|PAB|PEN|PGK|PHP|PKR|PLN|PTE|PYG|QAR|RON|RSD|RUB|RWF|SAR|SBD|SCR|SDG|SEK|SGD|SHP|SIT|"
    "SKK|SLE|SOS|SRD|SSP|STN|SVC|SYP|SZL|THB|TJS|TMT|TND|TOP|TRY|TTD|TWD|TZS|UAH|UGX|USD|UYU|UZS|VED|VES|VND|VUV|WST|"
    "XAF|XCD|XOF|XPF|YER|ZAR|ZMW|ZWL"
)


def text(
    holds: str, pattern: str | None = None, form: str | None = None, *, nullable: bool = False, primary_key: bool = False
) -> dy.String:
    """Return a column of text; ``form`` tells a person how to write what ``pattern`` accepts."""
    return dy.String(nullable=nullable, primary_key=primary_key, regex=pattern, metadata=doc(holds, form))


def category(holds: str, values: Sequence[str], *, nullable: bool = False, primary_key: bool = False) -> dy.Enum:
    """Return a column whose values come from a fixed vocabulary."""
    return dy.Enum(values, nullable=nullable, primary_key=primary_key, metadata=doc(holds))


def integer(
    holds: str, low: int | None = None, high: int | None = None, *, nullable: bool = False, primary_key: bool = False
) -> dy.Int32:
    """Return a column of whole numbers from ``low`` to ``high``."""
    return dy.Int32(nullable=nullable, primary_key=primary_key, min=low, max=high, metadata=doc(holds))


def year(holds: str, since: int, *, ahead: int = 0, nullable: bool = False, primary_key: bool = False) -> dy.Int32:
    """Return a column of years from ``since`` to this one, or so many ``ahead``: an edition may bear the next year."""
    return dy.Int32(
        nullable=nullable,
        primary_key=primary_key,
        min=since,
        check={"is not in the future": lambda years: years <= today().year + ahead},
        metadata=doc(holds),
    )


def long_integer(
    holds: str, low: int | None = None, high: int | None = None, *, nullable: bool = False, primary_key: bool = False
) -> dy.Int64:
    """Return a column of whole numbers that may exceed two billion, such as identifiers and populations."""
    return dy.Int64(nullable=nullable, primary_key=primary_key, min=low, max=high, metadata=doc(holds))


def persons(holds: str) -> dy.Int64:
    """Return a column of the people of a place, perhaps empty: no city or prefecture has fifty million."""
    return long_integer(holds, 0, 50_000_000, nullable=True)


def number(holds: str, low: float | None = None, high: float | None = None, *, nullable: bool = False) -> dy.Float64:
    """Return a column of numbers from ``low`` to ``high``, by default below any figure that cannot be."""
    return dy.Float64(nullable=nullable, min=low, max=MOST if high is None else high, metadata=doc(holds))


def usd(holds: str) -> dy.Float64:
    """Return a column of amounts of a deal in US dollars, perhaps empty."""
    return number(holds, 0, 2e11, nullable=True)


def flag(holds: str) -> dy.Bool:
    """Return a column that is true or false."""
    return dy.Bool(nullable=False, metadata=doc(holds))


def country(holds: str, *, nullable: bool = False, primary_key: bool = False) -> dy.String:
    """Return a column of two-letter country codes."""
    return text(holds, COUNTRY, "Write an ISO 3166 alpha-2 code", nullable=nullable, primary_key=primary_key)


def country3(holds: str, *, nullable: bool = False) -> dy.String:
    """Return a column of three-letter country codes."""
    return text(holds, r"^[A-Z]{3}$", "Write an ISO 3166 alpha-3 code", nullable=nullable)


def place_code() -> dy.String:
    """Return a column of administrative codes of China, which tell places apart."""
    return text("Administrative code (GB/T 2260).", r"^[1-8][0-9]{5}$", "Write six digits", primary_key=True)


def day(
    holds: str,
    pattern: str = r"^20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]$",
    *,
    since: str = "1900",
    nullable: bool = False,
    primary_key: bool = False,
) -> dy.String:
    """Return a column of ISO dates, as text: days that were, from ``since`` to tomorrow, since the day begins in the east."""
    return dy.String(
        nullable=nullable, primary_key=primary_key, regex=pattern, check=was(since), metadata=doc(holds, "Write YYYY-MM-DD")
    )


def was(since: str) -> dict[str, Callable[[pl.Expr], pl.Expr]]:
    """Return the checks of a date, month or year as text: it is one of the calendar, and neither to come nor before ``since``.

    Text of another form passes: its column says which form it needs.
    """

    def check(holds: Callable[[pl.Expr], pl.Expr]) -> Callable[[pl.Expr], pl.Expr]:
        return lambda dates: ~dates.str.contains(r"^[0-9]{4}(-[0-9]{2}){0,2}$") | holds(dates)

    return {
        "is in the calendar": check(lambda dates: _first_day(dates).is_not_null()),
        "is not in the future": check(lambda dates: dates <= f"{today() + timedelta(days=1):%Y-%m-%d}~"),
        f"is {since} or later": check(lambda dates: dates >= since),
    }


def _first_day(dates: pl.Expr) -> pl.Expr:
    """Return the first day of a year, month or day; null if the calendar lacks it."""
    return (dates.str.head(10) + "-01-01").str.head(10).str.to_date("%Y-%m-%d", strict=False)


def currency(holds: str = "ISO 4217 code of the currency.", *, nullable: bool = False, primary_key: bool = False) -> dy.String:
    """Return a column of currency codes."""
    return text(holds, f"^({CURRENCIES})$", "Write an ISO 4217 code", nullable=nullable, primary_key=primary_key)


def names(holds: str, *, nullable: bool = True) -> dy.String:
    """Return a column of several names in one cell."""
    return text(holds, NAMES, "Separate names with | and leave none empty", nullable=nullable)


def rule(keeps: pl.Expr) -> Any:
    """Return a rule on several columns of a contract; messages say its name, so that is the sentence it enforces."""
    return dy.rule()(lambda cls: keeps)


def url(holds: str, *, nullable: bool = False) -> dy.String:
    """Return a column of web addresses."""
    return text(holds, r"^https?://\S+$", "Write a full URL", nullable=nullable)
