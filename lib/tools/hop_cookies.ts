/** Cookies that the hops of one redirect chain set, for the hops that follow on the same origin. */
import { deletesCookie, parseCookieHeader, responseCookies } from "../http/cookies.ts";
import type { HttpRequest, HttpResponse } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { setHeader } from "./credentials.ts";

interface HopCookie {
  /** `null`: the server took the cookie away. */
  readonly value: string | null;
  readonly path: string;
}

export class HopCookies {
  readonly #cookies = new Map<string, HopCookie>();

  /** Keeps what the response sets. */
  take(response: HttpResponse, nowMs: number): void {
    for (const cookie of responseCookies(response.headers)) {
      const value = deletesCookie(cookie, nowMs) ? null : cookie.value;
      this.#cookies.set(cookie.name, { value, path: cookie.path ?? "/" });
    }
  }

  /** Another origin: nothing of what was kept belongs to it. */
  clear(): void {
    this.#cookies.clear();
  }

  /** The request with the kept cookies in its `Cookie` header, the taken ones gone from it. */
  applyTo(request: HttpRequest): HttpRequest {
    if (this.#cookies.size === 0) return request;
    const { pathname } = new URL(request.url);
    const pairs = new Map(parseCookieHeader(headerValue(request.headers, "cookie") ?? ""));
    for (const [name, { value, path }] of this.#cookies) {
      if (!pathMatches(path, pathname)) continue;
      if (value === null) pairs.delete(name);
      else pairs.set(name, value);
    }
    const others = request.headers.filter(([name]) => name.toLowerCase() !== "cookie");
    const header = [...pairs].map(([name, value]) => name === "" ? value : `${name}=${value}`)
      .join("; ");
    return { ...request, headers: header === "" ? others : setHeader(others, "Cookie", header) };
  }
}

/** RFC 6265 section 5.1.4. */
function pathMatches(cookiePath: string, path: string): boolean {
  if (!path.startsWith(cookiePath)) return false;
  return cookiePath.endsWith("/") || path.length === cookiePath.length ||
    path[cookiePath.length] === "/";
}
