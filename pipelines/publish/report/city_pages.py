"""Write a page and a picture for each scored city: where it stands, what is missing, and rows behind its numbers; no script."""

from typing import Any

import polars as pl

from pipelines.publish import distances, texts, wording
from pipelines.publish.report import basis, explorer, share
from pipelines.publish.report.page import FILES, Frames, readiness_pillars, speaking
from pipelines.publish.report.policy import policy
from pipelines.publish.report.templates import reach, style, template
from pipelines.publish.texts import city_name, say


def render(frames: Frames, code: str = "en") -> dict[str, str]:
    """Return the name of a file → its contents, for every scored city of a published file, in a language."""
    with speaking(frames, code):
        ranking = frames["ranking"]
        profiles = explorer.cities(frames["scores"], frames["values"], ranking, frames["indicators"])
        standing = {row["city"]: row for row in ranking.iter_rows(named=True)}
        rows, shared = _rows(frames["city_evidence"]), _shared(frames, code)
        first = ranking.row(0, named=True) if ranking.height else None
        register = dict(frames["register_rows"].iter_rows())
        made: dict[str, str] = {}
        for city, profile in profiles.items():
            if city == shared["benchmark"]["benchmark"]:
                continue
            row, numbers = standing.get(city), profile["numbers"]
            title, deck = _title(city, profile, row, shared), _deck(profile, row, shared)
            picture = explorer.file_name(city, code, "svg")
            made[picture] = share.picture(title, deck, _beside(row, first), shared["basis"]["year"])
            page = shared["page"].render(
                city=city,
                profile=profile,
                row=row,
                title=title,
                deck=deck,
                picture=picture,
                rows=rows.get(city, {}),
                reach=reach([row] if row else []),
                hinges=basis.hinges(register.get(city)),
                languages=[(other, name, explorer.file_name(city, other)) for other, name in texts.others(code)],
                missing=[say(one["name"]) for one in shared["indicators"] if _is_inferred(numbers, one["indicator"])],
                **shared,
            )
            made[explorer.file_name(city, code)] = texts.closed_up(page)
    return made


def _is_inferred(numbers: dict[str, list[Any]], indicator: str) -> bool:
    """Return whether no list counts an indicator; one that a city has not is not inferred either."""
    return indicator in numbers and numbers[indicator][6] == 0


def _shared(frames: Frames, code: str) -> dict[str, Any]:
    """Return what the pages of all cities have in common."""
    indicators, sheet = frames["indicators"], style("page.css")
    release, headline = (frames.of(f"from {table}").row(0, named=True) for table in ("core.release", "index.headline"))
    return {
        "page": template("city.html"),
        "spoken": code,
        "report": FILES[code],
        "indicators": indicators.to_dicts(),
        "groups": explorer.groups(indicators),
        "span": texts.span,
        "compared": wording.compared(indicators.to_dicts()),
        "benchmark": frames["benchmark"].row(0, named=True),
        "basis": headline,
        "place": wording.ranked_in(headline, wording.mainland),
        "pillar_names": readiness_pillars(frames),
        "release": release,
        "made": say("{day:%-d %B %Y}", day=release["made_at"]),
        "style": sheet,
        "policy": policy([], sheet),
    }


def _title(city: str, profile: dict[str, Any], row: dict[str, Any] | None, shared: dict[str, Any]) -> str:
    """Return the city by both names, and its rank."""
    chinese = profile["zh"]
    both = city_name(city) if not chinese else f"{chinese} {city}" if shared["spoken"] == "zh" else f"{city} {chinese}"
    if not row:
        return both
    values = {"rank": row["rank"], "all": shared["basis"]["n_ranked"], "place": shared["place"]}
    return say("{city} ranks {rank} of {all} cities of {place}", city=both, **values)


def _deck(profile: dict[str, Any], row: dict[str, Any] | None, shared: dict[str, Any]) -> str:
    """Return how sure the rank of a city is and how far it is, or why it has none."""
    if row:
        low, high, chance = row["rank_low"], row["rank_high"], row["p_first"]
        stands = _STANDS_AT if low == high else _STANDS_OR if low + 1 == high else _STANDS
        known = say(stands, low=low, high=high, pillars=shared["pillar_names"])
        first = "" if wording.chance(chance) == "<1%" else say(_FIRST, chance=wording.in_a_sentence(chance))
        far = None if row["times_less"] is None else distances.how_far(row, shared["benchmark"]["benchmark"])
        pillars = profile["standing"]["pillars"]
        return " ".join(filter(None, [known, first, far, pillars and say("{text}.", text=pillars)]))
    if "Readiness" not in profile["scores"]:
        return say("It has no rank: too few lists name it.")
    _, low, high = profile["scores"]["Readiness"]
    return say(_TOO_WIDE, low=f"{low:.0f}", high=f"{high:.0f}")


_STANDS_AT = "By {pillars}, the 90% interval of its rank holds rank {low} alone."
_STANDS_OR = "By {pillars}, its rank is {low} or {high} with 90% probability."
_STANDS = "By {pillars}, its rank is {low} to {high} with 90% probability."
_FIRST = "Its chance of ranking first is {chance}."
_TOO_WIDE = "It has no rank: its Readiness may be anything from {low} to {high}, which is too wide for one."


def _beside(row: dict[str, Any] | None, first: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Return the city for its picture, after the first one."""
    return [] if row is None or first is None else [row] if row["city"] == first["city"] else [first, row]


def _rows(evidence: pl.DataFrame) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return city → indicator → its first rows; ``evidence`` is sorted, and ``n`` counts all rows of city and indicator."""
    rows: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for row in evidence.iter_rows(named=True):
        rows.setdefault(row["city"], {}).setdefault(row["indicator"], []).append(row)
    return rows
