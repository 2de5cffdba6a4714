// Elements, made by hand. What comes from the API only ever becomes text: nothing here parses markup, and the page's policy
// forbids it besides.

/** An element. Attributes that are null or false are left out, true is an empty one, `on…` with a function listens. */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for drawings. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      element.addEventListener(name.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

/** Changes a text only when it is another one: a screen reader says nothing twice, and a selection stays. */
export function say(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/**
 * Makes the children of `parent` those of `items`. A child whose key stays is changed in its place and keeps the focus; `put`
 * makes a child when it is given none.
 */
export function keyed(parent, items, key, put) {
  const old = new Map([...parent.children].map(child => [child.dataset.key, child]));
  const wanted = items.map(item => {
    const name = String(key(item));
    const child = put(item, old.get(name) ?? null);
    child.dataset.key = name;
    old.delete(name);
    return child;
  });
  old.forEach(child => child.remove());
  wanted.forEach((child, index) => {
    if (parent.children[index] !== child) {
      parent.insertBefore(child, parent.children[index] ?? null);
    }
  });
}

/** A row whose cells are changed only where they differ. Cells are texts, or functions that fill a cell that is new. */
export function row(tr, cells) {
  const target = tr ?? el("tr");
  cells.forEach((cell, index) => {
    const td = target.children[index] ?? target.appendChild(el(cell.head ? "th" : "td", { class: cell.class, scope: cell.head ? "row" : null }));
    const now = cell.key ?? cell.text ?? "";
    if (td.dataset.now !== now || td.childNodes.length === 0) {
      td.dataset.now = now;
      td.replaceChildren(cell.node ? cell.node() : cell.text ?? "");
    }
    if (cell.title) {
      td.title = cell.title;
    }
  });
  return target;
}

/** A table with its caption for those who cannot see where it stands. Columns: `{name, class}`. */
export function table(caption, columns) {
  const body = el("tbody");
  const head = el("tr", {}, columns.map(column => el("th", { scope: "col", class: column.class }, column.name)));
  return { body, table: el("table", {}, el("caption", { class: "unseen" }, caption), el("thead", {}, head), body) };
}

/** A state as colour and as text. Tones: good, busy, warn, bad, calm. */
export function badge(text, tone) {
  return el("span", { class: `badge ${tone}` }, text);
}

/** A name that may be broken after its dots, and nowhere else. */
export function dotted(name) {
  return el("span", {}, name.split(/(?<=\.)/).flatMap(part => [part, el("wbr")]));
}

/** A list that is empty says so, and what to do about it. */
export function empty(title, advice) {
  return el("div", { class: "empty" }, el("p", {}, el("strong", {}, title)), el("p", {}, advice));
}

/** Says something that happened, to eyes and ears, and takes it away again. */
export function notice(text, tone = "good") {
  const box = el("p", { class: `notice ${tone}` }, text);
  document.getElementById("notices").append(box);
  setTimeout(() => box.remove(), 8000);
}
