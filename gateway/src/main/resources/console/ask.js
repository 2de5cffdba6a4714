// Dialogs that ask before something is done, and say in their place why it was refused.
import { el, notice } from "./dom.js";

const LONGEST_REASON = 500;

/**
 * Opens a dialog and closes it when `act` has done its work.
 *
 * `fields` are elements between text and buttons. `act` gets nothing and gives what to announce, or nothing to stay open; when it
 * throws a problem, its text is shown and the dialog stays.
 */
export function confirm({ title, text, fields = [], button, danger = false, act }) {
  const opener = document.activeElement;
  const error = el("p", { class: "error", role: "alert" });
  const go = el("button", { type: "submit", class: danger ? "danger" : "main" }, button);
  const cancel = el("button", { type: "button", onclick: () => dialog.close() }, "Cancel");
  const form = el("form", { onsubmit: event => submit(event) },
    el("h2", { id: "dialog-title" }, title), el("p", {}, text), ...fields, error, el("div", { class: "buttons" }, cancel, go));
  const dialog = el("dialog", { "aria-labelledby": "dialog-title", onclose: () => gone() }, form);

  async function submit(event) {
    event.preventDefault();
    go.disabled = true;
    error.textContent = "";
    try {
      const done = await act({ go });
      if (done) {
        dialog.close();
        notice(done);
      }
    } catch (problem) {
      error.textContent = problem.text ?? "The gateway does not answer. Nothing is known to have happened: look before you try again.";
    } finally {
      go.disabled = false;
    }
  }

  function gone() {
    dialog.remove();
    (opener?.isConnected ? opener : document.getElementById("content")).focus();
  }

  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** A field for why. `value` is null when nothing is said. */
export function reasonField(required) {
  const input = el("textarea", { id: "reason", rows: "3", maxlength: LONGEST_REASON, required });
  const label = el("label", { for: "reason" }, required ? "Reason" : "Reason (it is put on record)");
  return { nodes: [label, input], get value() { return input.value.trim() || null; } };
}

/** A field to choose from: `[value, text]`. */
export function choiceField(id, label, choices, chosen = "", onchange = () => {}) {
  const select = el("select", { id, name: id, onchange },
    choices.map(([value, text]) => el("option", { value, selected: value === chosen }, text)));
  return { nodes: [el("label", { for: id }, label), select], get value() { return select.value; } };
}

/**
 * Something for many: counted first, and done only when the figure has been seen. `count` gives `{matched, text}`, `act` what to
 * announce.
 */
export function confirmMany({ title, text, fields, count, act, danger }) {
  const found = el("p", { class: "found", role: "status" });
  let counted = false;
  const dialog = confirm({
    title, text, danger, button: "Count",
    fields: [...fields, found],
    act: async ({ go }) => {
      if (counted) {
        return act();
      }
      const { matched, text: said } = await count();
      found.textContent = said;
      counted = matched > 0;
      go.textContent = counted ? `Do it to ${matched.toLocaleString("en")}` : "Count";
      return null;
    },
  });
  // Another choice is another question.
  dialog.addEventListener("change", event => {
    if (event.target.tagName === "SELECT") {
      counted = false;
      found.textContent = "";
      dialog.querySelector("button[type=submit]").textContent = "Count";
    }
  });
  return dialog;
}
