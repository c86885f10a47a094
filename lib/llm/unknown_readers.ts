/**
 * Which answers were sent to somebody whom the site did not know yet, and for whom the others were made: what they
 * say to everybody is the application's, and what they say to one may be about that one.
 */
import { requestLeaves } from "../codec/request_leaves.ts";
import { parseSetCookie, requestCookies } from "../http/cookies.ts";
import type { HttpRequest, Trace } from "../http/exchange.ts";
import { headerValue, headerValues } from "../http/headers.ts";
import { parseUrl } from "../http/url.ts";
import { isLogoutPath } from "../http/vocabulary.ts";
import { knowsReader } from "./known_reader.ts";

/** A shorter value is typed in other places by chance. In UTF-16 units. */
const MIN_TYPED = 3;

/**
 * Ids of the traces before anything typed was sent, in captures in which something is typed: without that, or with
 * credentials that no recorded answer set, or from an address that is one reader's, the site may know its reader, also
 * where the export left them out.
 */
export function unknownReaders(
  traces: readonly Trace[],
  typed: readonly string[],
): ReadonlySet<string> {
  const told = new Set(typed.filter(({ length }) => length >= MIN_TYPED));
  const found = new Set<string>();
  for (const capture of Map.groupBy(traces, ({ captureId }) => captureId).values()) {
    const first = capture.findIndex(({ request }) => sendsTyped(request, told));
    const before = first < 0 ? [] : capture.slice(0, first);
    const from = before.findLastIndex(({ request }) =>
      isLogoutPath(parseUrl(request.url)?.pathname ?? "")
    );
    for (const id of withoutCredentials(before.slice(from + 1))) found.add(id);
  }
  return found;
}

function* withoutCredentials(traces: readonly Trace[]): Generator<string> {
  const set = new Set<string>();
  for (const [index, trace] of traces.entries()) {
    const { id, request, response } = trace;
    const isKnown = headerValue(request.headers, "authorization") !== undefined ||
      requestCookies(request.headers).some(([name]) => !set.has(name)) ||
      knowsReader(trace, traces.slice(0, index));
    if (isKnown) return;
    for (const line of headerValues(response?.headers ?? [], "set-cookie")) {
      set.add(parseSetCookie(line)?.name ?? "");
    }
    yield id;
  }
}

function sendsTyped(request: HttpRequest, typed: ReadonlySet<string>): boolean {
  return requestLeaves(request).some(({ value }) => typed.has(value));
}

/**
 * Who read an answer, by trace: what stood last where a told name of a user was typed. Absent where nobody is known.
 */
export function accounts(
  traces: readonly Trace[],
  identifiers: readonly string[],
): ReadonlyMap<string, string> {
  const names = new Set(identifiers.filter(({ length }) => length >= MIN_TYPED));
  const fields = traces.flatMap(({ request }) =>
    requestLeaves(request).flatMap((leaf) =>
      names.has(leaf.value) ? [fieldOf(request, leaf.name)] : []
    )
  );
  const isIdentifier = new Set(fields);
  const found = new Map<string, string>();
  for (const capture of Map.groupBy(traces, ({ captureId }) => captureId).values()) {
    let account: string | undefined;
    for (const { id, request } of capture) {
      const typed = requestLeaves(request).find(({ name }) =>
        isIdentifier.has(fieldOf(request, name))
      );
      account = typed?.value ?? account;
      if (account !== undefined) found.set(id, account);
    }
  }
  return found;
}

function fieldOf({ method, url }: HttpRequest, name: string): string {
  return `${method} ${parseUrl(url)?.pathname ?? url} ${name}`;
}
