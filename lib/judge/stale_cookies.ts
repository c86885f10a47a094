/** A cookie that an answer of the same run has set anew is sent as it is now (RFC 6265 section 5.3). */
import { endsCookie } from "../http/cookie_jar.ts";
import { parseSetCookie, requestCookies } from "../http/cookies.ts";
import { parseUrl } from "../http/url.ts";
import type { Objection, ScriptRun, SentRequest } from "./run.ts";

/** @rule off: [] */
export function staleCookies({ sent, result }: ScriptRun): Objection[] {
  const jar = new SetValues();
  const found: Objection[] = [];
  for (const one of sent) {
    found.push(
      ...jar.staleIn(one.request.headers, "").map((stale) => ({ trace: one.trace, ...stale })),
    );
    jar.keep(one);
  }
  const headers = Object.entries(result?.headers ?? {});
  return [...found, ...jar.staleIn(headers, "result ").map((stale) => ({ trace: null, ...stale }))];
}

/** By name, and by the host and path that one of them is set for. */
class SetValues {
  readonly #current = new Map<string, Map<string, string>>();
  readonly #replaced = new Set<string>();

  keep({ request, answer }: SentRequest): void {
    const host = parseUrl(request.url)?.host ?? "";
    for (const [header, line] of answer.headers) {
      const cookie = header.toLowerCase() === "set-cookie" ? parseSetCookie(line) : null;
      if (cookie === null || endsCookie(cookie, 0)) continue;
      const places = this.#current.get(cookie.name) ?? new Map<string, string>();
      const place = `${cookie.domain ?? host} ${cookie.path ?? ""}`;
      const before = places.get(place);
      if (before !== undefined && before !== cookie.value) {
        this.#replaced.add(`${cookie.name}=${before}`);
      }
      this.#current.set(cookie.name, places.set(place, cookie.value));
    }
  }

  staleIn(headers: SentRequest["request"]["headers"], prefix: string): Omit<Objection, "trace">[] {
    return requestCookies(headers).flatMap(([name, value]) => {
      const isCurrent = [...this.#current.get(name)?.values() ?? []].includes(value);
      return isCurrent || !this.#replaced.has(`${name}=${value}`) ? [] : [{
        where: `${prefix}cookie "${name}"`,
        problem: "is not the value the last answer has set",
      }];
    });
  }
}
