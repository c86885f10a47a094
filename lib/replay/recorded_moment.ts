/** The moment of the recording: the clock and the chance of a script that computes with them, and answers of that time. */
import { base64DecodeBytes } from "../http/base64.ts";
import { endsCookie } from "../http/cookie_jar.ts";
import { parseSetCookie } from "../http/cookies.ts";
import type { Generated } from "../correlate/flow.ts";
import type { HttpResponse, Trace } from "../http/exchange.ts";

/** Milliseconds since the Unix epoch: the moment the recorded client wrote, else `fallbackMs`. */
export function recordedMomentMs(generated: readonly Generated[], fallbackMs: number): number {
  for (const { shape, recorded } of generated) {
    // A time that no request shows is that of the first request.
    if (shape.kind !== "timestamp" || recorded === "") continue;
    if (shape.unit === "iso") return Date.parse(recorded);
    return shape.unit === "s" ? Number(recorded) * 1000 : Number(recorded);
  }
  return fallbackMs;
}

/**
 * The script with a first statement that stops its clock at `momentMs` and hands it the recorded UUIDs
 * and random numbers in their order. No line moves.
 */
export function atRecordedMoment(
  source: string,
  momentMs: number,
  generated: readonly Generated[],
): string {
  const draws = generated.map(drawsOf).filter((ways) => ways.length > 0);
  const uuids = generated.filter(({ shape }) => shape.kind === "uuid").map(({ recorded }) =>
    recorded
  );
  const clock = `const Date = ((Real) => class extends Real {
    constructor(...given) { given.length === 0 ? super(${momentMs}) : super(...given); }
    static now() { return ${momentMs}; }
  })(globalThis.Date);`;
  const chance = `const crypto = ((real, uuids, draws, one = []) => ({
    subtle: real.subtle,
    getRandomValues: (array) => {
      if (array.length === 1 && array instanceof Uint32Array) {
        if (one.length === 0) one.push(...draws.splice(0, 1)[0]?.[0] ?? []);
        if (one.length === 0) return real.getRandomValues(array);
        array[0] = one.shift();
        return array;
      }
      const fits = (draw) => draw.length === array.length;
      const at = draws.findIndex((ways) => ways.some(fits));
      if (at === -1) return real.getRandomValues(array);
      array.set(draws.splice(at, 1)[0].find(fits));
      return array;
    },
    randomUUID: () => uuids.shift() ?? real.randomUUID(),
  }))(globalThis.crypto, ${JSON.stringify(uuids)}, ${JSON.stringify(draws)});`;
  return `${`${clock} ${chance}`.replace(/\n\s*/g, " ")} ${source.replace(/^\uFEFF/, "")}`;
}

/** The random numbers that make the recorded value: its bytes, or where its characters stand in the alphabet. */
function drawsOf({ shape, recorded }: Generated): number[][] {
  if (shape.kind === "random-bytes") {
    const bytes = base64DecodeBytes(recorded);
    return bytes === undefined ? [] : [[...bytes]];
  }
  if (shape.kind !== "random") return [];
  const hex = /^([0-9a-f]{2})+$/.test(recorded) ? [[...Uint8Array.fromHex(recorded)]] : [];
  return [[...recorded].map((char) => Math.max(0, shape.alphabet.indexOf(char))), ...hex];
}

/**
 * Every answer comes at the one moment, so that nothing in it is moved in time. Cookies live as long as
 * the browser does: the jar of the script has the clock of today.
 */
export function stillTraces(traces: ReadonlyMap<string, Trace>, nowMs: number): Map<string, Trace> {
  return new Map([...traces].map(([id, trace]) => {
    const response = trace.response && lasting(trace.response, nowMs);
    return [id, { ...trace, startedAtMs: nowMs, response }];
  }));
}

/** Cookies that were deleted stay deleted. */
function lasting(response: HttpResponse, nowMs: number): HttpResponse {
  const headers = response.headers.map(([name, line]) => {
    const cookie = /^set-cookie$/i.test(name) ? parseSetCookie(line) : null;
    const lasts = cookie !== null && !endsCookie(cookie, nowMs);
    return [name, lasts ? line.replace(/;\s*expires\s*=[^;]*/i, "") : line] as const;
  });
  return { ...response, headers };
}
