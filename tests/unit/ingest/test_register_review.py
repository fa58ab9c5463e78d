"""Plausible mistakes in the register: each stops a refresh, with file, row, column, value and remedy."""

import csv
import io
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from pipelines import settings
from pipelines.errors import InputError
from pipelines.ingest.fetchers import Project
from pipelines.ingest.landing import land, landing_path
from pipelines.ingest.sources import register
from tests.support.parsing import csv_file
from tests.support.register import edit

Row = dict[str, str]


TABLES = {table.name: table for table in register.SOURCE.tables}
#: A row of each file that the cases change.
ROWS: dict[str, Row] = {
    "companies": {"company": "Sina"},
    "deals": {"company": "Alibaba", "round": "C"},
    "founders": {"company": "iQiyi"},
    "investor_offices": {"investor": "Jiuding Capital"},
    "investors": {"investor": "Jiuding Capital"},
    "universities": {"university": "Tsinghua University"},
    "service_firms": {"firm": "King & Wood Mallesons"},
    "city_population": {"city": "Beijing", "year": "2010"},
    "valuations": {"company": "Hikvision"},
}


#: Columns that name what a row is of, and what the cases are of: the register in which they are planted holds no others.
SUBJECTS = ("company", "investor", "university", "city")
NAMED = {"Sina", "Alibaba", "Tencent", "iQiyi", "Hikvision", "Jiuding Capital", "Tsinghua University", "Beijing"}


@cache
def part(file: str) -> tuple[Row, ...]:
    """Return the rows of the committed file that are of what the cases name."""
    rows = csv.DictReader(io.StringIO((settings.REGISTER / f"{file}.csv").read_text("utf-8")))
    subject = next(column for column in SUBJECTS if column in (rows.fieldnames or ()))
    return tuple(row for row in rows if row[subject] in NAMED)


def row_of(file: str, **cells: str) -> int:
    """Return the number of the first row of the part that has ``cells``."""
    return next(number for number, row in enumerate(part(file), 2) if cells.items() <= row.items())


_rows = register._rows


