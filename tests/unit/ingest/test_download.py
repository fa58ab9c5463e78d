"""Fetches that break off and go on: a server on this machine that takes ranges, or says that it does."""

import re
from collections.abc import Callable

import pytest

from pipelines.ingest.download import CHUNK
from tests.support.site import Handler, Page, Site, fetch, in_turn, refusal


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
#: Where a connection breaks without losing bytes that had come: behind a whole number of chunks.
BREAK = 3 * CHUNK


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


@pytest.mark.parametrize(
    ("part", "stated"),
    [
        (LONG[5:], "bytes 5-9/10"),
        (LONG[BREAK:], f"bytes {BREAK}-255999/*"),
        (LONG[BREAK:] + b"more", f"bytes {BREAK}-255999/256000"),
    ],
    ids=["elsewhere", "of unknown size", "too long"],
)
def test_a_rest_that_is_not_the_one_asked_for_is_not_taken(site: Site, part: bytes, stated: str) -> None:
    wrong = Page(part, status=206, headers={"Content-Range": stated})
    site.pages["/data.csv"] = in_turn(ranged(LONG, '"1"', BREAK), wrong, Page(LONG))
    assert fetch(site("/data.csv")).content == LONG
    assert ["range" in seen.headers for seen in site.asked("/data.csv")] == [False, True, False]


def test_a_rest_that_ends_too_soon_is_gone_on_with(site: Site) -> None:
    short = Page(LONG[BREAK : BREAK + 1000], status=206, headers={"Content-Range": f"bytes {BREAK}-{BREAK + 999}/256000"})
    site.pages["/data.csv"] = in_turn(ranged(LONG, '"1"', BREAK), short, ranged(LONG, '"1"', BREAK))
    assert fetch(site("/data.csv")).content == LONG
    assert [seen.headers.get("range") for seen in site.asked("/data.csv")] == [None, f"bytes={BREAK}-", f"bytes={BREAK + 1000}-"]
    site.pages["/data.csv"] = short
    assert "failed 5 times" in refusal(site("/data.csv")).problem


@pytest.mark.parametrize("begun", [LONG[:0], LONG[:100]], ids=["at the start", "behind what arrived"])
def test_a_part_that_nobody_asked_for_is_not_taken(site: Site, begun: bytes) -> None:
    cut = Page(begun, headers={"Content-Length": str(len(LONG)), "Connection": "close"})
    stated = f"bytes {len(begun)}-{len(LONG) - 1}/{len(LONG)}"
    site.pages["/data.csv"] = in_turn(cut, Page(LONG[len(begun) :], status=206, headers={"Content-Range": stated}), Page(LONG))
    assert fetch(site("/data.csv")).content == LONG
    assert len(site.asked("/data.csv")) == 3
    site.pages["/data.csv"] = Page(LONG[:100], status=206, headers={"Content-Range": "bytes 0-99/256000"})
    assert "sent another part of the file than was asked for" in refusal(site("/data.csv")).problem
