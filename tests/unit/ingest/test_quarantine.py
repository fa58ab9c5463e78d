"""What is bad, odd or unlike before in bytes that land is set aside, refused or named."""

import hashlib
import json

import dataframely as dy
import polars as pl
import pytest

from pipelines import settings
from pipelines.errors import InputError
from pipelines.ingest.contract import doc
from pipelines.ingest.landing import landed_from, landing_path, quarantine_of
from pipelines.ingest.readers.text import csv_rows
from tests.support.shelf import GOOD, URL, Shelf, Toys, landed, source, table

# Quarantine and drift


def many(bad: list[bytes], count: int = 2_000) -> bytes:
    return b"toy,price\n" + b"".join(b"toy %d,1\n" % number for number in range(count)) + b"".join(bad)


def test_a_few_bad_rows_are_quarantined_and_named(shelf: Shelf) -> None:
    shelf.files[URL] = many([b"kite,free\n", b"drum,-1\n"])
    toys = table(rows=(2, 9_000))
    result = landed(toys, shelf)
    assert result.rows == 2_000
    (file,) = landed_from(source(toys), toys)
    assert result.quarantined == quarantine_of(source(toys), toys)
    assert [(row.source_file, row.source_sha256, row.source_row, row.column_name) for row in result.quarantined] == [
        (URL, file.sha256, 2_002, "price"),
        (URL, file.sha256, 2_003, "price"),
    ]
    assert result.quarantined[0].reason == "'free' is not a number. Correct it, or leave it empty if unknown"
    assert landed(toys, shelf).quarantined == result.quarantined, "they are named again when nothing has changed"


def test_many_bad_rows_fail_the_table(shelf: Shelf) -> None:
    shelf.files[URL] = many([b"toy x%d,free\n" % number for number in range(3)])
    with pytest.raises(InputError, match="row 2002, column price: 'free' is not a number"):
        landed(table(rows=(2, 9_000)), shelf)
    assert landed(table(rows=(2, 9_000), tolerates=0.01), shelf).rows == 2_000


def test_rows_that_share_a_key_are_all_quarantined(shelf: Shelf) -> None:
    """Nobody knows which of them is right."""
    shelf.files[URL] = many([b"toy 7,2\n"])
    result = landed(table(rows=(2, 9_000)), shelf)
    assert result.rows == 1_999
    assert {row.source_row for row in result.quarantined} == {9, 2_002}


def test_a_column_of_another_type_is_named_as_a_whole(shelf: Shelf) -> None:
    shelf.files[URL] = b"toy,price\nbear,3 dollars\nkite,4 dollars\ndrum,5 dollars\n"
    with pytest.raises(InputError) as caught:
        landed(table(), shelf)
    assert str(caught.value).splitlines()[0] == (
        "shop: toys, column price: the column has changed: 3 of 3 rows break the contract. "
        "Check whether the source now writes it in another way, or means something else by it"
    )


def test_a_landing_unlike_the_one_before_is_reported(shelf: Shelf) -> None:
    toys = table(rows=(2, 9_000))
    shelf.files[URL] = many([], 200)
    assert landed(toys, shelf).drift == []
    shelf.files[URL] = many([], 200).replace(b",1\n", b",\n")
    odd = [
        "column price: 200 of 200 rows have another value than before, such as row 2: 1.0 became None",
        "column price: 100% empty, 0% before",
    ]
    assert landed(toys, shelf).drift == odd
    again = landed(toys, shelf)
    assert (again.is_new, again.drift) == (False, odd), "it is reported again when nothing has changed"


def test_a_landing_from_before_oddities_were_remembered_has_none(shelf: Shelf) -> None:
    landed(table(), shelf)
    path = landing_path("shop", "toys")
    stamp = json.loads(pl.read_parquet_metadata(path)["nextvalley"])
    del stamp["drift"]
    pl.read_parquet(path).write_parquet(path, metadata={"nextvalley": json.dumps(stamp)})
    again = landed(table(), shelf)
    assert (again.is_new, again.drift) == (False, [])


