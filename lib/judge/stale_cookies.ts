/** A cookie that an answer of the same run has set anew is sent as it is now (RFC 6265 section 5.3). */
import { endsCookie } from "../http/cookie_jar.ts";
import { parseSetCookie } from "../http/cookies.ts";
import type { HttpResponse } from "../http/exchange.ts";
import { parseUrl } from "../http/url.ts";
import { carriedBy } from "./carried_values.ts";
import { type Objection, objection } from "./finding.ts";
import type { ScriptRun } from "./run.ts";

/** @rule off: [] */
export function staleCookies(run: ScriptRun): Objection[] {
  const jar = new SetValues();
  return carriedBy(run).flatMap(({ trace, values, answer }, index) => {
    const stale = values.filter(({ kind, name, value }) =>
      kind === "cookie" && jar.isReplaced(name, value)
    ).map(({ where }) => objection({ trace, where }, "is not the value the last answer has set"));
    if (answer !== null) jar.keep(run.sent[index]!.request.url, answer);
    return stale;
  });
}

/** By name, and by the host and path that one of them is set for. */
class SetValues {
  readonly #current = new Map<string, Map<string, string>>();
  readonly #replaced = new Set<string>();

  keep(url: string, answer: HttpResponse): void {
    const host = parseUrl(url)?.host ?? "";
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

  isReplaced(name: string, value: string): boolean {
    const isCurrent = [...this.#current.get(name)?.values() ?? []].includes(value);
    return !isCurrent && this.#replaced.has(`${name}=${value}`);
  }
}
