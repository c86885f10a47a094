/** Cookies that the hops of one redirect chain set, for the hops that follow on the same origin. */
import { CookieJar, endsCookie, formatCookies } from "../http/cookie_jar.ts";
import { parseCookieHeader, responseCookies } from "../http/cookies.ts";
import type { HttpRequest, HttpResponse } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { setHeader } from "./credentials.ts";

export class HopCookies {
  #set = new CookieJar();
  /** What the server took away: the stored token may hold it still. */
  #ended = new CookieJar();
  #nowMs = 0;
  /** Nothing was kept yet: most chains are one hop. */
  #isEmpty = true;

  /** Keeps what the response to `url` sets. */
  take(response: HttpResponse, url: string, nowMs: number): void {
    this.#nowMs = nowMs;
    for (const cookie of responseCookies(response.headers)) {
      this.#isEmpty = false;
      const isOver = endsCookie(cookie, nowMs);
      const over = { ...cookie, maxAgeSec: 0 };
      const lasting = { ...cookie, maxAgeSec: undefined, expiresMs: undefined };
      this.#set.store(isOver ? over : lasting, new URL(url), nowMs);
      this.#ended.store(isOver ? lasting : over, new URL(url), nowMs);
    }
  }

  /** Another origin: nothing of what was kept belongs to it. */
  clear(): void {
    this.#set = new CookieJar();
    this.#ended = new CookieJar();
  }

  /** The request with the kept cookies in its `Cookie` header, the taken ones gone from it. */
  applyTo(request: HttpRequest): HttpRequest {
    if (this.#isEmpty) return request;
    const url = new URL(request.url);
    const [set, ended] = [this.#set, this.#ended].map((jar) => jar.cookiesFor(url, this.#nowMs));
    if (set!.length + ended!.length === 0) return request;
    const pairs = new Map(parseCookieHeader(headerValue(request.headers, "cookie") ?? ""));
    for (const { name } of ended!) pairs.delete(name);
    for (const { name, value } of set!.toReversed()) pairs.set(name, value);
    const others = request.headers.filter(([name]) => name.toLowerCase() !== "cookie");
    const header = formatCookies([...pairs]);
    return { ...request, headers: header === "" ? others : setHeader(others, "Cookie", header) };
  }
}
