import { confirm, reasonField } from "./ask.js";
import { badge, el, empty } from "./dom.js";
import { letterTone, PATH } from "./letters.js";
import { ask } from "./session.js";
import { day, duration, words } from "./text.js";

/** How soon it is looked again at one that is on its way back: it goes within a fifth of a second. */
const AGAIN_MS = 500;

/** One dead letter with all that it says. Its text may be anybody's: it is shown, never run. */
class LetterView extends HTMLElement {
  #id = "";
  #timer = 0;

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  async show(id) {
    this.#id = id;
    document.title = "Dead letter · Caravan console";
    try {
      this.#show(await ask("GET", `${PATH}/${encodeURIComponent(id)}`));
    } catch (problem) {
      this.replaceChildren(back(), empty("This letter cannot be shown.", problem.text ?? "The gateway does not answer."));
    }
  }

  #show(letter) {
    clearTimeout(this.#timer);
    if (letter.state === "QUEUED" && this.isConnected) {
      this.#timer = setTimeout(() => this.show(this.#id), AGAIN_MS);
    }
    const open = letter.state === "OPEN";
    const buttons = open
      ? [el("button", { type: "button", class: "main", onclick: () => this.#replay(letter) }, "Replay"),
        el("button", { type: "button", class: "danger", onclick: () => this.#discard() }, "Discard …")]
      : [el("span", { class: "soft" }, `Decided: ${words(letter.state)}.`)];
    this.replaceChildren(back(),
      el("div", { class: "title" }, el("h1", {}, `${letter.type || "unknown type"} `, badge(words(letter.state), letterTone(letter.state))), el("div", { class: "buttons" }, buttons)),
      el("section", { class: "card", "aria-label": "What is known of it" }, el("dl", { class: "facts" }, facts(letter).map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))))),
      el("section", { class: "card" }, el("h2", { id: "payload" }, "Payload"),
        el("p", { class: "soft" }, letter.payload?.base64 === undefined ? "As it came; what pays is hidden." : "It is no JSON. As text, and as base64 below."),
        ...payload(letter.payload)));
  }

  #replay(letter) {
    confirm({
      title: "Replay this letter", button: "Replay",
      text: `It goes back to ${letter.topic} under its own id. Whoever has handled it before answers from its record.`,
      act: async () => {
        this.#show(await ask("POST", `${PATH}/${this.#id}/replay`));
        return "The letter is on its way back.";
      },
    });
  }

  #discard() {
    const reason = reasonField(true);
    confirm({
      title: "Discard this letter", text: "It will not be handled. What it would have done stays undone.", fields: reason.nodes, button: "Discard", danger: true,
      act: async () => {
        this.#show(await ask("POST", `${PATH}/${this.#id}/discard`, { json: { reason: reason.value } }));
        return "The letter is discarded.";
      },
    });
  }
}

function back() {
  return el("p", { class: "back" }, el("a", { href: "#/dead-letters" }, "Dead letters"));
}

function facts(letter) {
  return [
    ["Cause", letter.cause],
    ["Put aside by", `${letter.consumer}, after ${letter.attempts === 1 ? "1 try" : `${letter.attempts} tries`}`],
    ["At", `${day(letter.failedAt)}, ${duration(Math.max(0, Date.now() - Date.parse(letter.failedAt)))} ago`],
    ["Came from", `${letter.topic}, partition ${letter.partition}, offset ${letter.offset}`],
    ["Message", letter.messageId ? el("span", { class: "id" }, letter.messageId) : "does not say"],
    ...(letter.saidAt ? [["Said at", day(letter.saidAt)]] : []),
    ...(letter.sagaId ? [["Saga", el("a", { class: "id", href: `#/sagas/${letter.sagaId}` }, letter.sagaId)]] : []),
    ...(letter.traceId ? [["Trace", el("span", { class: "id" }, letter.traceId)]] : []),
    ...(letter.operator ? [["Decided by", `${letter.operator}, ${day(letter.decidedAt)}`]] : []),
    ...(letter.reason ? [["Reason", letter.reason]] : []),
  ];
}

function payload(shown) {
  if (shown === undefined || shown === null) {
    return [el("p", {}, "There is none.")];
  }
  const pre = (text, label) => el("pre", { tabindex: "0", role: "region", "aria-label": label }, text);
  return typeof shown.base64 === "string" && Object.keys(shown).length === 1
    ? [pre(textOf(shown.base64), "Payload as text"), pre(shown.base64, "Payload as base64")]
    : [pre(JSON.stringify(shown, null, 2), "Payload")];
}

/** What is no UTF-8 shows as the sign for that. */
function textOf(base64) {
  const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

customElements.define("caravan-letter", LetterView);
