// The fleet as it changes: server-sent events. Read by hand, since an EventSource cannot say who asks.
import { session, waitOf } from "./session.js";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/** The gateway says something every two seconds: after this long its connection is dead, whatever TCP believes. */
const SILENCE_MS = 10_000;

/** Dispatches `fleet` and `sagas` with what they say, and `state`: `live`, `waiting` with when it tries again, or `off`. */
class Live extends EventTarget {
  #stop = null;
  #wait = FIRST_WAIT_MS;
  state = "off";
  retryAt = 0;
  /** The last look, for a view that has just been opened. */
  fleet = null;

  start() {
    if (this.#stop === null) {
      this.#stop = new AbortController();
      this.#run(this.#stop.signal);
    }
  }

  stop() {
    this.#stop?.abort();
    this.#stop = null;
    this.fleet = null;
    this.#is("off");
  }

  async #run(stop) {
    while (!stop.aborted) {
      let asked = 0;
      try {
        asked = await this.#listen(stop);
      } catch {
        // What it was does not matter: we come back.
      }
      if (!stop.aborted) {
        await this.#pause(asked, stop);
      }
    }
  }

  /** Until the stream ends. Gives how long the gateway asks us to wait. */
  async #listen(stop) {
    const dead = new AbortController();
    const silence = new Silence(() => dead.abort());
    try {
      const response = await fetch("/api/v1/ops/events", {
        headers: { Accept: "text/event-stream", Authorization: `Bearer ${await session.token()}` },
        signal: AbortSignal.any([stop, dead.signal]),
      });
      if (!response.ok) {
        if (response.status === 401) {
          await session.refresh();
        }
        return waitOf(response);
      }
      await this.#read(response, silence);
      return 0;
    } finally {
      silence.end();
    }
  }

  async #read(response, silence) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      silence.broken();
      const frames = (rest + value).split("\n\n");
      rest = frames.pop();
      frames.forEach(frame => this.#take(frame));
    }
  }

  #take(frame) {
    const fields = new Map(frame.split("\n").map(line => line.split(/: ?(.*)/s, 2)));
    const event = fields.get("event");
    if (event === undefined) {
      return;
    }
    const detail = JSON.parse(fields.get("data"));
    if (event === "fleet") {
      this.fleet = detail;
      this.#wait = FIRST_WAIT_MS;
      this.#is("live");
    }
    this.dispatchEvent(new CustomEvent(event, { detail }));
  }

  /** Longer each time, and never all pages at once. */
  #pause(asked, stop) {
    const ms = Math.max(asked, this.#wait * (0.75 + Math.random() / 2));
    this.#wait = Math.min(LONGEST_WAIT_MS, this.#wait * 2);
    this.retryAt = Date.now() + ms;
    this.#is("waiting");
    return new Promise(resolve => {
      setTimeout(resolve, ms);
      stop.addEventListener("abort", resolve, { once: true });
    });
  }

  #is(state) {
    if (this.state !== state || state === "waiting") {
      this.state = state;
      this.dispatchEvent(new Event("state"));
    }
  }
}

/** Calls when nothing was heard for too long. */
class Silence {
  #timer = 0;
  #call;

  constructor(call) {
    this.#call = call;
    this.broken();
  }

  broken() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#call, SILENCE_MS);
  }

  end() {
    clearTimeout(this.#timer);
  }
}

export const live = new Live();
