// The page: controls, the reader's own ranking, two cities side by side, and the rows behind a number.

const data = (id) => JSON.parse(document.getElementById(id).textContent);
const at = (id) => document.getElementById(id);
const model = data("model"), profiles = data("cities"), evidence = data("evidence");
let { setting, looking } = fromHash(model, location.hash);

/** An element with text, attributes and children; text is always text, never markup. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

const number = (value, digits = 0) =>
  value === null || value === undefined ? "–" : value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const rounded = (value) => (value === null ? "–" : number(value, Number.isInteger(value) ? 0 : Math.abs(value) < 1 ? 2 : 1));
/** An estimate, with no more digits than it is worth. */
const about = (value) => (value === null ? "–" : value.toLocaleString("en", { maximumSignificantDigits: 2 }));
const exact = (value) => ({ "data-value": value ?? "" });
/** Where bars end, in points; what is beyond is cut off. */
const TOP = model.top;
const along = (points) => Math.min(Math.max((100 * (points ?? 0)) / TOP, 0), 100);
const bar = (value, low = null, high = null, other = false) =>
  make("span", { class: other ? "bar other" : "bar", "aria-hidden": "true" },
    make("i", { style: `width:${along(value)}%` }),
    low === null ? null : make("b", { style: `left:${along(low)}%;width:${along(high) - along(low)}%` }),
    make("em", { style: `left:${along(100)}%` }));

// --- The reader's own ranking

function slider(level, one, label, title) {
  const id = `w-${one.id}`;
  const value = make("output", { for: id });
  const input = make("input", { type: "range", id, min: 0, max: MOST_WEIGHT, step: 0.05, title, oninput: () => {
    setting[level][one.id] = Number(input.value);
    update();
  } });
  return make("div", { class: "slider" }, make("label", { for: id }, label), input, value);
}

function buildControls() {
  at("weights").replaceChildren(...model.pillars.map((pillar) => {
    const members = model.indicators.filter((one) => one.pillar === pillar.id);
    return make("div", { class: "pillar" },
      slider("pillars", pillar, pillar.name, `Weight of ${pillar.name}`),
      make("details", {}, make("summary", {}, `${members.length} ${members.length === 1 ? "indicator" : "indicators"} of ${pillar.name}`),
        ...members.map((one) => slider("indicators", one, one.name, one.definition))));
  }));
  at("way").addEventListener("change", () => { setting.way = at("way").value; update(); });
  at("reset").addEventListener("click", () => { setting = published(model); update(); });
  at("copy").addEventListener("click", async () => {
    remember();
    try {
      await navigator.clipboard.writeText(location.href);
      at("said").textContent = "Link copied.";
    } catch {
      at("said").textContent = "The link is in the address bar.";
    }
  });
}

function showControls() {
  const share = shares(model, setting);
  for (const level of ["pillars", "indicators"])
    for (const [id, factor] of Object.entries(setting[level])) {
      const input = at(`w-${id}`), text = `${number(100 * share[id])}%`;
      input.value = factor;
      input.setAttribute("aria-valuetext", text);
      input.nextElementSibling.textContent = text;
    }
  at("way").value = setting.way;
}

/** Rows of the reader's own ranking. */
const MOST_SHOWN = 40;
const plainly = score(model, published(model));
const plainRank = Object.fromEntries(plainly.map((one) => [one.city, one.rank]));

/** Say how far scores computed here are from the published ones. */
function showDifference() {
  const apart = plainly.filter((one) => one.score !== null && profiles[one.city]?.scores.Readiness)
    .map((one) => Math.abs(one.score - profiles[one.city].scores.Readiness[0]));
  at("differs").textContent = `: as published, the two differ by ${number(Math.max(...apart), 1)} points at most`;
}

