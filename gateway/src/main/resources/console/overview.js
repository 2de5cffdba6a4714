import { badge, dotted, el, keyed, row, say, table } from "./dom.js";
import { live } from "./live.js";
import "./plot.js";
import { clock, count, duration, many, rate, tone, words } from "./text.js";

const BUCKET_MS = 10_000;
const BUCKETS = 90;

const GROUPS = [{ name: "Group" }, { name: "Topic" }, { name: "Readers", class: "number wide" }, { name: "Lag", class: "number" }];

/** Of a look, as they are missed. */
const PARTS = {
  sagas: "how many sagas are open or stuck", deadLetters: "what lies on the dead-letter topics", lastMinute: "what the last minute was like",
  pace: "how fast sagas end", lags: "how far consumers are behind",
};

/** What every figure of the fleet is now, and above all what is wrong. */
class Overview extends HTMLElement {
  #verdict = el("ul", { class: "verdict" });
  #tiles = el("dl", { class: "tiles" });
  #pace = el("caravan-plot", { class: "card" });
  #latency = el("caravan-plot", { class: "card" });
  #services = table("Services", [{ name: "Service" }, { name: "State" }, { name: "Breaker" }, { name: "Requests", class: "number wide" }, { name: "Streams", class: "number wide" }]);
  #behind = table("Consumer groups that have something to read", GROUPS);
  #rest = table("Consumer groups that have read all", GROUPS);
  #restHead = el("summary");
  #restBox = el("details", {}, this.#restHead, this.#rest.table);
  #noLags = el("p", { class: "soft" });
  #at = el("p", { class: "soft at" });
  #seen = event => this.#show(event.detail);

