/**
 * Session cookies that a server replaces in every answer: sessions kept in the cookie itself, encrypted
 * anew each time, and sessions whose end moves on. A later value renews what the login earned, and the
 * answers in between are no part of the login: reading a page is asked for no change (RFC 9110 section
 * 9.2.1), and the user agent's jar holds whatever came last (RFC 6265 section 5.3).
 */
import type { Leaf } from "./leaves.ts";
import type { LoginSpan } from "./login_span.ts";
import { cookiesFor, type Message, type Recording } from "./recording.ts";

/** Renewals by answers to reading requests from which on a cookie counts as rolling. */
const MIN_RENEWALS = 3;

export class RollingCookies {
  readonly #recording: Recording;
  readonly #loginEnd: number;
  #names: ReadonlySet<string> | undefined;

  constructor(recording: Recording, { end }: LoginSpan) {
    this.#recording = recording;
    this.#loginEnd = end;
  }

  /**
   * Index of the login's answer that earned the cookie which this request carries renewed; `null` when
   * the cookie is not rolling, or is the login's own.
   * @rule off: null
   */
  issuedAt(message: Message, { name, value }: Leaf): number | null {
    const setter = this.#recording.cookieSetters(name, value, message.index)?.first ?? -1;
    if (this.#loginEnd < 0 || setter <= this.#loginEnd || !this.#isRolling(name)) return null;
    const earning = this.#recording.messages.slice(0, this.#loginEnd + 1).findLast((earlier) =>
      !renews(earlier, name) &&
      cookiesFor(earlier, name, message.url.hostname).some((cookie) => cookie.value !== "")
    );
    return earning?.index ?? null;
  }

  #isRolling(name: string): boolean {
    this.#names ??= rollingNames(this.#recording.messages.slice(this.#loginEnd + 1));
    return this.#names.has(name);
  }
}

function rollingNames(messages: readonly Message[]): Set<string> {
  const counts = new Map<string, number>();
  for (const message of messages) {
    for (const name of new Set(message.setCookies.map((cookie) => cookie.name))) {
      if (renews(message, name)) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return new Set([...counts].filter(([, count]) => count >= MIN_RENEWALS).map(([name]) => name));
}

/** A page that was only read, asked for with the cookie it replaces. */
function renews({ method, location, cookies, setCookies }: Message, name: string): boolean {
  if (method !== "GET" || location !== null) return false;
  const carried = cookies.find((leaf) => leaf.name === name)?.value;
  return carried !== undefined &&
    setCookies.some((cookie) =>
      cookie.name === name && cookie.value !== "" && cookie.value !== carried
    );
}
