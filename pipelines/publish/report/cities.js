// Cities: found by either name, up to three side by side, what is known least of each, and the rows behind a number.

/** Fields of the page in which a city is chosen, in the order of the address. */
const CHOSEN = ["city", "other", "third"];

/** A city's name, which shows the city; opened elsewhere, such as in another tab, its own page. */
const cityLink = (city) => make("a", { class: "link", href: profiles[city].page ? `city/${profiles[city].page}` : "#city-title", "data-look": city }, called(city));

const named = (city) => (profiles[city]?.zh ? (isChinese ? `${profiles[city].zh} ${city}` : `${city} ${profiles[city].zh}`) : city);

const isChinese = document.documentElement.lang !== "en";

/** The name of a city in the language of the page. */
const called = (city) => (isChinese ? profiles[city]?.zh ?? city : city);

/** City → its names, folded: in English, in Chinese, and both as the fields show them. */
let foldedNames;

/** The cities that a reader may mean by a name in English or Chinese, whole or a part, best its beginning. */
function citiesNamed(text) {
  const wanted = folded(text);
  if (!wanted) return [];
  foldedNames ??= Object.keys(profiles).map((city) => [city, [city, profiles[city].zh ?? "", named(city)].map(folded)]);
  const having = (isMeant) => foldedNames.filter(([, names]) => names.some(isMeant)).map(([city]) => city);
  const [whole] = having((name) => name === wanted), begun = having((name) => name.startsWith(wanted));
  return whole ? [whole] : begun.length ? begun : having((name) => name.includes(wanted));
}

/** The one city of a name; null if none or several have it. */
function cityNamed(text) {
  const [city, other] = citiesNamed(text);
  return other ? null : city ?? null;
}

/** Cities that are named of the several that have a name. */
const NAMED = 5;

/** What the page answers to a name that is not one city's; nothing to no name. */
function notOne(name) {
  const cities = citiesNamed(name).map(named), more = cities.length > NAMED ? ["…"] : [];
  if (!name || cities.length === 1) return "";
  return cities.length ? say("“{name}” is in the names of several cities: {cities}", { name, cities: [...cities.slice(0, NAMED), ...more].join(say(", ")) }) : noCity(name);
}

/** What the page answers if no city has the name. */
const noCity = (name) => say("No city is called “{name}” here.", { name });

function look(change, move = false) {
  looking = { ...looking, ...change };
  dropTwice();
  showCities();
  remember({ step: move });
  if (move) arrive(at("city-heading"));
}

/** A city is shown once. */
function dropTwice() {
  for (const [place, id] of CHOSEN.entries()) if (CHOSEN.slice(0, place).some((before) => looking[before] === looking[id])) looking[id] = "";
}

/** Take the cities of an address by either name, and say which names are not one city's. */
function takeCities() {
  at("city-said").textContent = CHOSEN.map((id) => notOne(looking[id])).filter(Boolean).join(GAP);
  for (const id of CHOSEN) looking[id] = cityNamed(looking[id]) ?? "";
  dropTwice();
}

/** The cities that are looked at; the first of the ranking if the address names none. */
function shownCities() {
  const cities = CHOSEN.map((id) => looking[id]).filter((city) => profiles[city]);
  return cities.length ? cities : [Object.keys(profiles)[0]];
}

/** What stands between sentences, which Chinese closes up. */
const GAP = isChinese ? "" : " ";

/** A sentence that begins with a heading in bold. */
const headed = (heading, ...parts) => [make("strong", {}, heading), parts.length ? say("{when}: {text}.", { when: "", text: parts.join(say("; ")) }) : say("{text}.", { text: "" }), GAP];