  connectedCallback() {
    document.title = "Overview · Caravan console";
    this.replaceChildren(
      el("div", { class: "title" }, el("h1", {}, "Overview"), this.#at),
      el("section", { "aria-label": "What needs somebody" }, this.#verdict),
      this.#tiles,
      el("div", { class: "pair" }, this.#pace, this.#latency),
      el("div", { class: "pair tables" },
        el("section", { class: "card" }, el("h2", {}, "Services"), this.#services.table),
        el("section", { class: "card" }, el("h2", {}, "Consumer groups"), this.#behind.table, this.#noLags, this.#restBox)));
    live.addEventListener("fleet", this.#seen);
    if (live.fleet) {
      this.#show(live.fleet);
    } else {
      this.#verdict.replaceChildren(el("li", {}, "Looking at the fleet …"));
    }
  }

  disconnectedCallback() {
    live.removeEventListener("fleet", this.#seen);
  }

  #show(fleet) {
    say(this.#at, `as of ${clock(fleet.at).slice(0, 8)}`);
    this.#judge(fleet);
    this.#tell(fleet);
    this.#plot(fleet);
    keyed(this.#services.body, fleet.services, service => service.name, service);
    this.#groups(fleet.lags);
  }

  /** Those that have read all are many and say little: they are there for whoever looks. */
  #groups(lags) {
    const behind = (lags ?? []).filter(lag => lag.records > 0);
    const rest = (lags ?? []).filter(lag => lag.records === 0);
    const name = lag => `${lag.group} ${lag.topic}`;
    keyed(this.#behind.body, behind, name, lagRow);
    keyed(this.#rest.body, rest.toSorted((one, other) => name(one).localeCompare(name(other))), name, lagRow);
    this.#behind.table.hidden = behind.length === 0;
    this.#restBox.hidden = rest.length === 0;
    say(this.#restHead, `${many(rest.length, "group has", "groups and topics have")} nothing left to read`);
    say(this.#noLags, lags ? "" : "Kafka does not say how far the groups are: look at the brokers.");
  }

  #judge(fleet) {
    const wrong = troubles(fleet);
    const all = wrong.length === 0 ? [{ tone: "good", text: "Nothing needs you: every service is ready, nothing is stuck." }] : wrong;
    keyed(this.#verdict, all, each => each.text, (each, old) => old ?? el("li", { class: each.tone },
      badge({ good: "ok", warn: "look", bad: "act" }[each.tone], each.tone), each.href ? el("a", { href: each.href }, each.text) : el("span", {}, each.text)));
  }

  #tell(fleet) {
    const minute = fleet.lastMinute;
    const open = fleet.sagas ? Object.values(fleet.sagas.open).reduce((sum, one) => sum + one, 0) : null;
    const tiles = [
      { name: "Ended a second", value: minute ? rate(minute.endedPerSecond) : "–", note: minute ? `${many(minute.ended, "saga")} in the last minute` : "unknown" },
      { name: "Half end within", value: duration(minute?.p50Ms), note: "median, last minute" },
      { name: "99 % end within", value: duration(minute?.p99Ms), note: "last minute" },
      { name: "Under way", value: count(open), note: fleet.sagas ? types(fleet.sagas.open) : "unknown", href: "#/sagas?state=RUNNING" },
      { name: "Stuck", value: count(fleet.sagas?.stuck), note: fleet.sagas?.stuck > 0 ? "wait for you" : "none", tone: fleet.sagas?.stuck > 0 ? "bad" : "", href: "#/sagas?state=STUCK" },
      { name: "Orphans", value: count(fleet.sagas?.orphans), note: fleet.sagas?.orphans > 0 ? "nobody handles them" : "none", tone: fleet.sagas?.orphans > 0 ? "bad" : "" },
      { name: "Dead letters", value: count(fleet.deadLetters?.open), note: fleet.deadLetters?.open > 0 ? "to replay or discard" : "none", tone: fleet.deadLetters?.open > 0 ? "warn" : "", href: "#/dead-letters" },
    ];
    keyed(this.#tiles, tiles, each => each.name, tile);
  }

  #plot(fleet) {
    const now = Date.parse(fleet.at);
    const buckets = new Map((fleet.pace ?? []).map(bucket => [Date.parse(bucket.from), bucket]));
    // The ten seconds that are not over say too little.
    const end = Math.floor(now / BUCKET_MS) * BUCKET_MS;
    const times = Array.from({ length: BUCKETS }, (_, i) => end - (BUCKETS - i) * BUCKET_MS);
    const first = Math.min(...buckets.keys());
    const points = value => times.map(time => [time + BUCKET_MS, value(buckets.get(time), time)]);
    const perSecond = field => points((bucket, time) => (bucket ? bucket[field] / 10 : time < first ? null : 0));
    const took = field => points(bucket => bucket?.[field] ?? null);
    this.#pace.draw({ title: "Sagas ended a second", now, format: rate, series: [
      { name: "all", kind: "a", points: perSecond("ended") }, { name: "undone", kind: "b", points: perSecond("undone") }] });
    this.#latency.draw({ title: "From order to end", now, format: duration, series: [
      { name: "median", kind: "a", points: took("p50Ms") }, { name: "99 %", kind: "b", points: took("p99Ms") }] });
  }
}

/** What somebody should look at, worst first. */
function troubles({ services, sagas, deadLetters, lags, unreachable, admission }) {
  const wrong = [];
  const add = (tone, text, href) => wrong.push({ tone, text, href });
  services.forEach(({ name, state, failing }) => {
    if (state === "UNREACHABLE") {
      add("bad", `${name} does not answer`);
    } else if (state === "NOT_READY") {
      add("bad", `${name} is not ready${failing.length > 0 ? `: ${failing.join(", ")}` : ""}`);
    }
  });
  if (sagas?.stuck > 0) {
    add("bad", `${many(sagas.stuck, "saga is", "sagas are")} stuck: an undo got no answer`, "#/sagas?state=STUCK");
  }
  if (sagas?.orphans > 0) {
    add("bad", `${many(sagas.orphans, "saga is", "sagas are")} overdue and nobody handles them: is the orchestrator alive?`);
  }
  services.filter(service => service.breaker && service.breaker !== "CLOSED").forEach(({ name, breaker }) =>
    add("warn", `the gateway's breaker for ${name} is ${words(breaker)}: ${breaker === "OPEN" ? "requests are refused at once" : "a request is let through to see"}`));
  (lags ?? []).filter(lag => lag.members === 0 && lag.records > 0).forEach(({ group, topic, records }) =>
    add("warn", `nobody reads ${topic} for ${group}: ${many(records, "record waits", "records wait")}`));
  if (admission === "FULL") {
    add("warn", "orders are let in only as others end: more are under way than end in time");
  }
  if (deadLetters?.open > 0) {
    add("warn", `${many(deadLetters.open, "dead letter waits", "dead letters wait")} for a decision`, "#/dead-letters");
  }
  if (unreachable.length > 0) {
    add("warn", `nobody says: ${unreachable.map(part => PARTS[part] ?? part).join(", ")}`);
  }
  return wrong;
}

function types(open) {
  const some = Object.entries(open).filter(([, number]) => number > 0);
  return some.length === 0 ? "none" : some.map(([type, number]) => `${count(number)} ${type}`).join(", ");
}

function tile({ name, value, note, tone: mood, href }, old) {
  const box = old ?? el("div", {}, el("dt", {}, href ? el("a", { href }, name) : name), el("dd", { class: "value" }), el("dd", { class: "note" }));
  box.className = `card tile ${mood ?? ""}`;
  say(box.children[1], value);
  say(box.children[2], note);
  return box;
}

function service({ name, state, failing, breaker, requests, streams }, tr) {
  const use = each => (each ? `${each.active} / ${each.most}` : "–");
  return row(tr, [
    { text: name, head: true },
    { key: `${state} ${failing}`, node: () => badge(words(state), tone(state)), title: failing.join(", ") },
    { key: breaker ?? "–", node: () => (breaker ? badge(words(breaker), tone(breaker)) : el("span", { class: "soft" }, "–")) },
    { text: use(requests), class: "number wide" },
    { text: use(streams), class: "number wide" },
  ]);
}

function lagRow({ group, topic, members, records }, tr) {
  return row(tr, [
    { text: group, head: true },
    { key: topic, class: "topic", node: () => dotted(topic) },
    { key: String(members), class: "number wide", node: () => (members === 0 ? badge("nobody", records > 0 ? "warn" : "calm") : String(members)) },
    { text: count(records), class: "number" },
  ]);
}

customElements.define("caravan-overview", Overview);
