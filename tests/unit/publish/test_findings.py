"""What the tests of the claims found is said in Chinese with the numbers of the English."""

import re
from typing import get_args

import polars as pl
import pytest

from pipelines import settings
from pipelines.claims.finding import RangeIs
from pipelines.claims.scorecard import TESTS
from pipelines.publish import claim_numbers, texts
from pipelines.publish.report import claims, findings

CITIES = {"Beijing": "北京", "Shanghai": "上海", "Nanjing": "南京", "Dalian": "大连", "Shenzhen": "深圳", "Guangdong": "广东"}

#: A finding of each module of the claims, as it writes them.
SAMPLES = (
    "76% of the register's deals (68%–85%) have an investor with an office in Beijing; 98 of 102 deals have a located investor; "
    "other homes are imputed; bounds 46%–87% for undated offices and unlocated investors elsewhere, or all there",
    "45% of the register's deals with foreign money (36%–55%) have such an investor with an office in Beijing",
    "universities of the 211 programme: Beijing 24, Shanghai 10, Nanjing 8; list of 1995; the statistic is Beijing's part of "
    "what it and Shanghai have; with 112 universities resampled Beijing is above Shanghai, the closest, in 99%",
    "72 of 89 listing-law firms are in Beijing and 66 in Shanghai; of those in one of the two only, 12 in Beijing and 6 in "
    "Shanghai; p = 0.119 against Shanghai, the closest of 34 cities; the statistic is Beijing's part of those",
    "of 60 listing-law firms with two recorded offices or more none is in only one of Beijing and Shanghai; 27 others have one "
    "recorded office, and it is not known whether they have more; 7 executive-search firms with two recorded offices or more",
    "17 of 25 major audit firms are in Beijing and 17 in Shanghai; the interval takes 10 with one recorded office either way",
    "1 company that came out of these is not added (with its own, Nanjing would be worth US$49bn); 11 listed companies have no "
    "value: the bounds take them to be worth nothing or as much as the largest other one",
    "Beijing has 1.3 times as many repeat founders as Shanghai (0.8–2.5); companies founded 2003–2012, by all lists",
    "too few: histories are known of 83 of 149 founders in Beijing and of 32 of 103 in Shanghai; companies founded 2003–2012, by "
    "all lists; with those unknown taken either way 0.7 to 7.2 times as many repeat founders",
    "too few: 1 pairs of founders share school and year where 1.0 are expected by chance; entries from 1977, p = 0.692; 10 years "
    "apart 3 where 1.1, p = 0.126; entry years known for 46 of 465 founder–school pairs of companies founded by 2012",
    "the list holds technology founders, 5 of whom came from finance: Beijing 27 tech, 4 finance; Shanghai 25 tech, 1 finance",
    "α over 50 cities, 2001–2012; trend of ln(Beijing/Shanghai) +0.097 a year (+0.018 to +0.177)",
    "Beijing had 61 funded companies in 2012 and Shanghai 34, as listed; another city is ahead or passes it by 2017 with "
    "probability 0.11; another city is ahead already in 0.046 of draws; with the error of the simulation the mean is at most "
    "0.140, and the interval ends at 0.910",
    "bounds 29%–69% for unlocated investors elsewhere, or all there; bounds 6%–93% for undated offices and investors without a "
    "known home elsewhere, or there",
    "the source knows the province only, and that is not Shenzhen: 80 of 275 listed companies of Guangdong (province) are of "
    "hardware where 28.2 are expected, P(quotient > 1) = 1.00",
    "too few are expected: 3 of 30 companies of Dalian are of hardware where 0.6 are expected, P(quotient > 1) = 0.78",
    "the exported part of software sales of Dalian: 23.8% in 2009, 22.2% in 2010, against 13.2% in China; "
    "all against one figure, by Shanghai; the register has 3 published figures of the part of Japan in outsourcing of Dalian for "
    "this period; two publishers are needed, and bodies of one city are one",
    "the register has no published figure of the exported part of software sales of Dalian for this period",
    "10 years before and from each approval up to 2012, 72 cities with a park and 165 without; population and older firms are "
    "controlled; the number shown is the first",
    "Beijing is first on Readiness in 98.2% of draws in 2012; 358 ranked cities",
    "register (office rule): 58% of the register's deals (50%–66%) have an investor with an office in Beijing; but register (any "
    "rule): 76% of the register's deals (68%–85%) have an investor at home in Beijing",
)


def numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d(?:[\d,.]*\d)?", text))


