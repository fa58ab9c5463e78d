"""Whose cities are ranked."""

import pytest

from pipelines.errors import InputError
from pipelines.resolve import scope


@pytest.mark.parametrize(("named", "code"), [("", "CN"), ("US", "US"), ("gb", "GB"), ("ISR", "IL"), ("World", "world")])
def test_scope_is_a_country_or_the_world_and_china_by_default(named: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCOPE", named)
    assert scope.named() == code


def test_unknown_scope_is_one_error_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCOPE", "XX")
    with pytest.raises(InputError, match=r"SCOPE: XX: is not a country\. Give an ISO 3166 code"):
        scope.named()
