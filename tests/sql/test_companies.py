"""Companies as sources list them: one row for each key, with the country where it is understood."""

from pathlib import Path

from pipelines.ingest import sources
from tests.support.models import build, with_branch

(PRIORITY,) = (source.priority for source in sources.ALL if source.name == "inbox")


def test_company_of_an_unknown_country_stays_and_its_first_row_counts(tmp_path: Path) -> None:
    row = {"company": "Alba", "place": "Cluj", "founded": 2001, "region": None, "source_file": "f"}
    rows = build(
        with_branch("staging.companies", "inbox", tmp_path),
        {
            "landing.inbox__companies": [
                row | {"country": "Romania", "source_row": 3, "founded": 2003},
                row | {"country": "Romania", "source_row": 2},
                row | {"company": "Brno", "country": "Atlantis", "source_row": 4},
            ],
            "landing.inbox__deals": [row | {"company": "Cork", "country": None, "source_row": 5}],
            "core.countries": [{"written": "romania", "country": "RO"}],
        },
    )
    assert {(one["company"], one["country"], one["founded"], one["source_priority"]) for one in rows} == {
        ("Alba", "RO", 2001, PRIORITY), ("Brno", None, 2001, PRIORITY), ("Cork", None, None, PRIORITY),
    }  # fmt: skip