def test_rows_unlike_landmarks_are_reported_until_either_is_corrected(shelf: Shelf) -> None:
    landmarks = settings.REFERENCE / "landmarks.csv"
    committed = landmarks.read_text("utf-8")
    landmarks.write_text(f"{committed}shop,toys,toy,0123456789ab,price=~2\n", "utf-8")
    odd = ["none of the 1 known rows is present: is this a different file?"]
    assert [landed(table(), shelf).drift for _ in range(2)] == [odd, odd]
    landmarks.write_text(committed, "utf-8")
    assert landed(table(), shelf).drift == []


class Boxes(Toys):
    """One row per toy in its box."""

    weight = dy.Float64(min=0, metadata=doc("Weight."))


def boxes(header: str) -> bytes:
    rows = (f"bear {number},{number},{500 - 7 * number}" for number in range(1, 30))
    return "\n".join([header, *rows]).encode()


def test_columns_that_changed_places_are_refused(shelf: Shelf) -> None:
    packed = table(rows=(2, 90), contract=Boxes, parse=lambda content: csv_rows(content, Boxes.column_names()))
    shelf.files[URL] = boxes("toy,price,weight")
    landed(packed, shelf)
    shelf.files[URL] = boxes("toy,weight,price")
    with pytest.raises(InputError, match=r"toys\.csv, column price: it has changed places with column weight\. Compare"):
        landed(packed, shelf)


def test_doubtful_text_lands_and_is_named(shelf: Shelf) -> None:
    names = ["b\u0435ar", "kite", *(f"drum {number}" for number in range(8))]
    shelf.files[URL] = "\n".join(["toy,price", *(f"{name},1" for name in names)]).encode()
    result = landed(table(rows=(2, 90)), shelf)
    (doubt,) = result.quarantined
    assert (result.rows, doubt.source_row, doubt.column_name, doubt.is_kept) == (10, 2, "toy", True)
    assert doubt.reason == "'b\u0435ar' mixes Latin letters with others that look the same", "nobody here can correct it"
    assert doubt.reason.startswith("'bеar' mixes Latin letters with others that look the same")


def test_text_in_the_wrong_encoding_is_refused(shelf: Shelf) -> None:
    shelf.files[URL] = "\n".join(
        ["toy,price", *(f"jouet d’été {number},1".encode().decode("cp1252") for number in range(9))]
    ).encode()
    with pytest.raises(InputError, match=r"row 2, column toy: .* was read in another encoding than it was written in"):
        landed(table(rows=(2, 90)), shelf)


def test_other_bytes_than_those_known_at_an_address_are_refused(shelf: Shelf) -> None:
    known = settings.REFERENCE / "known_files.csv"
    known.write_text(f"{known.read_text()}{URL},{'0' * 64},0\n")
    with pytest.raises(InputError, match=r"toys\.csv: the file is not the one known at this address, which never changes"):
        landed(table(), shelf)
    known.write_text(known.read_text().replace("0" * 64, hashlib.sha256(GOOD).hexdigest()))
    assert landed(table(), shelf).rows == 2


def test_reduced_recording_says_nothing_about_live_bytes(shelf: Shelf) -> None:
    known = settings.REFERENCE / "known_files.csv"
    known.write_text(f"{known.read_text()}{URL},{'0' * 64},1\n")
    assert landed(table(), shelf).rows == 2
    shelf.via = "replay"
    shelf.files[URL] = GOOD + b"\n"
    with pytest.raises(InputError, match="the file is not the one known at this address"):
        landed(table(), shelf)


def test_file_of_another_subject_is_refused(shelf: Shelf) -> None:
    address = "https://toys.example/CIK0012.csv"
    toys = table(rows=(1, 4), addresses=(address,), subject=("toy", r"CIK0*([0-9]+)"))
    shelf.files[address] = b"toy,price\n12,3\n"
    assert landed(toys, shelf).rows == 1
    shelf.files[address] = b"toy,price\n13,3\n"
    with pytest.raises(InputError, match=r"row 2, column toy: the file is about '13', but the address names 12"):
        landed(toys, shelf)
