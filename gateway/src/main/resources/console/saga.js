import { confirm, reasonField } from "./ask.js";
import { badge, el, empty, say } from "./dom.js";
import { live } from "./live.js";
import { VERBS } from "./sagas.js";
import { ask } from "./session.js";
import { clock, day, due, duration, tone, words } from "./text.js";

/** What may help, by where a saga stands; whether it does the orchestrator decides. */
const HELPS = { RUNNING: ["retry", "compensate"], UNDOING: ["retry"], STUCK: ["resume", "skip"] };

const HAPPENED = {
  STARTED: ["started", "busy"], DONE: ["done", "good"], REJECTED: ["refused", "warn"], TIMED_OUT: ["given up: no answer after the last try", "warn"],
  CANCELLED: ["given up: cancelled", "warn"], UNDONE: ["undone", "calm"], DEFERRED: ["put off: not possible yet", "busy"],
  RESENT: ["asked again", "busy"], STUCK: ["stuck: its undo got no answer", "bad"],
};

/** Settings of the page, read once. */
const settings = fetch("/console/settings.json").then(answer => answer.json()).catch(() => ({}));

/** One saga: where it stands, what may be ordered, and all that has happened. */
class Saga extends HTMLElement {
  #id = "";
  #saga = null;
  #head = el("h1");
  #facts = el("dl", { class: "facts" });
  #verbs = el("div", { class: "buttons" });
  #log = el("ol", { class: "timeline" });
  #said = el("p", { class: "unseen", role: "status" });
  #loading = false;
  #again = false;
  #moved = event => this.#look(event.detail);
  #clock = 0;

  connectedCallback() {
    this.#body();
    live.addEventListener("sagas", this.#moved);
    this.#clock = setInterval(() => this.#saga && this.#tell(this.#saga), 1000);
  }

  disconnectedCallback() {
    live.removeEventListener("sagas", this.#moved);
    clearInterval(this.#clock);
  }

  show(id) {
    this.#id = id;
    document.title = `Saga ${id} · Caravan console`;
    this.#load();
  }

  #body() {
    this.replaceChildren(
      el("p", { class: "back" }, el("a", { href: "#/sagas" }, "Sagas")),
      el("div", { class: "title" }, this.#head, this.#verbs), this.#said,
      el("section", { class: "card", "aria-label": "Where it stands" }, this.#facts),
      el("section", { class: "card" }, el("h2", {}, "What has happened"), this.#log));
  }

  #look({ items, more }) {
    if (more || items.some(item => item.id === this.#id)) {
      this.#load();
    }
  }

  async #load() {
    if (this.#loading) {
      this.#again = true;
      return;
    }
    this.#loading = true;
    try {
      this.#show(await ask("GET", `/api/v1/ops/sagas/${encodeURIComponent(this.#id)}`));
    } catch (problem) {
      if (this.#saga === null) {
        this.replaceChildren(el("p", { class: "back" }, el("a", { href: "#/sagas" }, "Sagas")),
          empty("This saga cannot be shown.", problem.text ?? "The gateway does not answer."));
      }
    }
    this.#loading = false;
    if (this.#again) {
      this.#again = false;
      this.#load();
    }
  }

  #show(saga) {
    const before = this.#saga;
    this.#saga = saga;
    if (before && before.phase !== saga.phase) {
      say(this.#said, `The saga is ${words(saga.phase)} now.`);
    }
    if (before?.phase !== saga.phase) {
      this.#head.replaceChildren(`${saga.type} `, badge(words(saga.phase), tone(saga.phase)));
      this.#offer(saga.phase);
    }
    this.#tell(saga);
    this.#timeline(saga);
  }

  #offer(phase) {
    const verbs = HELPS[phase] ?? [];
    this.#verbs.replaceChildren(...verbs.map(verb => el("button", { type: "button", onclick: () => this.#order(verb) }, VERBS[verb].name)),
      ...(verbs.length === 0 ? [el("span", { class: "soft" }, "It has ended: there is nothing to repair.")] : []));
  }

  #order(verb) {
    const { step } = this.#saga;
    const reason = reasonField(verb === "skip");
    confirm({
      title: `${VERBS[verb].name} this saga at ${step}`, text: VERBS[verb].text, fields: reason.nodes, button: VERBS[verb].name,
      danger: verb === "skip" || verb === "compensate",
      act: async () => {
        const saga = await ask("POST", `/api/v1/ops/sagas/${this.#id}/${verb}`, { json: { reason: reason.value, step } });
        this.#show(saga);
        return `${VERBS[verb].name}: done. The saga is ${words(saga.phase)}${saga.step ? ` at ${saga.step}` : ""}.`;
      },
    });
  }

  async #tell(saga) {
    const { traceUrl } = await settings;
    const facts = [
      ["Saga", el("span", { class: "id" }, saga.id)],
      ["Order", el("span", { class: "id" }, saga.orderId)],
      ["Started", day(saga.startedAt)],
      ["Took", took(saga)],
      ...(saga.step ? [["Waits for", waitsFor(saga)]] : []),
      ...(saga.failure ? [["Why it turned round", `${saga.failure.code}${saga.failure.detail ? `: ${saga.failure.detail}` : ""}`]] : []),
      ...(saga.traceId ? [["Trace", trace(saga.traceId, traceUrl)]] : []),
    ];
    const key = JSON.stringify(facts.map(([name, value]) => [name, value.textContent ?? value]));
    if (this.#facts.dataset.now !== key) {
      this.#facts.dataset.now = key;
      this.#facts.replaceChildren(...facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
    }
  }

  /** Only what is new is added: nobody loses their place. */
  #timeline(saga) {
    const orders = new Map((saga.orders ?? []).map(order => [`operator:${order.id}`, order]));
    for (let index = this.#log.children.length; index < saga.log.length; index++) {
      const entry = saga.log[index];
      this.#log.append(moment(saga.id, entry, saga.log[index - 1], orders.get(entry.messageId)));
    }
  }
}