function showRanking() {
  const scored = score(model, setting).sort((a, b) => (b.score ?? -1) - (a.score ?? -1));
  const shown = scored.filter((one) => one.rank === null || one.rank <= MOST_SHOWN);
  at("own").tBodies[0].replaceChildren(...shown.map((one) => {
    const before = plainRank[one.city], moved = one.rank && before ? before - one.rank : 0;
    return make("tr", { "data-city": one.city, class: one.rank === null ? "bench" : null },
      make("td", {}, one.rank === null ? "" : String(one.rank)),
      make("td", { class: "text" }, cityButton(one.city)),
      make("td", exact(one.score), number(one.score, 1)),
      make("td", { class: "text roomy" }, bar(one.score)),
      make("td", exact(before), before ?? "–"),
      make("td", { class: "text" }, moved > 0 ? `▲ up ${moved}` : moved < 0 ? `▼ down ${-moved}` : ""));
  }));
  const first = scored.filter((one) => one.rank === 1).map((one) => one.city);
  const changed = toHash(model, setting, {}) !== "";
  at("own-says").textContent = !first.length ? "With no weight left there is no score."
    : `${changed ? "With these choices" : "As published,"} ${first.join(" and ")} ${first.length > 1 ? "are" : "is"} first.`;
}

let waiting;
function remember() {
  const hash = toHash(model, setting, looking);
  history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
}

/** Everything that depends on the setting; the address follows when the slider rests. */
function update() {
  showControls();
  showRanking();
  clearTimeout(waiting);
  waiting = setTimeout(remember, 150);
}

// --- Cities

function cityButton(city) {
  if (!profiles[city]) return make("span", {}, city);
  return make("button", { type: "button", class: "link", onclick: () => look({ city, indicator: "" }, true) }, city);
}

function look(change, move = false) {
  looking = { ...looking, ...change };
  if (looking.other === looking.city) looking.other = "";
  showCity();
  remember();
  if (move) at("city-heading").scrollIntoView({ behavior: "auto", block: "start" });
}

function showCity() {
  const names = Object.keys(profiles);
  const city = profiles[looking.city] ? looking.city : names[0], other = profiles[looking.other] ? looking.other : "";
  at("city").value = city;
  at("other").value = other;
  at("city-heading").textContent = other ? `${city} and ${other}` : city;
  const [mine, theirs] = [profiles[city], profiles[other]];
  const row = (attributes, name, a, b, last) => make("tr", attributes, make("th", { scope: "row", class: "text" }, name), ...a, ...(theirs ? b : []), last);
  const scoreCells = ([value, low, high], isOther) => [
    make("td", exact(value), number(value)), make("td", { class: "text barcell" }, bar(value, low, high, isOther), make("small", {}, `${number(low)}–${number(high)}`))];
  const numberCells = (given, isOther) => {
    const [value, least, most, points, low, high, lists] = given ?? [null, null, null, null, null, null, null];
    return [
      make("td", exact(value), about(value), least === null ? null : make("small", {}, ` ${about(least)}–${about(most)}`),
        lists === null ? null : make("small", { class: lists ? null : "status" }, lists ? ` · ${lists} ${lists === 1 ? "list" : "lists"}` : " · no list")),
      make("td", { class: "text barcell" }, bar(points, low, high, isOther), make("small", {}, number(points)))];
  };
  const none = [null, null, null], rows = [];
  for (const measure of ["Readiness", "Realised"]) {
    if (!mine.scores[measure]) continue;
    rows.push(row({ class: "total" }, measure, scoreCells(mine.scores[measure], false), scoreCells(theirs?.scores[measure] ?? none, true), make("td")));
  }
  for (const pillar of model.every_pillar) {
    rows.push(row({ class: "total" }, pillar.name, scoreCells(mine.scores[pillar.id] ?? none, false), scoreCells(theirs?.scores[pillar.id] ?? none, true), make("td")));
    for (const one of model.every_indicator.filter((indicator) => indicator.pillar === pillar.id)) {
      const button = make("button", { type: "button", class: "link", "data-indicator": one.id, "aria-label": `Rows behind ${one.name}`,
        onclick: () => { look({ city, indicator: one.id }); showRows(true); } }, carried(city) ? number(evidence.cities[city][one.id]?.n ?? 0) : "in the file");
      const name = make("span", { title: one.definition }, `${one.name} `, make("small", { class: "roomy" }, one.unit));
      rows.push(row({ "data-indicator": one.id }, name, numberCells(mine.numbers[one.id], false), numberCells(theirs?.numbers[one.id], true), make("td", {}, button)));
    }
  }
  const heading = (text, kind = null) => make("th", { scope: "col", class: kind }, text);
  const head = make("tr", {}, heading("indicator", "text"), heading(city), heading("score", "text"), ...(theirs ? [heading(other), heading("score", "text")] : []), heading("rows"));
  at("profile").classList.toggle("two", other !== "");
  fill("profile", other ? `${city}-${other}` : city, `Scores and numbers of ${city}${other ? ` and ${other}` : ""}`, head, rows);
  showRows();
}

