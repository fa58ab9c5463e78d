"""Companies as sources list them: one row for each key, with the country where it is understood."""

from pathlib import Path

from pipelines.ingest import sources
from tests.support.models import build, run, with_branch

(PRIORITY,) = (source.priority for source in sources.ALL if source.name == "inbox")


def test_company_is_what_all_its_rows_say_of_it_and_stays_if_its_country_is_unknown(tmp_path: Path) -> None:
    row = {"company": "Alba", "place": "Cluj", "founded": 2001, "region": None, "source_file": "f"}
    rows = build(
        with_branch("staging.companies", "inbox", tmp_path),
        {
            "landing.inbox__companies": [
                row | {"country": "Romania", "source_row": 3},
                row | {"country": "Romania", "source_row": 2, "founded": None},
                row | {"company": "Brno", "country": "Atlantis", "source_row": 4},
            ],
            "landing.inbox__deals": [
                row | {"company": "Cork", "country": None, "source_row": 5},
                row | {"country": "Romania", "region": "Transylvania", "source_row": 1},
            ],
            "core.countries": [{"written": "romania", "country": "RO"}],
        },
    )
    assert [(one["company"], one["place_key"], one["founded"], one["source_row"], one["source_priority"]) for one in rows] == [
        ("Alba", "RO|Transylvania|Cluj", 2001, 1, PRIORITY),
        ("Brno", "||Cluj", 2001, 4, PRIORITY),
        ("Cork", "||Cluj", None, 5, PRIORITY),
    ]


def test_company_lies_in_the_province_of_its_own_country() -> None:
    areas = [(1, "BE", "Limburg"), (2, "NL", "Limburg"), (3, "FR", None)]
    rows = run(
        "staging.company_areas",
        {
            "core.companies": [{"company": country, "country": country, "province": province} for _, country, province in areas],
            "staging.entities": [{"kind": "company", "entity": country, "entity_number": number} for number, country, _ in areas],
            "staging.areas": [
                {"area_number": number, "country": country, "province": province, "level": "province" if province else "country"}
                for number, country, province in areas
            ],
        },
    )
    assert [(row["country"], row["area_number"]) for row in rows] == [("BE", 1), ("NL", 2), ("FR", None)]