@pytest.mark.parametrize("english", SAMPLES)
def test_findings_are_said_in_chinese_with_the_same_numbers(english: str) -> None:
    with texts.language("zh", CITIES):
        chinese = findings.told(english)
    assert not re.search("[A-Za-z]{3}", chinese), chinese
    assert numbers(chinese) == numbers(re.sub(r"US\$(\d+)bn", r"\g<1>0", english)), "a billion is ten of the unit in Chinese"


def test_numbers_stand_where_their_words_are() -> None:
    with texts.language("zh", CITIES):
        assert findings.told(
            "17 of 248 companies of Shanghai founded by 2023 are of gaming where 9.6 are expected, P(quotient > 1) = 0.99"
        ) == ("上海2023年底前成立的248家公司中有17家属于游戏，期望为9.6家，P（区位商>1）= 0.99")
        assert findings.told("12 of 25 whatever nobody knows") == "12 of 25 whatever nobody knows"


@pytest.mark.parametrize(
    ("label", "chinese"),
    [
        ("Tencent, founded", "腾讯成立"),
        ("Acme Co., Ltd., listed as 600328.SS", "Acme Co., Ltd.上市，代码600328.SS"),
        ("Tencent | 2024-07 | strategic", "腾讯 | 2024-07 | 战略"),
        ("ModelBest | 2024-04 | angel, by IDG Capital; Tencent", "ModelBest | 2024-04 | 天使，投资方：IDG Capital、腾讯"),
        ("Peking University, 2024", "北京大学，2024"),
        ("Peking University, 985", "北京大学，985工程"),
        ("Peking University, Project 211", "北京大学，211工程"),
        ("Peking University, Double First-Class", "北京大学，双一流"),
        ("Hurun unicorns 2024-04 prints 12", "胡润独角兽榜 2024-04所载：12"),
        ("清华大学", "清华大学"),
        ("Tencent, listing on STAR", "腾讯在科创板上市"),
        ("Tencent | 2024-07 | growth", "腾讯 | 2024-07 | 成长"),
        ("Great Wall Strategy (GEI) potential unicorns 2020-12 prints 9", "长城战略咨询潜在独角兽 2020-12所载：9"),
    ],
)
def test_a_row_of_evidence_is_told_with_the_names_that_are_known(label: str, chinese: str) -> None:
    assert findings.told_row(label) == label
    with texts.language("zh", {"Tencent": "腾讯", "Peking University": "北京大学"}):
        assert findings.told_row(label) == chinese


def test_exchanges_on_which_companies_of_china_list_are_called_by_their_chinese_names() -> None:
    companies = pl.read_csv(settings.SHIPPED / "data" / "register" / "companies.csv", infer_schema=False)
    exchanges = companies.filter(pl.col("country") == "CN")["listing_exchange"].drop_nulls().unique()
    assert len(exchanges) > 5
    assert {*exchanges} <= set(texts.chinese())


def test_english_findings_stay_as_they_are() -> None:
    assert findings.told("17 of 248 companies of Shanghai; x") == "17 of 248 companies of Shanghai; x"


def test_every_text_that_is_said_has_a_translation() -> None:
    files = (file for room in ("answers", "cli", "publish") for file in (settings.SHIPPED / "pipelines" / room).rglob("*.*"))
    code = [file.read_text("utf-8") for file in files if file.suffix in (".py", ".html", ".js") and "vendor" not in file.parts]
    calls = re.findall(r'\bsay\(\s*((?:"[^"\n]*"\s*)+)[,)]', "\n".join(code))
    assert len(calls) > 300
    assert {"".join(re.findall(r'"([^"\n]*)"', call)) for call in calls} - texts.chinese().keys() == set()


def test_chinese_rule_on_a_probability_says_of_what() -> None:
    rules = [chinese for english, chinese in texts.chinese().items() if re.search(r"\bP (of \w+ )?is at (least|most) ", english)]
    assert len(rules) == 6
    assert all("大于1的概率" in chinese for chinese in rules)


def test_chinese_of_a_year_cannot_be_read_as_before_it() -> None:
    assert [chinese for chinese in texts.chinese().values() if re.search(r"\}年前(?!后)", chinese)] == []


def test_every_form_and_every_reading_of_a_claim_has_a_translation() -> None:
    assert {form for forms in findings.FORMS.values() for form in forms} <= set(texts.chinese())
    assert set(claims.METRICS.values()) <= set(texts.chinese())
    assert {text for scale in claim_numbers.SCALES.values() for text in (scale.statement, scale.needs)} <= set(texts.chinese())
    assert {test.reading for test in TESTS if test.reading} <= set(texts.chinese())
    assert {*get_args(RangeIs), *claim_numbers.RANGES.values(), *claim_numbers.SIGNS.values()} <= set(texts.chinese())
