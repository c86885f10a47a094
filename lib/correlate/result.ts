/** The result of a login: the sinks as expressions over what the steps extracted. */
import { atoms } from "./expr_walk.ts";
import { isApiKeyName, isCredentialName } from "../http/vocabulary.ts";
import { applied, concat, isConstant } from "./expr.ts";
import type { Expr, ResultTemplate } from "./flow.ts";
import { messageOf } from "./known_values.ts";
import { cookieLifetime, tokenLifetime } from "./lifetime.ts";
import { mayBeNamedBy } from "./person_name.ts";
import type { Occurrences } from "./occurrences.ts";
import { fieldPath, type Leaf } from "./leaves.ts";
import type { Message, Recording } from "./recording.ts";
import type { ApiTraffic } from "./sink.ts";
import type { Slice } from "./slice.ts";
import { isOpaque } from "../http/opaque.ts";

/** The result template; `null` when no request carries a credential. */
export function buildResult(slice: Slice, traffic: ApiTraffic): ResultTemplate | null {
  const resolved = (sinks: ApiTraffic["headers"]) =>
    sinks.map(({ message, leaf }) => [leaf, slice.resolve(message, leaf)] as const);
  const headers = resolved(traffic.headers).map(([leaf, expr]) => [leaf.name, expr] as const);
  const queryParams = resolved(traffic.query).filter(isForAll)
    .map(([leaf, expr]) => [leaf.name, expr] as const);
  const bodyParams = resolved(traffic.body).filter(isForAll)
    .map(([leaf, expr]) => [fieldPath(leaf), expr] as const);
  const cookies = buildCookies(slice, traffic);
  const carried = [...headers, ...queryParams, ...bodyParams, ...(cookies?.client ?? [])]
    .some(([, expr]) => !isConstant(expr));
  if (!carried && (cookies === null || cookies.names.length === 0)) return null;
  return {
    headers: [...headers, ...boundHeaders(slice, traffic, headers.map(([name]) => name))],
    cookies,
    bodyParams,
    queryParams,
    computed: [],
    refreshToken: null,
    expiresIn: lifetime(slice, [...headers, ...queryParams, ...bodyParams], cookies),
  };
}

/**
 * A constant goes with each request of an app only under a key's name: the hash of one operation is not another's.
 * @rule off: true
 */
function isForAll([{ name, place }, expr]: readonly [Leaf, Expr]): boolean {
  if (place.kind === "json" && place.path.includes("persistedQuery")) return false;
  return !isConstant(expr) || isCredentialName(name) || isApiKeyName(name);
}

/** Path-bound cookies need a URL each: those of the requests that carry the most, until all are in. */
function buildCookies(slice: Slice, traffic: ApiTraffic): ResultTemplate["cookies"] {
  const { provenance } = slice.explainer;
  const client: (readonly [string, Expr])[] = [];
  const names: string[] = [];
  for (const { message, leaf } of traffic.cookies) {
    const value = slice.cookie(message, leaf);
    if (value === null) continue;
    names.push(leaf.name);
    if (value.kind === "client") client.push([leaf.name, value.expr]);
  }
  if (names.length === 0) return null;
  const carriers = covering(traffic.requests, new Set(names));
  const urls = carriers.map((message) => message.url.origin + plainPath(message, provenance));
  const all = carriers.map((message) => addressOf(message, slice));
  const addresses = [...new Map(all.map((expr) => [JSON.stringify(expr), expr])).values()];
  const isTyped = addresses.some((address) => !isConstant(address));
  return { urls, names, client, ...isTyped ? { addresses } : {} };
}

/** The path up to what an answer of this session made: a script must not hold that. */
function plainPath({ url, leaves, index }: Message, provenance: Occurrences): string {
  const made = leaves.find(({ place, value }) =>
    place.kind === "path" &&
    (value.match(/[\w-]{8,}/g) ?? []).some((part) =>
      isOpaque(part) && provenance.find(part, index) !== null
    )
  );
  if (made?.place.kind !== "path") return url.pathname;
  return url.pathname.split("/").slice(0, made.place.index + 1).join("/") + "/";
}

