import { el } from "./dom.js";
import { session } from "./session.js";

/** Asks who it is. */
class Login extends HTMLElement {
  #email = el("input", { id: "email", name: "email", type: "email", autocomplete: "username", required: true, spellcheck: "false" });
  #password = el("input", { id: "password", name: "password", type: "password", autocomplete: "current-password", required: true });
  #button = el("button", { type: "submit", class: "main" }, "Log in");
  #error = el("p", { class: "error", role: "alert" });

  /** Why one has to log in, if there is something to say. */
  why = "";

  connectedCallback() {
    document.title = "Log in · Caravan console";
    this.replaceChildren(el("form", { class: "card login", onsubmit: event => this.#submit(event) },
      el("h1", {}, "Log in"),
      el("p", { class: "soft" }, this.why || "For operators: accounts with the scope ops."),
      el("label", { for: "email" }, "Email"), this.#email,
      el("label", { for: "password" }, "Password"), this.#password,
      this.#error, this.#button));
    this.#email.focus();
  }

  async #submit(event) {
    event.preventDefault();
    this.#button.disabled = true;
    this.#error.textContent = "";
    try {
      await session.login(this.#email.value, this.#password.value);
    } catch (problem) {
      this.#error.textContent = problem.status === 401 ? "Email or password is wrong." : problem.text ?? "The gateway does not answer. Try again.";
      this.#password.value = "";
      this.#password.focus();
    } finally {
      this.#button.disabled = false;
    }
  }
}

customElements.define("caravan-login", Login);
