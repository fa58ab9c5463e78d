// Charts: each figure's Vega-Lite, drawn by the library the page carries, as wide as its figure.

const views = new Map();

/** Facets in as many columns as fit, a map as high as its width allows, all else as wide as its figure. */
function fitted(spec, width) {
  const { least, margin, height, most, aspect } = spec.usermeta ?? {};
  if (aspect) return { ...spec, height: Math.min(most, Math.round(width * aspect)) };
  if (!least) return spec;
  const gap = 20, columns = Math.max(1, Math.min(spec.columns, Math.floor((width - margin) / (least + gap))));
  return { ...spec, columns, spacing: gap, spec: { ...spec.spec, width: Math.floor((width - margin) / columns) - gap, height } };
}

async function draw(figure) {
  const at = figure.querySelector(".chart");
  const spec = JSON.parse(figure.querySelector("script").textContent);
  const { view } = await vegaEmbed(at, fitted(spec, at.clientWidth), {
    // The interpreter instead of eval, so that the page can forbid eval.
    ast: true, renderer: "svg", actions: false, tooltip: { theme: "page" },
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
  await views.get(figure)?.signal(name, value).runAsync();
}

const width = (figure) => figure.querySelector(".chart").clientWidth;

/** Draw every chart that is to be seen, one at a time so that the page stays quick, and again where a turned phone needs other columns. */
async function drawAll(figures) {
  for (const figure of figures.filter((figure) => figure.checkVisibility())) {
    await draw(figure);
    await new Promise((next) => setTimeout(next));
  }
}

function watch(figures) {
  let waiting;
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
