// The index, recomputed in the reader's browser: the arithmetic of pipelines/index/choices.py and
// nothing else, for one year. tests/browser/test_report_browser.py holds it equal to that to 1e-9.
//
// A missing score is null, here as in the page's data; a model is what pipelines/publish/report/explorer.py makes:
//   indicators  [{id, pillar, weight, goal}], the goal being the number that scores 100
//   pillars     [{id, name, weight}], weights as published
//   cities      [name], ranked [true|false], points [[score per indicator] per city]
// A setting is {way, pillars: {id: factor}, indicators: {id: factor}}; a factor of 1 leaves a weight as published.

/** Weighted mean of what is known; null if nothing with a weight is. */
export function mean(values, weights) {
  let total = 0, sum = 0;
  values.forEach((value, at) => {
    if (value === null || !(weights[at] > 0)) return;
    total += weights[at];
    sum += weights[at] * value;
  });
  return total > 0 ? sum / total : null;
}

const each = (values, change) => values.map((value) => (value === null ? null : change(value)));
const back = (value, change) => (value === null ? null : change(value));

/** Ways to make one score of the pillars: (scores of the pillars, weights, scores by pillar of all that are ranked) → score. */
const WAYS = {
  "mean of scores": mean,
  "geometric mean of scores": (pillars, weights) =>
    back(mean(each(pillars, (score) => Math.log(Math.max(score, 1))), weights), Math.exp),
  "mean of ratios": (pillars, weights) =>
    back(mean(each(pillars, (score) => 2 ** (score / 10 - 10)), weights), (ratio) => 100 + 10 * Math.log2(ratio)),
  "mean of ranks": (pillars, weights, others) =>
    mean(pillars.map((score, at) => {
      if (score === null) return null;
      const below = others[at].filter((other) => other !== null && other < score).length;
      return (100 * below) / Math.max(others[at].length - 1, 1);
    }), weights),
  "weakest pillar": (pillars, weights) => {
    const counted = pillars.filter((score, at) => score !== null && weights[at] > 0);
    return counted.length ? Math.min(...counted) : null;
  },
};

/** Every city's score, pillar scores and rank under a setting; the rank is null for cities that take no rank. */
export function score(model, setting) {
  const { cities, ranked, points } = model;
  const members = model.pillars.map((pillar) =>
    model.indicators.flatMap((indicator, at) => (indicator.pillar === pillar.id ? [at] : [])));
  const within = model.indicators.map((one) => one.weight * setting.indicators[one.id]);
  const across = model.pillars.map((one) => one.weight * setting.pillars[one.id]);
  const pillars = points.map((row) => members.map((among) => mean(among.map((at) => row[at]), among.map((at) => within[at]))));
  const others = model.pillars.map((_, pillar) => pillars.filter((_, city) => ranked[city]).map((row) => row[pillar]));
  const scored = cities.map((city, row) =>
    ({ city, pillars: pillars[row], score: WAYS[setting.way](pillars[row], across, others) }));
  const standing = scored.filter((one, row) => ranked[row] && one.score !== null).map((one) => one.score).sort((a, b) => b - a);
  scored.forEach((one, row) => {
    one.rank = ranked[row] && one.score !== null ? 1 + standing.indexOf(one.score) : null;
  });
  return scored;
}

/** The model with numbers of one city multiplied: ten points for a doubling, from where the city stands; the scale ends at 0. */
export function supposing(model, city, factors, numbers) {
  const row = model.cities.indexOf(city);
  const changed = model.indicators.map((one, at) => {
    const point = model.points[row][at], factor = factors[one.id] ?? 1, [value] = numbers[one.id] ?? [null];
    if (point === null || factor === 1) return point;
    // A score of 0 stands for a thousandth or less, so what it stands for is in the number itself.
    const from = point > 0 || !(value > 0) ? point : 100 + 10 * Math.log2(value / one.goal);
    return Math.max(from + 10 * Math.log2(factor), 0);
  });
  return { ...model, points: model.points.map((points, at) => (at === row ? changed : points)) };
}

/** What each pillar weighs in the score and each indicator in its pillar under a setting, as shares; 0 where nothing weighs. */
export function shares(model, setting) {
  const of = (members, factors) => {
    const weights = members.map((one) => one.weight * factors[one.id]);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return members.map((one, at) => [one.id, total > 0 ? weights[at] / total : 0]);
  };
  return Object.fromEntries([
    ...of(model.pillars, setting.pillars),
    ...model.pillars.flatMap((pillar) => of(model.indicators.filter((one) => one.pillar === pillar.id), setting.indicators)),
  ]);
}
