// The index, recomputed in the reader's browser: the arithmetic of pipelines/index/score and
// nothing else, for one year. tests/browser/test_report_browser.py holds it equal to that to 1e-9.
//
// A missing value is null, here as in the page's data; a model is what pipelines/publish/report/explorer.py makes:
//   indicators  [{id, pillar, log, direction, floor, ceiling, weight}], goalposts in the indicator's own unit
//   pillars     [{id, name}]
//   boundaries  {preset: {cities: [name], ranked: [true|false], values: [[value per indicator] per city]}}
// A setting is {boundary, normaliser, aggregator, pillars: {id: weight}, indicators: {id: weight}}.

/** Scores run from 0 to 100; means that multiply or divide see none below this (compose.LEAST). */
const LEAST = 1;

const moved = (value, indicator) => (value === null ? null : indicator.log ? Math.log1p(value) : value);

/** One indicator's column of transformed values, brought to 0–100; `ranked` marks the cities that set the scale. */
export function normalise(column, how, indicator, ranked) {
  const turned = column.map((value) => (value === null ? null : value * indicator.direction));
  const ends = [moved(indicator.floor, indicator), moved(indicator.ceiling, indicator)];
  const [low, high] = indicator.direction > 0 ? ends : [-ends[1], -ends[0]];
  const scale = turned.filter((value, city) => value !== null && ranked[city]);
  const least = Math.min(...scale), most = Math.max(...scale);
  const place = {
    goalposts: (x) => 100 * Math.min(Math.max((x - low) / (high - low), 0), 1),
    goalposts_uncapped: (x) => Math.max(100 * ((x - low) / (high - low)), 0),
    min_max: (x) => 100 * (most > least ? (x - least) / (most - least) : 1),
    // Where nobody ranked is above zero, everybody is at it.
    fraction_of_max: (x) => (Math.max(most, 0) > 0 ? 100 * (Math.max(x, 0) / Math.max(most, 0)) : 0),
    mid_percentile: (x) => {
      const below = scale.filter((other) => other < x).length, level = scale.filter((other) => other === x).length;
      return (100 * (below + 0.5 * level)) / Math.max(scale.length, 1);
    },
  }[how];
  return turned.map((value) => (value === null ? null : place(value)));
}

/** Weighted mean, what is missing left out with its weight; null if nothing is left. */
export function mean(values, weights, how) {
  let total = 0, sum = 0;
  values.forEach((value, at) => { if (value !== null) total += weights[at]; });
  if (!(total > 0)) return null;
  values.forEach((value, at) => {
    if (value === null) return;
    const share = weights[at] / total, raised = Math.max(value, LEAST);
    sum += share * { arithmetic: value, geometric: Math.log(raised), harmonic: 1 / raised }[how];
  });
  return { arithmetic: sum, geometric: Math.exp(sum), harmonic: 1 / sum }[how];
}

/** Every city's score, pillar scores and rank under a setting; the rank is null for cities that take no rank. */
export function score(model, setting) {
  const { cities, ranked, values } = model.boundaries[setting.boundary];
  const columns = model.indicators.map((indicator, at) =>
    normalise(values.map((row) => moved(row[at], indicator)), setting.normaliser, indicator, ranked));
  const members = model.pillars.map((pillar) =>
    model.indicators.flatMap((indicator, at) => (indicator.pillar === pillar.id ? [at] : [])));
  const scored = cities.map((city, row) => {
    const pillars = members.map((among) =>
      mean(among.map((at) => columns[at][row]), among.map((at) => setting.indicators[model.indicators[at].id]), "arithmetic"));
    return { city, pillars, score: mean(pillars, model.pillars.map((one) => setting.pillars[one.id]), setting.aggregator) };
  });
  scored.forEach((one, row) => {
    const isRanked = ranked[row] && one.score !== null;
    one.rank = isRanked ? 1 + scored.filter((other, at) => ranked[at] && other.score !== null && other.score > one.score).length : null;
  });
  return scored;
}
