"""One odd cell of a JSON record keeps its record out of the landing, by name; the other records land."""

from dataclasses import replace
from typing import Any

import pytest

from pipelines.errors import InputError, Refused
from pipelines.ingest.landing import land
from pipelines.ingest.readers.records import field
from pipelines.ingest.source import Source
from pipelines.ingest.sources import amac, eastmoney, hurun, openalex, ror, wikidata, ycombinator
from tests.support.parsing import as_json
from tests.support.shelf import URL, Shelf
from tests.unit.ingest.sources import (
    test_amac,
    test_eastmoney,
    test_hurun,
    test_openalex,
    test_ror,
    test_wikidata,
    test_ycombinator,
)

pytestmark = pytest.mark.usefixtures("home")


def institutions(*identifiers: Any) -> bytes:
    pages = [test_openalex.page(id=identifier) for identifier in identifiers]
    return as_json(pages[0] | {"results": [page["results"][0] for page in pages]})


def companies(*seats: Any) -> bytes:
    """Return an answer of Wikidata with one company for each seat, the term of which is odd if it is no text."""
    named = [test_wikidata.COMPANY | {"company": f"http://www.wikidata.org/entity/Q{number}"} for number in range(len(seats))]
    terms = [test_wikidata.binding(**company) for company in named]
    return test_wikidata.answer(*[term | {"seat": {"value": seat}} for term, seat in zip(terms, seats, strict=True)])


#: Source, a page of three records whose second is odd, and the field that is.
ODD: dict[str, tuple[Source, bytes, str]] = {
    "amac": (
        amac.SOURCE,
        test_amac.page(*[test_amac.manager(registerNo=f"P{n}", managerName=7 if n == 2 else "甲") for n in (1, 2, 3)]),
        "managerName",
    ),
    "eastmoney": (
        eastmoney.SOURCE,
        test_eastmoney.page(*[test_eastmoney.APPLICATION | {"LAW_FIRM": ["乙"] if n == 2 else "乙"} for n in (1, 2, 3)]),
        "LAW_FIRM",
    ),
    "hurun": (
        hurun.SOURCE,
        test_hurun.edition(
            *[test_hurun.UNICORN | {"hs_Rank_Unicorn_ID": n, "hs_Rank_Unicorn_Ranking": [3] if n == 2 else 3} for n in (1, 2, 3)]
        ),
        "hs_Rank_Unicorn_Ranking",
    ),
    "openalex": (openalex.SOURCE, institutions("https://openalex.org/I1", 2, "https://openalex.org/I3"), "id"),
    "ror": (
        ror.SOURCE,
        as_json([test_ror.peking(id=f"https://ror.org/02v51f71{n}", **({"locations": []} if n == 2 else {})) for n in (1, 2, 3)]),
        "locations",
    ),
    "wikidata": (wikidata.SOURCE, companies("Yuhang District", 7, "Yuhang District"), "seat"),
    "ycombinator": (
        ycombinator.SOURCE,
        as_json([test_ycombinator.COMPANY | {"id": n, "team_size": "nine" if n == 2 else 9} for n in (1, 2, 3)]),
        "team_size",
    ),
}


@pytest.mark.parametrize(("number", "is_whole"), [(2**63 - 1, True), (2**63, False), (-(2**63), True), (-(2**63) - 1, False)])
def test_whole_number_of_more_than_64_bits_is_refused(number: int, is_whole: bool) -> None:
    if is_whole:
        assert field({"n": number}, "n", int) == number
    else:
        with pytest.raises(Refused, match=r"contains -?9223372036854775\d+, expected a whole number"):
            field({"n": number}, "n", int)


@pytest.mark.parametrize("name", ODD)
def test_odd_record_is_set_aside_and_the_others_land(name: str) -> None:
    source, content, field = ODD[name]
    table = replace(source.tables[-1], rows=(2, 10), tolerates=0.5, addresses=(URL,), is_final=False)
    result = land(source, table, Shelf({URL: content}))
    assert result is not None
    assert {left_out.source_row for left_out in result.quarantined} == {2}
    ((column, reason),) = {(left_out.column_name, left_out.reason) for left_out in result.quarantined}
    assert column == field
    assert any(words in reason for words in ("expected", "has no place", "is not a value"))
    assert result.rows == (4 if name == "openalex" else 2), "an institution has a row for each of two years"


def test_page_whose_records_are_all_odd_is_refused_with_each_row() -> None:
    source, _, __ = ODD["ror"]
    table = replace(source.tables[-1], rows=(0, 10), addresses=(URL,))
    with pytest.raises(InputError, match=r"row 1: is not a record of ROR's schema 1 or 2.*\n.*row 2"):
        land(source, table, Shelf({URL: as_json([{"id": 1}, {"id": 2}])}))