/** The address with what the user typed in its path: cookies may be bound to a folder of theirs. */
function addressOf(message: Message, slice: Slice): Expr {
  const { explainer } = slice;
  const led = ledAddress(message, slice);
  if (led !== null) return led;
  const { origin } = message.url;
  const pathname = plainPath(message, explainer.provenance);
  const segments = message.leaves.filter(({ place }) => place.kind === "path").map((leaf) => {
    const { expr, unexplained } = explainer.explain(message, leaf);
    const isTyped = !unexplained && !isConstant(expr) &&
      atoms(expr).every(({ kind }) => kind === "input" || kind === "constant");
    return isTyped ? expr : null;
  });
  const parts = pathname.slice(1).split("/").flatMap((text, index) => {
    const expr = segments[index] ?? null;
    return ["/", expr === null ? text : applied("url-encode", expr)];
  });
  return concat([origin, ...parts]);
}

/**
 * Where a redirect led, in the innermost folder around the address, where that is named for somebody.
 * @rule off: null
 */
function ledAddress({ url }: Message, slice: Slice): Expr | null {
  const folders = slice.indexes.flatMap((index) => {
    const { url: template } = slice.step(index);
    const at = slice.recording.at(index).url;
    const folder = at.pathname.slice(0, at.pathname.lastIndexOf("/") + 1);
    const isAround = at.origin === url.origin && url.pathname.startsWith(folder);
    const isNamed = folder.split("/").some((segment, place, all) =>
      segment !== "" && mayBeNamedBy(all[place - 1] ?? "", segment)
    );
    return template.kind === "whole" && isAround && isNamed
      ? [{ folder, expr: template.expr }]
      : [];
  });
  const [innermost] = folders.sort((a, b) => b.folder.length - a.folder.length);
  return innermost?.expr ?? null;
}

function covering(requests: readonly Message[], names: ReadonlySet<string>): Message[] {
  const missing = new Set(names);
  const found: Message[] = [];
  while (missing.size > 0) {
    let [best, most]: [Message | null, number] = [null, 0];
    for (const message of requests) {
      const carried = message.cookies.filter(({ name }) => missing.has(name)).length;
      if (carried > most) [best, most] = [message, carried];
    }
    if (best === null) break;
    for (const { name } of best.cookies) missing.delete(name);
    found.push(best);
  }
  return found;
}

/** Share of the API's requests that must carry a header alike for the session to be bound to it. */
const COMMON_SHARE = 0.8;

/**
 * Own headers that nearly every API request carries alike and that are made for this client or user:
 * a device id the session is bound to. Constants of the client (versions, application keys) are no
 * credentials; the script's requests and the tools carry them.
 * @rule off: []
 */
function boundHeaders(
  slice: Slice,
  traffic: ApiTraffic,
  taken: readonly string[],
): (readonly [string, Expr])[] {
  const skip = new Set(["authorization", ...taken.map((name) => name.toLowerCase())]);
  const sent = traffic.requests.flatMap((message) =>
    message.ownHeaders.map((leaf) => ({ message, leaf }))
  );
  return [...Map.groupBy(sent, ({ leaf }) => leaf.name.toLowerCase())]
    .filter(([name, [first, ...others]]) =>
      !skip.has(name) && others.length + 1 >= traffic.requests.length * COMMON_SHARE &&
      others.every(({ leaf }) => leaf.value === first!.leaf.value)
    )
    .map(([, [first]]) => [first!.leaf.name, slice.resolve(first!.message, first!.leaf)] as const)
    .filter(([, expr]) => !isConstant(expr));
}

function lifetime(
  { recording, known }: Slice,
  credentials: readonly (readonly [string, Expr])[],
  cookies: ResultTemplate["cookies"],
): ResultTemplate["expiresIn"] {
  for (const atom of credentials.flatMap(([, expr]) => atoms(expr))) {
    const extraction = known.extractionOf(atom);
    if (extraction === undefined) continue;
    const message = recording.at(messageOf(extraction));
    const path = extraction.locator.kind === "json" ? extraction.locator.path : null;
    const found = tokenLifetime(atom, extraction.recorded, message, path, known);
    if (found !== null) return found;
  }
  const names = (cookies?.names ?? []).filter((name) => authenticates(name, recording));
  const seconds = cookieLifetime(recording, new Set(names));
  return seconds === null ? null : { kind: "constant", seconds };
}

/**
 * A cookie that can be a session's: named so, or with a value that is not a plain word or number.
 * @rule off: true
 */
function authenticates(name: string, recording: Recording): boolean {
  return isCredentialName(name) ||
    recording.messages.some((message) =>
      message.setCookies.some((cookie) =>
        cookie.name === name && isOpaque(cookie.value) && !/^\d+$/.test(cookie.value)
      )
    );
}
