// Charts: each figure's Vega-Lite, drawn by the library the page carries, as wide as its figure.

const views = new Map();

/** Figure → what puts into its chart what the reader has chosen. */
const FILLED = { course: fillCourse };

/** Facets in as many columns as fit, a map as high as its width allows, all else as wide as its figure. */
function fitted(spec, width) {
  const { least, margin, height, most, aspect } = spec.usermeta ?? {};
  if (aspect) return { ...spec, height: Math.min(most, Math.round(width * aspect)) };
  if (!least) return spec;
  const gap = 20, columns = Math.max(1, Math.min(spec.columns, Math.floor((width - margin) / (least + gap))));
  return { ...spec, columns, spacing: gap, spec: { ...spec.spec, width: Math.floor((width - margin) / columns) - gap, height } };
}

/** Do something to every part of a specification; data are left alone. */
function everyPart(part, change) {
  if (part === null || typeof part !== "object") return;
  if (!Array.isArray(part)) change(part);
  for (const [key, value] of Object.entries(part)) if (key !== "data") everyPart(value, change);
}

/** Below this width names above a chart are upright and legends have one column. */
const NARROW = 480;

/** The part of the width that names beside a chart take at most, and pixels that a number in a cell takes, also if it is small. */
const BESIDE = 0.45, CELL = 30, SMALL_CELL = 24, SMALL_NUMBER = 9;

/** Write small numbers into narrow cells. Take them out where even these have no room: the shade stays, and the table below has them. */
function withoutCrowdedNumbers(spec, width) {
  const column = spec.encoding?.x?.field, columns = new Set((spec.data?.values ?? []).map((row) => row[column])).size;
  const cell = (width * (1 - BESIDE)) / columns;
  if (!spec.layer?.some((part) => part.mark?.type === "rect") || cell >= CELL) return;
  if (cell < SMALL_CELL) spec.layer = spec.layer.filter((part) => part.mark?.type !== "text");
  for (const { mark } of spec.layer) if (mark?.type === "text") mark.fontSize = SMALL_NUMBER;
}

/** Leave room for what stands about a chart, so that no word is cut off. */
function withRoom(spec, width) {
  const isNarrow = width < NARROW, most = Math.round(width * BESIDE);
  everyPart(spec, (part) => {
    const { axis, legend } = part;
    if (axis?.labelLimit) axis.labelLimit = Math.min(axis.labelLimit, most);
    if (axis?.labelAngle && isNarrow) axis.labelAngle = -90;
    else if (axis?.labelAngle) spec.padding = { left: 5, top: 5, bottom: 5, right: 45 };
    if (isNarrow && part.field && part.type === "nominal" && legend !== null) part.legend = { ...legend, columns: 1, labelLimit: width - 60 };
  });
  withoutCrowdedNumbers(spec, width);
  if (isNarrow) spec.config.axisX = { ...spec.config.axisX, titleAnchor: "end" };
  spec.config.axis.labelLimit = Math.min(spec.config.axis.labelLimit, most);
  return spec;
}

async function draw(figure) {
  const at = figure.querySelector(".chart");
  const spec = JSON.parse(figure.querySelector("script").textContent);
  FILLED[figure.id]?.(spec);
  spec.description = at.getAttribute("aria-label");  // Vega names the chart by it.
  const { view } = await vegaEmbed(at, withRoom(fitted(spec, at.clientWidth), at.clientWidth), {
    // The interpreter instead of eval, so that the page can forbid eval.
    ast: true, renderer: "svg", actions: false, tooltip: { theme: "page", disableDefaultStyle: true }, defaultStyle: false,
  });
  // The figure is one picture with words of its own and a table below; its marks are no stops on the way.
  at.querySelector("svg").setAttribute("aria-hidden", "true");
  views.get(figure)?.finalize();
  views.set(figure, view);
  at.dataset.width = at.clientWidth;
  for (const choice of document.querySelectorAll(`[data-chart="${figure.id}"]`)) await signal(figure, choice.dataset.signal, choice.value);
}

/** Set one of a chart's own choices. */
async function signal(figure, name, value) {
  for (const news of document.querySelectorAll(`[data-news="${figure.id}"]`)) news.hidden = news.dataset.value !== value;
  await views.get(figure)?.signal(name, value).runAsync();
}

const width = (figure) => figure.querySelector(".chart").clientWidth;

