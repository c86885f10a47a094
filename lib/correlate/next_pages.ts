/**
 * Where a page goes on by itself after an answer without a redirect: a meta element (HTML standard section 4.2.5.3),
 * an assignment to `location` in its script, and a member of JSON that is called so.
 */
import { parseUrl } from "../http/url.ts";
import { words } from "../http/vocabulary.ts";
import type { Message } from "./recording.ts";

/** What members of JSON are called that hold the page to open next. */
const NEXT =
  /^(redirect|location|next|forward|continue|goto|return|success)( (to|url|uri|page|path|link|href))*$|^(target|landing|home) (url|uri|page|path)$/;

const REFRESH =
  /^\s{0,9}\d{0,4}[.\d]{0,9}\s{0,9}[;,]\s{0,9}(?:url\s{0,9}=\s{0,9})?["']?([^"'\s]{1,2048})/i;

const ASSIGNED = /\blocation(?:\.href)?\s{0,9}=\s{0,9}["']([^"'\s]{1,2048})["']/g;
const CALLED = /\blocation\.(?:replace|assign)\(\s{0,9}["']([^"'\s]{1,2048})["']/g;

/** Scripts that set the address among much else are an application's, and not an answer's. In characters. */
const MAX_SCRIPT = 4_096;

/** @rule off: new Set() */
export function nextPages(message: Message): Set<string> {
  const found = message.page === null ? inJson(message) : inPage(message);
  return new Set(found.flatMap((text) => {
    const url = parseUrl(text.replaceAll("\\/", "/"), message.url.href);
    if (url === null) return [];
    url.hash = "";
    return [url.href];
  }));
}

function inJson(message: Message): string[] {
  return message.named("json").filter(({ name }) => NEXT.test(words(name)))
    .map(({ text }) => text).filter((text) => /^(https?:\/)?\//.test(text)).toArray();
}

function inPage({ page }: Message): string[] {
  const refreshed = page!.metas.filter(([name]) => /^refresh$/i.test(name))
    .flatMap(([, content]) => REFRESH.exec(content)?.[1] ?? []);
  const scripted = page!.scripts.filter(({ text }) => text.length <= MAX_SCRIPT)
    .flatMap(({ text }) => [...text.matchAll(ASSIGNED), ...text.matchAll(CALLED)])
    .map(([, address = ""]) => address);
  return [...refreshed, ...scripted];
}