/** One sentence on where a city stands and one on what is missing. */
function standing(city) {
  const { standing: stands, scores, numbers } = profiles[city];
  const unlisted = model.every_indicator.filter((one) => numbers[one.id] && numbers[one.id][6] === 0).map((one) => one.name.toLowerCase());
  const parts = [];
  if (!isPublishedYear()) parts.push(stoodIn(city, shownYear()));
  else if (stands) {
    const [rank, low, high] = stands.rank;
    parts.push(say("rank {rank} (90%: {low}–{high}), chance of ranking first {chance}", { rank, low, high, chance: stands.chance }));
    if (stands.far) parts.push(say("the Bay Area has {far} times as much", { far: stands.far }), ...(stands.years ? [stands.years] : []));
    if (stands.pillars) parts.push(stands.pillars[0].toLowerCase() + stands.pillars.slice(1));
  } else if (city !== model.benchmark) {
    const [, low, high] = scores.Readiness ?? [null, null, null];
    parts.push(low === null ? say("no score: too few lists name it") : say("no rank: its score may be anything from {low} to {high}, which is too wide for one", { low: number(low), high: number(high) }));
  }
  const missing = [];
  if (!isPublishedYear()) return make("p", {}, ...headed(named(city), ...parts));
  if (unlisted.length) missing.push(say("Not counted by any list, but inferred from what the city has otherwise: {indicators}.", { indicators: unlisted.join(say(", ")) }));
  if (stands?.widest) missing.push(say("Its place among other cities is least certain because of {indicator}; what is unknown of all cities alike does not count here.", { indicator: stands.widest.toLowerCase() }), ...(stands.rows ? [stands.rows === 1 ? say("About 1 more row of a complete list would halve that uncertainty.") : say("About {rows} more rows of a complete list would halve that uncertainty.", { rows: number(stands.rows) })] : []));
  const own = city === model.benchmark ? null : make("a", { href: `city/${profiles[city].page}` }, say("Its own page"));
  return make("p", {}, ...headed(named(city), ...parts), make("span", { class: "quiet" }, `${missing.join(GAP)} `), own);
}

function scoreEnds(low, high) {
  if (low === null) return "";
  if (low === 100 && high === 100) return say("by definition");
  return low === 0 && high === 0 ? "≤ 0" : `${number(low)}–${number(high)}`;
}

/** A score with its interval; a table's CSV has all three numbers. */
const scoreCell = ([value, low, high], place) =>
  make("td", { class: "text barcell", "data-value": value ?? "", "data-low": low ?? "", "data-high": high ?? "" },
    bar(value, low, high, ["", "b", "c"][place]), make("small", {}, low === null ? number(value) : `${number(value)} (${scoreEnds(low, high)})`));

const ends = ([value, low, high]) => ({ "data-value": value ?? "", "data-low": low ?? "", "data-high": high ?? "" });

function numberCells(given, place, isRelative) {
  const [value, least, most, points, low, high, lists, counted, printed, note] = given ?? Array(10).fill(null);
  const noted = note === null ? null : make("small", {}, `${say("; ")}${note}`);
  const interval = least === null ? null : make("small", {}, ` (${about(least)}–${about(most)})`);
  if (counted !== null) {
    const taken = counted === 0 ? [say(", taken as {number}", { number: about(value) }), interval] : [];
    return [make("td", { ...exact(counted), class: "counted" }, rounded(counted), make("small", { class: "status" }, ` ${say("as counted")}`), ...taken, noted), scoreCell([points, low, high], place)];
  }
  if (lists === 0) return [make("td", ends([null, null, null]), make("small", { class: "status" }, say("inferred")), noted), scoreCell([points, low, high], place)];
  return [
    make("td", ends([value, least, most]), about(value), interval, isRelative ? make("small", { class: "status" }, ` ${say("relative")}`) : null,
      printed === null ? null : make("small", {}, ` ${say("that list itself: {count}", { count: rounded(printed) })}`), noted),
    scoreCell([points, low, high], place)];
}

