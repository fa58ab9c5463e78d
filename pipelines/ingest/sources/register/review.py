"""Compare the rows of the register with each other and with the reference tables: what no single row can tell.

A mistake here is one that a person made while typing, so each problem names the row, the value and the likely meaning.
"""

from collections.abc import Iterator
from functools import partial

import polars as pl

from pipelines.errors import Problem
from pipelines.ingest.amounts import currency_code
from pipelines.ingest.calendar import today
from pipelines.ingest.contract import ROW
from pipelines.ingest.review import Check, Rows, damaged_cells, placeholders, problems, texts, unknown
from pipelines.ingest.sources.register import published
from pipelines.ingest.spelling import Names, folded_key, parts_of_list

#: Largest amounts, in millions of US dollars, that a round of the kind has plausibly had: a larger one is in other units.
MOST_USD_M = {"seed": 1_000, "angel": 1_000, "pre-A": 1_000, "A": 5_000, "A+": 5_000}
MOST_OF_OTHERS_USD_M = 50_000
LEAST_USD_M = 0.01
#: Rounds that follow each other; the others may come at any time.
SEQUENCE = ["seed", "angel", "pre-A", "A", "A+", "B", "B+", "C", "C+", "D", "E", "F", "G", "H", "pre-IPO"]
_TURNS = {name: turn for turn, name in enumerate(SEQUENCE)}
#: Factor by which a city may grow from one census to a later one.
GROWTH = 3
#: Years that studies may go on after a founding, that a career may last, and that studies may take.
STUDIES_AFTER, LONGEST_CAREER, LONGEST_STUDIES = 12, 80, 12
#: Files in which each Chinese name stands once, and columns of names separated by |.
NAMED_ONCE, LISTS = ("companies", "investors", "universities", "zones"), ("investors", "lead", "earlier_ventures", "schools")
#: Columns that hold codes of countries, separated by |.
COUNTRIES = ("country", "main_market", "studied_abroad", "worked_abroad")

_CORRECT = "Correct it in this row"
_TWICE = "the Chinese name is that of another row"


def review(file: str, frame: pl.DataFrame, key: list[str], rows: Rows) -> list[Problem]:
    """Return what is wrong with the rows of a file of the register; ``rows`` reads others, such as ``reference/countries``."""
    twice = list(_duplicates(frame, key))
    found = [*damaged_cells(frame), *_blanks(frame), *twice, *_namesakes(frame, file), *_countries(frame, rows)]
    kept = frame.filter(~pl.col(ROW).is_in([problem.row for problem in twice]))
    for check in CHECKS.get(file, ()):
        found += check(kept, rows)
    return sorted(found, key=lambda problem: problem.row or 0)


def _blanks(frame: pl.DataFrame) -> list[Problem]:
    """Return the cells that have stray blanks, or a word for a missing value."""
    found = []
    for name in texts(frame):
        found += placeholders(frame, name)
        has_stray = pl.col(name).str.contains(r"\s\s|[\u00A0\n]")
        found += problems(frame, has_stray, name, f"{{{name}!r}} has stray blanks", _CORRECT)
    return found


def _duplicates(frame: pl.DataFrame, key: list[str]) -> Iterator[Problem]:
    """Yield rows whose keys differ in nothing but case, accents, blanks and punctuation."""
    first: dict[tuple[str, ...], int] = {}
    for *values, row in frame.select(*key, ROW).iter_rows():
        earlier = first.setdefault(folded_key(values), row)
        if key and earlier != row:
            problem = f"{' | '.join(map(str, values))!r} is that of row {earlier}, written in another way"
            yield Problem("content", problem, "Keep one row", row, ", ".join(key))


def _namesakes(frame: pl.DataFrame, file: str) -> list[Problem]:
    """Return rows of a Chinese name that another row has, and lists that name somebody twice."""
    found = []
    for name in (name for name in frame.columns if name.endswith("_zh") and file in NAMED_ONCE):
        found += problems(frame, pl.col(name).is_duplicated() & pl.col(name).is_not_null(), name, _TWICE, "Keep one row")
    for name in (name for name in LISTS if name in frame.columns):
        names = pl.col(name).str.split("|")
        is_twice = names.list.len() != names.list.n_unique()
        found += problems(frame, is_twice, name, f"{{{name}!r}} has a name twice", "Keep one of them")
    return found


def _countries(frame: pl.DataFrame, rows: Rows) -> Iterator[Problem]:
    named = [column for column in COUNTRIES if column in frame.columns]
    known = {*rows("reference/countries")["country"], "none"} if named else set()
    for column in named:
        for codes, row in frame.select(column, ROW).drop_nulls().iter_rows():
            for code in set(codes.split("|")) - known:
                yield Problem("content", f"{code!r} is not the code of a country", "Use one of countries.csv", row, column)


