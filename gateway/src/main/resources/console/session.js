// Who is logged in, and how the API is asked. Tokens are in memory and nowhere else: a reload logs out, and no other page or
// script of this origin can read them.

/** What the API answers instead of what was asked for (RFC 9457). */
export class Problem extends Error {
  constructor(status, body, retryAfterMs) {
    super(body.detail || body.title || body.error_description || `the answer was ${status}`);
    this.status = status;
    this.errors = body.errors ?? [];
    this.requestId = body.requestId;
    this.retryAfterMs = retryAfterMs;
  }

  /** For people: what is wrong, field by field where it is said. */
  get text() {
    const fields = this.errors.map(error => `${error.pointer.slice(1)} ${error.message}`).join("; ");
    return fields || this.message;
  }
}

/** A minute before it ends, a token is changed for a new one. */
const EARLY_MS = 60_000;
const RETRY_MS = 5_000;

class Session extends EventTarget {
  #access = null;
  #refresh = null;
  #endsAt = 0;
  #refreshing = null;
  #timer = 0;
  email = null;

  get isOpen() {
    return this.#access !== null;
  }

  async login(email, password) {
    const tokens = await request("POST", "/auth/login", { json: { email, password } });
    if (!tokens.scope.split(" ").includes("ops")) {
      await request("POST", "/auth/logout", { json: { refreshToken: tokens.refresh_token } });
      throw new Problem(403, { detail: "This account is no operator's: it has no scope ops." });
    }
    this.email = email;
    this.#keep(tokens);
    this.dispatchEvent(new Event("opened"));
  }

  async logout() {
    const refreshToken = this.#refresh;
    this.#close("You are logged out.");
    await request("POST", "/auth/logout", { json: { refreshToken } }).catch(() => {});
  }

  /** One that is good for a while. Everybody who needs a new one waits for the same. */
  async token() {
    if (Date.now() > this.#endsAt - EARLY_MS) {
      await this.refresh();
    }
    return this.#access;
  }

  refresh() {
    this.#refreshing ??= this.#change().finally(() => (this.#refreshing = null));
    return this.#refreshing;
  }

  async #change() {
    try {
      const form = new URLSearchParams({ grant_type: "refresh_token", refresh_token: this.#refresh });
      this.#keep(await request("POST", "/oauth2/token", { form }));
    } catch (problem) {
      if (problem.status === 400 || problem.status === 401) {
        this.#close("Your session has ended. Log in again.");
      } else {
        this.#later(RETRY_MS);
      }
      throw problem;
    }
  }

  #keep(tokens) {
    this.#access = tokens.access_token;
    this.#refresh = tokens.refresh_token;
    this.#endsAt = Date.now() + tokens.expires_in * 1000;
    this.#later(Math.max(RETRY_MS, tokens.expires_in * 1000 - EARLY_MS));
  }

  #later(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.isOpen && this.refresh().catch(() => {}), ms);
  }

  #close(why) {
    clearTimeout(this.#timer);
    const wasOpen = this.isOpen;
    this.#access = this.#refresh = this.email = null;
    this.#endsAt = 0;
    if (wasOpen) {
      this.dispatchEvent(new CustomEvent("closed", { detail: why }));
    }
  }
}

export const session = new Session();

/** Asks the API as whoever is logged in. A token that is refused is changed once: its end may have come early. */
export async function ask(method, path, { query, json, signal } = {}) {
  const url = path + search(query);
  try {
    return await request(method, url, { json, signal, token: await session.token() });
  } catch (problem) {
    if (problem.status !== 401 || !session.isOpen) {
      throw problem;
    }
    await session.refresh();
    return request(method, url, { json, signal, token: await session.token() });
  }
}

/** Without the parameters that say nothing. */
export function search(query = {}) {
  const said = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return said.length === 0 ? "" : `?${new URLSearchParams(said)}`;
}

async function request(method, url, { json, form, token, signal }) {
  const headers = { Accept: "application/json" };
  if (token) {
    headers.Authorization = `Bearer ${token}`;
  }
  if (json !== undefined) {
    headers["Content-Type"] = "application/json";
  }
  const response = await fetch(url, { method, headers, signal, body: form ?? (json === undefined ? undefined : JSON.stringify(json)) });
  const body = await read(response);
  if (!response.ok) {
    throw new Problem(response.status, body ?? {}, waitOf(response));
  }
  return body;
}

async function read(response) {
  const text = await response.text();
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** How long we are asked to wait; 0 when nobody says. */
export function waitOf(response) {
  return Number(response.headers.get("Retry-After") ?? 0) * 1000;
}
