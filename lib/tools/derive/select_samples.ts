/** Which traces of an app show an operation of its API. */
import type { JsonValue } from "../../base/json.ts";
import { isLoginPath } from "../../http/vocabulary.ts";
import { parseBody } from "../../http/body.ts";
import { headerValue } from "../../http/headers.ts";
import { isStreamType } from "../../http/event_stream.ts";
import { parseUrl } from "../../http/url.ts";
import { type HtmlForm, parseHtml } from "../../http/html.ts";
import { isSafeMethod } from "../definition.ts";
import { isLoginRequest } from "./login_traffic.ts";
import { callKey } from "./rpc_call.ts";
import type { Sample } from "./sample.ts";
import { shownPages } from "./shown_pages.ts";
import { isTransport } from "./transport_traffic.ts";

export interface Selection {
  readonly apiOrigins: readonly string[];
  /** Ids of traces that are steps of the login or the refresh. */
  readonly loginTraces: ReadonlySet<string>;
}

/** A day: what may be kept that long without asking again is a file, not an answer. In seconds. */
const STATIC_AGE_SEC = 86_400;
/** Of a form, what a person fills in, and how much of it a login has. */
const TYPED = new Set(["text", "email", "tel", "password", "textarea", "select", "radio"]);
const MAX_FIELDS_OF_A_LOGIN = 4;
/** Shorter credentials occur in answers by chance. In UTF-16 units. */
const MIN_CREDENTIAL_LENGTH = 8;

export interface Selected {
  /** Data operations in time order; pages among them where the app answers no data at all. */
  readonly samples: readonly Sample[];
  /** Pages beside an API. */
  readonly pages: readonly Sample[];
}

/** `samples` are all of the app. Of those in `trees` a `GET` answers a file, whatever its type. */
export function selectSamples(
  samples: readonly Sample[],
  selection: Selection,
  trees: ReadonlyMap<Sample, number> = new Map(),
): Selected {
  const issuers = credentialIssuers(samples);
  const loginSteps = new Set(
    samples.filter(({ trace }) => selection.loginTraces.has(trace.id)).map(signature),
  );
  const hasLogin = samples.some(({ carried }) => carried.values.length > 0);
  const usable = samples.filter((sample) =>
    isCandidate(sample, selection) && isExpressible(sample) && !isTransport(sample) &&
    !issuers.has(sample.trace.id) &&
    !isLoginStep(sample, selection.loginTraces, loginSteps) && !(hasLogin && isBeforeLogin(sample))
  );
  const data = new Set(usable.filter((sample) => trees.has(sample) || isDataOperation(sample)));
  const hasApi = [...data].some(({ answer }) => answer.kind === "json");
  if (!hasApi) {
    return { samples: usable.filter((sample) => data.has(sample) || isPage(sample)), pages: [] };
  }
  const pages = usable.filter((sample) =>
    !data.has(sample) && isPage(sample) && (!hasLogin || sample.carried.values.length > 0)
  );
  return { samples: [...data], pages: shownPages(pages) };
}

function isCandidate(
  { trace, method, status, url }: Sample,
  { apiOrigins }: Selection,
): boolean {
  if (trace.noise !== null) return false;
  if (apiOrigins.length > 0 && !apiOrigins.includes(url.origin)) return false;
  if (["OPTIONS", "HEAD", "TRACE", "CONNECT"].includes(method)) return false;
  // Fetch metadata says what the browser wanted it for: `empty` is a script's own request.
  const wanted = headerValue(trace.request.headers, "sec-fetch-dest") ?? "empty";
  if (!["empty", "document", "iframe", "frame"].includes(wanted)) return false;
  const isSuccess = (status >= 200 && status < 300) || status === 304;
  const isRedirectAfterPost = method !== "GET" && status >= 300 && status < 400;
  return isSuccess || isRedirectAfterPost;
}

/**
 * A step of the login, or the same request in another recording of the app. Reading with credentials
 * stays, and so does a named operation: a login may pass by what is of use by itself.
 */
function isLoginStep(
  sample: Sample,
  loginTraces: ReadonlySet<string>,
  loginSteps: ReadonlySet<string>,
): boolean {
  if (!loginSteps.has(signature(sample))) return false;
  if (sample.carried.values.length === 0) return true;
  if (isSafeMethod(sample.method)) return false;
  return sample.call === null || loginTraces.has(sample.trace.id);
}