def _unknown(frame: pl.DataFrame, rows: Rows, file: str, column: str) -> Iterator[Problem]:
    """Yield names in ``column`` that the column of another file lacks."""
    known = Names(rows(f"register/{file}")[column])
    return unknown(frame, column, known, f"is not in {file}.csv", f"Correct the spelling, or add it to {file}.csv")


def _reviewed(kind: str, rows: Rows) -> set[frozenset[str]]:
    """Return the pairs of names that name_overrides.csv decides."""
    decided = rows("reference/name_overrides").filter(pl.col("kind").cast(pl.String) == kind)
    return {frozenset(pair) for pair in decided.select("name_a", "name_b").iter_rows()}


def _nearly(name: str, names: Names, reviewed: set[frozenset[str]], row: int, column: str) -> Iterator[Problem]:
    """Yield the names that ``name`` may be a misspelling of, unless a person has decided about them."""
    for meant in names.alike(name):
        if frozenset({name, meant}) not in reviewed:
            remedy = f"Write {meant!r}, or say in name_overrides.csv that they differ"
            yield Problem("content", f"{name!r} is nearly {meant!r}", remedy, row, column)


def _own_names(frame: pl.DataFrame, rows: Rows, column: str, kind: str) -> Iterator[Problem]:
    """Yield names of a file that are nearly one of an earlier row."""
    reviewed, named = _reviewed(kind, rows), frame.unique(column, keep="first", maintain_order=True)
    names = Names(named[column])
    for name, row in named.select(column, ROW).reverse().iter_rows():
        yield from _nearly(name, names, reviewed, row, column)
        # A pair is told once, at its later row.
        reviewed |= {frozenset({name, other}) for other in names.alike(name)}


def _companies(frame: pl.DataFrame, rows: Rows) -> Iterator[Problem]:
    """Yield acquirers and parents that are nearly a company of the register."""
    names, reviewed = Names(frame["company"]), _reviewed("company", rows)
    for column in ("acquirer", "parent"):
        for name, row in frame.select(column, ROW).drop_nulls().iter_rows():
            if name not in names:
                yield from _nearly(name, names, reviewed, row, column)


def _dates_of_deals(frame: pl.DataFrame, rows: Rows) -> list[Problem]:
    companies = rows("register/companies").select("company", "founded", "exit_how", "exit_year")
    deals = frame.join(companies, on="company", how="left").with_columns(
        year=pl.col("date").str.head(4).cast(pl.Int32), turn=pl.col("round").cast(pl.String).replace_strict(_TURNS, default=None)
    )
    month = f"{today():%Y-%m}"
    # Strings compare like the dates: a month is after its year, and after every earlier month.
    is_early = pl.col("year") < pl.col("founded")
    is_closed = (pl.col("exit_how").cast(pl.String) == "closure") & (pl.col("year") > pl.col("exit_year"))
    return [
        *problems(deals, pl.col("date") > month, "date", "'{date}' is in the future", _CORRECT),
        *problems(deals, is_early, "date", "'{date}' is before {company} was founded, in {founded}", _CORRECT),
        *problems(deals, is_closed, "date", "'{date}' is after {company} closed, in {exit_year}", _CORRECT),
        *_out_of_sequence(deals),
    ]


def _out_of_sequence(deals: pl.DataFrame) -> list[Problem]:
    """Return the rounds that a company announced in an earlier year than one that comes before them."""
    pairs = deals.join(deals.select("company", "turn", "year", "round", ROW), on="company", suffix="_before")
    is_wrong = (pl.col("turn_before") < pl.col("turn")) & (pl.col("year_before") > pl.col("year"))
    problem = "round {round} of '{date}' is before round {round_before}, which row {source_row_before} has in {year_before}"
    return problems(pairs, is_wrong, "date, round", problem, "Correct the date or the round of one of the two")


def _amounts_of_deals(frame: pl.DataFrame, rows: Rows) -> Iterator[Problem]:
    stated = rows("reference/exchange_rates").select("currency", "year", "per_usd").sort("year")
    rates = {(code, year): rate for code, year, rate in stated.iter_rows()}
    # Years after the last one have its rate, as in sql/core/exchange_rates.sql.
    last = dict(stated.select("currency", "year").iter_rows())
    columns = ("currency", "date", "round", "amount_m", "amount_max_m", ROW)
    for code, date, kind, amount, highest, row in frame.select(columns).drop_nulls("currency").iter_rows():
        if code not in {"USD", *last}:
            meant = currency_code(code)
            remedy = f"Write {meant}" if meant else "Use the ISO 4217 code, and give its rates in exchange_rates.csv"
            yield Problem("content", f"{code!r} is not a currency of exchange_rates.csv", remedy, row, "currency")
            continue
        rate = 1.0 if code == "USD" else rates.get((code, min(int(date[:4]), last[code])))
        if rate is None:
            yield Problem(
                "content", f"{code} has no exchange rate for {date[:4]}", "Add it to exchange_rates.csv", row, "currency"
            )
            continue
        most = MOST_USD_M.get(str(kind), MOST_OF_OTHERS_USD_M)
        for column, value in (("amount_m", amount), ("amount_max_m", highest)):
            if value is not None and not LEAST_USD_M <= value / rate <= most:
                problem = f"{value:g} million {code} cannot be the amount of round {kind}: {LEAST_USD_M} to {most} million USD"
                yield Problem("content", problem, "Write millions, not units or thousands", row, column)


