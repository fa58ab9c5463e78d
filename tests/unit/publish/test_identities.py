"""Ids of companies and cities last over releases, on small files made by hand."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines import settings
from pipelines.ingest import archive
from pipelines.publish import identities
from pipelines.publish.identities import Entities, EntityChanges, EntityKeys
from pipelines.warehouse import database
from tests.support.databases import close, lent, opened

#: Company → the keys by which sources know it.
Names = dict[str, list[str]]
Publish = Callable[..., duckdb.DuckDBPyConnection]

ACME, BOLT = ["register/company:Acme", "zeta/company:17"], ["zeta/company:18"]


@pytest.fixture
def publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publish:
    """Publish one release after another; each is returned open."""
    made: list[Path] = []

    def one_more(names: Names, said: str = "may be redistributed") -> duckdb.DuckDBPyConnection:
        file = tmp_path / str(len(made)) / settings.PUBLISHED.name
        unfinished = tmp_path / archive.PART / settings.PUBLISHED.name
        unfinished.parent.mkdir()
        mentions = [
            {"kind": "company", "entity": company, "dataset": key.split("/")[0], "mention": key, "name": company.upper()}
            for company, keys in names.items()
            for key in keys
        ]
        places = [
            {"city": city, "place_key": f"CN||{place}", "place": place, "geoname_id": number, "municipality": place}
            for city, place, number in (("Brno", "Brno", 7), ("Brno", "Brno-North", 8), (None, "Nowhere", None))
        ]
        with lent() as connection:
            connection.execute(f"attach '{unfinished}' as published; create schema published.core")
            database.write(connection, "published.core.names", pl.DataFrame(mentions))
            database.write(connection, "published.core.places", pl.DataFrame(places))
            about = [datetime(2026, 1, 1 + len(made)), said]
            connection.execute("create table published.core.release as select ? as made_at, ? as redistribution", about)
            identities.write(connection)
            for table in identities.MADE:
                table.validate(pl.DataFrame(connection.sql(f"from published.{table.table}")))
        unfinished.parent.rename(file.parent)
        made.append(file)
        monkeypatch.setattr(settings, "PUBLISHED", file)
        return opened(file)

    monkeypatch.setattr(settings, "RELEASES", tmp_path)
    monkeypatch.setattr(settings, "PUBLISHED", tmp_path / settings.PUBLISHED.name)
    return one_more


def ids(release: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(release.execute("select entity, id from core.entities where kind = 'company'").fetchall())


def changes(release: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return release.execute("select change, entity, other from core.entity_changes order by all").fetchall()


def test_each_key_of_a_source_leads_to_an_id(publish: Publish) -> None:
    release = publish({"Acme": ACME, "Bolt": BOLT})
    bridge = "select k.dataset, k.key, k.printed, e.entity from core.entity_keys as k join core.entities as e on e.id = k.id"
    assert release.execute(f"{bridge} order by all").fetchall() == [
        ("geonames", "7", "Brno", "Brno"),
        ("geonames", "8", "Brno-North", "Brno"),
        ("places", "CN||Brno", "Brno", "Brno"),
        ("places", "CN||Brno-North", "Brno-North", "Brno"),
        ("register", "Acme", "ACME", "Acme"),
        ("zeta", "17", "ACME", "Acme"),
        ("zeta", "18", "BOLT", "Bolt"),
    ]
    assert changes(release) == []


def test_ids_are_the_same_in_a_fresh_home(publish: Publish, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ids(publish({"Acme": ACME, "Bolt": BOLT}))
    for name in ("RELEASES", "PUBLISHED"):
        monkeypatch.setattr(settings, name, tmp_path / "none")
    # The register's key comes first, whatever other sources have it too.
    assert ids(publish({"Bolt": BOLT, "Acme": ["alpha/company:3", *ACME]})) == first


def test_an_id_survives_a_new_name_and_more_keys(publish: Publish) -> None:
    first = ids(publish({"Acme": ACME, "Bolt": BOLT}))
    release = publish({"Acme Corporation": ["alpha/company:3", *ACME], "Bolt": BOLT})
    assert ids(release) == {"Acme Corporation": first["Acme"], "Bolt": first["Bolt"]}
    assert changes(release) == [("renamed", "Acme", "Acme Corporation")]
    assert release.execute("select count(*) from core.entities where since = '2026-01-02'").fetchall() == [(0,)]


def test_an_id_survives_the_loss_of_its_first_key(publish: Publish) -> None:
    first = ids(publish({"Acme": ACME, "Bolt": BOLT}))
    publish({"Acme": ACME[1:], "Bolt": BOLT})
    release = publish({"Acme": ACME[1:], "Acme again": ACME[:1], "Bolt": BOLT})
    assert ids(release)["Acme"] == first["Acme"]
    assert len(set(ids(release).values())) == 3


@pytest.mark.parametrize("older", ["Acme", "Bolt"])
def test_a_merger_keeps_the_older_id_and_logs_the_other(publish: Publish, older: str) -> None:
    publish({older: {"Acme": ACME, "Bolt": BOLT}[older]})
    before = ids(publish({"Acme": ACME, "Bolt": BOLT}))
    release = publish({"Acme": [*ACME, *BOLT]})
    kept = before.pop(older)
    (lost,) = before.values()
    assert ids(release) == {"Acme": kept}
    assert release.execute("select id, change, other_id from core.entity_changes where change = 'merged'").fetchall() == [
        (lost, "merged", kept)
    ]


def test_what_is_split_off_is_not_merged(publish: Publish) -> None:
    publish({"Acme": ACME})
    assert changes(publish({"Acme": ACME[:1], "Acme Two": ACME[1:]})) == [("split", "Acme Two", "Acme")]


@pytest.mark.slow
def test_what_is_split_off_again_has_its_old_id(publish: Publish) -> None:
    first = ids(publish({"Acme": ACME, "Bolt": BOLT}))
    publish({"Acme": [*ACME, *BOLT]})
    release = publish({"Acme": ACME, "Bolt": BOLT})
    assert ids(release) == first
    assert [change for change, *_ in changes(release)].count("split") == 1


def test_what_no_source_knows_any_more_is_gone_and_stays_in_the_log(publish: Publish) -> None:
    publish({"Acme": ACME, "Bolt": BOLT})
    publish({"Acme": ACME})
    assert changes(publish({"Acme": ACME})) == [("gone", "Bolt", None)]


def test_names_of_removed_exports_leave_no_trace_in_what_may_be_passed_on(publish: Publish) -> None:
    first = ids(publish({"Acme": ACME}))
    publish({"Acme Secret": [*ACME, "inbox/company:Acme Secret"], "Hidden": ["inbox/company:Hidden"]}, "is for local use only")
    newest = publish({"Acme": ACME})
    assert (ids(newest), changes(newest)) == (first, [])


def test_tables_are_declared_as_they_are_written(publish: Publish) -> None:
    release = publish({"Acme": ACME})
    for table in (Entities, EntityKeys, EntityChanges):
        assert pl.DataFrame(release.sql(f"from {table.table}")).columns == table.column_names()


@pytest.mark.parametrize(
    ("sql", "is_kept"),
    [
        ("alter table core.entities add column note text; alter table core.entity_keys drop column printed", True),
        ("drop table core.entity_changes", False),
        pytest.param("alter table core.entity_keys drop column dataset", False, marks=pytest.mark.slow),
    ],
)
def test_ids_of_an_older_layout_last_if_all_of_them_can_be_read(
    publish: Publish, tmp_path: Path, sql: str, is_kept: bool
) -> None:
    """Without their keys every id would be logged as gone."""
    close(publish({"Acme": ACME}))
    with duckdb.connect(tmp_path / "0" / settings.PUBLISHED.name) as connection:
        connection.execute(sql)
    newest = publish({"Acme Inc": ACME})
    assert changes(newest) == ([("renamed", "Acme", "Acme Inc")] if is_kept else [])
