"""The figure on founders who came back from abroad."""

import polars as pl

from pipelines.publish.report import vega
from pipelines.publish.report.figures.figure import Figure
from pipelines.publish.report.tables import Column
from pipelines.publish.report.vega import Spec, layer, nominal, quantitative
from pipelines.publish.texts import say
from pipelines.publish.wording import sentence

#: Fields that returnees worked in, in the order of the chart, with their colours.
_FIELDS = {"tech": vega.BLUE, "finance": vega.ORANGE, "other": vega.GREEN, "not known": vega.GREY}


def returnees(rows: pl.DataFrame, leading: pl.DataFrame) -> Figure:
    """Return what returnee founders did before; ``rows``: city, field, n of them, first_year and last_year."""
    cities = [city for city in leading["city"] if city in set(rows["city"])]
    totals = {(row["city"], row["field"]): row["n"] for row in rows.iter_rows(named=True)}
    background = "of {city}'s returnee founders {tech} come from technology and {finance} from finance"
    backgrounds = [
        say(background, city=city, **{field: totals.get((city, field), 0) for field in ("tech", "finance")})
        for city in cities[:2]
    ]
    place = pl.col("field").replace_strict({field: place for place, field in enumerate(_FIELDS)}, default=len(_FIELDS) - 1)
    return Figure(
        sentence(say("; ").join(backgrounds)),
        rows,
        [Column("city", "city"), Column("field", "field"), Column("n", "founders")],
        _bars(rows.with_columns(place.alias("place")), cities),
        say(
            "Founders in the register with a degree or a job abroad, of companies founded {first}–{last}, by the field they "
            "worked in. From the left: technology, finance, other, not known. Counts as recorded.",
            first=rows["first_year"][0],
            last=rows["last_year"][0],
        ),
    )


def _bars(rows: pl.DataFrame, order: list[str]) -> Spec:
    fields = [say(field) for field in _FIELDS]
    rows = rows.with_columns(pl.col("field").replace(dict(zip(_FIELDS, fields, strict=True))))
    encoding = {
        "y": vega.down("city", order),
        "x": quantitative("n", title="founders who came back from abroad", axis={"tickMinStep": 1}),
        "color": nominal("field", sort=fields, scale={"domain": fields, "range": list(_FIELDS.values())}),
        "order": quantitative("place"),
        "tooltip": [nominal("city"), nominal("field"), quantitative("n")],
    }
    bars = layer("bar", encoding, stroke="var(--page)")
    return vega.data(rows) | bars | {"width": "container", "height": 22 * len(order)}