/** Replace what is in a box by a table of its own, sortable and downloadable. */
function fill(box, name, caption, head, rows) {
  const table = make("table", { "data-name": name }, make("caption", {}, caption), make("thead", {}, head), make("tbody", {}, ...rows));
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
  const city = at("city").value, held = evidence.cities[city]?.[one.id] ?? { n: 0, rows: [] };
  const texts = evidence.texts;
  const heading = (text, kind = null) => make("th", { scope: "col", class: kind }, text);
  const head = make("tr", {}, heading("row", "text"), heading("year"), heading("counts"), heading("list", "text"), heading("source", "text"), heading("file", "text"));
  const rows = held.rows.map(([label, from, to, value, list, source, url, file, line]) => make("tr", {},
    make("td", { class: "text" }, label ?? "–"),
    make("td", {}, years(from, to)),
    make("td", exact(value), rounded(value)),
    make("td", { class: "text" }, texts[list] ?? "–"),
    make("td", { class: "text" }, link(texts[source] ?? texts[file] ?? "–", texts[url])),
    make("td", { class: "text" }, `${texts[file] ?? "–"}${line ? `:${line}` : ""}`)));
  fill("rows", `${city}-${one.id}`, `${one.name}, ${city}: the rows behind it`, head, rows);
  const where = `from evidence('${city.replaceAll("'", "''")}', '${one.id}')`;
  const left = held.n > held.rows.length ? ` Here are the ${number(held.rows.length)} largest of ${number(held.n)}; all are in the file: ${where}.` : "";
  const rowsSay = !carried(city) ? `The rows of ${city} are in the file: ${where}.`
    : held.n ? `${number(held.n)} rows that lists name.${left}`
    : "No list names what it counts here; marts.list_counts has the counts.";
  box.prepend(make("p", { id: "rows-says" }, make("strong", {}, `${one.name}, ${city}. `), `${one.definition}. ${rowsSay}`));
  if (move) box.scrollIntoView({ block: "nearest" });
}

function buildCities() {
  for (const id of ["city", "other"])
    at(id).append(...Object.keys(profiles).map((city) => make("option", { value: city }, city)));
  at("city").addEventListener("change", () => look({ city: at("city").value }));
  at("other").addEventListener("change", () => look({ other: at("other").value }));
  for (const button of document.querySelectorAll("[data-look]"))
    button.addEventListener("click", () => look({ city: button.dataset.look, indicator: "" }, true));
}

// --- Start: the words are there already, so what is seen first comes first and the charts follow.

for (const table of document.querySelectorAll("table[data-name]")) enhance(table);
buildControls();
buildCities();
showDifference();
update();
showCity();
addEventListener("hashchange", () => {
  ({ setting, looking } = fromHash(model, location.hash));
  update();
  showCity();
});
// A jump within the page keeps the setting in the address.
for (const jump of document.querySelectorAll('nav a[href^="#"]'))
  jump.addEventListener("click", (event) => {
    const target = at(jump.hash.slice(1));
    event.preventDefault();
    target.scrollIntoView();
    target.focus({ preventScroll: true });
  });
const figures = [...document.querySelectorAll("figure.vega")];
watch(figures);
const drawn = drawAll(figures).then(() => { document.documentElement.dataset.drawn = "yes"; });
addEventListener("beforeprint", () => { for (const details of document.querySelectorAll("details.print")) details.open = true; });
// For whoever opens the console, and for the tests.
window.nextvalley = { model, score, shares, mean, fromHash, toHash, published, field, csv, drawn };
