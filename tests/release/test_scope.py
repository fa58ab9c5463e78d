"""The index of any country: what SCOPE means, what the evidence of lists is, and what is left out where it has nothing."""

from pathlib import Path

import duckdb
import pytest

from pipelines.claims import scorecard
from pipelines.errors import InputError
from pipelines.index import gather
from pipelines.orchestration.assets.index import EVIDENCE_MODEL
from pipelines.warehouse import fingerprint


def test_the_scope_is_part_of_what_a_release_depends_on(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = set()
    for code in ("CN", "US"):
        monkeypatch.setenv("SCOPE", code)
        found.add(fingerprint.present())
    assert len(found) == 2
    assert None not in found


def test_a_scope_without_its_sources_names_them(released: Path) -> None:
    with duckdb.connect(released / "data" / "nextvalley.duckdb", read_only=True) as connection:
        gathered = gather.gather(connection, "IL", EVIDENCE_MODEL)
        with pytest.raises(InputError, match=r"IL: no worldwide list .*\. Load one: SOURCES=all") as caught:
            gather.inputs_of(connection, "IL", gathered["marts.evidence"])
    assert len(caught.value.problems) == 1


def test_claims_are_not_tested_elsewhere() -> None:
    card = scorecard.untested(["1", "2"], "The claims are about China.")
    assert card.schema == scorecard.ClaimEvidence.types()
    assert card.height == 4
    assert set(card["verdict"]) == {"no data"}
    assert card["is_headline"].all()
