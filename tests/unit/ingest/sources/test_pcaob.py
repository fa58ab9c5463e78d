"""PCAOB: a hand-made archive with an invented partner."""

import pytest

from pipelines.ingest.sources import pcaob
from tests.support.corruption import HTML_ERROR
from tests.support.parsing import csv_file, read, refusal, zipped

(AUDIT_REPORTS,) = pcaob.SOURCE.tables
FORM = {
    "Form Filing ID": "42", "Latest Form AP Filing": "1", "Firm ID": "1", "Firm Name": "KPMG Huazhen LLP",
    "Firm Country": "China", "Issuer CIK": "0001329099", "Issuer Name": "Baidu, Inc.",
    "Audit Report Type": pcaob.REPORT_TYPES[0], "Fiscal Period End Date": "12/31/2023 12:00:00 AM",
    "Engagement Partner Last Name": "Example", "Signed Email Address": "someone@example.org",
    "Firm Issuing City": "Beijing", "Firm Issuing State": "", "Firm Issuing Country": "China",
}  # fmt: skip


def archive(*forms: dict[str, str], member: str = "FirmFilings.csv") -> bytes:
    return zipped({member: b"\xef\xbb\xbf" + csv_file(forms[0], *forms)})


def test_report_names_the_office_and_no_person() -> None:
    earlier = {"Form Filing ID": "41", "Latest Form AP Filing": "0", "Fiscal Period End Date": "2022-06-30"}
    assert read(AUDIT_REPORTS, archive(FORM, FORM | earlier)).drop("firm_id", "firm", "report_type").rows() == [
        ("42", True, "China", "Beijing", None, "China", "0001329099", "Baidu, Inc.", "2023-12-31", 2023, 2),
        ("41", False, "China", "Beijing", None, "China", "0001329099", "Baidu, Inc.", "2022-06-30", 2022, 3),
    ]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"Latest Form AP Filing": "yes"}, "row 2, column is_latest: is empty"),
        ({"Audit Report Type": "Issuer"}, "row 2, column report_type: 'Issuer' is not in the vocabulary"),
        ({"Fiscal Period End Date": "13/31/2023"}, "row 2, column fiscal_period_end: '2023-13-31' has the wrong form"),
        ({"Fiscal Period End Date": "31 May 2023"}, "row 2, column fiscal_period_end"),
        ({"Issuer CIK": "Baidu, Inc."}, "row 2, column issuer_cik: 'Baidu, Inc.' has the wrong form"),
        ({"Firm Name": ""}, "row 2, column firm: is empty"),
    ],
)
def test_impossible_report_is_refused(changes: dict[str, str], problem: str) -> None:
    assert problem in refusal(AUDIT_REPORTS, archive(FORM | changes))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            archive({name.replace("Firm Issuing City", "City"): cell for name, cell in FORM.items()}),
            "row 1, column Firm Issuing City: the column is missing",
        ),
        (archive(FORM, FORM), "occurs more than once"),
        (archive(FORM, member="FirmFilings.xml"), "0 members called .csv"),
        (archive(FORM)[:200], "not readable as ZIP"),
        (HTML_ERROR, "web page"),
    ],
)
def test_changed_archive_is_refused(content: bytes, problem: str) -> None:
    assert problem in refusal(AUDIT_REPORTS, content)
