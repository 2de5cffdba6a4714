// A plot of the last fifteen minutes, as a drawing of its own: no library, no style that the page's policy would have to allow.
import { el, svg, say } from "./dom.js";

const HEIGHT = 132;
const SPAN_MS = 15 * 60_000;
const EDGE = { top: 8, right: 8, bottom: 20, left: 68 };

/** `draw({title, unit, format, now, series: [{name, kind, points: [[time, value or null]]}]})`. */
class Plot extends HTMLElement {
  #title = el("h2");
  #legend = el("ul", { class: "legend" });
  #canvas = svg("svg", { role: "img", height: HEIGHT });
  #drawn = null;
  #resized = new ResizeObserver(() => this.#draw());

  connectedCallback() {
    this.replaceChildren(el("div", { class: "plot-head" }, this.#title, this.#legend), this.#canvas);
    this.#resized.observe(this);
  }

  disconnectedCallback() {
    this.#resized.disconnect();
  }

  draw(drawn) {
    this.#drawn = drawn;
    this.#draw();
  }

  #draw() {
    const drawn = this.#drawn;
    const width = Math.floor(this.clientWidth);
    if (!drawn || width === 0) {
      return;
    }
    say(this.#title, drawn.title);
    this.#legend.replaceChildren(...drawn.series.map(series => el("li", { class: series.kind },
      el("span", { class: "key" }), `${series.name} `, el("b", {}, last(series, drawn)))));
    const values = drawn.series.flatMap(series => series.points.map(([, value]) => value)).filter(value => value !== null);
    const top = ceiling(Math.max(0, ...values));
    const x = time => EDGE.left + (1 - (drawn.now - time) / SPAN_MS) * (width - EDGE.left - EDGE.right);
    const y = value => HEIGHT - EDGE.bottom - (value / top) * (HEIGHT - EDGE.top - EDGE.bottom);
    this.#canvas.setAttribute("width", width);
    this.#canvas.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    this.#canvas.setAttribute("aria-label", summary(drawn, values));
    this.#canvas.replaceChildren(
      ...grid(width, top, y, drawn.format),
      ...times(drawn.now, x),
      ...drawn.series.map(series => svg("path", { class: `line ${series.kind}`, d: line(series.points, x, y) })));
  }
}

function last(series, { format }) {
  const value = series.points.at(-1)?.[1] ?? null;
  return value === null ? "–" : format(value);
}

function summary(drawn, values) {
  const now = drawn.series.map(series => `${series.name} ${last(series, drawn)}`).join(", ");
  return values.length === 0
    ? `${drawn.title}: nothing in the last 15 minutes`
    : `${drawn.title}, last 15 minutes. Now ${now}; highest ${drawn.format(Math.max(...values))}`;
}

/** A round number that the highest value fits under. */
function ceiling(value) {
  if (value <= 0) {
    return 1;
  }
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map(step => step * power).find(step => step >= value);
}

function grid(width, top, y, format) {
  return [0, top / 2, top].flatMap(value => [
    svg("line", { class: "grid", x1: EDGE.left, x2: width - EDGE.right, y1: y(value), y2: y(value) }),
    svg("text", { class: "mark", x: EDGE.left - 6, y: y(value) + 4, "text-anchor": "end" }, format(value)),
  ]);
}

function times(now, x) {
  return [15, 10, 5, 0].map(minutes => svg("text", {
    class: "mark", x: x(now - minutes * 60_000), y: HEIGHT - 5,
    "text-anchor": minutes === 15 ? "start" : minutes === 0 ? "end" : "middle",
  }, minutes === 0 ? "now" : `−${minutes} min`));
}

/** Where there is no value the line is broken. */
function line(points, x, y) {
  let pen = "M";
  return points.map(([time, value]) => {
    if (value === null) {
      pen = "M";
      return "";
    }
    const part = `${pen}${x(time).toFixed(1)} ${y(value).toFixed(1)}`;
    // A single value is a dot: a line of no length with a round end.
    const dot = pen === "M" ? "h0" : "";
    pen = "L";
    return part + dot;
  }).join("");
}

customElements.define("caravan-plot", Plot);
