import { choiceField, confirmMany, reasonField } from "./ask.js";
import { badge, el, empty, keyed, row, say, table } from "./dom.js";
import { live } from "./live.js";
import { ask, search } from "./session.js";
import { ago, due, many, short, tone, words } from "./text.js";

const PATH = "/api/v1/ops/sagas";
const PAGE = 50;

const STATES = [["", "any"], ["RUNNING", "running"], ["UNDOING", "undoing"], ["STUCK", "stuck"], ["COMPLETED", "completed"], ["COMPENSATED", "compensated"]];
const TYPES = [["", "any"], ["place-order", "place-order"], ["cancel-order", "cancel-order"]];
const AGES = [["", "any"], ["PT10S", "10 s"], ["PT1M", "1 min"], ["PT5M", "5 min"], ["PT15M", "15 min"], ["PT1H", "1 h"], ["P1D", "1 day"]];
const STEPS = ["order-placed", "reserve-stock", "charge-payment", "arrange-shipment", "approve-order", "send-confirmation"];

/** What each verb does, for those who choose one. */
export const VERBS = {
  retry: { name: "Retry", text: "Asks the step it waits for again, now, with all its tries and all its time." },
  compensate: { name: "Compensate", text: "Gives the order up: the step it waits for and all before it are undone. Only before the parcel is arranged." },
  resume: { name: "Resume", text: "Goes on undoing where it is stuck, with all its tries." },
  skip: { name: "Skip", text: "Takes the undo of this step for done. You answer for it: do by hand what it would have done." },
};

const NOT_DONE = {
  ENDED: "have ended", ELSEWHERE: "have left the step", TOO_LATE: "are past their pivot", TURNED_ROUND: "undo already",
  STUCK: "are stuck", NOT_STUCK: "are under way", INDISPENSABLE: "have an undo that cannot be skipped",
  FOREIGN: "belong to a newer build",
};

