// The page: what its parts share, the controls and the reader's own ranking. cities.js has the cities.

const data = (id) => JSON.parse(document.getElementById(id).textContent);
const at = (id) => document.getElementById(id);
const model = data("model"), profiles = data("cities"), evidence = data("evidence"), years = data("years");
let setting, looking, supposed;

/** A text in the language of the page, with its placeholders filled. */
const texts = data("texts");
const say = (english, values = {}) => (texts[english] ?? english).replace(/\{(\w+)\}/g, (_, name) => values[name]);

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
const bar = (value, low = null, high = null, kind = "") =>
  make("span", { class: `bar ${kind}`.trim(), "aria-hidden": "true" },
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
  at("sliders").replaceChildren(...model.pillars.map((pillar) => {
    const members = model.indicators.filter((one) => one.pillar === pillar.id);
    return make("div", { class: "pillar" },
      slider("pillars", pillar, pillar.name, say("Weight of {name}", { name: pillar.name })),
      make("details", {}, make("summary", {}, say("Indicators of {name} ({number})", { number: members.length, name: pillar.name })),
        ...members.map((one) => slider("indicators", one, one.name, one.definition))));
  }));
  at("way").addEventListener("change", () => { setting.way = at("way").value; update(); });
  at("reset").addEventListener("click", () => { setting = published(model); update(); });
  at("copy").addEventListener("click", () => copyLink(at("said")));
}

/** Copy the address, which reproduces what is set and looked at, and may lead to a chart; and say so. */
async function copyLink(box, figure = "") {
  remember({ figure });
  const isCopied = await copyText(location.href, box);
  box.textContent = isCopied ? say("Link copied.") : say("The link is in the address bar.");
}

/** Copy a text and say so; where the browser does not allow it, show the text. */
async function copyText(text, box) {
  const isCopied = await navigator.clipboard?.writeText(text).then(() => true, () => false) ?? false;
  box.textContent = isCopied ? say("Copied.") : text;
  return isCopied;
}

/** A link with own weights says so at the top, with the way back. */
function showBanner() {
  const changed = toHash(model, setting, {}) !== "";
  at("banner").hidden = !changed;
  if (!changed) return at("banner").replaceChildren();
  const names = [...model.pillars, ...model.indicators].filter((one) => (setting.pillars[one.id] ?? setting.indicators[one.id]) !== 1).map((one) => one.name);
  const what = [...(setting.way === published(model).way ? [] : [say("score made as {way}", { way: at("way").selectedOptions[0].textContent })]), ...(names.length ? [say("weights of {names}", { names: names.join(say(", ")) })] : [])];
  at("banner").replaceChildren(say("Own choices, not the published ranking: {choices}.", { choices: what.join(say("; ")) }), " ", make("a", { href: "#own-title" }, say("See them")), " · ",
    make("button", { type: "button", class: "link", onclick: () => { setting = published(model); update(); at("main").focus({ preventScroll: true }); } }, say("Back to published weights")));
}

/** Indicator → its pillar; without weight of the pillar it does not count either. */
const pillarOf = Object.fromEntries(model.indicators.map((one) => [one.id, one.pillar]));

function showControls() {
  const share = shares(model, setting);
  for (const level of ["pillars", "indicators"])
    for (const [id, factor] of Object.entries(setting[level])) {
      const input = at(`w-${id}`), text = `${number(100 * share[id])}%`;
      input.value = factor;
      const isCounted = share[id] > 0 && (level === "pillars" || share[pillarOf[id]] > 0);
      input.setAttribute("aria-valuetext", isCounted ? text : say("not counted"));
      input.nextElementSibling.textContent = isCounted ? text : say("not counted");
      input.parentElement.classList.toggle("uncounted", !isCounted);
    }
  at("way").value = setting.way;
}

/** Rows of the reader's own ranking. */
const MOST_SHOWN = 20;
const plainly = score(model, published(model));
const plainRank = Object.fromEntries(plainly.map((one) => [one.city, one.rank]));

/** Say how far scores computed here are from the published ones. */
function showDifference() {
  const apart = plainly.filter((one) => one.score !== null && profiles[one.city]?.scores.Readiness)
    .map((one) => Math.abs(one.score - profiles[one.city].scores.Readiness[0]));
  at("apart").textContent = say("As published, the two differ by {points} points at most.", { points: number(Math.ceil(10 * Math.max(...apart) - 1e-9) / 10, 1) });
}

/** How many of its indicators no list counts in a city, as a note beside its name. */
function inferredShare(city) {
  const numbers = profiles[city]?.numbers ?? {}, held = model.indicators.filter((one) => one.id in numbers);
  const inferred = held.filter((one) => numbers[one.id][6] === 0).length;
  return inferred ? make("small", {}, ` ${say("{share} inferred", { share: `${inferred}/${held.length}` })}`) : null;
}

