"""Names of invented persons and firms, made as sources print them."""

import pytest

from pipelines.ingest.persons import firms, is_person


@pytest.mark.parametrize(
    "name",
    [
        "Anna Example",
        "Dr. Anna B. Example-Muster",
        "R Example",
        "Anna Example (Alpha)",
        "王样本",
        "李样",
        "王样本(甲资本)",
        "欧阳样本",
    ],
)
def test_name_of_a_person_is_recognised(name: str) -> None:
    assert is_person(name)


@pytest.mark.parametrize(
    "name",
    [
        "Example Ventures", "Anna Example Foundation", "Example", "3one Example", "XYZ Example", "Example & Muster", "alpha beta",
        "Example Ventures甲资本", "Example Investments", "Example VC", "Goldman Sachs", "王样资", "金样本资本", "样本",
        "马样(本)有限公司", "苏宁", "Plug and Example", "VC Example & Co.",
    ],
)  # fmt: skip
def test_name_of_a_firm_is_kept(name: str) -> None:
    assert not is_person(name)


def test_damaged_name_of_any_length_is_read_at_once() -> None:
    """A pattern that begins with any number of blanks takes minutes here."""
    assert not is_person("Anna" + " " * 300_000 + "Example")


def test_firms_are_kept_once_and_in_order() -> None:
    assert firms(["Example Ventures", "Anna Example", "", "甲资本", "Example Ventures"]) == ["Example Ventures", "甲资本"]