/** Sagas, newest first, as a filter chooses them: live, by pages, and all at once where that is wanted. */
class Sagas extends HTMLElement {
  #filter = {};
  #table = table("Sagas, newest first", [
    { name: "State" }, { name: "Saga" }, { name: "Type", class: "wide" }, { name: "Step" },
    { name: "Try", class: "number wide" }, { name: "Due", class: "number mid" }, { name: "Age", class: "number" }]);
  #none = el("div");
  #pages = el("nav", { class: "pages", "aria-label": "Pages" });
  #bulk = el("button", { type: "button", onclick: () => this.#repair() }, "Repair all of these …");
  #next = null;
  #loading = null;
  #again = false;
  #moved = () => this.#reload();
  #clock = 0;

  connectedCallback() {
    document.title = "Sagas · Caravan console";
    this.replaceChildren(
      el("div", { class: "title" }, el("h1", {}, "Sagas"), this.#bulk),
      this.#form(),
      el("section", { class: "card" }, this.#table.table, this.#none), this.#pages);
    live.addEventListener("sagas", this.#moved);
    this.#clock = setInterval(() => this.#show(this.#items), 5000);
  }

  disconnectedCallback() {
    live.removeEventListener("sagas", this.#moved);
    clearInterval(this.#clock);
    this.#loading?.abort();
  }

  #items = [];

  /** Shows what the address says: `{state, type, step, olderThan, cursor}`. */
  show(query) {
    this.#filter = query;
    this.querySelectorAll("form.filter [name]").forEach(field => (field.value = query[field.name] ?? ""));
    this.#bulk.hidden = !["RUNNING", "UNDOING", "STUCK"].includes(query.state);
    this.#load();
  }

  #form() {
    const step = el("input", { id: "step", name: "step", list: "steps", placeholder: "any", autocomplete: "off", spellcheck: "false" });
    const fields = [choiceField("state", "State", STATES).nodes, choiceField("type", "Type", TYPES).nodes, [el("label", { for: "step" }, "Step"), step],
      choiceField("olderThan", "Older than", AGES).nodes];
    return el("form", { class: "filter card", "aria-label": "Filter", onchange: event => this.#choose(event), onsubmit: event => this.#choose(event) },
      fields.map(nodes => el("div", {}, ...nodes)), el("datalist", { id: "steps" }, STEPS.map(name => el("option", { value: name }))));
  }

  #choose(event) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    location.hash = `#/sagas${search(Object.fromEntries(form))}`;
  }

  /** What comes while the last answer is awaited is asked for after it. */
  #reload() {
    if (this.#loading) {
      this.#again = true;
    } else {
      this.#load();
    }
  }

  async #load() {
    this.#loading?.abort();
    const loading = (this.#loading = new AbortController());
    try {
      const page = await ask("GET", PATH, { query: { ...this.#filter, limit: PAGE }, signal: loading.signal });
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
      if (this.#again) {
        this.#again = false;
        this.#load();
      }
    }
  }

  #show(items) {
    this.#items = items;
    keyed(this.#table.body, items, saga => saga.id, sagaRow);
    this.#table.table.hidden = items.length === 0;
    const filtered = Object.keys(this.#filter).length > 0;
    this.#none.replaceChildren(...(items.length > 0 ? [] : [this.#filter.state === "STUCK"
      ? empty("Nothing is stuck.", "A saga gets here when an undo has no answer after its last try.")
      : empty("No saga is like that.", filtered ? "Choose “any” to see more." : "Place an order, and it shows up here.")]));
  }

  #turn() {
    const { cursor, ...rest } = this.#filter;
    this.#pages.replaceChildren(
      ...(cursor ? [el("a", { class: "button", href: `#/sagas${search(rest)}` }, "Newest")] : []),
      ...(this.#next ? [el("a", { class: "button", href: `#/sagas${search({ ...rest, cursor: this.#next })}` }, "Older")] : []));
  }

  #repair() {
    const { cursor, ...filter } = this.#filter;
    const fits = filter.state === "STUCK" ? ["resume", "skip"] : filter.state === "UNDOING" ? ["retry"] : ["retry", "compensate"];
    const verb = choiceField("verb", "Order", fits.map(name => [name, VERBS[name].name]), fits[0], () => say(help, VERBS[verb.value].text));
    const help = el("p", { class: "soft" }, VERBS[fits[0]].text);
    const reason = reasonField(filter.state === "STUCK");
    const order = dryRun => ask("POST", `${PATH}/repair`, {
      query: { ...filter, verb: verb.value, dryRun }, json: { reason: reason.value, step: filter.step ?? null } });
    confirmMany({
      title: "Repair all of these", text: `All ${words(filter.state)} sagas that the filter finds, at most 1,000 at once. Each is checked by itself; what has moved on is left alone.`,
      fields: [...verb.nodes, help, ...reason.nodes], danger: filter.state === "RUNNING",
      count: async () => {
        const { matched, more } = await order(true);
        return { matched, text: matched === 0 ? "No saga matches." : `${many(matched, "saga matches", "sagas match")}${more ? ", and there are more" : ""}.` };
      },
      act: async () => {
        const { done, refused } = await order(false);
        this.#reload();
        const left = Object.entries(refused).map(([why, number]) => `${number} ${NOT_DONE[why] ?? words(why)}`);
        return `${VERBS[verb.value].name}: done to ${many(done, "saga")}${left.length > 0 ? `; left alone: ${left.join(", ")}` : ""}.`;
      },
    });
  }
}

function sagaRow(saga, tr) {
  return row(tr, [
    { key: saga.phase, node: () => badge(words(saga.phase), tone(saga.phase)) },
    { key: saga.id, head: true, node: () => el("a", { href: `#/sagas/${saga.id}`, class: "id" }, short(saga.id)), title: saga.id },
    { text: saga.type, class: "wide" },
    { text: saga.step ?? "–", class: "name" },
    { text: saga.step ? String(saga.attempt) : "–", class: "number wide" },
    { text: saga.dueAt ? due(saga.dueAt) : "–", class: "number mid" },
    { text: ago(saga.startedAt), class: "number" },
  ]);
}

customElements.define("caravan-sagas", Sagas);
