"""Plausible mistakes in the reference tables: check names them, with file, row, column and remedy, and nothing lands."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines import settings
from pipelines.errors import InputError
from pipelines.ingest import checking
from pipelines.ingest.fetchers import Project
from pipelines.ingest.landing import land, landing_path
from pipelines.ingest.source import Source
from pipelines.ingest.sources import reference
from pipelines.ingest.sources.reference.review import unknown_cities
from tests.support.register import edit
from tests.support.shelf import Shelf, landed, table

#: The end of a line of an indicator.
INDICATOR = "A new one,What is counted,companies,unicorns,,,leader,1"


def only(name: str) -> Source:
    """Return the reference tables with one of them."""
    return replace(reference.SOURCE, tables=tuple(one for one in reference.SOURCE.tables if one.name == name))


def change(home: Path, file: str, old: str, new: str) -> int:
    """Replace the first ``old`` in a table, or add ``new`` as a row if nothing is replaced; return the number of the row."""
    path = home / "data" / "reference" / f"{file}.csv"
    text = path.read_text("utf-8")
    edit(home, path.name, lambda lines: "\n".join(lines).replace(old, new, 1).split("\n") if old else [*lines, new], "reference")
    changed = path.read_text("utf-8")
    assert changed != text
    return next(row for row, line in enumerate(changed.splitlines(), 1) if new.strip("\n") in line)


def test_the_committed_tables_stand_their_review(home: Path) -> None:
    assert checking.check(reference.SOURCE).problems == []


@pytest.mark.parametrize(
    ("file", "old", "new", "column", "words"),
    [
        (
            "indicators",
            "P6,realised,Realised,Unicorns",
            "P6,realised,Readiness,Unicorns",
            "pillar, measure",
            "measure is the same",
        ),
        ("indicators", "P6,realised,Realised,Unicorns", "P6,value,Realised,Unicorns", "pillar, pillar_name", "name is the same"),
        (
            "indicators",
            "",
            f"x,P9,realised,Realised,{INDICATOR}",
            "pillar, pillar_name",
            "'P9', 'realised' break the rule that pillar",
        ),
        (
            "indicators",
            "",
            f"x,P6,realised,Realised,{INDICATOR.replace('A new one', 'Unicorns')}",
            "indicator, name",
            "that of one indicator",
        ),
        (
            "indicators",
            '"companies per 10,000 residents"',
            "companies per million residents",
            "unit",
            "Write 'per 10,000 residents'",
        ),
        ("boundaries", "metro,Dongguan,", "metro,Dongguann,", "city", "Dongguann' is not a city that is known. Write 'Dongguan'"),
        ("boundaries", "metro,Dongguan,", "metro,Xyzzy,", "city", "Write it as prefectures.csv, areas.csv or the gazetteer does"),
        (
            "boundaries",
            "",
            "gba,Dongguan,Greater Bay Area,verified,a page,,it is named",
            "basis, url",
            "basis verified needs url",
        ),
        ("boundaries", "", "metro,Shenzhen,Guangzhou,cited,a page,,so it says", "city", "Merge the others into Guangzhou too"),
        ("audited_errors", "register,deals_received", "register,deals_recieved", "quantity", "Write 'deals_received'"),
        (
            "audited_errors",
            "register,exits",
            "register,patents",
            "quantity",
            "'patents' is not in column quantity of indicators.csv. Correct",
        ),
        (
            "ranking_contents",
            "Startup Genome,exits,",
            "Startup Genome,exitz,",
            "indicator",
            "'exitz' is not in column indicator of",
        ),
        (
            "ranking_contents",
            "Startup Genome,exits,",
            "Startup Gnome,exits,",
            "ranking",
            "'Startup Gnome' is not in column ranking of",
        ),
        ("periods", "2009,2012", "2012,2009", "first_year, last_year", "the rule that last year is not before first year"),
        ("programmes", "1995,2016", "2016,1995", "first_year, last_year", "the rule that last year is not before first year"),
        ("audited_errors", "register,exits", "registr,exits", "dataset", "'registr' is not a source. Write 'register'"),
        ("audited_errors", "register,exits", "mine,exits", "dataset", "Write the name of a module of pipelines/ingest/sources"),
        ("audited_errors", "received,0.044", "received,4.4", "wrong", "'4.4' is above 1"),
        ("scattered_research", "openalex,", "openalexx,", "dataset", "Write 'openalex'"),
        ("landmarks", "csrankings,faculty,", "csranking,faculty,", "source", "'csranking' is not a source"),
        ("landmarks", ",faculty=~6|", ",faculty~6|", "marks", "has the wrong form. Write column=hash or column=~size"),
        ("landmarks", ",faculty=~7|people=~7", ",faculty=~7", "table, marks", "of the same columns throughout"),
        ("landmarks", "institution,009d49ac333f", "place,009d49ac333f", "table, key", "the same throughout a table"),
        ("rounds", "\nseed,seed", "\nSEED,seed", "written", "breaks the rule that written is in lower case"),
        ("name_words", "\nlegal,", "\nlegal,LTD", "word", "breaks the rule that word is in lower case"),
        ("place_words", "unit,sheng,", "unit,Sheng,", "word", "breaks the rule that word is in lower case"),
        ("exchange_rates", "CNY,2015,6.2827", "CNY,2015,62.827", "per_usd", "62.827 CNY in 2015 is far from 6.162 and 6.64"),
        ("exchange_rates", "CNY,2015,6.2827", "CNY,2015,0.62827", "per_usd", "Correct it, or the rates beside it"),
        ("exchange_rates", "", "USD,2015,1.1,cited,a page,https://a.example", "currency, per_usd", "where currency is USD"),
        ("countries", ",China,PRC|", ",China,Taiwan|PRC|", "name", "'Taiwan' stands for CN in row 49. Keep it in the row of"),
        ("countries", ",China,PRC|", ",China,usa|PRC|", "iso3", "'USA' stands for CN in row 49"),
        ("countries", ",1819729,", ",18197299,", "city_id", "18197299 is not in the gazetteer. Write the id"),
        ("place_aliases", "", "CN,Wuhann,99999999999,", "geoname_id", "99999999999 is not in the gazetteer"),
        ("areas", "San Jose,San Francisco Bay Area,", "San Jose,San Francisco Bay Area,9", "geoname_id", "9 is not in the gaz"),
        ("metropolitan_areas", "Worth,4691930,", "Worth,46919300,", "geoname_id", "46919300 is not in the gazetteer. Write"),
        ("metropolitan_areas", "Dallas,4684888,", "Dallas,46848880,", "counts_for_id", "46848880 is not in the gazetteer"),
        ("metropolitan_areas", "Fort Worth,", "Forth Worth,", "city", "4691930 is Fort Worth in US. Write country, name and id"),
        ("metropolitan_areas", "US,Fort Worth,", "MX,Fort Worth,", "city", "4691930 is Fort Worth in US"),
        ("metropolitan_areas", "Dallas,4684888,", "Dallas,4164138,", "counts_for", "4164138 is Miami in US"),
        ("metropolitan_areas", "all,Dallas,4684888,", "all,Fort Worth,4691930,", "counts_for", "Fort Worth counts for another"),
        ("metropolitan_areas", "Worth,4691930,all,", "Worth,4691930,Texas,", "towns_of", "wrong form. Write all, or a state"),
        (
            "metropolitan_areas",
            'Tarrant County,"Dallas-Fort Worth-Arlington, TX",',
            "Tarrant,,",
            "area, url",
            "given with its url",
        ),
        ("metropolitan_areas", "", "US,Plano,4719457,all,Dallas,4684888,,,,", "area, why", "area or why is given"),
    ],
)
def test_plausible_mistake_is_named(home: Path, file: str, old: str, new: str, column: str, words: str) -> None:
    row = change(home, file, old, new)
    source = only(file)
    found = checking.check(source).problems
    assert {problem.file for problem in found} == {f"data/reference/{file}.csv"}
    is_later = file == "countries"  # The row of the country meant is named.
    named = [problem for problem in found if problem.row == row or is_later]
    assert any(problem.column == column and words in f"{problem.problem}. {problem.remedy}" for problem in named), found
    with pytest.raises(InputError, match=rf"data/reference/{file}\.csv, row "):
        land(source, source.tables[0], Project())
    assert not landing_path("reference", file).exists()


def test_cell_that_must_be_filled_is_not_to_be_emptied(home: Path) -> None:
    change(home, "indicators", "P6,realised,Realised,Unicorns", "P6,realised,Readiness,Unicorns")
    (found,) = checking.check(only("indicators")).problems
    assert found.remedy == "Correct it"


def test_score_of_which_nothing_has_a_weight_is_named(home: Path) -> None:
    def weightless(lines: list[str]) -> list[str]:
        return [line.removesuffix("1") + "0" if ",Realised," in line else line for line in lines]

    edit(home, "indicators.csv", weightless, "reference")
    (found,) = checking.check(only("indicators")).problems
    assert str(found) == (
        "data/reference/indicators.csv, column weight: no indicator of Realised has a weight. Give one a weight above 0"
    )


def test_rate_may_follow_a_crisis_but_no_slip(home: Path) -> None:
    lines = [f"IDR,{year},{rate},cited,a page,https://a.example" for year, rate in ((1997, 2909), (1998, 10013), (1999, 7855))]
    edit(home, "exchange_rates.csv", lambda old: [*old, *lines], "reference")
    assert checking.check(only("exchange_rates")).problems == []
    edit(home, "exchange_rates.csv", lambda old: [line.replace(",7855,", ",78550,") for line in old], "reference")
    (slip,) = checking.check(only("exchange_rates")).problems
    assert slip.problem == "78550.0 IDR in 1999 is far from 10013.0 in the years beside"


def test_wrong_landmark_stops_another_source_by_its_file(shelf: Shelf) -> None:
    change(settings.HOME, "landmarks", ",faculty=~6|", ",faculty~6|")
    with pytest.raises(InputError, match=r"data/reference/landmarks\.csv, row 2, column marks: .* has the wrong form"):
        landed(table(), shelf)


def test_city_of_a_ranking_that_nobody_knows_is_told(home: Path) -> None:
    row = change(home, "published_rankings", ",Tel Aviv,", ",Tel Avviv,")
    (found,) = unknown_cities(reference.FILES.read("published_rankings"), reference.FILES.read)
    assert (found.row, found.problem) == (row, "'Tel Avviv' is not a city that is known")
    assert checking.check(only("published_rankings")).problems == []
