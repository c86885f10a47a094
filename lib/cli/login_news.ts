/** What is understood while a browser is recorded, as lines for the person at it. */
import type { SittingNews } from "../ops/capture_browser.ts";
import { countOf } from "./words.ts";

const NEEDS = {
  login: "still needed: log in",
  data: "still needed: open one page that loads data",
};
/** Requests between two lines that count them. */
const COUNT_EVERY = 25;

export class NewsLines {
  readonly #say: (line: string) => void;
  readonly #isAttended: boolean;
  readonly #hosts = new Set<string>();
  #hasLogin = false;
  #hasCredential = false;

  /** @param isAttended whether a person is at the browser, and told what to do there */
  constructor(say: (line: string) => void, isAttended = true) {
    this.#say = say;
    this.#isAttended = isAttended;
  }

  tell(news: SittingNews): void {
    switch (news.kind) {
      case "request":
        return this.#request(news.host, news.requests);
      case "field":
        return this.#say(`${news.field} field filled in`);
      case "refused":
        return this.#say(
          news.status > 0 && news.status < 400
            ? `login refused, by what ${news.host} answers`
            : `login refused: ${news.host} answered ${news.status || "not at all"}`,
        );
      case "login":
        this.#say(`login seen: ${news.host}${news.path}`);
        if (!this.#hasLogin && !this.#hasCredential) this.#say(NEEDS.data);
        this.#hasLogin = true;
        return;
      case "credential":
        this.#say(`token found: ${news.name} of ${news.host}`);
        if (!this.#hasCredential) {
          const advice = ": click through what you want, then close the window";
          this.#say(`enough for a login${this.#isAttended ? advice : ""}`);
        }
        this.#hasCredential = true;
        return;
      case "understood": {
        const asks = news.asks.length === 0 ? "nothing" : news.asks.join(", ");
        return this.#say(`login understood: ${countOf(news.requests, "request")}; asks ${asks}`);
      }
      case "open":
        return this.#say(`not explained yet: ${news.reason}`);
      case "proven":
        this.#say("a script of the login is proven");
        for (const open of news.open) this.#say(`two sessions would settle: ${open}`);
    }
  }

  #request(host: string, requests: number): void {
    if (!this.#hosts.has(host)) {
      this.#hosts.add(host);
      this.#say(`host: ${host}`);
    }
    if (requests % COUNT_EVERY !== 0) return;
    const missing = this.#hasCredential ? "" : `; ${this.#hasLogin ? NEEDS.data : NEEDS.login}`;
    this.#say(`${countOf(requests, "request")} of ${countOf(this.#hosts.size, "host")}${missing}`);
  }
}
