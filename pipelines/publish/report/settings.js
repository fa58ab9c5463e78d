// A setting and the address bar: what differs from the published choice is in the hash, so that a link reproduces it.

/** The published choice: every weight as it is. */
export function published(model) {
  return {
    way: model.ways[0],
    pillars: Object.fromEntries(model.pillars.map((one) => [one.id, 1])),
    indicators: Object.fromEntries(model.indicators.map((one) => [one.id, 1])),
  };
}

/** A setting, what is being looked at (city, other, third, year, indicator, figure) and what is supposed, as the hash of an address. */
export function toHash(model, setting, looking, supposed = {}) {
  const plain = published(model), hash = new URLSearchParams();
  if (setting.way !== plain.way) hash.set("way", setting.way);
  for (const level of ["pillars", "indicators"])
    for (const [id, factor] of Object.entries(setting[level])) if (factor !== 1) hash.set(`w.${id}`, factor);
  for (const [id, factor] of Object.entries(supposed)) if (factor !== 1) hash.set(`x.${id}`, factor);
  for (const name of LOOKING) if (looking[name]) hash.set(name, looking[name]);
  return hash.toString();
}

/** The same back; what the page does not know is left as published. */
export function fromHash(model, text) {
  const hash = new URLSearchParams(text.replace(/^#/, "")), setting = published(model);
  if (model.ways.includes(hash.get("way"))) setting.way = hash.get("way");
  for (const level of ["pillars", "indicators"])
    for (const id of Object.keys(setting[level])) {
      const factor = Number(hash.get(`w.${id}`) || NaN);
      if (factor >= 0 && factor <= MOST_WEIGHT) setting[level][id] = factor;
    }
  const factors = model.indicators.map((one) => [one.id, Number(hash.get(`x.${one.id}`) || NaN)]);
  const supposed = Object.fromEntries(factors.filter(([, factor]) => Math.abs(Math.log2(factor)) <= MOST_DOUBLINGS));
  const looking = Object.fromEntries(LOOKING.map((name) => [name, hash.get(name) ?? ""]));
  return { setting, looking, supposed };
}

/** What is being looked at, by its names in the address. */
const LOOKING = ["city", "other", "third", "year", "rowsOf", "indicator", "figure"];

/** Where the sliders of numbers end, in doublings. */
const MOST_DOUBLINGS = 3;

/** Where the sliders of weights end; 1 is the published weight of whatever counts. */
const MOST_WEIGHT = 3;
