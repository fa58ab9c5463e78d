"""How lists become a layout: where they look, which one sets a level, whose attention is shared."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest

from pipelines.index.measurement import measured, prepare, unnamed
from pipelines.index.measurement.layout import Columns, Layout
from pipelines.index.measurement.model import Model
from pipelines.index.measurement.noises import Audits
from pipelines.index.measurement.priors import AUDITED_SPREAD, CHOSEN_ELASTICITY, CHOSEN_ELASTICITY_SD, NOISE

CITIES = pl.DataFrame(
    [("Ada", "CN", "North", True), ("Bex", "CN", "South", True), ("Cob", "CN", "South", True), ("Dun", "US", "West", False)],
    ["city", "country", "province", "is_whole"],
    orient="row",
)
HOME = dict(CITIES.select("city", pl.struct("country", "province")).iter_rows())

#: A list that covers the world from 2003 to 2012, unless it says otherwise.
PROFILE: dict[str, Any] = {
    "dataset": "d", "completeness": "sample", "family": "f", "covers": "world", "is_curated": False, "first_year": 2003,
    "last_year": 2012, "n_province_only": 0.0, "is_stock": False,
}  # fmt: skip


def layout(
    *lists: tuple[str, str, dict[str, Any], list[tuple[Any, ...]]],
    audits: Audits = Audits(),  # noqa: B008
    elsewhere: Sequence[dict[str, Any]] = (),
) -> Layout:
    """Lay out lists (quantity, list, what differs from the profile, rows of place, year and number).

    In each year, each has ``elsewhere`` too: rows of a whole country.
    """
    counts, profiles = [], []
    for quantity, name, own, rows in lists:
        for place, year, n in rows:
            nation = "US" if place == "all of the US" else "CN"
            where = HOME[place] | {"city": place} if place in HOME else {"country": nation, "province": place, "city": None}
            named = {"quantity": quantity, "list": name, "dataset": PROFILE["dataset"]}
            counts.append(where | named | {"year": year, "n": float(n), "adds_up": own.get("adds_up", False)})
        counts += [row | counts[-1] | row for row in elsewhere]
        n_city = float(sum(n for place, _, n in rows if place in HOME))
        profiles.append(PROFILE | {"quantity": quantity, "list": name, "publication": name, "n_city": n_city} | own)
    schema = {"quantity": pl.String, "list": pl.String, "dataset": pl.String,
              "country": pl.String, "province": pl.String, "city": pl.String,
              "year": pl.Int64, "n": pl.Float64, "adds_up": pl.Boolean}  # fmt: skip
    return prepare.layout_of(pl.DataFrame(counts, schema), pl.DataFrame(profiles, infer_schema_length=None), CITIES, audits)


DEALS = [("Ada", 2004, 5), ("Ada", 2011, 7), ("Bex", 2009, 2), ("Dun", 2010, 9)]


def test_what_stands_is_counted_once_in_each_period_it_covers() -> None:
    editions = [("Ada", 2002, 1), ("Ada", 2007, 5), ("Bex", 2012, 2)]
    found = layout(("unicorns", "a", {"is_stock": True, "first_year": 2002, "last_year": 2012}, editions))
    assert np.exp(found.exposure).tolist() == [1, 1, 1, 1]
    assert found.counts[:2].tolist() == [[1, 5, 0, 0], [0, 0, 0, 2]]


def test_a_list_has_a_channel_in_each_period_it_covers() -> None:
    found = layout(("deals_received", "a", {}, DEALS))
    assert np.exp(found.exposure).tolist() == pytest.approx([2, 5, 2, 1])
    assert found.column_of.tolist() == [0, 1, 2, 3]
    assert found.counts.tolist() == [[5, 0, 7, 0], [0, 2, 0, 0], [0, 0, 0, 0], [0, 0, 9, 0]]
    assert found.covers.all(), "it looks everywhere: no row is a zero"
    later = layout(("deals_received", "a", {}, [*DEALS, ("Bex", 2014, 3)]))
    assert later.counts.tolist() == found.counts.tolist(), "years after its last are not read"


def test_a_list_without_years_tells_of_all_together_and_one_that_looks_nowhere_of_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(HOME, "Eve", {"country": "CN", "province": "West"})
    undated = [(city, None, n) for city, _, n in DEALS]
    late = {"first_year": 2026, "last_year": 2026}
    found = layout(
        ("deals_received", "a", {}, DEALS),
        ("deals_received", "b", {"first_year": None, "last_year": None}, undated),
        ("deals_received", "c", late, [("Ada", 2026, 3)]),
        ("deals_received", "d", {"completeness": "selection"}, [("Eve", 2010, 3)]),
    )
    assert found.lists == ["deals_received/a", "deals_received/b"]
    assert found.column_of.tolist() == [0, 1, 2, 3, *range(10)]
    assert found.is_in_sum.tolist() == [False, True]
    assert found.counts[:, 4:].sum(1) == pytest.approx([12, 2, 0, 9], rel=1e-5), (
        "shared out over the years, of which only the sum is told"
    )


def test_a_total_of_several_years_is_told_as_a_sum() -> None:
    found = layout(("deals_received", "a", {}, DEALS), ("deals_received", "b", {"adds_up": True}, DEALS))
    assert found.is_in_sum.tolist() == [False, True]


def test_a_list_without_years_holds_those_of_all_years_unless_it_counts_what_stands() -> None:
    undated = {"first_year": None, "last_year": None, "is_stock": True}
    rows = [(city, None, n) for city, _, n in DEALS]
    found = layout(*[(quantity, "a", undated, rows) for quantity in ("exits", "unicorns", "services")])
    assert np.exp(found.exposure) == pytest.approx([5, 5, *[2] * 8, 1, 1])
    assert found.column_of[-2:].tolist() == [*found.columns.of("services"), found.columns.of("unicorns")[5]], "of the middle"
    assert found.is_standing.tolist() == [False, True, True]
    assert found.is_in_sum.tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("own", "looks"),
    [
        ({"covers": "world"}, ["Ada", "Bex", "Cob", "Dun"]),
        ({"covers": "CN"}, ["Ada", "Bex", "Cob"]),
        ({"completeness": "selection"}, ["Ada", "Bex", "Dun"]),
        ({"covers": "US"}, ["Dun"]),
    ],
)
def test_where_a_list_looks(own: dict[str, Any], looks: list[str]) -> None:
    found = layout(("deals_received", "a", own, DEALS))
    assert [found.cities[place] for place in np.flatnonzero(found.covers[:, 0])] == looks
    assert (found.counts[~found.covers] == 0).all()


def test_a_curated_list_looks_at_the_cities_it_follows_at_home_and_at_the_benchmark_abroad(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    curated = {"covers": "CN,US", "is_curated": True}
    abroad = [*DEALS, ("Cob", 2010, 6), ("Eve", 2010, 2)]
    for city, country in (("Eve", "US"), ("Fay", "JP")):
        monkeypatch.setitem(HOME, city, {"country": country, "province": "West"})
    more = pl.DataFrame([{"city": city, **HOME[city], "is_whole": False} for city in ("Eve", "Fay")])
    monkeypatch.setattr(f"{__name__}.CITIES", pl.concat([CITIES, more]))
    monkeypatch.setattr(prepare, "BENCHMARK", "Eve")
    offices = [*abroad, ("Dun", 2010, 1), ("Fay", 2010, 9)]
    found = layout(("deals_received", "a", curated, abroad), ("services", "b", curated | {"first_year": None}, offices))
    # Four rows are too few to say that the source follows Bex. Abroad it follows cities with ten offices. Dun has ten, Fay nine.
    # A city with companies alone it names by the way.
    assert [found.covers[:, place].tolist() for place in (0, -1)] == [
        [True, False, True, False, True, False],
        [True, False, True, True, True, False],
    ]
    assert found.anchor.tolist() == [True, True], "each is all there is of its quantity"
    assert not found.sets_scale.any(), "what is chosen by hand prefers large places"


def test_a_list_chosen_by_hand_prefers_large_places() -> None:
    by_hand = {"is_curated": True, "covers": "CN,US", "family": "ours"}
    found = layout(("deals_received", "a", {"family": "theirs"}, DEALS), ("exits", "b", by_hand, DEALS))
    assert found.is_chosen.tolist() == [False, True]
    model = Model(found)
    assert model.elasticity.tolist() == [-1, 0], "all others follow a quantity as it is"
    assert (model.elasticity_mean.tolist(), model.elasticity_sd.tolist()) == ([CHOSEN_ELASTICITY], [CHOSEN_ELASTICITY_SD])
    offices = layout(("services", "a", by_hand | {"first_year": None}, [("Ada", None, 30)]))
    assert Model(offices).elasticity.tolist() == [-1], "offices are not chosen for their fame"


def test_a_population_counted_by_hand_has_the_scale_of_the_census() -> None:
    undated = {"first_year": None, "last_year": None}
    found = layout(
        ("population", "census", undated | {"completeness": "census"}, [("Ada", None, 900), ("Bex", None, 80)]),
        ("population", "by hand", undated | {"is_curated": True, "covers": "US"}, [("Dun", None, 700)]),
    )
    assert found.sets_scale.tolist() == [True, True]
    assert found.is_exact.tolist() == [True, True]


def test_a_list_of_provinces_has_totals_and_no_cells() -> None:
    rows = [("Ada", 2010, 1), ("South", 2010, 30), ("South", 2004, 4)]
    found = layout(("deals_received", "a", {"n_province_only": 34.0, "covers": "CN"}, rows), ("exits", "b", {}, DEALS))
    assert found.by_region.tolist() == [True, False]
    assert found.own_noise.tolist() == [-1, 0]
    assert not found.counts[:, found.list_of == 0].any()
    totals = [dict(zip([found.region_of[cell[0, 0]] for cell in part.cells], part.total, strict=True)) for part in found.totals]
    north, south = found.region_of[0], found.region_of[1]
    assert totals == [{north: 0, south: 4}, {north: 0, south: 0}, {north: 1, south: 30}, {north: 0, south: 0}]


def test_the_anchor_knows_cities_and_years_and_several_countries() -> None:
    several = [("Ada", 2010, 1), ("Dun", 2010, 1)]
    many = [("Ada", 2010, 500), ("Bex", 2010, 400)]
    found = layout(
        ("deals_received", "by region", {"n_province_only": 9e3}, [("South", 2010, 9000), *several]),
        ("deals_received", "large", {"covers": "CN"}, many),
        ("deals_received", "undated", {"first_year": None, "last_year": None}, [("Ada", None, 2000), ("Dun", None, 2000)]),
        ("deals_received", "small", {}, several),
    )
    # All cities are one group here, so no list compares groups: the largest that is dated is the anchor.
    assert found.lists[int(found.anchor.argmax())] == "deals_received/large"
    assert found.anchor.sum() == 1


def test_a_census_is_the_anchor_of_what_stands_though_others_know_more_countries() -> None:
    census = {"completeness": "census", "covers": "CN", "first_year": None}
    rows = [("Ada", None, 34), ("Dun", None, 9)]
    found = layout(
        ("elite_universities", "all there is", census, [("Ada", None, 35)]),
        ("elite_universities", "by hand", {"is_curated": True, "covers": "CN,US", "first_year": None}, rows),
        ("exits", "by law", census | {"first_year": 2003}, [("Ada", 2010, 40)]),
        ("exits", "by press", {}, [("Ada", 2010, 30), ("Dun", 2010, 30)]),
    )
    # A census of what happens counts one kind of it.
    assert np.array(found.lists)[found.anchor].tolist() == ["elite_universities/all there is", "exits/by press"]
    assert found.is_exact.tolist() == [True, False, False, False]


def test_lists_of_a_family_share_attention_and_censuses_do_not() -> None:
    census = {"completeness": "census", "first_year": None, "last_year": None}
    found = layout(
        ("deals_received", "a", {}, DEALS),
        ("exits", "b", {}, DEALS),
        ("exits", "c", {"family": "other"}, DEALS),
        ("universities", "d", census, [("Ada", None, 4)]),
    )
    assert found.noise_names == ["deals_received/a", "exits/b", "exits/c", "f"]
    of_family = found.noise[:, 3] > 0
    assert [found.lists[place] for place in np.unique(found.list_of[of_family])] == ["deals_received/a", "exits/b"]
    assert found.family_of.tolist() == [0, 0, 1, -1]
    assert found.family_noise.tolist() == [3, -1]
    assert found.own_noise.tolist() == [0, 1, 2, -1], "a census looks at all cities alike"


def test_editions_of_a_publication_share_attention_and_are_not_a_family() -> None:
    edition = {"completeness": "selection", "publication": "report", "first_year": 2020, "last_year": 2021}
    found = layout(
        ("unicorns", "report 2020", edition, [("Ada", 2020, 4)]),
        ("unicorns", "report 2021", edition, [("Ada", 2021, 5)]),
        ("exits", "report 2020", edition | {"family": "other"}, [("Ada", 2020, 3)]),
        ("exits", "b", {"family": "other"}, DEALS),
    )
    assert found.noise_names == ["exits/b", "exits/report", "unicorns/report", "other"]
    assert found.own_noise.tolist() == [0, 1, 2, 2], "each quantity has an attention of its own"
    editions = np.isin(found.list_of, [2, 3])
    assert found.noise[editions, 2].tolist() == [1.0] * editions.sum()
    assert found.family_noise[found.family_of].tolist() == [3, 3, -1, -1], "editions of one publication do not make a family"


def test_of_two_censuses_of_a_quantity_only_the_one_that_sets_its_unit_is_exact() -> None:
    census = {"completeness": "census", "first_year": None, "last_year": None, "family": "ministry"}
    found = layout(
        ("universities", "all", census, [("Ada", None, 90), ("Bex", None, 40)]),
        ("universities", "elite", census, [("Ada", None, 30)]),
    )
    assert found.is_exact.tolist() == [True, False]
    assert found.noise_names == ["universities/elite"]
    assert found.family_of.tolist() == [-1, 0]


def test_wrong_rows_are_those_of_source_and_quantity() -> None:
    found = layout(("deals_received", "a", {}, DEALS), ("exits", "b", {}, DEALS), audits=Audits({("d", "exits"): 0.04}))
    assert found.wrong.tolist() == [0] * 4 + [0.04] * 4


def test_a_list_whose_evenness_an_audit_knows_sets_the_scale_and_keeps_its_quantity_out_of_the_family_s_noise() -> None:
    lists = [(quantity, "a", {"is_curated": True}, DEALS) for quantity in ("exits", "deals_received", "unicorns")]
    evenly = ("exits", "b", {"dataset": "e"}, DEALS)
    assert not layout(*lists, evenly).sets_scale.any()
    found = layout(*lists, evenly, audits=Audits(noise={("e", "exits"): 0.13}))
    assert found.noise_names == ["deals_received/a", "exits/a", "exits/b", "unicorns/a", "f"]
    assert found.known_noise == {found.noise_names.index("exits/b"): 0.13}
    of_family = found.noise[:, found.noise_names.index("f")]
    assert {found.lists[place] for place in found.list_of[of_family > 0]} == {"deals_received/a", "unicorns/a"}
    assert [name for name, sets in zip(found.lists, found.sets_scale, strict=True) if sets] == ["exits/b"]
    model, audited = Model(found), np.arange(5) == 2
    assert np.exp(model.scale_mean[:5]) == pytest.approx(np.where(audited, 0.13, NOISE[0]))
    assert model.scale_sd[:5] == pytest.approx(np.where(audited, AUDITED_SPREAD, NOISE[1]))


REPORT = {"completeness": "selection", "publication": "Report", "is_stock": True, "first_year": 2012, "last_year": 2012}


def test_what_a_report_does_not_name_is_the_remainder_of_its_country() -> None:
    everything: dict[str, Any] = {"country": "CN", "province": None, "city": None}
    named = ("unicorns", "2012", REPORT, [("Ada", 2012, 5), ("Dun", 2012, 8)])
    found = layout(named, elsewhere=[everything | {"n": 7.0}, everything | {"country": "US", "n": 9.0}])
    (remainder,) = found.remainders
    assert (remainder.total, remainder.cities.tolist()) == (7, [1, 2]), "only one city of the other country is measured"
    assert found.covers[:, remainder.channel].tolist() == [True, False, False, True], "it names no other"
    filled = found.filled()
    assert filled.counts[:, remainder.channel].tolist() == [5, 3.5, 3.5, 8]
    assert filled.covers[:, remainder.channel].all()


def test_a_report_that_names_all_it_counts_has_counted_the_other_cities_of_the_country() -> None:
    left: dict[str, Any] = {"country": "CN", "province": None, "city": None, "n": 0.0}
    named = ("unicorns", "2012", REPORT, [("Ada", 2012, 5), ("Bex", 2012, 0)])
    found = layout(named, elsewhere=[left])
    assert found.remainders == []
    (channel,) = range(len(found.list_of))
    assert found.covers[:, channel].tolist() == [True, True, True, False], "it says nothing of another country"
    assert found.counts[:, channel].tolist() == [5, 0, 0, 0]
    assert layout(named).covers[:, channel].tolist() == [True, True, False, False], "a city without any is not a country without"
    of_none = ("unicorns", "2012", {"completeness": "selection"}, [("Ada", 2012, 5)])
    assert layout(of_none, elsewhere=[left]).covers[:, channel].tolist() == [True, False, False, False], "no report"


def test_rows_of_a_list_without_a_place_may_be_anywhere() -> None:
    everything: dict[str, Any] = {"country": "CN", "province": None, "city": None}
    famous = ("unicorns", "2012", {"completeness": "selection"}, [("Ada", 2012, 5)])
    assert layout(famous, elsewhere=[everything | {"n": 7.0}]).remainders == []


def test_editions_of_a_publication_share_a_level() -> None:
    rows = [("Ada", 2012, 5), ("Dun", 2012, 8)]
    other = REPORT | {"publication": "Other"}
    found = layout(*(("unicorns", name, own, rows) for name, own in (("a", REPORT), ("b", other), ("c", REPORT), ("d", other))))
    assert found.series_of.tolist() == [0, 1, 0, 1]
    assert found.base_of.tolist() == [0, 1, 0, 1]
    anchor = int(np.flatnonzero(found.anchor)[0])
    assert found.has_level.tolist() == [place == 1 - anchor % 2 for place in range(4)], "but for the one that sets it"
    assert found.sets_scale.tolist() == [place % 2 == anchor % 2 for place in range(4)], "and an elasticity"
    assert found.has_elasticity.tolist() == found.has_level.tolist()


def test_a_report_that_prints_only_the_total_of_a_country_is_read() -> None:
    abroad = ("unicorns", "2011", REPORT, [("all of the US", 2011, 90)])
    found = layout(("unicorns", "a", {}, DEALS), ("unicorns", "2012", REPORT, [("all of China", 2012, 12)]), abroad)
    assert found.lists == ["unicorns/2012", "unicorns/a"], "of a country few of whose cities are measured a total tells nothing"
    (remainder,) = found.remainders
    assert (remainder.total, remainder.cities.tolist()) == (12, [0, 1, 2])
    sampled = ("unicorns", "a", {}, [("all of China", 2012, 12)])
    assert layout(sampled, ("exits", "b", {}, DEALS)).lists == ["exits/b"], "what a sample cannot place is not a total"


def test_cities_are_measured_if_lists_name_them_often_enough() -> None:
    def rows(city: str, lists: int, n: int) -> pl.DataFrame:
        return pl.DataFrame({"city": city, "quantity": "deals_received", "list": [f"l{i}" for i in range(lists)], "n": n})

    counts = pl.concat([rows("Ada", 1, 1), rows("Bex", 4, 3), rows("Cob", 4, 2), rows("Dun", 3, 500)])
    found = measured.measured_cities(counts, CITIES, pl.col("city") == "Ada")
    assert found["city"].to_list() == ["Ada", "Bex"]
    assert found["is_whole"].to_list() == [False, False], "of its country, Cob is not measured"
    assert measured.measured_cities(counts, CITIES, pl.col("country") == "CN")["is_whole"].to_list() == [True] * 3


def test_reports_of_many_cities_look_at_them_as_lists_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measured, "LEAST_PRINTED", 3)
    rows = [("list", "Ada", 1), ("few", "Ada", 2), ("few", "Bex", 3), ("many", "Ada", 4), ("many", "Bex", 5), ("many", "Cob", 6)]
    counts = pl.DataFrame([*rows, ("list", "Bex", 0), ("few", "Cob", 0)], ("list", "city", "n"), orient="row").with_columns(
        quantity=pl.lit("exits"), is_report=pl.col("list") != "list"
    )
    assert measured.looking(counts).select("list", "city", "n").rows() == [rows[0], *rows[3:]]


def test_a_large_country_does_not_crowd_out_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measured, "MOST_OF_COUNTRY", 1)
    lists = [f"l{number}" for number in range(4)]
    counts = pl.concat(
        pl.DataFrame({"city": city, "quantity": "exits", "list": lists, "n": n})
        for city, n in (("Bex", 3), ("Cob", 4), ("Dun", 3))
    )
    assert measured.measured_cities(counts, CITIES, pl.lit(value=False))["city"].to_list() == ["Cob", "Dun"]


def test_columns_walk_away_from_the_middle() -> None:
    columns = Columns(("a", "b"), ("c",), periods=3)
    walk = columns.walk()
    # Levels of a, b and c; then the steps back of a and b, and the steps on.
    parameters = np.array([10.0, 20.0, 30.0, 1.0, 2.0, 3.0, 4.0])
    assert (walk @ parameters).tolist() == [11, 10, 13, 22, 20, 24, 30]
    assert np.linalg.inv(walk) @ (walk @ parameters) == pytest.approx(parameters)
    five = Columns(("a",), (), periods=5).walk() @ np.array([0.0, 1.0, 10.0, 100.0, 1000.0])
    assert five.tolist() == [11, 10, 0, 100, 1100]


@pytest.mark.parametrize(("completeness", "left_out"), [("largest", [[3], [3]]), ("selection", []), ("census", [])])
def test_a_list_of_the_largest_says_of_the_unnamed_that_they_have_less(
    monkeypatch: pytest.MonkeyPatch, completeness: str, left_out: list[list[int]]
) -> None:
    monkeypatch.setattr(unnamed, "LEAST_NAMED", 3)
    monkeypatch.setattr(f"{__name__}.CITIES", CITIES.with_columns(country=pl.lit("CN")))
    rows = [("Ada", None, 900), ("Bex", None, 300), ("Cob", None, 500)]
    own = {"completeness": completeness, "covers": "CN"}
    made = layout(
        ("research", "works", own, rows), ("research", "professors", own, [(place, year, n / 100) for place, year, n in rows])
    )
    assert [part.cities.tolist() for part in made.unnamed] == left_out
    if completeness == "largest":
        assert {made.lists[part.channel]: part.least for part in made.unnamed} == {
            "research/works": 300,
            "research/professors": 3,
        }
        assert made.covers[:, 0].tolist() == [True, True, True, False]
        assert (made.own_noise < 0).tolist() == made.anchor.tolist(), "another list than that of the unit may prefer some cities"
