"""A gzip file is read whole, and refused if it is cut or expands too far."""

import gzip

import pytest

from pipelines.errors import Refused
from pipelines.ingest.readers import archives


def test_gzip_file_is_unpacked() -> None:
    assert archives.gunzipped(gzip.compress(b"a,b\n")) == b"a,b\n"


@pytest.mark.parametrize("content", [b"a,b\n", gzip.compress(b"a,b\n" * 99)[:-9], gzip.compress(b"a,b\n")[:12]])
def test_what_is_cut_or_not_gzip_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="not readable as gzip"):
        archives.gunzipped(content)


def test_gzip_file_that_expands_too_far_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGE", 1_000)
    monkeypatch.setattr(archives, "MOST_EXPANSION", 2)
    assert len(archives.gunzipped(gzip.compress(bytes(1_000)))) == 1_000
    with pytest.raises(Refused, match="unpacks to more than 1,000 bytes"):
        archives.gunzipped(gzip.compress(bytes(1_001)))