function took(saga) {
  const last = saga.log.at(-1);
  const end = saga.step || !last ? Date.now() : Date.parse(last.at);
  return `${duration(Math.max(0, end - Date.parse(saga.startedAt)))}${saga.step ? " so far" : ""}`;
}

function waitsFor(saga) {
  if (saga.phase === "STUCK") {
    return `an operator: the undo of ${saga.step} has no answer`;
  }
  const what = saga.phase === "UNDOING" ? `the undo of ${saga.step}` : saga.step;
  return `${what}, try ${saga.attempt}${saga.dueAt ? `, asked again or given up ${due(saga.dueAt)}` : ""}`;
}

function trace(id, template) {
  const text = el("span", { class: "id" }, id);
  return template
    ? el("a", { href: template.replace("{traceId}", encodeURIComponent(id)), target: "_blank", rel: "noopener noreferrer" }, text, el("span", { class: "unseen" }, " (opens the trace viewer)"))
    : text;
}

/** A reply names its command; a command that is sent again is that of its step. */
function commandOf(id, { what, step, phase, messageId }) {
  if (messageId.endsWith(":reply")) {
    return messageId.slice(0, -":reply".length);
  }
  return what === "RESENT" ? `${id}:${step}:${phase === "UNDOING" ? "undo" : "do"}` : null;
}

function moment(id, entry, before, order) {
  const [what, mood] = HAPPENED[entry.what] ?? [words(entry.what), "calm"];
  const since = before ? `+${duration(Math.max(0, Date.parse(entry.at) - Date.parse(before.at)))}` : "";
  const command = commandOf(id, entry);
  const facts = [
    order ? ["ordered", `${words(order.verb)}${order.reason ? `: “${order.reason}”` : ""}`] : null,
    order ? ["by", order.operator] : null,
    command ? ["command", command] : null,
    entry.reply ? ["reply", entry.reply] : null,
    entry.messageId.endsWith(":reply") ? ["reply id", entry.messageId] : ["cause", cause(entry.messageId)],
    entry.attempt > 1 ? ["try", String(entry.attempt)] : null,
  ].filter(Boolean);
  return el("li", { class: mood },
    el("p", { class: "when" }, el("time", { datetime: entry.at }, clock(entry.at)), " ", el("span", { class: "soft" }, since)),
    el("div", {},
      el("p", { class: "what" }, el("strong", {}, entry.step), ` ${what}`, entry.phase === before?.phase ? null : el("span", { class: "soft" }, ` → ${words(entry.phase)}`)),
      el("dl", { class: "ids" }, facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))))));
}

function cause(messageId) {
  return messageId === "deadline" ? "its time was over" : messageId;
}

customElements.define("caravan-saga", Saga);
