/**
 * Pages whose bodies the recorder lost. Developer tools drop the body of a page when the next one is
 * loaded, and drivers that of a page which leads on at once. What its form held is still there, in the
 * request that submitted it (HTML standard section 4.10.22), so that the page can be made up from it:
 * its fields, without what the user typed into them.
 */
import { MARK } from "./made_up_page.ts";
import { parseBody } from "../http/body.ts";
import type { Trace } from "../http/exchange.ts";
import { headerValue, mediaType } from "../http/headers.ts";
import { parseUrl } from "../http/url.ts";
import { isDigestLike } from "./digest_trials.ts";
import {
  isCredentialName,
  isIdentifierName,
  isOneTimeCode,
  isPasswordName,
} from "../http/vocabulary.ts";
import { isProviderAnswer } from "./provider_answer.ts";
import { isOpaque } from "../http/opaque.ts";

type Field = readonly [name: string, value: string];

/**
 * The traces, with a page made up where a form was submitted from one that was lost.
 * @rule off: traces
 */
export function withLostPages(traces: Trace[]): Trace[] {
  const madeUp = new Map<string, Trace>();
  let page: Trace | null = null;
  for (const trace of traces) {
    if (trace.noise !== null || !isNavigation(trace)) continue;
    const fields = page === null || !isLost(page) || !isSubmission(trace, page)
      ? null
      : formFields(trace);
    if (fields !== null && !madeUp.has(page!.id)) {
      madeUp.set(page!.id, withBody(page!, pageText(trace.request.url, fields)));
    }
    if (isPage(trace)) page = trace;
  }
  return madeUp.size === 0 ? traces : traces.map((trace) => madeUp.get(trace.id) ?? trace);
}

/** Browsers say so: Fetch metadata section 2.2, and before that Upgrade Insecure Requests section 3.2.1. */
function isNavigation({ request: { headers } }: Trace): boolean {
  const mode = headerValue(headers, "sec-fetch-mode");
  return mode === undefined
    ? headerValue(headers, "upgrade-insecure-requests") === "1"
    : mode === "navigate";
}

function isPage({ response }: Trace): boolean {
  return response !== null && response.status >= 200 && response.status < 300 &&
    /html/.test(mediaType(response.headers));
}

function isLost({ response }: Trace): boolean {
  return response?.body === null;
}

/** The referrer is the page, or across origins the page's origin (Referrer Policy section 3). */
function isSubmission({ request }: Trace, page: Trace): boolean {
  if (request.method !== "POST") return false;
  const referrer = parseUrl(headerValue(request.headers, "referer") ?? "");
  const from = parseUrl(page.request.url);
  if (referrer === null || from === null) return referrer === null;
  const isWhole = referrer.pathname !== "/" || referrer.search !== "";
  return isWhole
    ? referrer.href === new URL(from.pathname + from.search, from.origin).href
    : referrer.origin === from.origin;
}

/** The fields as the page had them; `null` where it cannot be told who filled them in. */
function formFields(trace: Trace): Field[] | null {
  const body = parseBody(trace.request.headers, trace.request.body);
  if (body.kind !== "form") return null;
  const { fields } = body;
  if (isSubmittedByPage(trace, fields)) return [...fields];
  return fields.some(isTyped) ? fields.map((field) => [field[0], pageValue(field)]) : null;
}

/**
 * A script of the page sent it: nobody had clicked (Fetch metadata section 2.4), nor ever does.
 * @rule off: false
 */
function isSubmittedByPage({ request: { headers } }: Trace, fields: readonly Field[]): boolean {
  if (isProviderAnswer("POST", fields.map(([name]) => name))) return true;
  return headerValue(headers, "sec-fetch-mode") !== undefined &&
    headerValue(headers, "sec-fetch-user") === undefined && !fields.some(isTyped);
}

function isTyped([name, value]: Field): boolean {
  return isPasswordName(name) || isIdentifierName(name) || isOneTimeCode(name, value);
}

/** What looks like a token came with the page, unless it may be a digest of what was typed. */
function pageValue([name, value]: Field): string {
  if (isTyped([name, value]) || !isOpaque(value)) return "";
  return !isDigestLike(value) || isCredentialName(name) ? value : "";
}

function withBody(trace: Trace, text: string): Trace {
  const headers = trace.response!.headers.filter(([name]) =>
    !/^content-(type|length)$/i.test(name)
  );
  return {
    ...trace,
    response: {
      ...trace.response!,
      headers: [...headers, ["Content-Type", "text/html; charset=utf-8"]],
      body: new TextEncoder().encode(text),
    },
  };
}

function pageText(action: string, fields: readonly Field[]): string {
  const inputs = fields.map(([name, value]) => {
    const type = isPasswordName(name) ? "password" : value === "" ? "text" : "hidden";
    return `<input type="${type}" name="${attribute(name)}" value="${attribute(value)}">`;
  });
  return `${MARK}<form method="post" action="${attribute(action)}">${inputs.join("")}</form>`;
}

function attribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
