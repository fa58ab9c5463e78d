"""Take names apart."""

import csv
from pathlib import Path

import pytest

from pipelines.resolve.names import fold
from pipelines.resolve.names.normalisation import forms


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Baidu, Inc.", "baidu"),
        ("Huawei Technologies Co., Ltd.", "huawei technologies"),
        ("The Carlyle Group L.P.", "carlyle group"),
        ("Zalando SE", "zalando"),
        ("ETH Zürich", "eth zurich"),
        ("Founder's Fund", "founders fund"),
        ("U.S. Venture Partners", "us venture partners"),
        ("Ｍｅｇｖｉｉ", "megvii"),
        ("T\u0435n\u200bcent", "tencent"),
        ("Ele.me", "eleme"),
        ("Ctrip.com", "ctrip com"),
        ("Wilson Sonsini Goodrich & Rosati, P.C.", "wilson sonsini goodrich and rosati"),
        ("北京字节跳动科技有限公司", "北京字节跳动科技"),
        ("中兴通讯股份有限公司", "中兴通讯"),
        ("完美世界（北京）网络技术有限公司", "完美世界北京网络技术"),
        ("Co", "co"),
        ("集团", "集团"),
    ],
)
def test_fold_drops_only_what_tells_no_firms_apart(name: str, folded: str) -> None:
    assert fold(name) == folded
    assert fold(folded) == folded


def test_words_that_may_tell_two_firms_apart_stay() -> None:
    assert fold("Sequoia Capital") != fold("Sequoia China")
    assert fold("Spark Capital") != fold("Spark Ventures")
    assert fold("小米") != fold("小米金融")


def test_names_are_taken_apart_as_recorded() -> None:
    """Each name with the names it holds, and of each what is left of it; read by eye."""
    with Path(__file__).with_name("forms.csv").open(encoding="utf-8", newline="") as file:
        recorded = list(csv.DictReader(file))
    found = [
        {"kind": kind, "name": name, "printed": form.printed, "full": form.full, "core": form.core}
        | {"meanings": "|".join(form.meanings), "place": form.place or "", "initials": "|".join(form.initials)}
        | {"is_cjk": str(int(form.is_cjk)), "is_long": str(int(form.is_long))}
        for kind, name in dict.fromkeys((row["kind"], row["name"]) for row in recorded)
        for form in forms(kind, name)
    ]
    assert found == recorded