/** The unit of an indicator, and which list counts it in the cities or sets the unit. */
function unitOf({ id, unit, counted_by: list, is_relative: isRelative }, cities) {
  const isCounted = cities.some((city) => typeof profiles[city].numbers[id]?.[7] === "number");
  if (isCounted) return say("{unit}, counted by {list}", { unit, list });
  return isRelative ? say("{unit}, relative, on the scale of: {list}", { unit, list }) : say("{unit}, estimated in the unit of: {list}", { unit, list });
}

function showCities() {
  const cities = isPublishedYear() ? shownCities() : coursedCities(), none = [null, null, null], rows = [];
  for (const [place, id] of CHOSEN.entries()) at(id).value = shownCities()[place] ? named(shownCities()[place]) : "";
  at("city-heading").textContent = cities.map(named).join(" · ");
  at("standing").replaceChildren(...cities.map(standing));
  const total = (name, measure) => rows.push(make("tr", { class: "total" }, make("th", { scope: "row", class: "text" }, name),
    ...cities.flatMap((city, place) => [make("td", ends(none)), scoreCell(scoreOf(city, measure) ?? none, place)]), ...(isPublishedYear() ? [make("td")] : [])));
  for (const { pillar, measure, name } of [{ measure: "Readiness", name: say("Readiness") }, ...model.groups]) {
    if (cities.some((city) => scoreOf(city, measure))) total(name, measure);
    for (const one of model.every_indicator.filter((indicator) => isPublishedYear() && indicator.pillar === pillar)) {
      const buttons = cities.map((city) => make("button", { type: "button", class: "link", "data-indicator": one.id, "aria-label": say("Rows behind {indicator}, {city}", { indicator: one.name, city: called(city) }),
        onclick: () => { look({ city: cities[0], indicator: one.id, rowsOf: city }); showRows(true); } }, carried(city) ? number(evidence.cities[city][one.id]?.n ?? 0) : say("in the file")));
      const name = make("span", { title: one.definition }, `${one.name} `, make("small", {}, [one.against, unitOf(one, cities)].filter(Boolean).join(say("; "))));
      rows.push(make("tr", { "data-indicator": one.id }, make("th", { scope: "row", class: "text" }, name),
        ...cities.flatMap((city, place) => numberCells(profiles[city].numbers[one.id], place, one.is_relative)),
        make("td", {}, ...buttons.flatMap((button, place) => (place ? [" · ", button] : [button])))));
    }
  }
  const heading = (text, kind = null, name = null) => make("th", { scope: "col", class: kind, "data-name": name, "data-ends": name !== null }, text);
  const head = make("tr", {}, heading(say("indicator"), "text"), ...cities.flatMap((city) => [heading(called(city), null, city), heading(say("score (90%)"), "text", `${city}, score`)]), ...(isPublishedYear() ? [heading(say("rows, all years"))] : []));
  const caption = { cities: cities.map(called).join(say(", ")), year: shownYear() };
  fill("profile", `${cities.join("-")}-${shownYear()}`, say("Scores and numbers of {cities} in {year}", caption), head, rows);
  showCourse();
  showSum();
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

/** Whose site a total stands on: who prints it need not be who found it. */
const reported = (url) => (/^https?:\/\//.test(url ?? "") ? make("small", {}, ` ${say("as reported by {host}", { host: new URL(url).host.replace(/^www\./, "") })}`) : null);

/** Whether the page carries the rows of a city; the file has those of every city. */
const carried = (city) => city in evidence.cities;

/** The years a row stands for: one, a span, or none that is known. */
const span = (from, to) => {
  if (from === null && to === null) return say("undated");
  if (from === to) return String(from);
  return from === null ? say("to {year}", { year: to }) : to === null ? say("since {year}", { year: from }) : `${from}–${to}`;
};

function showRows(move = false) {
  const one = model.every_indicator.find((indicator) => indicator.id === looking.indicator);
  const box = at("rows");
  if (!isPublishedYear()) return box.replaceChildren();
  if (!one) return box.replaceChildren(make("p", { class: "quiet" }, say("Choose the number of rows of an indicator above to see what it is made of.")));
  const cities = shownCities(), city = cities.includes(looking.rowsOf) ? looking.rowsOf : cities[0];
  const held = evidence.cities[city]?.[one.id] ?? { n: 0, rows: [] }, texts = evidence.texts;
  const heading = (text, kind = null) => make("th", { scope: "col", class: kind }, text);
  const head = make("tr", {}, heading(say("row"), "text"), heading(say("year")), heading(say("counts")), heading(say("list"), "text"), heading(say("source"), "text"), heading(say("file"), "text"));
  const isTotal = (place) => place < held.totals;
  const rows = held.rows.map(([label, from, to, value, list, source, url, file, line], place) => make("tr", {},
    make("td", { class: "text" }, label ?? "–"),
    make("td", {}, span(from, to)),
    make("td", exact(value), rounded(value)),
    make("td", { class: "text" }, texts[list] ?? "–"),
    make("td", { class: "text" }, link(texts[source] ?? texts[file] ?? "–", texts[url]), isTotal(place) ? reported(texts[url]) : null),
    make("td", { class: "text" }, `${texts[file] ?? "–"}${line ? `:${line}` : ""}`)));
  const name = `${city}-${one.id}`;
  fill("rows", name, say("{indicator}, {city}: the rows behind it", { indicator: one.name, city: called(city) }), head, rows);
  const where = `from evidence('${city.replaceAll("'", "''")}', '${one.id}')`;
  const left = held.n > held.rows.length ? say(" Here are {shown} of {all}, the largest and newest first; all are in the file: {where}.", { shown: number(held.rows.length), all: number(held.n), where }) : "";
  const isUncounted = profiles[city].numbers[one.id]?.[6] === 0;
  const rowsSay = !carried(city) ? say("The rows of {city} are in the file: {where}.", { city: called(city), where })
    : held.n ? (held.n === 1 && !held.totals ? say("1 row that a list names.") : held.totals ? say("Rows that lists name: {number}; totals that reports print: {totals}.", { number: number(held.n - held.totals), totals: number(held.totals) }) : say("{number} rows that lists name.", { number: number(held.n) })) + left + (isUncounted ? say(" That is too few for their list to count here, so the number is inferred.") : "")
    : say("No list names what it counts here; marts.list_counts has the counts.");
  box.prepend(make("p", { id: "rows-says", tabindex: "-1" }, make("strong", {}, say("{text}.", { text: `${one.name}${say(", ")}${called(city)}` })), GAP, say("{text}.", { text: one.definition }), GAP, rowsSay));
  if (held.rows.length > 10) {
    const input = make("input", { type: "search", placeholder: say("2021, unicorn, …") });
    at("rows-says").after(make("label", { class: "search" }, say("Find in these rows"), " ", input));
    filterBy(input, box.querySelector("table"), (name) => say("No row here has “{name}”.", { name }));
  }
  if (!move) return;
  box.scrollIntoView({ block: "nearest" });
  at("rows-says").focus({ preventScroll: true });
}

function buildCities() {
  at("names").append(...Object.keys(profiles).map((city) => make("option", { value: named(city) }, profiles[city].standing ? say("rank {rank}", { rank: profiles[city].standing.rank[0] }) : "")));
  for (const id of CHOSEN)
    at(id).addEventListener("change", () => {
      const text = at(id).value, city = cityNamed(text);
      at("city-said").textContent = notOne(text);
      if (city || (!text && id !== "city")) look({ [id]: city ?? "", indicator: id === "city" ? "" : looking.indicator });
    });
  at("copy-city").addEventListener("click", () => copyLink(at("city-said")));
  filterBy(document.querySelector('[data-filter="ranking"]'), document.querySelector('table[data-name="ranking"]'), noCity);
}
