// Cities: found by either name, up to three side by side, what is known least of each, and the rows behind a number.

/** Fields of the page in which a city is chosen, in the order of the address. */
const CHOSEN = ["city", "other", "third"];

function cityButton(city) {
  if (!profiles[city]) return make("span", {}, city);
  return make("button", { type: "button", class: "link", onclick: () => look({ city, other: "", third: "", indicator: "" }, true) }, city);
}

const named = (city) => (profiles[city]?.zh ? `${city} ${profiles[city].zh}` : city);

/** The city that a reader means by a name in English or Chinese, whole or its beginning; null if none or several. */
function cityNamed(text) {
  const wanted = text.trim().toLowerCase().replace(/市$/, "");
  if (!wanted) return null;
  const names = Object.keys(profiles), says = (city) => [city.toLowerCase(), profiles[city].zh ?? ""];
  const whole = names.find((city) => says(city).includes(wanted) || named(city).toLowerCase() === wanted);
  const begun = names.filter((city) => says(city).some((name) => name.startsWith(wanted)));
  return whole ?? (begun.length === 1 ? begun[0] : null);
}

function look(change, move = false) {
  looking = { ...looking, ...change };
  for (const [place, id] of CHOSEN.entries())
    if (looking[id] && CHOSEN.slice(0, place).some((before) => looking[before] === looking[id])) looking[id] = "";
  showCities();
  remember();
  if (move) at("city-heading").scrollIntoView({ behavior: "auto", block: "start" });
}

/** The cities that are looked at; the first of the ranking if the address names none. */
function shownCities() {
  const cities = CHOSEN.map((id) => looking[id]).filter((city) => profiles[city]);
  return cities.length ? cities : [Object.keys(profiles)[0]];
}

/** One sentence on where a city stands and one on what is missing. */
function standing(city) {
  const { standing: stands, scores, numbers } = profiles[city];
  const unlisted = model.every_indicator.filter((one) => numbers[one.id] && numbers[one.id][6] === 0).map((one) => one.name.toLowerCase());
  const parts = [];
  if (stands) {
    const [rank, low, high] = stands.rank;
    parts.push(`rank ${rank} (90%: ${low}–${high}), chance of ranking first ${stands.chance}`);
    if (stands.far) parts.push(`${stands.far} times less than the Bay Area${stands.years ? `, ${stands.years}` : ""}`);
  } else if (city !== model.benchmark) {
    const [, low, high] = scores.Readiness ?? [null, null, null];
    parts.push(low === null ? "no score: too few lists name it" : `no rank: its score may be anything from ${number(low)} to ${number(high)}, which is too wide for one`);
  }
  const missing = [];
  if (unlisted.length) missing.push(`No list counts its ${unlisted.join(", ")}; the model infers it from what the city has otherwise.`);
  if (stands?.widest) missing.push(`Known least: ${stands.widest.toLowerCase()}${stands.rows ? `; about ${number(stands.rows)} more rows of a complete list would halve that interval` : ""}.`);
  return make("p", {}, make("strong", {}, named(city)), parts.length ? `: ${parts.join("; ")}. ` : ". ", make("span", { class: "quiet" }, missing.join(" ")));
}

const scoreCells = ([value, low, high], place) => [
  make("td", exact(value), number(value)),
  make("td", { class: "text barcell" }, bar(value, low, high, ["", "b", "c"][place]), make("small", {}, low === null ? "" : `${number(low)}–${number(high)}`))];

function numberCells(given, place) {
  const [value, least, most, points, low, high, lists] = given ?? [null, null, null, null, null, null, null];
  return [
    make("td", exact(value), about(value), least === null ? null : make("small", {}, ` (${about(least)}–${about(most)})`),
      lists === 0 ? make("small", { class: "status" }, " inferred") : null),
    make("td", { class: "text barcell" }, bar(points, low, high, ["", "b", "c"][place]), make("small", {}, number(points)))];
}

function showCities() {
  const cities = shownCities(), none = [null, null, null], rows = [];
  for (const [place, id] of CHOSEN.entries()) at(id).value = cities[place] ? named(cities[place]) : "";
  at("city-heading").textContent = cities.map(named).join(" · ");
  at("standing").replaceChildren(...cities.map(standing));
  const total = (name, measure) => rows.push(make("tr", { class: "total" }, make("th", { scope: "row", class: "text" }, name),
    ...cities.flatMap((city, place) => scoreCells(profiles[city].scores[measure] ?? none, place)), make("td")));
  for (const measure of ["Readiness", "Realised"]) if (cities.some((city) => profiles[city].scores[measure])) total(measure, measure);
  for (const pillar of model.every_pillar) {
    total(pillar.name, pillar.id);
    for (const one of model.every_indicator.filter((indicator) => indicator.pillar === pillar.id)) {
      const buttons = cities.map((city) => make("button", { type: "button", class: "link", "data-indicator": one.id, "aria-label": `Rows behind ${one.name}, ${city}`,
        onclick: () => { look({ city: cities[0], indicator: one.id, rowsOf: city }); showRows(true); } }, carried(city) ? number(evidence.cities[city][one.id]?.n ?? 0) : "in the file"));
      const name = make("span", { title: one.definition }, `${one.name} `, make("small", {}, `${one.unit}, on the scale of the list ${one.counted_by}`));
      rows.push(make("tr", { "data-indicator": one.id }, make("th", { scope: "row", class: "text" }, name),
        ...cities.flatMap((city, place) => numberCells(profiles[city].numbers[one.id], place)),
        make("td", {}, ...buttons.flatMap((button, place) => (place ? [" · ", button] : [button])))));
    }
  }
  const heading = (text, kind = null, name = null) => make("th", { scope: "col", class: kind, "data-name": name }, text);
  const head = make("tr", {}, heading("indicator", "text"), ...cities.flatMap((city) => [heading(city), heading("score", "text", `${city}, score`)]), heading("rows"));
  fill("profile", cities.join("-"), `Scores and numbers of ${cities.join(", ")}`, head, rows);
  showRows();
}

