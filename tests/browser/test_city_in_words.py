"""What the page says of a city, word by word: where it stands, its numbers, the rows behind them, a sum and own weights."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Browser

from pipelines.publish import wording
from pipelines.publish.report import basis
from pipelines.publish.texts import known
from pipelines.publish.wording import about
from pipelines.warehouse import queries
from tests.support.chromium import NEEDED, Opened, choose, frame

pytestmark = NEEDED

#: A city that lists count throughout, one with an apostrophe, one without any elite university, and one of few lists.
CITIES = ("Beijing", "Xi'an", "Changzhou", "Urumqi")

#: The cells of each indicator as text, and where its bar's interval is drawn.
PROFILE = """(all) => all.map((row) => {
  const bar = row.querySelector('.bar');
  const [interval, whole] = [bar.querySelector('b'), bar].map((one) => one.getBoundingClientRect());
  const ends = [interval.left, interval.right].map((end) => (end - whole.left - bar.clientLeft) / bar.clientWidth);
  return [row.dataset.indicator, [...row.cells].map((cell) => cell.textContent.replace(/\\s+/g, ' ').trim()), ends];
})"""


def _indicators(published: duckdb.DuckDBPyConnection, city: str) -> list[dict[str, Any]]:
    named = city.replace("'", "''")
    rows = frame(
        published,
        f"with i as ({queries.read('report/indicators').strip()}) "
        "select d.*, i.goalpost, i.goalpost_city, i.headline_year, i.counted_by, "
        "(select count(*) from marts.evidence as e where e.city = d.city and e.indicator = d.indicator) as n_rows "
        "from marts.indicator_detail as d join i on i.indicator = d.indicator and i.headline_year = d.year "
        f"where d.city = '{named}'",
    )
    return rows.to_dicts()


def _name(row: dict[str, Any]) -> str:
    """Return an indicator with whom it is set against, and what its number is."""
    of = f"{row['unit']}, counted by {known(row['counted_by'])}" if row["census_count"] is not None else wording.in_unit_of(row)
    notes = [f"against {row['goalpost_city']}" if row["goalpost"] == "leader" else "", of]
    return f"{row['name']} {'; '.join(filter(None, notes))}"


def _number(row: dict[str, Any]) -> str:
    interval = f"{about(row['value'])} ({about(row['value_low'])}–{about(row['value_high'])})"
    is_older = row["n_lists"] and row["last_year"] and row["last_year"] < row["headline_year"]
    until = f"; counted up to {row['last_year']}" if is_older else ""
    if row["n_lists"] and (row["first_year"] or row["headline_year"]) > row["headline_year"]:
        until = f"; first counted in {row['first_year']}"
    if row["status"] == "none counted" and row["census_count"] is None:
        until = "; " + basis.none_counted(row["last_year"] is not None)
    halves = basis.halves(row["indicator"], row["census_count"])
    until += f"; {halves}" if halves else ""
    if row["census_count"] is not None:
        taken = "" if row["census_count"] else f", taken as {interval}"
        return f"{wording.counted(row['census_count'])} as counted{taken}{until}"
    printed = row["report_count"]
    told = "" if printed is None else f" that list itself: {wording.counted(printed)}"
    relative = " relative" if row["is_relative"] else ""
    return (f"{interval}{relative}" if row["n_lists"] else "inferred") + told + until


@pytest.mark.parametrize("city", CITIES)
def test_numbers_and_standing_of_a_city_are_those_of_the_file(
    opened: Opened, published: duckdb.DuckDBPyConnection, city: str
) -> None:
    choose(opened.page, "city", city)
    carried = opened.page.evaluate("(city) => city in JSON.parse(document.getElementById('evidence').textContent).cities", city)
    top, order = opened.page.evaluate("[nextvalley.model.top, nextvalley.model.every_indicator.map((one) => one.id)]")
    shown = {
        name: (cells, ends) for name, cells, ends in opened.page.locator("#profile tr[data-indicator]").evaluate_all(PROFILE)
    }
    rows = {row["indicator"]: row for row in _indicators(published, city)}
    assert set(shown) == set(rows)
    for name, (cells, ends) in shown.items():
        row = rows[name]
        score = f"{row['score']:.0f} ({wording.score_interval(row['score_low'], row['score_high'])})"
        assert cells == [_name(row), _number(row), score, f"{row['n_rows']:,}" if carried else "in the file"]
        assert ends == pytest.approx([min(max(row[end] / top, 0), 1) for end in ("score_low", "score_high")], abs=0.02)
    said = opened.page.locator("#standing").inner_text()
    ranking = frame(published, "from index.ranking where measure = 'Readiness'").to_dicts()
    (stands,) = [row for row in ranking if row["city"] == city]
    chance, far = wording.chance(stands["p_first"]), wording.times_less(stands)
    ranks = f"rank {stands['rank']} (90%: {stands['rank_low']}–{stands['rank_high']}), chance of ranking first {chance}"
    assert f": {ranks}; the Bay Area has {far} times as much" in said
    inferred = ", ".join(rows[name]["name"].lower() for name in order if not rows[name]["n_lists"])
    assert ("Not counted by any list" in said) == bool(inferred)
    assert not inferred or f"Not counted by any list, but inferred from what the city has otherwise: {inferred}." in said


#: The remark on the rows behind each indicator, the source of each row, and the rows that the page carries.
ROWS = """(city) => [...document.querySelectorAll('#profile button[data-indicator]')].map(({ dataset: { indicator } }) => {
  document.querySelector(`#profile button[data-indicator=${indicator}]`).click();
  const { texts, cities } = JSON.parse(document.getElementById('evidence').textContent), held = cities[city][indicator];
  const totals = held?.rows.slice(0, held.totals).map((row) => texts[row[6]] !== null) ?? [];
  const reported = [...document.querySelectorAll('#rows tbody tr')].map((row) => row.textContent.includes('as reported by'));
  return [indicator, document.getElementById('rows-says').textContent, held?.totals ?? 0, totals, reported];
})"""


def test_rows_of_a_city_say_how_many_lists_name_and_whether_they_are_enough(
    opened: Opened, published: duckdb.DuckDBPyConnection
) -> None:
    few = "select d.city from marts.indicator_detail as d join index.headline as h using (year) join marts.evidence as e "
    few += "using (city, indicator) where d.n_lists = 0 and d.city in (select city from index.ranking where rank <= 40) limit 1"
    for city in ("Beijing", *(city for (city,) in published.execute(few).fetchall())):
        choose(opened.page, "city", city)
        rows = {row["indicator"]: row for row in _indicators(published, city)}
        for name, said, n_totals, totals, reported in opened.page.evaluate(ROWS, city):
            row = rows[name]
            assert said.startswith(f"{row['name']}, {city}. {row['definition']}.")
            if not row["n_rows"]:
                assert said.endswith("No list names what it counts here; marts.list_counts has the counts.")
                continue
            n_named = row["n_rows"] - n_totals
            both = f"Rows that lists name: {n_named:,}; totals that reports print: {n_totals}."
            assert (
                both if n_totals else "1 row that a list names." if n_named == 1 else f"{n_named:,} rows that lists name."
            ) in said
            assert ("too few for their list to count here" in said) == (not row["n_lists"])
            assert reported == totals + [False] * (len(reported) - len(totals)), "totals first, each with whose site it is on"


def _computed(page: Any, city: str, factors: dict[str, float]) -> dict[str, Any]:
    """Return what the index of the page makes of a city under the weights of its address."""
    found: dict[str, Any] = page.evaluate(
        "([city, factors]) => { const { model, score, supposing, fromHash } = nextvalley; "
        "const { numbers } = JSON.parse(document.getElementById('cities').textContent)[city]; "
        "const { setting } = fromHash(model, location.hash.replace(/x[.]/g, '')); "
        "return score(supposing(model, city, factors, numbers), setting).find((one) => one.city === city); }",
        [city, factors],
    )
    return found


@pytest.mark.parametrize(
    ("city", "factor", "times", "branch"),
    [
        ("Urumqi", 8, "8", " instead of "),
        ("Beijing", 0.5, "1/2", " as before"),
        ("San Francisco Bay Area", 2, "2", ""),
    ],
)
def test_sum_says_what_changes_under_own_weights(
    browser: Browser, file: Path, city: str, factor: float, times: str, branch: str
) -> None:
    page = Opened(browser, file, hash_=f"#w.P1=0&city={city}&x.founders={factor}").page
    name = page.evaluate("nextvalley.model.indicators.find((one) => one.id === 'founders').name").lower()
    before, after = _computed(page, city, {}), _computed(page, city, {"founders": factor})
    said = f"By arithmetic alone: {city} with {times} times its {name} has Readiness {after['score']:.1f}"
    said += f" instead of {before['score']:.1f}"
    if after["rank"] is None:
        said += "."
    elif after["rank"] == before["rank"]:
        said += f", and ranks {after['rank']} as before."
    else:
        said += f", and ranks {after['rank']} instead of {before['rank']}."
    assert page.locator("#sum-says").inner_text() == said
    assert branch in said.split("Readiness")[1].split("and ranks")[-1]
    page.close()


def test_own_ranking_says_who_moved_and_what_is_inferred(
    browser: Browser, file: Path, published: duckdb.DuckDBPyConnection
) -> None:
    inferred = dict(
        published.execute(
            "select city, sum((v.n_lists = 0)::int) || '/' || count(*) || ' inferred' from marts.indicator_detail as v "
            "join index.headline as h using (year) join core.indicators as i using (indicator) where v.measure = 'Readiness' and "
            "(v.city <> 'San Francisco Bay Area' or i.goalpost = 'benchmark') group by city having sum((v.n_lists = 0)::int) > 0"
        ).fetchall()
    )
    page = Opened(browser, file, hash_="#w.P1=0&w.founders=0.5").page
    plain, own = page.evaluate(
        "() => { const { model, score, published, fromHash } = nextvalley; "
        "return [published(model), fromHash(model, location.hash).setting].map((setting) => score(model, setting)); }"
    )
    before = {one["city"]: one["rank"] for one in plain}
    expected = []
    for one in sorted(own, key=lambda one: -one["score"]):
        if one["city"] == "San Francisco Bay Area" or (one["rank"] and one["rank"] <= 20):
            moved = before[one["city"]] - one["rank"] if one["rank"] else 0
            name = " ".join(filter(None, [one["city"], inferred.get(one["city"])]))
            sign = f"▲ {moved}" if moved > 0 else f"▼ {-moved}" if moved < 0 else ""
            rank = str(one["rank"] or "")
            expected.append([rank, name, f"{one['score']:.1f}", "", str(before[one["city"]] or "–"), sign])
    shown = page.locator("#own tbody tr").evaluate_all(
        "(all) => all.map((row) => [...row.cells].map((cell) => cell.innerText.trim()))"
    )
    assert shown == expected
    assert any("▲" in row[5] for row in shown) and any("▼" in row[5] for row in shown) and "San Francisco Bay Area" in before
    # A sorted table stays sorted while weights move.
    page.locator("#own thead button", has_text="city").click()
    page.locator("#way").select_option("weakest pillar")
    names = page.locator("#own tbody [data-look]").all_inner_texts()
    assert names == sorted(names)
    page.close()
