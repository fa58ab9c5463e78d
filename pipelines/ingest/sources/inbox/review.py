"""Compare the rows of an export with the reference tables: a person can mend the file, so whatever is wrong stops its landing."""

import re
from dataclasses import replace

import polars as pl

from pipelines.errors import Problem, refuse
from pipelines.ingest.contract import ROW
from pipelines.ingest.review import FILE, HASH, damaged_cells, placeholders, problems, texts
from pipelines.ingest.sources import reference, register
from pipelines.ingest.sources.crunchbase_rounds_2026 import split_names
from pipelines.ingest.sources.inbox.forms import printed

#: Largest amount of a round, in US dollars; a larger one is in other units.
MOST_USD = 2e11
#: Signs that stand between names and in none. A comma may be part of a name.
_SEPARATORS = re.compile("[;；、，]")
#: Words in the names of investors.
_FIRM = re.compile(r"\b(capital|ventures?|partners|funds?|invest\w*|angels?|group)\b|资本|创投|基金|投资", re.IGNORECASE)
#: Where Chinese is written, and its characters.
_OF_CHINESE, _HAN = ("CN", "HK", "MO", "TW", "SG"), r"\p{Han}"
#: What an investor did in a round, at the end of its name.
_PART = r"[^|(（](领投|跟投|参投|[(（](领投|跟投|参投)[)）])(\||$)"
#: Columns of names, and the most characters that a name has.
NAMES, LONGEST_NAME = ("company", "investor", "investors", "lead"), 200


def require_chinese(frame: pl.DataFrame) -> None:
    """Raise Refused if text read as GBK has Chinese beside a country that writes none: Cyrillic or Korean looks like that."""
    countries = reference.FILES.read("countries")
    others = _written(countries.filter(~pl.col("country").is_in(_OF_CHINESE)))
    # A country whose name is Chinese was read aright, and so was its row.
    others = others.filter(~others.str.contains(_HAN))
    rows = frame.filter(pl.col("country").str.to_lowercase().is_in(others.implode()))
    for column in texts(rows.drop("form", "country")):
        wrong = rows.filter(pl.col(column).str.contains(_HAN))
        for cell, country, row, form in wrong.select(column, "country", ROW, "form").head(1).iter_rows():
            problem = f"{cell!r} is Chinese beside the country {country!r}, as text of another encoding looks when read as GBK"
            raise refuse(problem, "Save it as UTF-8", row=row, column=printed(form, column))


def review(frame: pl.DataFrame) -> list[Problem]:
    """Return cells that cannot be right, such as a country or an amount that is none, and rows at odds with others.

    What is wrong in the same words in many rows of a file is one problem. It names the column as the file does.
    """
    found: dict[Problem, list[Problem]] = {}
    for problem in _found(frame):
        found.setdefault(replace(problem, row=None), []).append(problem)
    form_of = dict(frame.select(FILE, "form").unique().iter_rows()) if found else {}
    return [
        replace(
            first,
            problem=f"{first.problem}, also in {len(more):,} more {'rows' if more[1:] else 'row'}" if more else first.problem,
            column=first.column and printed(form_of[first.file], first.column),
        )
        for first, *more in found.values()
    ]


def _found(frame: pl.DataFrame) -> list[Problem]:
    named = [column for column in NAMES if column in frame.columns]
    found = [*damaged_cells(frame), *_countries(frame), *_in_two_files(frame)]
    for column in named:
        found += placeholders(frame, column)
        is_long = pl.col(column).str.split("|").list.eval(pl.element().str.len_chars()).list.max() > LONGEST_NAME
        found += problems(
            frame, is_long, column, f"it has a name of more than {LONGEST_NAME} characters", "Check the columns of the row"
        )
    if "investors" in frame.columns:
        found += _lists_in_other_words(frame)
        words = "{investors!r} says who led or followed"
        found += problems(frame, pl.col("investors").str.contains(_PART), "investors", words, "Write the names alone")
    if "founded" in frame.columns:
        found += _two_foundings(frame)
    return [*found, *_rounds(frame), *_amounts(frame)] if "round" in frame.columns else found


def _lists_in_other_words(frame: pl.DataFrame) -> list[Problem]:
    """Return cells of the plain form whose names stand between other signs than |."""
    known = {*register.FILES.read("investors")["investor"], *frame["investors"].drop_nulls().str.split("|").explode()}
    names = frame.select(pl.col("investors").drop_nulls().unique())["investors"]
    wrong = [cell for cell in names if any(_is_list(name, known) for name in cell.split("|"))]
    is_wrong = (pl.col("form") == "plain deals") & pl.col("investors").is_in(wrong)
    return problems(frame, is_wrong, "investors", "{investors!r} looks like several names in one", "Separate names with |")