def _investors_of_deals(frame: pl.DataFrame, rows: Rows) -> Iterator[Problem]:
    """Yield investors that are several names, or that are nearly another one's."""
    reviewed = _reviewed("investor", rows)
    curated = {*rows("register/investors")["investor"], *rows("register/companies")["company"]}
    settled = curated | set().union(*reviewed)
    named = frame.select(pl.col("investors").str.split("|"), ROW).explode("investors")
    names = Names([*sorted(curated), *named["investors"].unique(maintain_order=True)])
    for name, row in named.iter_rows():
        if name not in settled and parts_of_list(name, curated):
            yield Problem("content", f"{name!r} is a list of names", "Separate names with |", row, "investors")
        elif name not in curated:
            yield from _nearly(name, names, reviewed, row, "investors")


def _ventures_and_schools(frame: pl.DataFrame, rows: Rows) -> Iterator[Problem]:
    """Yield ventures, employers and schools that are nearly one of the register."""
    companies, reviewed = Names(rows("register/companies")["company"]), _reviewed("company", rows)
    universities = Names(rows("register/universities")["university"])
    columns = ("earlier_ventures", "last_employer", "schools")
    for *cells, row in frame.select(*columns, ROW).iter_rows():
        for column, cell in zip(columns, cells, strict=True):
            names = universities if column == "schools" else companies
            for name in (entry.partition(":")[0] if column == "schools" else entry for entry in (cell or "").split("|")):
                if name and name not in names:
                    yield from _nearly(name, names, reviewed, row, column)


def _careers(frame: pl.DataFrame, rows: Rows) -> Iterator[Problem]:
    """Yield studies that end before they begin, or that no founder of the company can have begun in that year."""
    founded = dict(rows("register/companies").select("company", "founded").iter_rows())
    for company, schools, row in frame.select("company", "schools", ROW).drop_nulls().iter_rows():
        for school in schools.split("|"):
            _, entry, graduation = school.split(":")
            years = [int(year) for year in (entry, graduation) if year]
            latest = (founded.get(company) or today().year) + STUDIES_AFTER
            is_wrong = years != sorted(years) or any(not latest - LONGEST_CAREER <= year <= latest for year in years)
            if is_wrong or (len(years) == 2 and years[1] - years[0] > LONGEST_STUDIES):
                problem = f"{school!r} does not fit a founder of {company}, founded in {founded.get(company)}"
                yield Problem("content", problem, "Write name:entry:graduation, with the right years", row, "schools")


def _offices(frame: pl.DataFrame, rows: Rows) -> list[Problem]:
    offices = frame.join(rows("register/investors").select("investor", "founded"), on="investor", how="left")
    problem = "{opened} is before {investor} was founded, in {founded}"
    return problems(offices, pl.col("opened") < pl.col("founded"), "opened", problem, _CORRECT)


def _populations(frame: pl.DataFrame, _: Rows) -> list[Problem]:
    before = pl.col("population").shift(1).over("country", "city", order_by="year")
    ratio = pl.col("population") / before
    censuses = frame.with_columns(before=before)
    problem = "{population} residents of {city} in {year} do not fit {before} in the census before"
    return problems(censuses, (ratio > GROWTH) | (ratio < 1 / GROWTH), "population", problem, _CORRECT)


def _named(column: str, kind: str) -> Check:
    return partial(_own_names, column=column, kind=kind)


_OF_COMPANIES: Check = partial(_unknown, file="companies", column="company")
CHECKS: dict[str, tuple[Check, ...]] = {
    "companies": (_named("company", "company"), _companies),
    "deals": (_OF_COMPANIES, _dates_of_deals, _amounts_of_deals, _investors_of_deals),
    "founders": (_OF_COMPANIES, _careers, _ventures_and_schools),
    "investors": (_named("investor", "investor"),),
    "universities": (_named("university", "university"),),
    "service_firms": (_named("firm", "service_firm"),),
    "investor_offices": (partial(_unknown, file="investors", column="investor"), _offices),
    "city_population": (_populations,),
    "valuations": (_OF_COMPANIES,),
    "published_statistics": (published.metrics, published.unread, published.twice, published.totals),
}
