"""ROR: hand-made records of well-known universities, and the recorded ones."""

from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import Refused
from pipelines.ingest.readers import stream
from pipelines.ingest.sources import ror
from tests.support.parsing import as_json, read, refusal, requests, zipped

(ORGANISATIONS,) = ror.SOURCE.tables


def peking(**changes: Any) -> dict[str, Any]:
    """Return a record of schema 2."""
    place = {"country_code": "CN", "country_subdivision_name": "Beijing", "name": "Haidian", "lat": 39.9, "lng": 116.3}
    return {
        "admin": {},
        "id": "https://ror.org/02v51f717",
        "names": [
            {"value": "Peking University", "lang": "en", "types": ["ror_display", "label"]},
            {"value": "北京大学", "lang": "zh", "types": ["label"]},
            {"value": "北大", "lang": "zh", "types": ["alias"]},
            {"value": "PKU", "lang": None, "types": ["acronym"]},
            {"value": "Beida", "lang": None, "types": ["alias"]},
        ],
        "types": ["funder", "education"],
        "established": 1898,
        "status": "active",
        "locations": [{"geonames_id": 1809104, "geonames_details": place}],
    } | changes


#: A record of schema 1.
TSINGHUA = {
    "id": "https://ror.org/03cve4549",
    "name": "Tsinghua University",
    "labels": [{"label": "清华大学", "iso639": "zh"}],
    "aliases": ["Qinghua"],
    "types": ["Education"],
    "established": None,
    "status": "active",
    "country": {"country_code": "CN"},
    "addresses": [
        {"lat": 40.0, "lng": 116.3, "geonames_city": {"id": 1816670, "city": "Beijing", "geonames_admin1": {"name": "Beijing"}}}
    ],
}


def dump(name: str, *records: dict[str, Any]) -> bytes:
    return zipped({name: as_json(records), name.replace(".json", ".csv"): "id\n"})


def lines(*records: dict[str, Any]) -> bytes:
    return b"\n".join(map(as_json, records))


def test_dump_array_record_and_lines_read_alike() -> None:
    record = as_json(peking())
    expected = read(ORGANISATIONS, record)
    for content in (b"[" + record + b"]\n", record + b"\n", dump("v2.16-2026-11-19-ror-data.json", peking())):
        assert read(ORGANISATIONS, content).equals(expected)


def test_both_schemas_give_names_and_places() -> None:
    frame = read(ORGANISATIONS, lines(peking(), TSINGHUA))
    assert frame.select("name", "name_zh", "other_names", "types", "established", "region", "place", "source_row").rows() == [
        ("Peking University", "北京大学|北大", "Beida", "education|funder", 1898, "Beijing", "Haidian", 1),
        ("Tsinghua University", "清华大学", "Qinghua", "education", None, "Beijing", "Beijing", 2),
    ]


def test_organisation_with_two_places_has_two_rows() -> None:
    baoding = {"geonames_id": 1816971, "geonames_details": {"country_code": "CN", "name": "Baoding", "lat": 38.8, "lng": 115.5}}
    frame = read(ORGANISATIONS, as_json(peking(locations=[*peking()["locations"], baoding])))
    assert frame.select("place", "region", "source_row").rows() == [("Haidian", "Beijing", 1), ("Baoding", None, 1)]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (as_json(peking(names=[])), "row 1: is not a record of ROR's schema 1 or 2"),
        (as_json([peking(), {"admin": {}}]), "row 2: is not a record of ROR's schema 1 or 2: 'names'"),
        (as_json({"name": "x"}), "'labels'"),
        (b"[3]", "row 1: is not a record"),
        (b"[]", "contains no record"),
        (as_json(peking(locations=[])), "row 1, column locations: the record has no place"),
        (as_json(peking(types=["university"])), "row 1, column types: 'university' has the wrong form"),
        (as_json(peking(established="long ago")), "row 1, column established: 'long ago' is not a whole number"),
        (as_json([peking(), peking()]), "occurs more than once"),
        (as_json([peking(), peking()])[:-1], "does not end"),
        (lines(peking(), TSINGHUA)[:-100], "row 2: invalid JSON"),
        (dump("schema.json", peking()), "contains 0 members called -ror-data.json"),
    ],
)
def test_broken_record_is_refused_by_its_number(content: bytes, problem: str) -> None:
    assert problem in refusal(ORGANISATIONS, content)


def test_record_that_two_pieces_share_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = read(ORGANISATIONS, as_json([peking(), TSINGHUA]))
    for size in (7, 100, 10_000):
        monkeypatch.setattr(stream, "PIECE", size)
        assert read(ORGANISATIONS, as_json([peking(), TSINGHUA])).equals(expected)
    monkeypatch.setattr(stream, "LONGEST", 10)
    assert "row 1: invalid JSON" in refusal(ORGANISATIONS, as_json(peking())[:-1])


def release(*names: str) -> bytes:
    """Return Zenodo's record of a release with these files."""
    files = [{"key": name, "checksum": "md5:0f", "links": {"self": f"https://zenodo.org/files/{name}/content"}} for name in names]
    return as_json({"files": files})


def test_latest_dump_is_found_through_zenodo() -> None:
    (request,) = requests(ror.find_dump, release("readme.md", "v2.16-2026-11-19-ror-data.zip"))
    assert (request.url, request.md5) == ("https://zenodo.org/files/v2.16-2026-11-19-ror-data.zip/content", "0f")
    with pytest.raises(Refused, match="lists 0 files"):
        requests(ror.find_dump, release("readme.md"))
    with pytest.raises(Refused, match="'files'"):
        requests(ror.find_dump, b'{"message": "moved"}')


def test_recorded_organisations_have_their_places(recordings: Path) -> None:
    frame = read(ORGANISATIONS, (recordings / "ror/derived_ror_cn_union.ndjson").read_bytes())
    assert (frame.height, frame["ror_id"].n_unique()) == (2_265, 2_263)
    assert frame.filter(name="National University of Defense Technology")["place"].to_list() == ["Changsha"]
    records = (recordings / "ror/sample_records_v2.9").iterdir()
    assert sum(read(ORGANISATIONS, record.read_bytes()).height for record in records) == 300
