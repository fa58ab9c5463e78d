"""The picture that goes along with a link: its lines fit, and it says what the page says."""

import pytest

from pipelines.publish.report import share


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("Beijing is the likeliest next Silicon Valley.", 20, ["Beijing is the", "likeliest next", "Silicon Valley."]),
        ("成都 Chengdu：第8名", 12, ["成都 Chengdu：", "第8名"]),
        ("北京最有可能。", 12, ["北京最有可能。"]),
    ],
)
def test_lines_break_between_words_and_fit(text: str, width: int, lines: list[str]) -> None:
    assert share.lines(text, width) == lines


def test_city_whose_distance_is_unknown_has_no_bar() -> None:
    row = {"city": "Alba", "rank": 1, "times_less": None, "times_less_low": None, "times_less_high": None}
    drawn = share.picture("Alba & Bay", "It <has> no distance.", [row], 2023)
    assert "Alba &amp; Bay" in drawn
    assert "It &lt;has&gt; no distance." in drawn
    assert "<circle" not in drawn
    known = row | {"times_less": 2.0, "times_less_low": 0.5, "times_less_high": 10.0}
    assert "2 (0.5–10)" in share.picture("Alba", "", [known], 2023)
