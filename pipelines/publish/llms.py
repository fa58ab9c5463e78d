"""Write llms.txt: what a language model has to know of a release before it quotes it, and where its tables are."""

from typing import Any

from pipelines.publish import wording

FILE = "llms.txt"

#: What a reader without a guide gets wrong most easily.
_READING = f"""\
- Every score, rank and value has a 90% interval: the columns ending in `_low` and `_high`. Quote it with the number.
- {wording.ORDER}
- A score of 100 is the San Francisco Bay Area in the base year (`index.goalposts`){{leaders}}; ten points less is half as much.
  It is not a share or a percentage. How far a city is from the Bay Area is `times_less`, by what both have, not the
  difference of the two Readiness scores.
- `status` of `marts.indicator_detail` is `inferred` where no list looks at a city for an indicator, `none counted` where lists
  look and have none, and `carried forward` where they count it in earlier periods only. Unknown is not zero.
- A value is an estimate on the scale of one list, which it names; it is no total of the city.
- A verdict `not separable` on a claim means undecided: neither supported nor contradicted.
- Cite `content_hash` of `core.release`. Every row of `marts.evidence` has `source`, `source_file` and `source_row`."""

#: Tables to start from.
FIRST = (
    "index.ranking",
    "index.scores",
    "index.pairwise",
    "marts.indicator_detail",
    "marts.evidence",
    "claims.scorecard",
    "core.release",
)


def text(package: dict[str, Any], headline: str, leaders: str, macros: list[tuple[str, str]]) -> str:
    """Return the text on a data package.

    ``leaders`` says in which indicators another city than the benchmark scores 100 (wording.leaders); ``macros`` are those of the
    DuckDB file, each with its comment.
    """
    tables = {
        resource["path"].removesuffix(".parquet"): resource
        for resource in package["resources"]
        if resource["format"] == "parquet"
    }
    links = {name: f"- [{name}]({table['path']}): {table['description']}" for name, table in tables.items()}
    sections = {
        "How to read it": [_READING.format(leaders=leaders)],
        "Where to start": [links[name] for name in FIRST],
        "Questions the DuckDB file answers": [f"- `{name}`: {comment}" for name, comment in macros],
        "Files": [
            "- [nextvalley.duckdb](nextvalley.duckdb): all tables with comments; `from readme` says where to start.",
            "- [report.html](report.html): the page for people; [city/](city/) has one for each city.",
            "- [datapackage.json](datapackage.json): columns, keys and hashes of every file of data; "
            "[croissant.json](croissant.json): those of the Parquet files.",
        ],
        "Optional": [link for name, link in links.items() if name not in FIRST],
    }
    parts = [f"# {package['name']}", f"> {package['title']}. {headline}"]
    parts.append(
        f"Release {package['id']}, made {package['created']}, method {package['version']}. It {package['redistribution']}."
    )
    for heading, lines in sections.items():
        parts.append("\n".join([f"## {heading}", "", *lines]))
    return "\n\n".join(parts) + "\n"
