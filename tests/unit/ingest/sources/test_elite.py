"""Élite programmes: hand-made rows in the format of the extracts, and the recorded lists."""

from pathlib import Path

import polars as pl

from pipelines.ingest.sources import elite
from tests.support.parsing import read, refusal

PROJECT_985, PROJECT_211, ROUND_2, _ = elite.SOURCE.tables


def round_2(*disciplines: str) -> bytes:
    rows = [f"大学{chr(0x4E00 + number)},{text},2,t,u,2026-04-21,n" for number, text in enumerate(disciplines)]
    return "\n".join([",".join(elite.HEADER_ROUND_2), *rows]).encode()


def test_line_breaks_of_the_pdf_are_removed() -> None:
    frame = read(ROUND_2, round_2("化学、统计 学、材料科学与 工程", elite.OWN_CHOICE))
    assert frame["disciplines"].to_list() == ["化学|统计学|材料科学与工程", None]


def test_missing_disciplines_are_refused() -> None:
    assert "row 3, column disciplinesRaw: is empty" in refusal(ROUND_2, round_2("化学", ""))


def test_row_of_another_list_is_refused() -> None:
    content = f"{','.join(elite.HEADER)}\n北京大学,{elite.TITLE_211},u,2026-04-21,n".encode()
    assert read(PROJECT_211, content)["university"].to_list() == ["北京大学"]
    problem = f"row 2, column sourceTitle: '{elite.TITLE_211}' where every row has '{elite.TITLE_985}'"
    assert problem in refusal(PROJECT_985, content)


def test_recorded_round_has_as_many_disciplines_as_the_ministry_counts(recordings: Path) -> None:
    second = read(ROUND_2, (recordings / "moe_elite" / "double_first_class_round2_raw.2026-04-21.csv").read_bytes())
    assert second.drop_nulls("disciplines")["disciplines"].str.split("|").explode().len() == 433
    assert second.filter(pl.col("disciplines").is_null())["university"].to_list() == ["北京大学", "清华大学"]
