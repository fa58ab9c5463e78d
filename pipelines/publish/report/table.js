// Tables: sorted by a click on a heading, downloaded as CSV. A cell's data-value is the number behind what is shown.

/** Text for one CSV field, empty for what is missing. A spreadsheet would run what starts like a formula: it gets an apostrophe. */
export function field(text) {
  if (text === "–") return "";
  const isNumber = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text);
  const safe = !isNumber && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The words of a cell without what only eyes are to see, folded away or not; of a link also where it leads. */
function words(cell) {
  const copy = cell.cloneNode(true);
  for (const seen of copy.querySelectorAll('[aria-hidden="true"]')) seen.remove();
  const address = copy.querySelector("a")?.getAttribute("href"), text = copy.textContent.trim().replace(/\s+/g, " ");
  return address && address !== text ? `${text} ${address}` : text;
}

const shown = (cell) => cell.dataset.value ?? cell.dataset.name ?? words(cell);

/** A cell as fields of a CSV file: one, or three where its column has the ends of intervals. */
function fields(cell, heading) {
  if (heading.dataset.ends === undefined) return [shown(cell)];
  return cell === heading ? ["", " 90% from", " 90% to"].map((end) => shown(cell) + end) : [cell.dataset.value, cell.dataset.low, cell.dataset.high];
}

export const csv = (table) =>
  [...table.rows].map((row) => [...row.cells].flatMap((cell, column) => fields(cell, table.rows[0].cells[column])).map(field).join(",")).join("\r\n") + "\r\n";

/** Numbers by size, text by the alphabet, what is missing last either way. */
export function compare(a, b, falling) {
  const missing = (text) => text === "" || text === "–";
  if (missing(a) || missing(b)) return missing(a) - missing(b);
  const [x, y] = [a, b].map((text) => Number(text.replaceAll(",", "").replace(/%$/, "")));
  const order = Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b, document.documentElement.lang, { numeric: true }) : x - y;
  return falling ? -order : order;
}

/** Put rows into the order that a heading says, if one does. */
function order(table) {
  const [heading] = table.tHead.querySelectorAll("[aria-sort]"), body = table.tBodies[0];
  if (!heading) return;
  const falling = heading.getAttribute("aria-sort") === "descending", cell = (row) => shown(row.cells[heading.cellIndex]);
  body.append(...[...body.rows].sort((a, b) => compare(cell(a), cell(b), falling)));
}

function sort(table, column) {
  const heading = table.tHead.rows[0].cells[column], falling = heading.getAttribute("aria-sort") === "ascending";
  for (const one of table.tHead.rows[0].cells) one.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", falling ? "descending" : "ascending");
  order(table);
}

/** Hand a file to the reader. */
function saveAs(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Hand a CSV text to the reader; the mark at the start tells spreadsheets that it is UTF-8. */
const saveText = (text, name) => saveAs(new Blob(["\ufeff" + text], { type: "text/csv;charset=utf-8" }), name);

const download = (table) => saveText(csv(table), `nextvalley-${table.dataset.name}.csv`);

/** Objects with the same keys as CSV. */
export const rowsAsCsv = (rows) =>
  [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))].map((line) => line.map((value) => field(String(value ?? ""))).join(",")).join("\r\n") + "\r\n";

/** Columns from which on a table becomes a list on a phone, where each cell bears the name of its column. */
const MANY = 4;
const phone = matchMedia("(max-width: 40rem)");

function labelled(table) {
  const names = [...table.tHead.rows[0].cells].map((heading) => heading.textContent.trim());
  if (names.length < MANY || table.classList.contains("few")) return;
  table.classList.add("many");
  for (const row of table.tBodies[0].rows)
    [...row.cells].forEach((cell, column) => { if (column) cell.dataset.label = names[column]; });
}

phone.addEventListener("change", () => { if (phone.matches) for (const table of document.querySelectorAll("table[data-name]")) labelled(table); });

/** A text without case, accents, spaces and marks: "Xian" is Xi'an. */
const folded = (text) => text.normalize("NFD").toLowerCase().replace(/[^\p{L}\d]/gu, "").replace(/市$/, "");

/** Show the rows of a table that have what is typed in a cell or as the other name of a city; where none has, say so by ``none``. */
export function filterBy(input, table, none) {
  const said = make("span", { class: "quiet", role: "status" });
  input.closest("label").after(said);
  input.addEventListener("input", () => {
    const wanted = folded(input.value), rows = [...table.tBodies[0].rows];
    for (const row of rows) row.hidden = ![row.querySelector("[data-look]")?.dataset.look ?? "", ...[...row.cells].map((cell) => cell.textContent)].some((text) => folded(text).includes(wanted));
    said.textContent = rows.every((row) => row.hidden) ? none(input.value) : "";
  });
}

/** Give a table its sorting headings and its CSV button. */
export function enhance(table) {
  if (phone.matches) labelled(table);
  [...table.tHead.rows[0].cells].forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sort(table, column));
    heading.append(button);
  });
  const button = document.createElement("button");
  button.type = "button";
  button.className = "csv";
  button.textContent = say("Download CSV");
  button.setAttribute("aria-label", say("Download “{name}” as CSV", { name: table.caption.textContent }));
  // The first screen shows a few columns of a longer table, whose file has all of them.
  button.addEventListener("click", () => download(document.querySelector(`table[data-name="${table.dataset.whole}"]`) ?? table));
  (table.closest(".wide") ?? table).after(button);
}
