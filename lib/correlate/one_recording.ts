/**
 * Files that were given together: which of them are one recording, and why one is not. Two files belong together
 * when one goes on with the other, as in `sessionsOf()`; and, since somebody gave them together, also where they
 * carry the same session or one of them none, and not each of them holds a login.
 */
import { splitScheme } from "../http/auth_scheme.ts";
import type { Trace } from "../http/exchange.ts";
import { isOpaque } from "../http/opaque.ts";
import { isBystanderCookie } from "../http/ordinary_traffic.ts";
import { parseUrl } from "../http/url.ts";
import { siteOf } from "./app_origins.ts";
import { inFlowOrder } from "./flow_order.ts";
import { type Leaf, requestLeaves } from "../codec/request_leaves.ts";
import { continues, exchangesOf, partsOf, type SessionPart } from "./session_part.ts";
import { belongTogether, clocksContradict, joined, merged } from "./sessions.ts";

export type ApartReason = "another-login" | "other-credentials" | "another-site" | "clocks";

export interface TogetherRecording {
  /** Places of its files, in the order given. */
  readonly members: readonly number[];
  /** In time order; what two files hold is there once. */
  readonly traces: readonly Trace[];
  /** Why it is not part of the first one; `null` for that. */
  readonly apart: ApartReason | null;
}

interface Group extends SessionPart {
  readonly members: readonly number[];
  /** Opaque values by the place in which requests carry them. */
  readonly places: ReadonlyMap<string, ReadonlySet<string>>;
  readonly sites: ReadonlySet<string>;
}

/** 1973: what is before it is not a time of a recording but a place in an order. */
const FIRST_MS = 1e11;
/** Requests without times are that far apart. */
const STEP_MS = 1;

/** `files` hold the traces of one file each. */
export function recordingsIn(files: readonly (readonly Trace[])[]): TogetherRecording[] {
  const groups = partsOf(files).map((part, index): Group => ({
    ...part,
    members: [index],
    places: placesIn(part.traces),
    sites: sitesIn(part.traces),
  }));
  const going = merged(groups, (a, b) => belongTogether(a, b) && !isOutOfTime(a, b), union);
  const [first, ...others] = merged(going, (a, b) => reasonAgainst(a, b) === null, union);
  if (first === undefined) return [];
  return [first, ...others].map((group) => ({
    members: group.members,
    traces: group.traces,
    apart: group === first ? null : reasonAgainst(first, group),
  }));
}

function union(a: Group, b: Group): Group {
  const places = new Map(a.places);
  for (const [place, values] of b.places) {
    places.set(place, (places.get(place) ?? new Set<string>()).union(values));
  }
  const [one, other] = dated(a, b);
  return {
    ...joined(one, other),
    members: [...a.members, ...b.members].sort((first, second) => first - second),
    places,
    sites: a.sites.union(b.sites),
  };
}

function reasonAgainst(a: Group, b: Group): ApartReason | null {
  if (isOutOfTime(a, b)) return "clocks";
  if (a.logins.size > 0 && b.logins.size > 0) return "another-login";
  if (a.sites.isDisjointFrom(b.sites)) return "another-site";
  return carriesOther(a, b) ? "other-credentials" : null;
}

/** A key of the application is in both whoever asks; a place with a value of its own in each tells them apart. */
function carriesOther(a: Group, b: Group): boolean {
  if (a.places.size === 0 || b.places.size === 0) return false;
  const common = [...a.places.keys()].filter((place) => b.places.has(place));
  return common.length === 0 ||
    common.some((place) => a.places.get(place)!.isDisjointFrom(b.places.get(place)!));
}

function isOutOfTime(a: Group, b: Group): boolean {
  return isTimed(a) && isTimed(b) && clocksContradict(a, b);
}

function isTimed({ traces }: SessionPart): boolean {
  return traces.some(({ startedAtMs }) => startedAtMs > FIRST_MS);
}

/** Where one of two has no times, it gets those around the other: before it where it hands something on. */
function dated(a: Group, b: Group): [Group, Group] {
  if (isTimed(a) && isTimed(b)) return [a, b];
  if (!isTimed(a) && !isTimed(b)) return oneAfterAnother(a, b);
  const [timed, untimed] = isTimed(a) ? [a, b] : [b, a];
  const isBefore = continues(untimed, timed) && !continues(timed, untimed);
  const times = timed.traces.map(({ startedAtMs }) => startedAtMs).filter((ms) => ms > FIRST_MS)
    .sort((one, other) => one - other);
  const [first, last] = [times[0]!, times.at(-1)!];
  const { length } = untimed.traces;
  const startMs = isBefore ? first - length * STEP_MS : last + STEP_MS;
  const placed = startingAt(untimed, inFlowOrder(untimed.traces), startMs);
  return untimed === a ? [placed, b] : [a, placed];
}

/** Neither has times: each in its order, and first what hands something on. */
function oneAfterAnother(a: Group, b: Group): [Group, Group] {
  const isBefore = continues(b, a) && !continues(a, b);
  const [first, second] = isBefore ? [b, a] : [a, b];
  const start = startingAt(first, inFlowOrder(first.traces), 0);
  const rest = startingAt(second, inFlowOrder(second.traces), first.traces.length * STEP_MS);
  return isBefore ? [rest, start] : [start, rest];
}

function startingAt(group: Group, ordered: readonly Trace[], startMs: number): Group {
  const traces = ordered.map((trace, index) => ({
    ...trace,
    startedAtMs: startMs + index * STEP_MS,
  }));
  return { ...group, traces, exchanges: exchangesOf(traces) };
}

/** Those of cookies, headers and query parameters. */
function placesIn(traces: readonly Trace[]): Map<string, Set<string>> {
  const places = new Map<string, Set<string>>();
  for (const { noise, request } of traces) {
    if (noise !== null) continue;
    for (const leaf of requestLeaves(request).filter(isOfSession)) {
      const key = `${leaf.place.kind} ${leaf.name.toLowerCase()}`;
      places.set(key, (places.get(key) ?? new Set()).add(splitScheme(leaf.value).credentials));
    }
  }
  return places;
}

function isOfSession({ place, name, value }: Leaf): boolean {
  if (!isOpaque(splitScheme(value).credentials)) return false;
  if (place.kind === "cookie") return !isBystanderCookie(name);
  return place.kind === "query" || place.kind === "header";
}

function sitesIn(traces: readonly Trace[]): Set<string> {
  const urls = traces.filter(({ noise }) => noise === null)
    .flatMap(({ request }) => parseUrl(request.url) ?? []);
  return new Set(urls.map(({ hostname }) => siteOf(hostname)));
}
