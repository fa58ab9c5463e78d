// A setting and the address bar: what differs from the published choice is in the hash, so that a link reproduces it.

/** The published choice. */
export function published(model) {
  return {
    boundary: Object.keys(model.boundaries)[0],
    normaliser: model.normalisers[0],
    aggregator: model.aggregators[0],
    pillars: Object.fromEntries(model.pillars.map((one) => [one.id, 1])),
    indicators: Object.fromEntries(model.indicators.map((one) => [one.id, one.weight])),
  };
}

/** A setting and what is being looked at (city, other, indicator) as the hash of an address. */
export function toHash(model, setting, looking) {
  const plain = published(model), hash = new URLSearchParams();
  for (const name of ["boundary", "normaliser", "aggregator"]) if (setting[name] !== plain[name]) hash.set(name, setting[name]);
  for (const level of ["pillars", "indicators"])
    for (const [id, weight] of Object.entries(setting[level])) if (weight !== plain[level][id]) hash.set(`w.${id}`, weight);
  for (const [name, value] of Object.entries(looking)) if (value) hash.set(name, value);
  return hash.toString();
}

/** The same back; what the page does not know is left as published. */
export function fromHash(model, text) {
  const hash = new URLSearchParams(text.replace(/^#/, "")), setting = published(model);
  const known = { boundary: Object.keys(model.boundaries), normaliser: model.normalisers, aggregator: model.aggregators };
  for (const [name, values] of Object.entries(known)) if (values.includes(hash.get(name))) setting[name] = hash.get(name);
  for (const level of ["pillars", "indicators"])
    for (const id of Object.keys(setting[level])) {
      const weight = Number(hash.get(`w.${id}`) ?? NaN);
      if (weight >= 0 && weight <= MOST_WEIGHT) setting[level][id] = weight;
    }
  const looking = Object.fromEntries(["city", "other", "indicator"].map((name) => [name, hash.get(name) ?? ""]));
  return { setting, looking };
}

/** Where the sliders end; 1 is the published weight of whatever counts. */
const MOST_WEIGHT = 3;
