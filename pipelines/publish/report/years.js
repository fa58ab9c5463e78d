// Years: the course of the cities that are looked at, and the slider that shows their scores as of another year.

/** The cities that are looked at and have a course, which the benchmark has not. */
const coursedCities = () => shownCities().filter((city) => years.cities[city]?.Readiness);

/** The year that is looked at; the published one if the address names none that there is, or no city has a course. */
function shownYear() {
  const year = Number(looking.year), isThere = Number.isInteger(year) && year >= years.first && year <= years.last;
  return isThere && coursedCities().length ? year : years.last;
}

const isPublishedYear = () => shownYear() === years.last;

/** A score with its interval, and for Readiness the rank with its own, in a year; null where it is not known or not carried. */
const inYear = (city, measure, year) => years.cities[city]?.[measure]?.[year - years.first] ?? null;

/** The score of a city as the page shows it: as published, or that of the year that is looked at. */
const scoreOf = (city, measure) =>
  (isPublishedYear() ? profiles[city].scores[measure] : inYear(city, measure, shownYear())?.slice(0, 3)) ?? null;

/** Where a city stood in a year, in words. */
function stoodIn(city, year) {
  const [, , , rank, low, high] = inYear(city, "Readiness", year) ?? [];
  return rank ? say("in {year} rank {rank} (90%: {low}–{high})", { year, rank, low, high }) : say("no rank in {year}", { year });
}

/** The Readiness of the cities that are looked at, year by year. */
const courseRows = () => coursedCities().flatMap((city) => years.cities[city].Readiness.flatMap((row, after) =>
  row ? [{ city: called(city), year: years.first + after, score: row[0], low: row[1], high: row[2], rank: row[3], rank_low: row[4], rank_high: row[5] }] : []));

/** Put it into their chart. */
function fillCourse(spec) {
  const cities = coursedCities(), [{ data, encoding, layer }] = spec.layer, names = cities.map(called);
  data.values = courseRows();
  for (const channel of [encoding.color, layer[1].encoding.strokeDash]) Object.assign(channel, { sort: names, scale: { ...channel.scale, domain: names } });
  spec.params[0].value = shownYear();
  at("course").dataset.cities = cities.join();
}

/** Show the course of the cities that are looked at, with a line at the year. */
async function showCourse() {
  at("year").value = shownYear();
  at("year-said").textContent = shownYear();
  const figure = at("course"), cities = coursedCities(), isDrawn = figure.dataset.cities === cities.join();
  for (const part of ["years-of", "course-title", "course"]) at(part).hidden = !cities.length;
  at("course-title").textContent = say("Readiness of {cities} since {year}", { cities: cities.map(called).join(say(", ")), year: years.first });
  // At first all charts are drawn in turn.
  if (!cities.length || !(views.has(figure) || document.documentElement.dataset.drawn)) return;
  if (isDrawn) await views.get(figure).signal("shown", shownYear()).runAsync();
  else await draw(figure);
}

function buildYears() {
  Object.assign(at("year"), { min: years.first, max: years.last });
  at("year").addEventListener("input", () => look({ year: at("year").value === String(years.last) ? "" : at("year").value }));
}
