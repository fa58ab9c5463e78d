"""Charts as SVG text. ``currentColor`` lets one picture serve light and dark pages."""

import io

import altair as alt
import polars as pl

#: Distinguishable without colour vision, and against white as against black (Okabe & Ito 2008).
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#8c8c8c"]


def _svg(chart: alt.LayerChart) -> str:
    words, faint = {"labelColor": "currentColor", "titleColor": "currentColor", "labelFontSize": 13}, "#8888"
    styled = (
        chart.configure(font="system-ui, sans-serif", background="transparent")
        .configure_view(stroke=None)
        .configure_axis(**words, domainColor=faint, tickColor=faint, gridColor="#8884")
        .configure_legend(**words, symbolOpacity=1)
    )
    buffer = io.StringIO()
    styled.save(buffer, format="svg")
    return buffer.getvalue()


def rank_intervals(ranking: pl.DataFrame) -> str:
    """A dot at each city's rank, a thick bar for companies alone, a thin one for all uncertainty together."""
    last = int(max(ranking["rank_high"]))
    base = alt.Chart(ranking).encode(y=alt.Y("city:N", sort=ranking["city"].to_list(), title=None))

    def at(column: str) -> alt.X:
        axis = alt.Axis(tickMinStep=1, format="d", orient="top")
        return alt.X(f"{column}:Q", title="rank", axis=axis, scale=alt.Scale(domain=[0.5, last + 0.5], nice=False))

    total = base.mark_rule(size=2, color=COLOURS[0]).encode(x=at("rank_low"), x2="rank_high:Q")
    companies = base.mark_rule(size=9, color=COLOURS[0], opacity=0.35)
    companies = companies.encode(x=at("rank_low_companies"), x2="rank_high_companies:Q")
    dots = base.mark_point(size=110, filled=True, color=COLOURS[0], opacity=1).encode(x=at("rank"))
    return _svg((total + companies + dots).properties(width=460, height=alt.Step(34)))


def scores_over_years(scores: pl.DataFrame, benchmark: str) -> str:
    """Readiness by year with the band of resampled companies; the benchmark is dashed."""
    others = [city for city in scores["city"].unique(maintain_order=True).to_list() if city != benchmark]
    cities = [*others, benchmark]
    # A gap in the years is a gap in the line: a year without enough data is not bridged.
    gap = (pl.col("year").diff().over("city") > 1).fill_null(False)
    broken = scores.sort("city", "year").with_columns(gap.cum_sum().over("city").alias("run"))
    colours = alt.Scale(domain=cities, range=[*COLOURS[: len(others)], COLOURS[-1]])
    legend = alt.Legend(title=None, orient="bottom", columns=2)
    base = alt.Chart(broken).encode(
        x=alt.X("year:Q", title=None, axis=alt.Axis(format="d", tickCount=6)),
        color=alt.Color("city:N", sort=cities, scale=colours, legend=legend),
        detail="run:N",
    )
    low = alt.Y("score_low_companies:Q", title="Readiness", scale=alt.Scale(domain=[0, 100]))
    band = base.mark_area(opacity=0.18).encode(y=low, y2="score_high_companies:Q")
    solid = base.transform_filter(alt.datum.city != benchmark).mark_line(size=2.5).encode(y="score:Q")
    dashed = base.transform_filter(alt.datum.city == benchmark).mark_line(size=2.5, strokeDash=[6, 4]).encode(y="score:Q")
    return _svg((band + solid + dashed).properties(width=640, height=280))
