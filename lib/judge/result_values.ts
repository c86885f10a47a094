/** What a script hands over and no recorded request need have carried: a refresh token, a Digest's secret. */
import type { HttpRequest } from "../http/exchange.ts";
import { mediaType } from "../http/headers.ts";
import { pathnameOf } from "../http/url.ts";
import { isKeepAlivePath, isRefreshName } from "../http/vocabulary.ts";
import { isWithin } from "./asked_values.ts";
import { resultPlaces } from "./carried_values.ts";
import { type Objection, objection, objectionTo } from "./finding.ts";
import { openText } from "./open_text.ts";
import { inputOf } from "./prompt_answers.ts";
import { askedBy, isReading } from "./reproduced.ts";
import { requestValues } from "./request_values.ts";
import type { ScriptRun } from "./run.ts";
import type { ScriptCase } from "./script_case.ts";

export function resultObjections(script: ScriptCase): Objection[] {
  const { runs } = script;
  const { first, second, reenacted, reproduced = reenacted } = runs;
  if (first.result !== null && (reenacted.result === null || reproduced.result === null)) {
    const problem = "does not come to its end with everything as it was recorded";
    return [objectionTo("script", problem)];
  }
  const asked = (first.result?.computed ?? []).map((text, at) =>
    inputOf(runs, text, second.result?.computed[at])
  );
  const isEachAsked = !asked.includes(null) && new Set(asked).size === asked.length;
  const problem = "is not what is asked for, each by itself";
  return [
    ...isEachAsked ? [] : [objectionTo("result computed credential", problem)],
    ...staleCookies(script),
    ...unsentValues(script),
    ...refreshToken(script).map((problem) => objectionTo("result refresh_token", problem)),
  ];
}

/**
 * A login that changes something sets the session's cookie anew: the one from before it is nobody's.
 * @rule off: []
 */
function staleCookies(script: ScriptCase): Objection[] {
  const { runs: { first, reenacted }, evidence } = script;
  const asked = new Set(first.sent.map(({ request }) => askedBy(request)));
  return resultPlaces(reenacted.result).flatMap(({ kind, name, value, where }) => {
    const last = kind === "cookie" ? evidence.carriers(kind, name).at(-1) : undefined;
    const issued = last === undefined ? undefined : evidence.issued.get(last.value);
    if (last === undefined || issued?.kind !== "cookie" || last.value === value) return [];
    const { request, response } = evidence.traces[issued.index]!;
    // A page sets a session's cookie anew as it likes; a redirect on the way does it once.
    const isPage = isReading(request) && (response?.status ?? 200) < 300;
    if (isPage || asked.has(askedBy(request))) return [];
    if (keepsAlive(request) || servesData(name, value, issued.index, script)) return [];
    const problem =
      "is the one from before the request that set it anew, which the script never makes";
    return [objection({ trace: issued.trace, where }, problem)];
  });
}

/** A login may go on by POST; so many addresses that answer with data are those of the app. */
const MIN_POSTED = 3;

/**
 * Data was served for the value after all that the script does: that it was set anew later takes nothing back.
 * @rule off: false
 */
function servesData(
  name: string,
  value: string,
  renewed: number,
  { evidence, reproduced }: ScriptCase,
): boolean {
  const served = evidence.carriers("cookie", name)
    .filter(({ value: sent, index }) => sent === value && index > reproduced.end && index < renewed)
    .map(({ index }) => evidence.traces[index]!)
    .filter(({ response }) => response?.status === 200 && /json/.test(mediaType(response.headers)))
    .map(({ request }) => request);
  return served.some(({ method }) => method === "GET") ||
    new Set(served.map(({ url }) => url)).size >= MIN_POSTED;
}

/**
 * A session goes on under another name by a request that says so and hands nothing over.
 * @rule off: false
 */
function keepsAlive({ url, body }: HttpRequest): boolean {
  return (body?.length ?? 0) === 0 && isKeepAlivePath(pathnameOf(url));
}

/**
 * What no recorded request carried under this name is at least something the script was given, or has sent
 * itself, where it was judged.
 * @rule off: []
 */
function unsentValues({ runs, evidence, held }: ScriptCase): Objection[] {
  const { first, second } = runs;
  const others = new Map(resultPlaces(second.result).map(({ where, value }) => [where, value]));
  return resultPlaces(first.result).flatMap(({ kind, name, value, where }) => {
    const other = others.get(where);
    if (other === undefined || other === value || evidence.carriers(kind, name).length > 0) {
      return [];
    }
    const isGiven = openText(value).some((part) => held.has(part)) ||
      sentBy(first).has(value) || isWithin(runs, openText(value), openText(other));
    return isGiven ? [] : [objectionTo(where, "is made up")];
  });
}

function sentBy({ sent }: ScriptRun): Set<string> {
  return new Set(sent.flatMap(({ request }) => requestValues(request).map(({ value }) => value)));
}

/** The recorded answer names it, so that no other value passes for it. @rule off: [] */
function refreshToken({ runs: { first, reenacted }, evidence, held }: ScriptCase): string[] {
  const of = ({ result }: ScriptRun) =>
    result?.parameters.find(([name]) => name === "refresh_token")?.[1];
  const [sent, again] = [of(first), of(reenacted)];
  if (sent === undefined) return [];
  if (!held.has(sent)) return ["is not what an answer held"];
  const named = [...evidence.issued.values()].filter(({ name }) => isRefreshName(name));
  const isNamed = named.length === 0 || named.some(({ value }) => value === again);
  return isNamed ? [] : ["is another value than the refresh token of the answers"];
}
