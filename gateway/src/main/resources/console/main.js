// The page: who is logged in, and which view the address names. Every view has an address, so that it can be passed on.
import { el, say } from "./dom.js";
import "./letter.js";
import "./letters.js";
import { live } from "./live.js";
import "./login.js";
import "./overview.js";
import "./saga.js";
import "./sagas.js";
import { session } from "./session.js";

const content = document.getElementById("content");
const shown = id => document.getElementById(id);

/** `#/sagas/<id>?state=STUCK` as its parts. */
function route() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?", 2);
  const [view = "", id = ""] = path.split("/", 2);
  return { view, id, query: Object.fromEntries(new URLSearchParams(query)) };
}

function viewOf({ view, id }) {
  switch (view) {
    case "sagas": return id ? "caravan-saga" : "caravan-sagas";
    case "dead-letters": return id ? "caravan-letter" : "caravan-letters";
    default: return "caravan-overview";
  }
}

/** The same view with another filter stays, and the focus with it; another view begins at its top. */
function show() {
  if (!session.isOpen) {
    return;
  }
  const where = route();
  const name = viewOf(where);
  let view = content.firstElementChild;
  if (view?.localName !== name || where.id) {
    const first = view === null || view.localName === "caravan-login";
    view = el(name);
    content.replaceChildren(view);
    if (!first) {
      content.focus();
    }
    scrollTo(0, 0);
  }
  view.show?.(where.id || where.query);
  const current = name === "caravan-overview" ? "overview" : where.view;
  document.querySelectorAll("#nav a").forEach(link =>
    link.dataset.view === current ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current"));
}

function login(why = "") {
  const form = el("caravan-login");
  form.why = why;
  content.replaceChildren(form);
}

function frame(isOpen) {
  for (const id of ["nav", "live", "account"]) {
    shown(id).hidden = !isOpen;
  }
  shown("who").textContent = session.email ?? "";
}

function tellState() {
  const box = shown("live");
  box.className = `live ${live.state}`;
  const seconds = Math.max(1, Math.ceil((live.retryAt - Date.now()) / 1000));
  say(box, { live: "live", off: "connecting", waiting: `not live, tries again in ${seconds} s` }[live.state]);
}

function tellCounts({ sagas, deadLetters }) {
  const set = (name, number, what) => {
    const box = document.querySelector(`[data-count=${name}]`);
    box.hidden = !(number > 0);
    box.replaceChildren(number > 999 ? "999+" : String(number ?? ""), el("span", { class: "unseen" }, ` ${what}`));
  };
  set("stuck", sagas?.stuck, "stuck");
  set("letters", deadLetters?.open, "open");
}

session.addEventListener("opened", () => {
  frame(true);
  live.start();
  show();
});
session.addEventListener("closed", event => {
  live.stop();
  frame(false);
  document.querySelectorAll("dialog").forEach(dialog => dialog.close());
  login(event.detail);
});
live.addEventListener("state", tellState);
live.addEventListener("fleet", event => tellCounts(event.detail));
addEventListener("hashchange", show);
shown("logout").addEventListener("click", () => session.logout());
shown("skip").addEventListener("click", event => {
  event.preventDefault();
  content.focus();
});

tellState();
login();
