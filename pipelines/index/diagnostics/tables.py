"""Ask the diagnostics of the published ranking: is it coherent, what moves it, and what would change its leader."""

import numpy as np
import polars as pl

from pipelines.index import draws
from pipelines.index.diagnostics import coherence, robustness, sensitivity
from pipelines.index.intervals import Frame, Layer
from pipelines.index.measure.rules import Measured, Rules, Worlds
from pipelines.index.score import compose
from pipelines.index.specification import Definitions

#: Years whose ranked cities tell whether the indicators belong together.
COHERENCE_YEARS = 10


def belonging(frame: Frame, last: int, measured: Measured, point: Layer, definitions: Definitions) -> pl.DataFrame:
    """Return the coherence of every pillar and score, over the ranked cities of the ten years up to place ``last``."""
    years = np.arange(max(last - COHERENCE_YEARS + 1, 0), last + 1)
    ranked, year = frame.ranked[years], int(frame.years[last])
    normalised = definitions.normalised(measured)[0, years]
    parts = []
    for name, members in definitions.scores.items():
        chosen = np.flatnonzero(definitions.members(name) & (definitions.weight > 0))
        codes, parents = (definitions.table[column].gather(chosen).to_list() for column in ("indicator", "pillar"))
        weight_of = dict.fromkeys(members, 1 / len(members))
        weight_of |= dict(zip(codes, definitions.pillar_shares(chosen) * (1 / len(members)), strict=True))
        groups = {pillar: [code for code, parent in zip(codes, parents, strict=True) if parent == pillar] for pillar in members}
        values = {code: normalised[..., place] for code, place in zip(codes, chosen, strict=True)}
        if len(members) > 1:
            groups = {name: list(members)} | groups
            values |= {pillar: point.scores[pillar][0, years] for pillar in members}
        for group, within in groups.items():
            table = np.stack([np.where(ranked, values[code], np.nan) for code in within], axis=-1)
            weights = np.array([weight_of[code] for code in within])
            parts.append(coherence.table(group, year, within, coherence.within_years(table), weights))
    return pl.concat(parts)


def leave_one_out(now: Frame, measured: Measured, definitions: Definitions) -> pl.DataFrame:
    """Return the ranking with each counted indicator left out in turn, where that leaves others."""
    parts = [robustness.LeaveOneOut.empty()]
    for name, members in definitions.scores.items() if len(now.members) > 1 else ():
        weights = definitions.weight[definitions.members(name)]
        counted = np.flatnonzero(weights > 0) if (weights > 0).sum() > 1 else np.empty(0, dtype=int)
        choices = draws.Choices.default(weights, len(members), 1 + len(counted))
        choices.indicator_weights[1 + np.arange(len(counted)), counted] = 0.0
        scores = definitions.score(measured, choices, name)[0][:, 0, now.members]
        codes = definitions.table.filter(definitions.members(name))["indicator"].gather(counted).to_list()
        parts.append(robustness.leave_one_out(name, int(now.years[0]), now.names, codes, scores[0], scores[1:]))
    return pl.concat(parts)


def weight_flips(now: Frame, measured: Measured, point: Layer, definitions: Definitions) -> pl.DataFrame:
    """Return the weights of pillars at which each city draws level with the leader, and of indicators for the second city."""
    parts, year = [robustness.WeightFlips.empty()], int(now.years[0])
    for name, members in definitions.scores.items() if len(now.members) > 1 else ():
        order = now.members[np.argsort(-point.scores[name][0, 0, now.members], kind="stable")]
        first, *behind = ((now.cities[place], place) for place in order)
        if len(members) > 1:
            # The published mean is geometric: arithmetic on the logarithms.
            logs = np.log(np.maximum(np.stack([point.scores[pillar][0, 0] for pillar in members], axis=-1), compose.LEAST))
            even = np.full(len(members), 1 / len(members))
            for city, place in behind:
                ahead = logs[first[1]] - logs[place]
                flipped = robustness.flip(even, ahead)
                parts.append(robustness.weight_flips(name, year, "pillars", (first[0], city), members, even, flipped))
        chosen = np.flatnonzero(definitions.members(name) & (definitions.weight > 0))
        values, pillar_of = definitions.normalised(measured)[0, 0][:, chosen], definitions.pillar_of[chosen]
        weights = definitions.pillar_shares(chosen) / len(members)
        codes = definitions.table["indicator"].gather(chosen).to_list()
        for city, place in behind[:1]:
            flipped = robustness.flip_within(weights, values[first[1]], values[place], pillar_of)
            parts.append(robustness.weight_flips(name, year, "indicators", (first[0], city), codes, weights, flipped))
    return pl.concat(parts)


def variance_shares(now: Frame, point: Layer, worlds: Worlds, definitions: Definitions, base: int, seed: int) -> pl.DataFrame:
    """Return the shares of variance in each score's ranking in the headline year, by group of factors."""
    about_rules = Rules.factors(definitions.has_other)
    parts = [sensitivity.Sensitivity.empty()]
    for name in definitions.scores if len(now.members) > 1 else ():
        published = now.ranks(point.scores[name][0], point.counted[0])[0, now.members]
        groups = about_rules + definitions.factors(name)

        def runs(points: np.ndarray, name: str = name, published: np.ndarray = published) -> np.ndarray:
            measured = worlds.measure(
                Rules.at(points[:, : len(about_rules)], worlds.samples, definitions.has_other, len(worlds.variants))
            )
            choices = definitions.choices_at(points[:, len(about_rules) :], name)
            scores = definitions.score(measured, choices, name)[0]
            ranks = now.ranks(scores, measured.counted)
            return sensitivity.outputs(scores[:, 0, now.members], ranks[:, 0, now.members], published)

        indices = sensitivity.sobol(runs, groups, base, seed, draws.LEVEL)
        parts.append(sensitivity.table(name, int(now.years[0]), indices))
    return pl.concat(parts)