function showRanking() {
  const scored = score(model, setting).sort((a, b) => (b.score ?? -1) - (a.score ?? -1));
  const shown = scored.filter((one) => one.city === model.benchmark || (one.rank !== null && one.rank <= MOST_SHOWN));
  at("own").tBodies[0].replaceChildren(...shown.map((one) => {
    const before = plainRank[one.city], moved = one.rank && before ? before - one.rank : 0;
    return make("tr", { "data-city": one.city, class: one.rank === null ? "bench" : null },
      make("td", {}, one.rank === null ? "" : String(one.rank)),
      make("td", { class: "text" }, cityLink(one.city), inferredShare(one.city)),
      make("td", exact(one.score), number(one.score, 1)),
      make("td", { class: "text roomy" }, bar(one.score)),
      make("td", { ...exact(before), class: "roomy" }, before ?? "–"),
      make("td", { class: "text" }, moved > 0 ? `▲ ${moved}` : moved < 0 ? `▼ ${-moved}` : ""));
  }));
  order(at("own"));
  const first = scored.filter((one) => one.rank === 1).map((one) => one.city);
  const changed = toHash(model, setting, {}) !== "";
  at("own-says").textContent = !first.length ? say("With no weight left there is no score.")
    : changed ? say("With these choices {cities} ranks first.", { cities: first.map(called).join(" = ") })
    : say("As published, {cities} ranks first.", { cities: first.map(called).join(" = ") });
}

let waiting;
/** Put what is set and looked at into the address, or else a ``place`` of the page; as a ``step`` that the back button undoes. */
function remember({ step = false, figure = "", place = "" } = {}) {
  clearTimeout(waiting);
  const hash = toHash(model, setting, { ...looking, figure }, supposed) || place;
  history[step ? "pushState" : "replaceState"](null, "", hash ? `#${hash}` : location.pathname + location.search);
}

/** The address follows when a slider rests. */
function rememberSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(() => remember(), 150);
}

/** Everything that depends on the setting. */
function showSetting() {
  showControls();
  showRanking();
  showBanner();
  showSum();
}

function update() {
  showSetting();
  rememberSoon();
}

/** Go to a part of the page, with the keyboard too; what is folded opens. */
function arrive(part) {
  const details = part.closest("details");
  if (details) details.open = true;
  part.scrollIntoView();
  (part === details ? details.firstElementChild : part).focus({ preventScroll: true });
}

/** Show what the address says, and go where it leads: to a chart, a part of the page, rows or a city. */
function follow() {
  ({ setting, looking, supposed } = fromHash(model, location.hash));
  const figure = at(looking.figure)?.closest(".vega");
  looking.figure = "";
  takeCities();
  showSetting();
  showCities();
  const cities = at("city-said").textContent ? at("city-title") : looking.city ? at(looking.indicator ? "rows" : "city-heading") : null;
  const part = figure ? at(`${figure.id}-title`) : at(location.hash.slice(1)) ?? cities;
  if (part) arrive(part);
}

/** A link within the page keeps what is set, and is a step back; one to a city shows the city here. */
function jump(event) {
  const anchor = event.target.closest("[data-look], a[href^='#']");
  if (!anchor || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (anchor.dataset.look) return look({ city: anchor.dataset.look, other: "", third: "", indicator: "" }, true);
  const place = anchor.hash.slice(1);
  remember({ step: true, place });
  arrive(at(place));
}

// --- Start: the words are there already, so what is seen first comes first and the charts follow.

for (const table of document.querySelectorAll("table[data-name]")) enhance(table);
buildControls();
buildCities();
buildYears();
buildSupposed();
showDifference();
follow();
addEventListener("hashchange", follow);
addEventListener("click", jump);
// The page in another language shows the same: what is set and looked at goes along.
for (const anchor of document.querySelectorAll("a.language"))
  anchor.addEventListener("click", () => { anchor.href = anchor.getAttribute("href").split("#")[0] + location.hash; });
const figures = [...document.querySelectorAll("figure.vega")];
watch(figures);
const drawn = drawAll(figures).then(() => { document.documentElement.dataset.drawn = "yes"; });
/** What is folded is printed, and folded again. */
let unfolded = [];
addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll("details.print:not([open])")];
  for (const details of unfolded) details.open = true;
});
addEventListener("afterprint", () => { for (const details of unfolded) details.open = false; });
// For whoever opens the console, and for the tests.
window.nextvalley = { model, score, supposing, fromHash, toHash, published, field, cityNamed, drawn };
