"""Which names are taken for misspellings of others, and what the register says of them."""

import polars as pl
import pytest

from pipelines.ingest.sources import register
from pipelines.ingest.spelling import Names, alike, parts_of_list
from tests.support.parsing import csv_file
from tests.unit.ingest.test_register_review import part, problems, row_of, rows_of_parts, with_changes


def test_nearly_the_same_names_are_told_once_at_the_later_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "_rows", rows_of_parts)
    content, row = with_changes("investors", {"investor": "Jiudign Capital", "investor_zh": ""})
    words = (
        "'Jiudign Capital' is nearly 'Jiuding Capital'. Write 'Jiuding Capital', or say in name_overrides.csv that they differ"
    )
    assert problems("investors", content) == [(row, "investor", words)]
    content, row = with_changes("investors", {"investor": "JIUDING Capital", "investor_zh": ""})
    earlier = row_of("investors", investor="Jiuding Capital")
    words = f"'JIUDING Capital' is that of row {earlier}, written in another way. Keep one row"
    assert problems("investors", content) == [(row, "investor", words)]


@pytest.mark.parametrize(
    ("file", "column", "kind", "name", "other"),
    [
        ("companies", "company", "company", "Alibaba", "Alibabba"),
        ("investors", "investor", "investor", "Jiuding Capital", "Jiudign Capital"),
        ("universities", "university", "university", "Tsinghua University", "Tsinghau University"),
        ("service_firms", "firm", "service_firm", "King & Wood Mallesons", "King & Wood Malesons"),
    ],
)
def test_names_that_a_person_tells_apart_are_accepted(
    monkeypatch: pytest.MonkeyPatch, file: str, column: str, kind: str, name: str, other: str
) -> None:
    def rows(read: str) -> pl.DataFrame:
        decided = pl.DataFrame({"kind": [kind], "name_a": [other], "name_b": [name]})
        return decided if read == "reference/name_overrides" else rows_of_parts(read)

    monkeypatch.setattr(register, "_rows", rows)
    assert problems(file, with_changes(file, {column: other, f"{column}_zh": ""})[0]) == []


def test_firm_has_one_chinese_name_even_if_a_row_lacks_it() -> None:
    offices = [("Beijing", ""), ("Wuhan", "金杜律师事务所"), ("Xiamen", "金杜")]
    rows = [part("service_firms")[0] | {"city": city, "firm_zh": name} for city, name in offices]
    ((row, column, _),) = problems("service_firms", csv_file(rows[0], *rows))
    assert (row, column) == (4, "firm, firm_zh")


@pytest.mark.parametrize(
    ("name", "other", "expected"),
    [
        ("Tencant", "Tencent", True),
        ("Tecent", "Tencent", True),
        ("SK Hynix", "SK hynix", True),
        ("Hua Qiang Capital", "Huaqiang Capital", True),
        ("BOC Capital", "ABC Capital", False),
        ("Highland Capital", "Highlight Capital", False),
        ("Sequoia Capital", "Sequoia Capital China", False),
    ],
)
def test_names_are_alike_but_for_a_letter_of_a_long_word(name: str, other: str, expected: bool) -> None:
    assert alike(name, other) == expected


def test_lookup_finds_names_one_letter_apart() -> None:
    names = Names(["Tencent", "Baidu", "Tencent Music"])
    assert list(names.alike("Tencant")) == ["Tencent"]
    assert list(names.alike("Tencent")) == []
    assert "Baidu" in names


@pytest.mark.parametrize(
    ("name", "expected"),
    [("A, B and C", True), ("甲、乙", True), ("Tencent and Alpha", True), ("Allen & Company", False), ("Alpha", False)],
)
def test_lists_are_told_from_names(name: str, expected: bool) -> None:
    assert parts_of_list(name, {"Tencent"}) == expected
