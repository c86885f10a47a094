/** What a script hands over and no recorded request need have carried: a refresh token, a Digest's secret. */
import type { HttpRequest } from "../http/exchange.ts";
import { mediaType } from "../http/headers.ts";
import { parseUrl } from "../http/url.ts";
import { isKeepAlivePath, isRefreshName } from "../http/vocabulary.ts";
import { type JudgedRuns, resultPlaces } from "./compared_values.ts";
import { type Evidence, targetOf } from "./evidence.ts";
import { heldBy } from "./held_values.ts";
import { openText } from "./open_text.ts";
import { requestValues } from "./request_values.ts";
import type { Objection, ScriptRun } from "./run.ts";
import type { TypedJudge } from "./typed_values.ts";

export function resultObjections(
  runs: JudgedRuns,
  evidence: Evidence,
  judge: TypedJudge,
): Objection[] {
  const refuse = (where: string, problem: string): Objection => ({ trace: null, where, problem });
  const { first, second, reenacted, reproduced = reenacted } = runs;
  if (first.result !== null && (reenacted.result === null || reproduced.result === null)) {
    return [refuse("script", "does not come to its end with everything as it was recorded")];
  }
  const asked = (first.result?.computed ?? []).map((text, at) =>
    judge.inputOf(text, second.result?.computed[at])
  );
  const computed = asked.includes(null) || new Set(asked).size < asked.length
    ? [refuse("result computed credential", "is not what is asked for, each by itself")]
    : [];
  return [
    ...computed,
    ...staleCookies(runs, evidence),
    ...unsentValues(runs, evidence, judge),
    ...refreshToken(runs, evidence).map((problem) => refuse("result refresh_token", problem)),
  ];
}

/**
 * A login that changes something sets the session's cookie anew: the one from before it is nobody's.
 * @rule off: []
 */
function staleCookies({ first, reenacted }: JudgedRuns, evidence: Evidence): Objection[] {
  const reproduced = new Set(
    first.sent.map(({ request }) => `${request.method} ${targetOf(request.url)}`),
  );
  return resultPlaces(reenacted.result).flatMap(({ kind, name, value, where }) => {
    const last = kind === "cookie" ? evidence.carriers(kind, name).at(-1) : undefined;
    const issued = last === undefined ? undefined : evidence.issued.get(last.value);
    if (last === undefined || issued?.kind !== "cookie" || last.value === value) return [];
    const { request, response } = evidence.traces[issued.index]!;
    const target = `${request.method} ${targetOf(request.url)}`;
    const isRead = request.method === "GET" || request.method === "HEAD";
    // A page sets a session's cookie anew as it likes; a redirect on the way does it once.
    if (isRead && (response?.status ?? 200) < 300 || reproduced.has(target)) return [];
    if (keepsAlive(request) || servesData(name, value, first, evidence)) return [];
    return [{
      trace: issued.trace,
      where: `result ${where}`,
      problem: `is the one from before the request that set it anew, which the script never makes`,
    }];
  });
}

/**
 * Data was served for the value after all that the script does: that it was set anew later takes nothing back.
 * @rule off: false
 */
function servesData(name: string, value: string, run: ScriptRun, evidence: Evidence): boolean {
  const made = new Set(run.sent.map(({ trace }) => trace));
  const end = evidence.traces.findLastIndex(({ id }) => made.has(id));
  return evidence.carriers("cookie", name).some((carrier) => {
    const { request, response } = evidence.traces[carrier.index]!;
    return carrier.value === value && carrier.index > end && request.method === "GET" &&
      response?.status === 200 && /json/.test(mediaType(response.headers));
  });
}

/**
 * A session goes on under another name by a request that says so and hands nothing over.
 * @rule off: false
 */
function keepsAlive({ url, body }: HttpRequest): boolean {
  return (body?.length ?? 0) === 0 && isKeepAlivePath(parseUrl(url)?.pathname ?? "");
}

/**
 * What no recorded request carried under this name is at least something the script was given, or has sent
 * itself, where it was judged.
 * @rule off: []
 */
function unsentValues(
  { first, second }: JudgedRuns,
  evidence: Evidence,
  judge: TypedJudge,
): Objection[] {
  const others = new Map(resultPlaces(second.result).map(({ where, value }) => [where, value]));
  return resultPlaces(first.result).flatMap(({ kind, name, value, where }) => {
    const other = others.get(where);
    if (other === undefined || other === value || evidence.carriers(kind, name).length > 0) {
      return [];
    }
    const isGiven = openText(value).some((part) => heldBy(first).has(part)) ||
      sentBy(first).has(value) || judge.isWithin(openText(value), openText(other));
    return isGiven ? [] : [{ trace: null, where: `result ${where}`, problem: "is made up" }];
  });
}

function sentBy({ sent }: JudgedRuns["first"]): Set<string> {
  return new Set(sent.flatMap(({ request }) => requestValues(request).map(({ value }) => value)));
}

/** The recorded answer names it, so that no other value passes for it. @rule off: [] */
function refreshToken({ first, reenacted }: JudgedRuns, evidence: Evidence): string[] {
  const of = (run: JudgedRuns["first"]) =>
    run.result?.parameters.find(([name]) => name === "refresh_token")?.[1];
  const [sent, again] = [of(first), of(reenacted)];
  if (sent === undefined) return [];
  if (!heldBy(first).has(sent)) return ["is not what an answer held"];
  const named = [...evidence.issued.values()].filter(({ name }) => isRefreshName(name));
  const isNamed = named.length === 0 || named.some(({ value }) => value === again);
  return isNamed ? [] : ["is another value than the refresh token of the answers"];
}