/** Replace what is in a box by a table of its own, sortable and downloadable. */
function fill(box, name, caption, head, rows) {
  const table = make("table", { "data-name": name, class: "many" }, make("caption", {}, caption), make("thead", {}, head), make("tbody", {}, ...rows));
  at(box).replaceChildren(make("div", { class: "wide", tabindex: "0", role: "group", "aria-label": caption }, table));
  enhance(table);
}

/** Only addresses of the web become links. */
const link = (text, url) => (/^https?:\/\//.test(url ?? "") ? make("a", { href: url, rel: "noreferrer noopener", target: "_blank" }, text) : text);

/** Whether the page carries the rows of a city; the file has those of every city. */
const carried = (city) => city in evidence.cities;

/** The years a row stands for: one, a span, or none that is known. */
const years = (from, to) => {
  if (from === null && to === null) return "undated";
  if (from === to) return String(from);
  return from === null ? `to ${to}` : to === null ? `since ${from}` : `${from}–${to}`;
};

function showRows(move = false) {
  const one = model.every_indicator.find((indicator) => indicator.id === looking.indicator);
  const box = at("rows");
  if (!one) return box.replaceChildren(make("p", { class: "quiet" }, "Choose the number of rows of an indicator above to see what it is made of."));
  const cities = shownCities(), city = cities.includes(looking.rowsOf) ? looking.rowsOf : cities[0];
  const held = evidence.cities[city]?.[one.id] ?? { n: 0, rows: [] }, texts = evidence.texts;
  const heading = (text, kind = null) => make("th", { scope: "col", class: kind }, text);
  const head = make("tr", {}, heading("row", "text"), heading("year"), heading("counts"), heading("list", "text"), heading("source", "text"), heading("file", "text"));
  const rows = held.rows.map(([label, from, to, value, list, source, url, file, line]) => make("tr", {},
    make("td", { class: "text" }, label ?? "–"),
    make("td", {}, years(from, to)),
    make("td", exact(value), rounded(value)),
    make("td", { class: "text" }, texts[list] ?? "–"),
    make("td", { class: "text" }, link(texts[source] ?? texts[file] ?? "–", texts[url])),
    make("td", { class: "text" }, `${texts[file] ?? "–"}${line ? `:${line}` : ""}`)));
  const name = `${city}-${one.id}`;
  fill("rows", name, `${one.name}, ${city}: the rows behind it`, head, rows);
  const where = `from evidence('${city.replaceAll("'", "''")}', '${one.id}')`;
  const left = held.n > held.rows.length ? ` Here are the ${number(held.rows.length)} largest of ${number(held.n)}; all are in the file: ${where}.` : "";
  const rowsSay = !carried(city) ? `The rows of ${city} are in the file: ${where}.`
    : held.n ? `${number(held.n)} rows that lists name.${left}`
    : "No list names what it counts here; marts.list_counts has the counts.";
  box.prepend(make("p", { id: "rows-says" }, make("strong", {}, `${one.name}, ${city}. `), `${one.definition}. ${rowsSay}`));
  if (held.rows.length > 10) {
    const input = make("input", { type: "search", placeholder: "2021, unicorn, …" });
    at("rows-says").after(make("label", { class: "search" }, "Find in these rows ", input));
    filterBy(input, box.querySelector("table"));
  }
  if (move) box.scrollIntoView({ block: "nearest" });
}

function buildCities() {
  at("names").append(...Object.keys(profiles).map((city) => make("option", { value: named(city) }, profiles[city].standing ? `rank ${profiles[city].standing.rank[0]}` : "")));
  for (const id of CHOSEN)
    at(id).addEventListener("change", () => {
      const text = at(id).value, city = cityNamed(text);
      at("city-said").textContent = text && !city ? `No city is called “${text}” here.` : "";
      if (city || (!text && id !== "city")) look({ [id]: city ?? "", indicator: id === "city" ? "" : looking.indicator });
    });
  at("copy-city").addEventListener("click", () => copyLink("city-said"));
  for (const button of document.querySelectorAll("[data-look]"))
    button.addEventListener("click", () => look({ city: button.dataset.look, other: "", third: "", indicator: "" }, true));
}
