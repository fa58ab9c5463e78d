// What if a city had more: the index with some of its numbers multiplied. Arithmetic alone, and the page says so.

/** A factor in words: twice as much, half as much. */
const asTimes = (factor) => (factor === 1 ? "1" : factor > 1 ? about(factor) : `1/${about(1 / factor)}`);

/** The city whose numbers are changed: the first that is looked at. */
const supposedCity = () => shownCities()[0];

function buildSupposed() {
  at("supposed").replaceChildren(...model.indicators.map((one) => {
    const value = make("output", { for: `x-${one.id}` });
    const input = make("input", { type: "range", id: `x-${one.id}`, min: -MOST_DOUBLINGS, max: MOST_DOUBLINGS, step: 0.5, title: one.definition, oninput: () => {
      supposed[one.id] = 2 ** Number(input.value);
      showSum();
      rememberSoon();
    } });
    return make("div", { class: "slider" }, make("label", { for: `x-${one.id}` }, one.name), input, value);
  }));
  at("suppose-nothing").addEventListener("click", () => { supposed = {}; showSum(); rememberSoon(); });
  at("copy-sum").addEventListener("click", () => copyLink(at("sum-said")));
}

/** What the index says of a city under the weights that are set, some of its numbers multiplied. */
const standingWith = (city, factors) => score(supposing(model, city, factors, profiles[city].numbers), setting).find((one) => one.city === city);

function showSum() {
  const city = supposedCity(), known = model.cities.includes(city);
  for (const one of model.indicators) {
    const input = at(`x-${one.id}`), factor = supposed[one.id] ?? 1, value = profiles[city].numbers[one.id]?.[0] ?? null;
    input.value = Math.log2(factor);
    input.disabled = value === null;
    input.setAttribute("aria-valuetext", say("{factor} times", { factor: asTimes(factor) }));
    input.nextElementSibling.textContent = `×${asTimes(factor)}`;
  }
  const changed = model.indicators.filter((one) => (supposed[one.id] ?? 1) !== 1);
  if (!known || !changed.length) return at("sum-says").replaceChildren(say("Move a slider to multiply a number of {city}.", { city: called(city) }));
  const before = standingWith(city, {}), after = standingWith(city, supposed);
  const what = changed.map((one) => say("{factor} times its {indicator}", { factor: asTimes(supposed[one.id]), indicator: one.name.toLowerCase() })).join(say(", "));
  const values = { what, city: called(city), after: number(after.score, 1), before: number(before.score, 1), rank: after.rank, rank_before: before.rank };
  at("sum-says").replaceChildren(before.rank === null ? say("By arithmetic alone: {city} with {what} has Readiness {after} instead of {before}.", values)
    : before.rank === after.rank ? say("By arithmetic alone: {city} with {what} has Readiness {after} instead of {before}, and ranks {rank} as before.", values)
    : say("By arithmetic alone: {city} with {what} has Readiness {after} instead of {before}, and ranks {rank} instead of {rank_before}.", values));
}
