"""The command that prints the claims: all of them in a table, or one with its rule."""

from typing import Annotated, Any

import typer
from rich.markup import escape

from pipelines.answers import file
from pipelines.cli.console import Csv, Json, Lang, Rows, app, console, fail, note, query, table, written
from pipelines.publish import claim_numbers, wording
from pipelines.publish.texts import closed_up, say
from pipelines.resolve import scope

Claim = Annotated[list[str] | None, typer.Argument(help="A claim by its number or words of its title, e.g. 8 or snowball.")]


@app.command()
def claims(claim: Claim = None, lang: Lang = "en", as_json: Json = False, as_csv: Csv = False) -> None:
    """The scorecard of the claims: baseline (2009–2012) and current; or one claim with its rule, e.g. claims 8."""
    card = query("from claims.scorecard order by claim_order, period")
    asked = " ".join(claim or ())
    if asked:
        card = _called(asked, card)
    if written(card, as_json, as_csv):
        return
    if query("select scope from index.headline")[0]["scope"] != scope.CURATED:
        console.print(f"\n{card[0]['found']}.")
    elif asked:
        _print_one_by_one(card)
    else:
        _print_all(card)


def _called(asked: str, card: Rows) -> Rows:
    """Return the rows of a claim by its number (3 is 3a to 3c) or by words of its title; end with an error if there is none."""
    number = asked.lower()
    found = [row for row in card if number in (row["claim"], row["claim"].rstrip("abc"))]
    found = found or [row for row in card if number in row["title"].lower() or asked in say(row["title"])]
    if not found:
        numbers = ", ".join(dict.fromkeys(row["claim"] for row in card))
        raise fail(f"No claim '{asked}': neither a number ({numbers}) nor words of a title. `claims` has all titles.")
    return found


def _print_one_by_one(card: Rows) -> None:
    """Print claims with what was found, what was counted, the rule, and what would change the verdict."""
    # Imported here because it needs polars, which takes as long to import as the table takes to print.
    from pipelines.publish.report.claims import counted, sentences

    evidence = file.query("from claims.evidence")
    ranking = file.query("from index.ranking where measure = 'Readiness'")
    for number, title in {row["claim"]: row["title"] for row in card}.items():
        console.print(f"\n[bold]{number}. {escape(say(title))}[/bold]")
        rows = [row for row in reversed(card) if row["claim"] == number]
        for row in rows:
            years = wording.years(row["first_year"], row["last_year"])
            verdict = f"[{_style(row)}]{say(wording.VERDICTS[row['verdict']])}[/{_style(row)}]"
            console.print(f"\n{years} {verdict}\n{escape(closed_up(sentences(row, evidence, ranking)))}")
            note(f"n = {row['n']}{say('; ')}{closed_up(counted(row))}")
        rule = rows[0]
        parts = {"Measured:": "statistic", "Holds if:": "supported_if", "Does not hold if:": "contradicted_if"}
        console.print("")
        for label, column in (parts | {"Would change it:": "would_change"}).items():
            console.print(f"[bold]{say(label)}[/bold] {escape(say('{text}.', text=say(rule[column])))}")


def _style(row: dict[str, Any]) -> str:
    return {"supported": "green", "contradicted": "red"}.get(row["verdict"], "dim")


def _print_all(card: Rows) -> None:
    shown = table(say("Claims"), ">", "claim · unit")
    spans = {period: wording.usual_years(row for row in card if row["period"] == period) for period in ("baseline", "current")}
    for head in spans.values():
        shown.add_column(head, no_wrap=True)
    of_period = {(row["claim"], row["period"]): row for row in card}
    for claim, title in {row["claim"]: row["title"] for row in card}.items():
        cells = [claim, f"{say(title)} · {say(claim_numbers.unit(claim))}"]
        for period, head in spans.items():
            row = of_period[claim, period]
            style = _style(row)
            measured = claim_numbers.measured(row) or f"(n {row['n']})"
            signs = claim_numbers.signs(row, head)
            cell = f"[{style}]{say(wording.VERDICTS[row['verdict']])}[/{style}] {measured}{signs}"
            if row["bound_low"] is not None:
                cell += f"\n{say('bounds {ends}', ends=claim_numbers.ends(claim, row['bound_low'], row['bound_high']))}"
            cells.append(cell)
        shown.add_row(*cells)
    console.print(shown)
    for sign, meaning in claim_numbers.SIGNS.items():
        note(f"{sign} {say(meaning)}")
    note(say("One claim with its rule and what would change the verdict: `claims 8`."))
