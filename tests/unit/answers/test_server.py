"""The server, on a published file made by hand."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from pipelines import settings
from tests.support import published

pytest.importorskip("mcp")


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PUBLISHED", tmp_path / "published.duckdb")
    published.link(settings.PUBLISHED)


def asked(tool: str, **arguments: object) -> Any:
    """Return the result of a call of a tool of the server."""
    from mcp.client.client import Client

    from pipelines.answers.server import server

    async def ask() -> Any:
        async with Client(server()) as client:
            return await client.call_tool(tool, arguments)

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("rank", {"first": 0}, "rank takes year, score, first. first: Input should be greater than or equal to 1."),
        ("rank", {"first": 201}, "first: Input should be less than or equal to 200."),
        ("evidence", {"city": "Alba", "indicator": "deals", "skip": -5}, "skip: Input should be greater than or equal to 0."),
        ("rank", {"bogus": 1}, "bogus: Extra inputs are not permitted."),
        ("compare", {}, "compare takes city, other, year. city: Field required; other: Field required."),
    ],
)
def test_arguments_that_a_tool_does_not_take_are_refused_in_a_sentence(tool: str, arguments: dict[str, Any], says: str) -> None:
    result = asked(tool, **arguments)
    assert result.is_error
    assert result.content[0].text.endswith(says)


def test_claim_is_asked_for_by_number_or_words() -> None:
    rows = [asked("claim", number=number).structured_content["rows"] for number in (1, "1", "alba")]
    assert rows[0] == rows[1] == rows[2] != []
