// Numbers, times and states as people read them.

const UNITS = [[86_400_000, "d"], [3_600_000, "h"], [60_000, "min"], [1000, "s"]];

/** A duration in milliseconds, in its two largest units at most. */
export function duration(ms) {
  if (ms === null || ms === undefined) {
    return "–";
  }
  if (ms < 1000) {
    return `${Math.round(ms)} ms`;
  }
  if (ms < 10_000) {
    return `${(ms / 1000).toFixed(1)} s`;
  }
  const first = UNITS.findIndex(([size]) => ms >= size);
  const [size, unit] = UNITS[first];
  const whole = Math.floor(ms / size);
  const next = UNITS[first + 1];
  const rest = next ? Math.floor((ms % size) / next[0]) : 0;
  return rest > 0 && whole < 10 ? `${whole} ${unit} ${rest} ${next[1]}` : `${whole} ${unit}`;
}

/** How long ago a time was. */
export function ago(time) {
  return duration(Math.max(0, Date.now() - Date.parse(time)));
}

/** Until a time, or since it. */
export function due(time) {
  const left = Date.parse(time) - Date.now();
  return left >= 0 ? `in ${duration(left)}` : `${duration(-left)} late`;
}

/** Of the day, with milliseconds: steps are that close. */
export function clock(time) {
  const at = new Date(time);
  const pad = (number, length = 2) => String(number).padStart(length, "0");
  return `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}.${pad(at.getMilliseconds(), 3)}`;
}

export function day(time) {
  return new Date(time).toLocaleString([], { dateStyle: "medium", timeStyle: "medium" });
}

export function count(number) {
  return number === null || number === undefined ? "–" : number.toLocaleString("en");
}

export function rate(perSecond) {
  if (perSecond === 0 || perSecond >= 100) {
    return Math.round(perSecond).toLocaleString("en");
  }
  return perSecond.toFixed(perSecond < 1 ? 2 : 1);
}

/** `1 saga`, `2 sagas`. */
export function many(number, one, more = `${one}s`) {
  return `${count(number)} ${number === 1 ? one : more}`;
}

/** The end of an id says which one it is; the beginning only when. */
export function short(id) {
  return id.length > 13 ? `…${id.slice(-12)}` : id;
}

/** An enum's name for people. */
export function words(name) {
  return String(name).toLowerCase().replaceAll("_", " ");
}

const TONES = {
  RUNNING: "busy", UNDOING: "warn", STUCK: "bad", COMPLETED: "good", COMPENSATED: "calm",
  READY: "good", NOT_READY: "warn", UNREACHABLE: "bad",
  CLOSED: "good", HALF_OPEN: "warn", OPEN: "bad",
};

export function tone(state) {
  return TONES[state] ?? "calm";
}