@cache
def rows_of_parts(file: str) -> pl.DataFrame:
    """Return the rows of a file as a review reads them: of the register the part, and all of the reference tables."""
    folder, name = file.split("/")
    return register.FILES.parse(name, csv_file(part(name)[0], *part(name))) if folder == "register" else _rows(file)


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare each case with parts of the other files: to read and compare all of them takes longer."""
    monkeypatch.setattr(register, "_rows", rows_of_parts)


def with_changes(file: str, changes: Row) -> tuple[bytes, int]:
    """Return part of the committed file with one row changed, or added where its key changes, and the number of that row."""
    rows = list(part(file))
    position = next(number for number, row in enumerate(rows) if ROWS[file].items() <= row.items())
    changed = rows[position] | changes
    if changes.keys() & set(register.FILES.contracts[file][0].primary_key()):
        rows.append(changed)
        position = len(rows) - 1
    else:
        rows[position] = changed
    return csv_file(rows[0], *rows), position + 2


def problems(file: str, content: bytes) -> list[tuple[int | None, str | None, str]]:
    """Return row, column and words of everything that is wrong with a file."""
    try:
        frame = register.FILES.parse(file, content)
    except InputError as error:
        found = error.problems
    else:
        review = TABLES[file].review
        assert review is not None
        found = review(frame)
    return [(problem.row, problem.column, f"{problem.problem}. {problem.remedy}") for problem in found]


@pytest.mark.slow
def test_the_committed_register_stands_its_review() -> None:
    assert {name: found for name in TABLES if (found := problems(name, (settings.REGISTER / f"{name}.csv").read_bytes()))} == {}


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize("file", ROWS)
def test_parts_of_the_committed_register_stand_their_review(file: str) -> None:
    assert problems(file, csv_file(part(file)[0], *part(file))) == []


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize(
    ("file", "changes", "column", "words"),
    [
        ("deals", {"date": "1912"}, "date", "'1912' has the wrong form. Write YYYY or YYYY-MM, from 1980 on"),
        ("deals", {"date": "1981"}, "date", "'1981' is before Alibaba was founded, in 1999"),
        ("deals", {"date": "2099-12"}, "date", "'2099-12' is in the future"),
        (
            "deals",
            {"date": "1999"},
            "date, round",
            f"round C of '1999' is before round B, which row {row_of('deals', company='Alibaba', round='B')} has in 2000",
        ),
        ("deals", {"currency": "RMB"}, "currency", "'RMB' is not a currency of exchange_rates.csv. Write CNY"),
        ("deals", {"currency": "YEN"}, "currency", "Write JPY"),
        ("deals", {"currency": "ZZZ"}, "currency", "Use the ISO 4217 code, and give its rates"),
        (
            "deals",
            {"currency": "CNY", "date": "1989"},
            "currency",
            "CNY has no exchange rate for 1989. Add it to exchange_rates.csv",
        ),
        ("deals", {"amount_m": "1e308"}, "amount_m", "'1e308' is above 1e+15"),
        ("deals", {"amount_m": "82000000"}, "amount_m", "Write millions, not units or thousands"),
        ("deals", {"round": "seed", "date": "1999", "amount_m": "20000"}, "amount_m", "0.01 to 1000 million USD"),
        (
            "deals",
            {"round": "seed", "date": "1999", "amount_m": "1001"},
            "amount_m",
            "1001 million USD cannot be the amount of round",
        ),
        ("deals", {"amount_m": "0.000082"}, "amount_m", "cannot be the amount of round C"),
        ("deals", {"amount_m": "", "amount_max_m": "9", "currency": ""}, "amount_m, amount_max_m", "amount max m needs amount m"),
        ("deals", {"investors": "N/A", "lead": ""}, "investors", "'N/A' stands for a missing value. Leave it empty"),
        ("deals", {"investors": "Tencent|-", "lead": ""}, "investors", "stands for a missing value"),
        ("deals", {"investors": "Alpha, Beta and Gamma", "lead": ""}, "investors", "is a list of names. Separate names with |"),
        ("deals", {"investors": "Tencent and Alpha", "lead": ""}, "investors", "is a list of names"),
        ("deals", {"investors": "Tencant", "lead": ""}, "investors", "'Tencant' is nearly 'Tencent'. Write 'Tencent', or say in"),
        ("deals", {"investors": "Ten\u200bcent", "lead": ""}, "investors", "has an invisible or control character"),
        ("deals", {"company": "Alibabba"}, "company", "'Alibabba' is not in companies.csv. Write 'Alibaba'"),
        ("deals", {"company": "Nowhere Known"}, "company", "Correct the spelling, or add it to companies.csv"),
        ("deals", {"source": "Orl?ans press"}, "source", "has ? where letters were. Copy it from the source again, as UTF-8"),
        ("companies", {"company": "Si\u200bna"}, "company", "has an invisible or control character"),
        ("companies", {"company": "SINA"}, "company", "is that of row 2, written in another way. Keep one row"),
        ("companies", {"city": "B\u0435ijing"}, "city", "mixes Latin letters with others that look the same"),
        ("companies", {"company_zh": "æ–°æµª"}, "company_zh", "was read in another encoding than it was written in"),
        ("companies", {"company_zh": "鏂版氮"}, "company_zh", "was read in another encoding than it was written in"),
        ("companies", {"company": "Xinlang"}, "company_zh", "the Chinese name is that of another row. Keep one row"),
        ("companies", {"exit_value_usd_m": "82000000"}, "exit_value_usd_m", "is above 200000"),
        ("deals", {"investors": "Tencent|Tencent", "lead": ""}, "investors", "has a name twice. Keep one of them"),
        ("founders", {"last_employer": "Alibabba"}, "last_employer", "'Alibabba' is nearly 'Alibaba'"),
        ("founders", {"schools": "Tsinghua Univercity:1991:1995"}, "schools", "is nearly 'Tsinghua University'"),
        ("companies", {"founded": "1898"}, "founded", "'1898' is below 1950"),
        ("companies", {"country": "XQ"}, "country", "'XQ' is not the code of a country"),
        ("companies", {"acquirer": "Alibabba"}, "acquirer", "'Alibabba' is nearly 'Alibaba'"),
        ("companies", {"source": "Wikipedia:  Sina"}, "source", "has stray blanks"),
        ("companies", {"city_since": "2005"}, "city_founded, city_since", "city since needs another city founded"),
        ("companies", {"city_since": "2005", "city_founded": ""}, "city_founded, city_since", "needs another city founded"),
        ("companies", {"city_founded": "Hefei", "city_since": "1997"}, "city_since, founded", "city since is not before founded"),
        ("companies", {"unicorn_year": "2010"}, "listing_year, unicorn_year", "unicorn year is not after listing year"),
        ("founders", {"schools": "Tsinghua University:1991:1987"}, "schools", "does not fit a founder of iQiyi, founded in 2010"),
        ("founders", {"schools": "Tsinghua University:1887:1891"}, "schools", "does not fit a founder"),
        ("founders", {"schools": "Tsinghua University:1987:2001"}, "schools", "does not fit a founder"),
        ("founders", {"studied_abroad": "US|XQ"}, "studied_abroad", "'XQ' is not the code of a country"),
        ("founders", {"company": "iQiyii"}, "company", "Write 'iQiyi'"),
        (
            "universities",
            {"university": "Tsinghau University", "university_zh": ""},
            "university",
            "nearly 'Tsinghua University'",
        ),
        ("service_firms", {"firm": "King & Wood Malesons", "firm_zh": ""}, "firm", "nearly 'King & Wood Mallesons'. Write"),
        ("service_firms", {"firm": "King & Wood Malesons"}, "firm, firm_zh", "break the rule that firm zh is of one firm"),
        ("service_firms", {"city": "Wuhan", "firm_zh": "金杜"}, "firm, firm_zh", "break the rule that firm has one firm zh"),
        (
            "companies",
            {"company": "Alibabba", "company_zh": ""},
            "company",
            "'Alibabba' is nearly 'Alibaba'. Write 'Alibaba', or",
        ),
        ("investors", {"investor": "jiuding capital"}, "investor", "written in another way"),
        ("investor_offices", {"opened": "1907"}, "opened", "1907 is before Jiuding Capital was founded, in 2007"),
        ("investor_offices", {"closed": "2006"}, "opened, closed", "'2006' break the rule that closed is not before opened"),
        ("service_firms", {"closed": "1992"}, "opened, closed", "'1992' break the rule that closed is not before opened"),
        ("investor_offices", {"investor": "Jiudingg Capital"}, "investor", "Write 'Jiuding Capital'"),
        ("city_population", {"population": "1961236"}, "population", "do not fit 13569194 in the census before"),
        *(
            (
                file,
                {"basis": "verified", "url": ""},
                "basis, url",
                "'verified', an empty cell break the rule that basis verified needs url",
            )
            for file in ROWS
        ),
        ("valuations", {"company": "Hikvisionn"}, "company", "Write 'Hikvision'"),
    ],
)
def test_plausible_mistake_is_named(file: str, changes: Row, column: str, words: str) -> None:
    content, row = with_changes(file, changes)
    found = problems(file, content)
    assert any((row, column) == (number, name) and words in text for number, name, text in found), found


def test_amount_of_a_year_without_a_rate_yet_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    def rows(file: str) -> pl.DataFrame:
        frame = rows_of_parts(file)
        return frame.filter(pl.col("year") < 2012) if file == "reference/exchange_rates" else frame

    monkeypatch.setattr(register, "_rows", rows)
    changes = {"round": "unknown", "date": "2014", "amount_m": "7000", "currency": "CNY"}
    assert problems("deals", with_changes("deals", changes)[0]) == []
    # At the rate of the first year it would be a plausible amount.
    ((_, column, text),) = problems("deals", with_changes("deals", changes | {"amount_m": "350000"})[0])
    assert (column, text.split(":")[0]) == ("amount_m", "350000 million CNY cannot be the amount of round unknown")


@pytest.mark.parametrize("file", TABLES)
def test_a_fifth_of_the_rows_cannot_be_lost(file: str) -> None:
    rows = register.FILES.read(file).height
    assert 0.8 * rows <= TABLES[file].rows[0] <= rows, "set the fewest rows to what the file has, less a few"


def test_no_bad_row_is_left_out(home: Path) -> None:
    def add_bad_rows(lines: list[str]) -> list[str]:
        return [*lines, "Alibaba,2013-13,C,1,,USD,Tencent,,cited,a page,"]

    edit(home, "deals.csv", add_bad_rows)
    row = len((home / "data" / "register" / "deals.csv").read_text("utf-8").splitlines())
    with pytest.raises(InputError, match=rf"data/register/deals\.csv, row {row}, column date: '2013-13' has the wrong form"):
        land(register.SOURCE, TABLES["deals"], Project())
    assert not landing_path("register", "deals").exists()


def test_unchanged_rows_are_compared_with_a_changed_file(home: Path) -> None:
    assert land(register.SOURCE, TABLES["deals"], Project()) is not None
    edit(home, "companies.csv", lambda lines: [line for line in lines if not line.startswith("Alibaba,")])
    with pytest.raises(InputError, match=r"deals\.csv, row \d+, column company: 'Alibaba' is not in companies\.csv"):
        land(register.SOURCE, TABLES["deals"], Project())
