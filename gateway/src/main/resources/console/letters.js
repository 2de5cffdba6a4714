import { choiceField, confirmMany, reasonField } from "./ask.js";
import { badge, dotted, el, empty, keyed, row, table } from "./dom.js";
import { live } from "./live.js";
import { ask, search } from "./session.js";
import { ago, many, words } from "./text.js";

export const PATH = "/api/v1/ops/dead-letters";

const PAGE = 50;
const STATES = [["OPEN", "open"], ["QUEUED", "on their way back"], ["REPLAYED", "replayed"], ["DISCARDED", "discarded"], ["ANY", "any"]];
const TOPICS = ["order.commands.v1", "inventory.commands.v1", "payment.commands.v1", "shipment.commands.v1", "notification.commands.v1",
  "saga.replies.v1", "saga.events.v1", "saga.retention.v1", "order.events.v1", "product.events.v1"];

export function letterTone(state) {
  return { OPEN: "warn", QUEUED: "busy", REPLAYED: "good", DISCARDED: "calm" }[state] ?? "calm";
}

/** Messages that nobody could handle, newest first. */
class Letters extends HTMLElement {
  #filter = {};
  #items = [];
  #next = null;
  #loading = null;
  #clock = 0;
  #table = table("Dead letters, newest first", [
    { name: "State" }, { name: "Message" }, { name: "Topic", class: "mid" }, { name: "Cause" }, { name: "Tries", class: "number wide" },
    { name: "Put aside by", class: "wide" }, { name: "Age", class: "number" }]);
  #none = el("div");
  #pages = el("nav", { class: "pages", "aria-label": "Pages" });
  #bulk = el("div", { class: "buttons" },
    el("button", { type: "button", onclick: () => this.#replay() }, "Replay all of these …"),
    el("button", { type: "button", class: "danger", onclick: () => this.#discard() }, "Discard all of these …"));
  /** A replay that fails again is another letter while the count stays: so the list is read at each look. */
  #seen = () => this.#loading ?? this.#load();

  connectedCallback() {
    document.title = "Dead letters · Caravan console";
    this.replaceChildren(
      el("div", { class: "title" }, el("h1", {}, "Dead letters"), this.#bulk), this.#form(),
      el("section", { class: "card" }, this.#table.table, this.#none), this.#pages);
    live.addEventListener("fleet", this.#seen);
    this.#clock = setInterval(() => this.#show(this.#items), 5000);
  }

  disconnectedCallback() {
    live.removeEventListener("fleet", this.#seen);
    clearInterval(this.#clock);
    this.#loading?.abort();
  }

  /** Shows what the address says: `{state, topic, cause, cursor}`; open ones when it says no state. */
  show(query) {
    this.#filter = { state: "OPEN", ...query };
    this.querySelectorAll("form.filter [name]").forEach(field => (field.value = this.#filter[field.name] ?? ""));
    this.#bulk.hidden = this.#filter.state !== "OPEN";
    this.#load();
  }

  #form() {
    const cause = el("input", { id: "cause", name: "cause", placeholder: "any part of it", autocomplete: "off", spellcheck: "false" });
    const fields = [choiceField("state", "State", STATES).nodes, choiceField("topic", "Topic", [["", "any"], ...TOPICS.map(name => [name, name])]).nodes,
      [el("label", { for: "cause" }, "Cause"), cause]];
    return el("form", { class: "filter card", "aria-label": "Filter", onchange: event => this.#choose(event), onsubmit: event => this.#choose(event) },
      fields.map(nodes => el("div", {}, ...nodes)));
  }

  #choose(event) {
    event.preventDefault();
    location.hash = `#/dead-letters${search(Object.fromEntries(new FormData(event.currentTarget)))}`;
  }

  async #load() {
    this.#loading?.abort();
    const loading = (this.#loading = new AbortController());
    const { state, ...rest } = this.#filter;
    try {
      const page = await ask("GET", PATH, { query: { ...rest, state: state === "ANY" ? null : state, limit: PAGE }, signal: loading.signal });
      this.#next = page.nextCursor ?? null;
      this.#show(page.items);
      this.#turn();
    } catch (problem) {
      if (!loading.signal.aborted) {
        this.#none.replaceChildren(empty("The list could not be read.", problem.text ?? "The gateway does not answer."));
      }
    }
    if (this.#loading === loading) {
      this.#loading = null;
    }
  }

  #show(items) {
    this.#items = items;
    keyed(this.#table.body, items, letter => letter.id, letterRow);
    this.#table.table.hidden = items.length === 0;
    this.#none.replaceChildren(...(items.length > 0 ? [] : [this.#filter.state === "OPEN" && !this.#filter.topic && !this.#filter.cause
      ? empty("No dead letters.", "A message gets here when it cannot be read, or has failed three times.")
      : empty("No dead letter is like that.", "Choose “any” to see more.")]));
  }

  #turn() {
    const { cursor, ...rest } = this.#filter;
    this.#pages.replaceChildren(
      ...(cursor ? [el("a", { class: "button", href: `#/dead-letters${search(rest)}` }, "Newest")] : []),
      ...(this.#next ? [el("a", { class: "button", href: `#/dead-letters${search({ ...rest, cursor: this.#next })}` }, "Older")] : []));
  }

  #replay() {
    this.#many("replay", {
      title: "Replay all of these", fields: [], reason: null, danger: false,
      text: "Each goes back to its topic under its own id, oldest first, a hundred a second. Whoever has handled it before answers from its record.",
      found: ({ matched, heldBack }) => `${many(matched, "letter matches", "letters match")}${heldBack > 0 ? `; ${heldBack} of them would be held back: an earlier letter of the same saga does not match` : ""}.`,
      done: ({ done, heldBack }) => `${many(done, "letter is", "letters are")} on the way back${heldBack > 0 ? `; ${heldBack} were held back` : ""}.`,
    });
  }

  #discard() {
    const reason = reasonField(true);
    this.#many("discard", {
      title: "Discard all of these", fields: reason.nodes, reason, danger: true,
      text: "They will not be handled. What they would have done stays undone.",
      found: ({ matched }) => `${many(matched, "letter matches", "letters match")}.`,
      done: ({ done }) => `${many(done, "letter is", "letters are")} discarded.`,
    });
  }

  #many(verb, { title, text, fields, reason, danger, found, done }) {
    const { topic, cause } = this.#filter;
    const order = dryRun => ask("POST", `${PATH}/${verb}`, { query: { topic, cause, dryRun }, json: reason ? { reason: reason.value } : undefined });
    confirmMany({
      title, text, fields, danger,
      count: async () => {
        const counted = await order(true);
        return { matched: counted.matched, text: found(counted) };
      },
      act: async () => {
        const did = await order(false);
        this.#load();
        return done(did);
      },
    });
  }
}

function letterRow(letter, tr) {
  return row(tr, [
    { key: letter.state, node: () => badge(words(letter.state), letterTone(letter.state)) },
    { key: letter.id, head: true, class: "name", node: () => el("a", { href: `#/dead-letters/${letter.id}` }, letter.type || "unknown type") },
    { key: letter.topic, class: "mid topic", node: () => dotted(letter.topic) },
    { key: letter.cause, class: "cause", node: () => el("span", { class: "clamp" }, letter.cause), title: letter.cause },
    { text: String(letter.attempts), class: "number wide" },
    { text: letter.consumer, class: "wide topic" },
    { text: ago(letter.failedAt), class: "number" },
  ]);
}

customElements.define("caravan-letters", Letters);