function signature({ method, url, call }: Sample): string {
  return `${method} ${url.origin}${url.pathname} ${callKey(call)}`;
}

/**
 * The first answer to hold a credential that requests carry gave it out: a step of a login. One that repeats what was
 * sent with it (`whoami` with the caller's key) gave out nothing, where it only reads or where the key was in use before.
 */
function credentialIssuers(samples: readonly Sample[]): Set<string> {
  const values = new Set(
    samples.flatMap(({ carried }) => carried.values)
      .filter((value) => value.length >= MIN_CREDENTIAL_LENGTH),
  );
  const issuers = new Set<string>();
  const inUse = new Set<string>();
  for (const { answer, trace, carried, method } of samples) {
    const repeated = carried.values.filter((value) => isSafeMethod(method) || inUse.has(value));
    for (const value of carried.values) inUse.add(value);
    for (const text of answer.kind === "json" ? textLeaves(answer.value) : []) {
      if (!repeated.includes(text) && values.delete(text)) issuers.add(trace.id);
    }
  }
  return issuers;
}

/** Without credentials, under a path of logins: what a login page asks before anybody is logged in. */
function isBeforeLogin({ carried, url }: Sample): boolean {
  return carried.values.length === 0 && isLoginPath(url.pathname);
}

function textLeaves(value: JsonValue): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textLeaves);
}

/** Files, binary bodies and targets on other origins (WebDAV's `Destination`) have no place in a tool. */
function isExpressible({ body, trace, url, method }: Sample): boolean {
  if (isLoginRequest(url, method, parseBody(trace.request.headers, trace.request.body))) {
    return false;
  }
  const destination = headerValue(trace.request.headers, "destination");
  if (destination !== undefined && parseUrl(destination, url.href)?.origin !== url.origin) {
    return false;
  }
  return body.kind !== "binary" &&
    (body.kind !== "multipart" || body.parts.every(({ fileName }) => fileName === undefined));
}

/** An answer that is data, or a submission that is: that it did something a server may tell by a script. */
function isDataOperation(sample: Sample): boolean {
  const { method, answer, answerType, body, status } = sample;
  if (/manifest\+json/.test(answerType)) return false;
  if (isStreamType(answerType)) return status === 200;
  if (method !== "GET") {
    return body.kind !== "none" || method === "DELETE" || answer.kind !== "html";
  }
  if (/javascript/.test(answerType) || isStaticData(sample)) return false;
  if (status === 304 || answer.kind === "none") return expectsData(sample);
  return answer.kind === "json" ||
    (answer.kind === "text" &&
      /[/+](xml|plain|csv|yaml|ndjson|calendar|x-ndjson)\b/.test(answerType));
}

function expectsData({ trace, answerType }: Sample): boolean {
  if (answerType !== "") return /[/+](json|xml)\b/.test(answerType);
  return /[/+]json\b/.test(headerValue(trace.request.headers, "accept") ?? "");
}

/**
 * Translations, settings and the like: a `.json` file anyone may have, to be kept for long. Under a folder for such
 * files it is one although the session came along, as cookies do with everything.
 */
function isStaticData({ url, trace, carried }: Sample): boolean {
  if (!/\.(json|webmanifest|map)$/i.test(url.pathname)) return false;
  if (/\/(static|assets|locales?|i18n|lang|translations)\//i.test(url.pathname)) return true;
  if (carried.values.length > 0) return false;
  const cacheControl = headerValue(trace.response!.headers, "cache-control") ?? "";
  const maxAge = Number(/max-age=(\d+)/i.exec(cacheControl)?.[1] ?? 0);
  return /immutable/i.test(cacheControl) || maxAge >= STATIC_AGE_SEC;
}

function isPage({ method, answer }: Sample): boolean {
  if (method !== "GET" || answer.kind !== "html") return false;
  return !parseHtml(answer.text).forms.some(isLoginForm);
}

/** A password box beside little else: where there is more, it is somebody's account, or a new one. */
function isLoginForm({ inputs }: HtmlForm): boolean {
  if (!inputs.some(({ type }) => type === "password")) return false;
  return inputs.filter(({ type }) => TYPED.has(type)).length <= MAX_FIELDS_OF_A_LOGIN;
}
