"""Exports in folders of the inbox name places of the folder's, or are refused."""

import polars as pl
import pytest

from pipelines.errors import InputError
from pipelines.ingest.sources import reference
from pipelines.resolve.places import folders, resolve

REFERENCE = {name: reference.FILES.read(name) for name in resolve.REFERENCE}


def problems(folder: str, *places: tuple[str | None, str | None], form: str = "plain deals") -> list[str]:
    """Return what is wrong with rows of these regions and places in a folder."""
    files = pl.DataFrame({"source_file": [f"data/inbox/{folder}/a.csv"], "folder": [folder], "country": ["CN"]})
    rows = pl.DataFrame(places, {"region": pl.String, "place": pl.String}, orient="row").select(
        pl.all(),
        country=pl.lit("CN"),
        form=pl.lit(form),
        source_file=pl.lit(files["source_file"][0]),
        source_row=pl.int_range(2, pl.len() + 2, dtype=pl.Int32),
    )
    try:
        folders.require_inside(rows, files, REFERENCE)
    except InputError as error:
        return [str(problem) for problem in error.problems]
    return []


@pytest.mark.parametrize("folder", ["Chengdu", "成都", "成都市", "Chengdu, China"])
def test_folder_of_a_city_takes_rows_of_the_city(folder: str) -> None:
    assert problems(folder, (None, "Chengdu"), ("四川", "成都"), (None, "武侯区"), (None, folder)) == []
    assert len(problems(folder, (None, "Mianyang"), (None, "Sichuan"))) == 2


@pytest.mark.parametrize("folder", ["Sichuan", "四川", "四川省", "Sichuan, China"])
def test_folder_of_a_province_takes_rows_of_all_its_cities(folder: str) -> None:
    assert problems(folder, (None, "Chengdu"), (None, "绵阳"), ("四川", None), ("四川", folder)) == []
    assert len(problems(folder, (None, "Chongqing"), (None, "Hubei"))) == 2


def test_row_that_lies_elsewhere_or_nowhere_is_named_with_its_header() -> None:
    location = ("四川", "Mianyang"), ("四川", "Mianyang"), (None, "Xyzzy"), ("四川", "Chengdu")
    where = "data/inbox/Chengdu/a.csv, row {}, column Organization Location: "
    mend = ". Correct it, leave it empty if the row is of Chengdu, or move the row to a file in data/inbox itself"
    assert problems("Chengdu", *location, form="Crunchbase funding rounds") == [
        f"{where.format(2)}'Mianyang' counts for Mianyang, and the folder is for Chengdu alone, also in 1 more row{mend}",
        f"{where.format(4)}'Xyzzy' is not in the gazetteer, and the folder is for Chengdu alone{mend}",
    ]


@pytest.mark.parametrize(
    ("folder", "reason"), [("2024", "is not in the gazetteer"), ("中国", "is a country"), ("中山", "fits 2 cities")]
)
def test_folder_that_is_named_after_no_place_is_refused_once(folder: str, reason: str) -> None:
    (problem,) = problems(folder, (None, "Chengdu"), (None, "Mianyang"))
    assert problem.startswith(f"data/inbox/{folder}: {folder!r} {reason}")
    assert problem.endswith("as in 'Sichuan, China'; or move its files into data/inbox itself")
