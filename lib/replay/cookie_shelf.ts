/** The cookies the replay server has handed out, and which of them a user agent sends where. */
import { deletesCookie, parseSetCookie } from "../http/cookies.ts";
import type { HeaderList } from "../http/exchange.ts";
import { headerValues } from "../http/headers.ts";

interface ShelfCookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  readonly isHostOnly: boolean;
  readonly path: string;
}

export class CookieShelf {
  #cookies: ShelfCookie[] = [];

  /** Takes in the `Set-Cookie` lines of an answer (RFC 6265 section 5.3). */
  keep(headers: HeaderList, url: URL, nowMs: number): void {
    for (const line of headerValues(headers, "set-cookie")) {
      const parsed = parseSetCookie(line);
      if (parsed === null) continue;
      const cookie: ShelfCookie = {
        name: parsed.name,
        value: parsed.value,
        host: parsed.domain ?? url.hostname,
        isHostOnly: parsed.domain === undefined,
        path: parsed.path ?? defaultPath(url),
      };
      this.#cookies = this.#cookies.filter((other) => !isSame(other, cookie));
      const isGone = deletesCookie(parsed, nowMs) && parsed.value !== '""';
      if (!isGone) this.#cookies.push(cookie);
    }
  }

  /** The current values of a cookie that reach a URL; usually one. */
  values(name: string, url: URL): string[] {
    return this.#cookies
      .filter((cookie) => cookie.name === name && reaches(cookie, url))
      .map((cookie) => cookie.value);
  }
}

function isSame(a: ShelfCookie, b: ShelfCookie): boolean {
  return a.name === b.name && a.host === b.host && a.path === b.path;
}

function reaches(cookie: ShelfCookie, url: URL): boolean {
  const host = url.hostname;
  const isHost = host === cookie.host || !cookie.isHostOnly && host.endsWith(`.${cookie.host}`);
  return isHost && (url.pathname === cookie.path ||
    url.pathname.startsWith(cookie.path.endsWith("/") ? cookie.path : `${cookie.path}/`));
}

/** RFC 6265 section 5.1.4. */
function defaultPath(url: URL): string {
  return url.pathname.slice(0, Math.max(1, url.pathname.lastIndexOf("/")));
}
