"""Fetches that break off and go on: a server on this machine that takes ranges, or says that it does."""

import re
from collections.abc import Callable

import pytest

from tests.support.site import Handler, Page, Site, fetch, in_turn


def ranged(content: bytes, state: str, breaks_at: int) -> Callable[[Handler], None]:
    """Serve a file in a state: whole, but broken off, or the rest from where the client says if that is of the same state."""

    def answer(handler: Handler) -> None:
        headers = {"ETag": state, "Accept-Ranges": "bytes"}
        asked = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range", ""))
        if asked and handler.headers["If-Range"] == state:
            start = int(asked[1])
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
            Page(content[start:], status=206, headers=headers)(handler)
        elif asked:
            Page(content, headers=headers)(handler)
        else:
            Page(content[:breaks_at], headers=headers | {"Content-Length": str(len(content))})(handler)
            handler.close_connection = True

    return answer


LONG = bytes(range(256)) * 1_000


def test_a_broken_fetch_goes_on_where_it_broke_off(site: Site) -> None:
    site.pages["/data.csv"] = ranged(LONG, '"1"', 200_000)
    assert fetch(site("/data.csv")).content == LONG
    first, second = site.asked("/data.csv")
    assert "range" not in first.headers
    assert 100_000 < int(second.headers["range"].removeprefix("bytes=").removesuffix("-")) <= 200_000


def test_two_states_of_a_file_are_never_mixed(site: Site) -> None:
    site.pages["/data.csv"] = in_turn(ranged(LONG, '"1"', 200_000), ranged(LONG[::-1], '"2"', 200_000))
    assert fetch(site("/data.csv")).content == LONG[::-1]


@pytest.mark.parametrize("headers", [{"ETag": '"1"'}, {"Accept-Ranges": "bytes"}, {"Accept-Ranges": "bytes", "ETag": 'W/"1"'}])
def test_rest_is_asked_for_only_where_the_bytes_are_promised(site: Site, headers: dict[str, str]) -> None:
    cut = Page(LONG[:200_000], headers=headers | {"Content-Length": str(len(LONG)), "Connection": "close"})
    site.pages["/data.csv"] = in_turn(cut, Page(LONG))
    assert fetch(site("/data.csv")).content == LONG
    assert not any("range" in seen.headers for seen in site.asked("/data.csv"))


def test_a_rest_that_begins_elsewhere_is_not_taken(site: Site) -> None:
    wrong = Page(LONG[5:], status=206, headers={"Content-Range": "bytes 5-9/10"})
    site.pages["/data.csv"] = in_turn(ranged(LONG, '"1"', 200_000), wrong, Page(LONG))
    assert fetch(site("/data.csv")).content == LONG
    assert ["range" in seen.headers for seen in site.asked("/data.csv")] == [False, True, False]