/** A chart as a picture of its own: the page's colours written out, on the page's ground, with its message and source above. */
async function picture(figure) {
  const drawing = new DOMParser().parseFromString(await views.get(figure).toSVG(), "image/svg+xml").documentElement;
  const [wide, high] = ["width", "height"].map((name) => Number(drawing.getAttribute(name)));
  const words = [wordsOf(figure), document.getElementById("citation").textContent.trim()];
  const look = getComputedStyle(document.documentElement), top = 24;
  const head = words.map((text, line) => `<text x="8" y="${line ? high + top + 16 : 16}" font-family="system-ui, sans-serif" font-size="${line ? 9 : 13}"
    font-weight="${line ? "normal" : "bold"}" fill="var(--text)">${new Option(text).innerHTML}</text>`).join("");
  drawing.setAttribute("y", top);
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high + top + 24}"><rect width="100%" height="100%" fill="var(--page)"/>${head}${new XMLSerializer().serializeToString(drawing)}</svg>`;
  return { wide, high: high + top + 24, text: text.replace(/var\((--\w+)\)/g, (_, name) => look.getPropertyValue(name).trim()) };
}

/** Save a chart as SVG, or as PNG of twice its size. */
async function save(figure, kind) {
  const { wide, high, text } = await picture(figure);
  if (kind === "svg") return saveAs(new Blob([text], { type: "image/svg+xml" }), `nextvalley-${figure.id}.svg`);
  const image = new Image(), canvas = Object.assign(document.createElement("canvas"), { width: 2 * wide, height: 2 * high });
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  canvas.getContext("2d").drawImage(image, 0, 0, 2 * wide, 2 * high);
  canvas.toBlob((blob) => saveAs(blob, `nextvalley-${figure.id}.png`));
}

/** Draw every chart that is to be seen, one at a time so that the page stays quick, and again where a turned phone needs other columns. */
async function drawAll(figures) {
  for (const figure of figures.filter((figure) => figure.checkVisibility())) {
    await draw(figure);
    await new Promise((next) => setTimeout(next));
  }
}

/** What a reader may take from a chart: the picture, its numbers, its address and how to cite it. */
function tools(figure) {
  const said = make("span", { role: "status" }), name = `nextvalley-${figure.id}.csv`, { topic } = figure.dataset;
  const numbers = document.querySelector(`table[data-name="${figure.id}"]`), filled = figure.id in FILLED;
  const button = (text, label, onclick) => make("button", { type: "button", class: "csv", "aria-label": label, onclick }, text);
  const saved = (kind, onclick) => button(kind, say("Save “{name}” as {kind}", { name: topic, kind }), onclick);
  return make("div", { class: "tools" },
    saved("PNG", () => save(figure, "png")), saved("SVG", () => save(figure, "svg")),
    (numbers || filled) && saved("CSV", () => (filled ? saveText(rowsAsCsv(courseRows()), name) : download(numbers))),
    button(say("Link"), say("Copy the link to “{name}”", { name: topic }), () => copyLink(said, figure.id)),
    button(say("Cite"), say("Copy how to cite “{name}”", { name: topic }), () => copyText(cited(figure), said)), said);
}

/** How to cite a chart: what it says, of which release, and where it is: on the web, or in the page as a file. */
function cited(figure) {
  const page = location.protocol.startsWith("http") ? location.href.split("#")[0] : location.pathname.split("/").pop();
  return `${document.getElementById("citation").textContent.trim().replace(/\s+/g, " ")} “${wordsOf(figure)}” ${page}#${toHash(model, published(model), { ...(figure.id in FILLED ? looking : {}), figure: figure.id })}`;
}

/** The message of a chart. */
const wordsOf = (figure) => {
  const title = document.getElementById(`${figure.id}-title`);
  return (title?.querySelector("summary") ?? title)?.textContent.trim().replace(/\s+/g, " ") ?? "";
};

function watch(figures) {
  let waiting;
  for (const figure of figures) figure.querySelector(".chart").after(tools(figure));
  for (const details of document.querySelectorAll("details.check"))
    details.addEventListener("toggle", () => drawAll(figures.filter((figure) => details.contains(figure) && !views.has(figure))));
  addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      drawAll(figures.filter((figure) => Number(figure.querySelector(".chart").dataset.width) !== width(figure)));
    }, 200);
  });
  for (const choice of document.querySelectorAll("[data-chart]"))
    choice.addEventListener("change", () => signal(document.getElementById(choice.dataset.chart), choice.dataset.signal, choice.value));
}
