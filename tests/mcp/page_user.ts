/** A person at the login page: follows redirects, keeps the cookie, reads the form and sends it. */
import assert from "node:assert/strict";

export class PageUser {
  readonly #origin: string;
  #cookie = "";
  text = "";
  /** The pages so far. */
  readonly seen: string[] = [];

  private constructor(origin: string) {
    this.#origin = origin;
  }

  static async open(address: string): Promise<PageUser> {
    const user = new PageUser(new URL(address).origin);
    await user.#go(address);
    return user;
  }

  /** What the page asks; `null` where it asks nothing. */
  get question(): { readonly label: string; readonly input: string } | null {
    if (!this.text.includes('action="/answer"')) return null;
    const label = /<label for="value">([^<]*)/.exec(this.text)?.[1] ?? "";
    if (label === "") return { label: this.text, input: "confirm" };
    return { label, input: this.text.includes('type="password"') ? "password" : "text" };
  }

  async submit(fields: Record<string, string>): Promise<void> {
    const action = /<form method="post" action="([^"]+)"/.exec(this.text)?.[1];
    assert.ok(action, this.text);
    const id = /name="id" value="(\d+)"/.exec(this.text)?.[1];
    const body = new URLSearchParams({ ...(id === undefined ? {} : { id }), ...fields });
    await this.#go(this.#origin + action, {
      method: "POST",
      body,
      headers: { origin: this.#origin },
    });
    await this.waitWhileWorking();
  }

  async waitWhileWorking(): Promise<void> {
    for (let looks = 0; looks < 100 && this.text.includes('http-equiv="refresh"'); looks++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      await this.#go(`${this.#origin}/`);
    }
  }

  async #go(url: string, init: RequestInit = {}): Promise<void> {
    const headers = { ...init.headers as Record<string, string>, cookie: this.#cookie };
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    this.#cookie = response.headers.get("set-cookie")?.split(";")[0] ?? this.#cookie;
    const location = response.headers.get("location");
    this.text = await response.text();
    this.seen.push(this.text);
    if (location !== null) await this.#go(new URL(location, url).href);
  }
}
