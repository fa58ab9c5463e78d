"""Text that was damaged on its way is told from text of any language, and look-alike letters are folded."""

import polars as pl
import pytest

from pipelines.ingest.characters import damage, damaged
from pipelines.ingest.look_alikes import fold_look_alikes

MISREAD = "was read in another encoding than it was written in"
INVISIBLE = "has an invisible or control character"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Orléans".encode().decode("cp1252"), MISREAD),
        ("Côte d’Azur".encode().decode("cp1252"), MISREAD),
        ("上海".encode().decode("cp1252", errors="replace"), MISREAD),
        ("北京".encode().decode("gb18030"), MISREAD),
        ("北京".encode("gbk").decode("latin-1"), MISREAD),
        ("Orléans".encode("latin-1").decode("gb18030"), MISREAD),
        ("北京市".encode().decode("ascii", errors="replace"), "has a letter that was lost in decoding"),
        ("锟斤拷", "has a letter that was lost in decoding"),
        ("Orl?ans", "has ? where letters were"),
        ("??", "has ? where letters were"),
        ("Ten\u200bcent", INVISIBLE),
        ("\x1b[31mAcme", INVISIBLE),
        ("Acme\u202e", INVISIBLE),
        ("B\u0435ijing", "mixes Latin letters with others that look the same"),
    ],
)
def test_damage_is_named(text: str, problem: str) -> None:
    assert damage(text) == problem


@pytest.mark.parametrize(
    "text",
    [
        "北京", "太原", "未透露", "Société Générale", "Ürümqi", "São Paulo", "Łódź", "Москва", "Αθήνα", "서울", "東京",
        "36氪36Kr", "IDG资本", "What is it?", "https://example.org/?q=a?b", "first line\nsecond\tcell", "“quoted” – text…", "μm",
    ],
)  # fmt: skip
def test_text_of_any_language_is_let_through(text: str) -> None:
    assert damage(text) is None


def test_damage_of_a_column_keeps_the_order_of_its_cells() -> None:
    texts = pl.Series("place", ["北京", None, "OrlÃ©ans", "Paris", "OrlÃ©ans"])
    assert damaged(texts).to_list() == [None, None, MISREAD, None, MISREAD]
    assert damaged(texts.head(2)).to_list() == [None, None]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("B\u0435ijing", "Beijing"),
        ("Ten\u200bcent", "Tencent"),
        ("ВaiduСapital", "BaiduCapital"),
        ("Москва", "Москва"),
        ("Ελλάδα", "Ελλάδα"),
        ("北京", "北京"),
        ("Ürümqi", "Ürümqi"),
        ("Zür\u0456\u0441h", "Zürich"),
        ("B\u0430ш", "B\u0430ш"),
    ],
)
def test_words_that_mix_alphabets_are_folded(text: str, folded: str) -> None:
    assert fold_look_alikes(text) == folded