def _is_list(name: str, known: set[str]) -> bool:
    """Return whether a name is several: ``Sequoia Capital, L.P.`` is one."""
    if _SEPARATORS.search(name):
        return True
    parts = split_names(name)
    return len(parts) > 1 and (any(part in known for part in parts) or all(map(_FIRM.search, parts)))


def _in_two_files(frame: pl.DataFrame) -> list[Problem]:
    """Return rows that another file has before, in whatever form: exports that overlap would count twice."""
    told = [name for name in frame.columns if name not in ("form", "amount", FILE, HASH, ROW)]
    known = frame.with_columns(pl.col(ROW, FILE).first().over(told).name.suffix("_before"))
    twice = known.filter(pl.col(FILE) != pl.col(f"{FILE}_before"))
    pairs = twice.group_by(FILE, f"{FILE}_before", maintain_order=True).agg(pl.col(ROW, f"{ROW}_before").first(), n=pl.len())
    problem = f"is the same as row {{{ROW}_before}} of {{{FILE}_before!r}}; rows in both: {{n}}"
    remedy = "Keep them in one of the two, or tell them apart, by their dates or amounts"
    return problems(pairs, pl.lit(True), None, problem, remedy)


def _two_foundings(frame: pl.DataFrame) -> list[Problem]:
    """Return the rows whose founding year differs from that of the company's first row that gives one."""
    firsts = pl.col("founded", ROW, FILE).filter(pl.col("founded").is_not_null()).first()
    known = frame.with_columns(firsts.over("company", "country", "place").name.suffix("_before"))
    problem = f"{{founded}} is not the year {{founded_before}} that row {{{ROW}_before}} of {{{FILE}_before}} has"
    return problems(known, pl.col("founded") != pl.col("founded_before"), "founded", problem, "Keep the right one")


def _countries(frame: pl.DataFrame) -> list[Problem]:
    if "country" not in frame.columns:
        return []
    is_unknown = ~pl.col("country").str.to_lowercase().is_in(_written(reference.FILES.read("countries")).implode())
    remedy = "Write an ISO 3166 code or the English name, leave it empty, or add the name to data/reference/countries.csv"
    return problems(frame, is_unknown, "country", "{country!r} is not the name of a country", remedy)


def _written(countries: pl.DataFrame) -> pl.Series:
    """Return the codes and names of countries, in lower case."""
    also = countries["also"].drop_nulls().str.split("|").explode()
    return pl.concat([countries["country"], countries["iso3"], countries["name"], also]).str.to_lowercase().unique()


def _rounds(frame: pl.DataFrame) -> list[Problem]:
    """Return rounds that no mapping knows: unnamed rounds count as venture capital, so a sale or a closure would."""
    is_unknown = ~pl.col("round").str.to_lowercase().is_in(reference.FILES.read("rounds")["written"].implode())
    remedy = "Correct it, leave it empty if it is unknown, or add it to data/reference/rounds.csv"
    return problems(frame, is_unknown, "round", "{round!r} is not the name of a round", remedy)


def _amounts(frame: pl.DataFrame) -> list[Problem]:
    """Return amounts of no currency, or of one without a rate, and those larger than any round at its lowest rate."""
    rates = reference.FILES.read("exchange_rates").group_by("currency").agg(pl.col("per_usd").max(), pl.col("year").min())
    rated = frame.join(rates, on="currency", how="left").with_columns(announced=pl.col("date").str.head(4))
    is_usd, is_known = pl.col("currency") == "USD", pl.col("per_usd").is_not_null()
    is_bare = pl.coalesce("amount_low", "amount_high").is_not_null() & pl.col("currency").is_null()
    is_early = ~is_usd & (pl.col("announced").cast(pl.Int32) < pl.col("year"))
    too_large = pl.max_horizontal("amount_low", "amount_high") / pl.col("per_usd").fill_null(1.0) > MOST_USD
    problem, remedy = "{amount!r} {currency} is more than any round", "Check its unit and its digits"
    advice = "Give the amount in US dollars, or add its rates to data/reference/exchange_rates.csv"
    return [
        *problems(rated, (is_usd | is_known) & too_large, "amount", problem, remedy),
        *problems(rated, ~(is_usd | is_known), "currency", "{currency!r} has no exchange rate", advice),
        *problems(rated, is_early, "currency", "{currency!r} has no exchange rate for {announced}", advice),
        *problems(rated, is_bare, "currency", "{amount!r} has no currency", "Add it, or leave the amount empty if it is unknown"),
    ]
