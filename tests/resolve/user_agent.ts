/** A user at a browser: follows redirects with cookies and sends the forms of a login as they come. */
import assert from "node:assert/strict";
import { parseSetCookie } from "../../lib/http/cookies.ts";
import { parseHtml } from "../../lib/http/html.ts";

const MAX_STEPS = 30;

export interface UserAgentOptions {
  /** Pressed on every page that offers it: `abort` declines. */
  readonly decline?: boolean;
  /** Stops before a redirect that leads below this URL. */
  readonly stopBefore?: string;
}

/** Goes through a login. Answers the text of the page it ends on, or the address it stopped before. */
export async function logIn(address: string, options: UserAgentOptions = {}): Promise<string> {
  const cookies = new Map<string, string>();
  let next: { url: string; form: URLSearchParams | null } = { url: address, form: null };
  for (let step = 0; step < MAX_STEPS; step++) {
    const response = await fetch(next.url, {
      method: next.form === null ? "GET" : "POST",
      headers: { cookie: [...cookies].map((pair) => pair.join("=")).join("; ") },
      body: next.form,
      redirect: "manual",
    });
    for (const line of response.headers.getSetCookie()) {
      const cookie = parseSetCookie(line)!;
      cookies.set(cookie.name, cookie.value);
    }
    const text = await response.text();
    const location = response.headers.get("location");
    if (location !== null) {
      const url = new URL(location, next.url).href;
      if (options.stopBefore !== undefined && url.startsWith(options.stopBefore)) return url;
      next = { url, form: null };
      continue;
    }
    const page = parseHtml(text);
    const form = page.forms[0];
    if (form === undefined) return text;
    if (options.decline) {
      const abort = /href="([^"]*\/abort)"/.exec(text)?.[1];
      assert.ok(abort, `No way to decline on ${next.url}`);
      next = { url: new URL(abort, next.url).href, form: null };
      continue;
    }
    const fields = new URLSearchParams();
    for (const { name, value, type, sent } of form.inputs) {
      if (sent && name !== "") fields.set(name, type === "hidden" || value !== "" ? value : "anna");
    }
    next = { url: new URL(form.action || next.url, next.url).href, form: fields };
  }
  return assert.fail(`The login at ${address} does not end`);
}
