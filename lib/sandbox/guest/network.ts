/**
 * The `fetch` a script gets. Redirects are followed here, hop by hop, so that each hop's origin is
 * checked, credentials do not cross origins, and every exchange is reported. The Worker's permissions
 * enforce the same host list a second time, below this code.
 */
import { concatBytes } from "../../base/bytes.ts";
import { hostPort, isLoopbackHost } from "../../http/url.ts";
import type { GuestExchange } from "../guest_run.ts";
import { MAX_WATCHED_TEXT } from "../limits.ts";
import {
  EVERY_REQUEST,
  type GuestMessage,
  type GuestReach,
  type SentContent,
  type WatchedRequest,
} from "../protocol.ts";
import { REPLAY_URL_HEADER } from "../replay_header.ts";
import { native } from "./realm.ts";
import { GuestResponse, type Hop } from "./response.ts";
import { wantedWait } from "./wanted_wait.ts";
import { headersOf } from "./web/headers.ts";
import { nativeRequest } from "./web/request.ts";

/** Fetch standard section 4.4 allows 20; a login needs fewer. */
const MAX_REDIRECTS = 10;

/** Longest request body, in bytes. */
const MAX_REQUEST_BODY = 1024 * 1024;

/** Longest answer, in bytes. */
const MAX_RESPONSE_BODY = 10 * 1024 * 1024;

/** Longest body that is told of a request, in bytes. */
const MAX_TOLD_BODY = 8192;

/** How much of a URL is reported, in characters. */
const MAX_REPORTED_URL = 8192;

export interface GuestNetwork {
  readonly reach: GuestReach;
  readonly watched: readonly WatchedRequest[];
  readonly report: (message: GuestMessage) => void;
}

/** What a cookie jar does at each hop. */
export interface HopHooks {
  /** Before a request: may add to its headers. */
  outgoing(url: URL, headers: Headers): void;
  /** After an answer. */
  incoming(url: URL, headers: Headers): void;
}

interface Outgoing {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer> | null;
  readonly signal: AbortSignal;
}

export type GuestFetch = (input: unknown, init?: RequestInit) => Promise<GuestResponse>;

/** A `fetch` confined to the network's hosts. Rejects with `TypeError` where the standard one does. */
export function makeFetch(network: GuestNetwork, hooks?: HopHooks): GuestFetch {
  const watch = new Watch(network);
  return async function fetch(input, init) {
    const request = nativeRequest(input, init);
    const hops: Hop[] = [];
    let outgoing = await outgoingOf(request);
    while (true) {
      const { answer, headers } = await send(network, outgoing, hooks);
      const sent = { ...outgoing, headers };
      hops.push({
        url: outgoing.url.href,
        status: answer.status,
        headers: headersOf(answer.headers),
      });
      const target = redirectTarget(answer, outgoing.url);
      if (target === null || request.redirect === "manual") {
        const body = await readBody(network, outgoing, answer);
        watch.see(sent, answer, body);
        return GuestResponse.answering(body, answer, hops);
      }
      await answer.body?.cancel();
      watch.seeHop(sent, answer);
      if (request.redirect === "error") {
        throw new TypeError(`${outgoing.url.origin} answered with a redirect`);
      }
      if (hops.length > MAX_REDIRECTS) {
        throw new TypeError(`More than ${MAX_REDIRECTS} redirects from ${request.url}`);
      }
      outgoing = nextHop(outgoing, answer.status, target);
    }
  };
}

/** Shows the parent the answers it wants to see, until there is enough of them. */
class Watch {
  readonly #network: GuestNetwork;
  /** Characters that may still be told. */
  #left = MAX_WATCHED_TEXT;

  constructor(network: GuestNetwork) {
    this.#network = network;
  }

  see(sent: Outgoing, answer: Response, body: Uint8Array): void {
    const { method, url } = sent;
    const key = `${method} ${url.origin}${url.pathname}`;
    const asked = this.#network.watched.filter((watched) => matches(watched, key));
    if (asked.length === 0) return;
    // Where all is watched, no page may take the room of what comes after it.
    const room = asked.some((watched) => watched !== EVERY_REQUEST) ? this.#left : this.#left / 2;
    this.#tell(sent, answer, body.length > room ? "" : new TextDecoder().decode(body));
  }

  /** A redirect that is followed. */
  seeHop(sent: Outgoing, answer: Response): void {
    if (this.#network.watched.includes(EVERY_REQUEST)) this.#tell(sent, answer, "");
  }

  #tell(outgoing: Outgoing, { status, headers }: Response, body: string): void {
    const sent = this.#network.watched.includes(EVERY_REQUEST) ? contentOf(outgoing) : null;
    const lines = [...headers];
    const length = body.length + lines.join().length +
      (sent === null ? 0 : sent.body.length + sent.headers.join().length);
    if (length > this.#left) return;
    this.#left -= length;
    const url = outgoing.url.href.slice(0, MAX_REPORTED_URL);
    const answer = { method: outgoing.method, url, status, headers: lines, body };
    this.#network.report({ kind: "answer", answer: sent === null ? answer : { ...answer, sent } });
  }
}

function contentOf({ headers, body }: Outgoing): SentContent {
  const lines = [...headers].filter(([name]) => name !== REPLAY_URL_HEADER);
  const isLong = body !== null && body.length > MAX_TOLD_BODY;
  return { headers: lines, body: body === null || isLong ? "" : new TextDecoder().decode(body) };
}

function matches(watched: string, key: string): boolean {
  return watched.endsWith("*") ? key.startsWith(watched.slice(0, -1)) : key === watched;
}

async function outgoingOf(request: Request): Promise<Outgoing> {
  const body = new Uint8Array(await request.arrayBuffer());
  if (body.length > MAX_REQUEST_BODY) {
    throw new TypeError(`The request body is longer than ${MAX_REQUEST_BODY} bytes`);
  }
  const headers = new Headers(request.headers);
  for (const name of CONNECTION_HEADERS) headers.delete(name);
  const { method, signal } = request;
  return {
    method,
    url: new URL(request.url),
    headers,
    body: body.length > 0 ? body : null,
    signal,
  };
}

/** Fields that frame the message or choose the server; a script does not set them. */
const CONNECTION_HEADERS = [
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  REPLAY_URL_HEADER,
];

async function send(
  network: GuestNetwork,
  outgoing: Outgoing,
  hooks: HopHooks | undefined,
): Promise<{ readonly answer: Response; readonly headers: Headers }> {
  const { method, body, signal } = outgoing;
  const url = new URL(outgoing.url);
  url.hash = "";
  const refusal = refusalOf(url, network.reach);
  if (refusal !== null) {
    report(network, { method, url, status: null, error: refusal });
    throw new TypeError(refusal);
  }
  const headers = new Headers(outgoing.headers);
  hooks?.outgoing(url, headers);
  const wire = wireUrl(url, headers, network.reach);
  try {
    const answer = await native.fetch(wire, { method, headers, body, signal, redirect: "manual" });
    report(network, { method, url, status: answer.status, ...wantedWait(answer) });
    hooks?.incoming(url, answer.headers);
    return { answer, headers };
  } catch (thrown) {
    throw unanswered(network, { method, url, signal }, thrown);
  }
}

/** What to throw where no whole answer came: one that breaks off says nothing of how the request fared. */
function unanswered(
  network: GuestNetwork,
  { method, url, signal }: Pick<Outgoing, "method" | "url" | "signal">,
  thrown: unknown,
): unknown {
  if (signal.aborted) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const detail = message.replace(/^error sending request(?: for url \([^)]*\))?:? ?/, "");
  const error = `Cannot reach ${url.origin}: ${detail}`;
  report(network, { method, url, status: null, error });
  return new TypeError(error);
}

function report(
  network: GuestNetwork,
  exchange: Omit<GuestExchange, "url"> & { readonly url: URL },
): void {
  network.report({
    ...exchange,
    kind: "exchange",
    url: exchange.url.href.slice(0, MAX_REPORTED_URL),
  });
}

/** Why a URL is out of reach; `null` when it is not. */
function refusalOf(url: URL, reach: GuestReach): string | null {
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return `Only http and https URLs can be fetched, not "${url.protocol}"`;
  }
  const place = hostPort(url);
  if (!reach.hosts.includes(place)) {
    return `"${place}" is not among the hosts this script may reach`;
  }
  if (url.protocol === "http:" && !reach.plainHttp && !isLoopbackHost(url.hostname)) {
    return `"${place}" may be reached over https only; --allow-http lifts this`;
  }
  return null;
}

/** Where the request really goes: its own URL, or the replay server, which is told the URL. */
function wireUrl(url: URL, headers: Headers, { replayPort }: GuestReach): string {
  if (replayPort === null) return url.href;
  headers.set(REPLAY_URL_HEADER, url.href);
  return `http://127.0.0.1:${replayPort}/`;
}

/** The URL a redirect leads to (Fetch standard, "location URL"); `null` when the answer is not a redirect. */
function redirectTarget(answer: Response, from: URL): URL | null {
  const location = answer.headers.get("location");
  if (![301, 302, 303, 307, 308].includes(answer.status) || location === null) return null;
  if (!URL.canParse(location, from.href)) {
    throw new TypeError(`${from.origin} answered with a redirect to no valid URL`);
  }
  const target = new URL(location, from.href);
  if (target.hash === "") target.hash = from.hash;
  return target;
}

/** Fetch standard, "HTTP-redirect fetch", with more than `Authorization` kept from other origins. */
function nextHop(from: Outgoing, status: number, url: URL): Outgoing {
  const headers = new Headers(from.headers);
  if (url.origin !== from.url.origin) keepHarmless(headers);
  const dropsBody = (status === 303 && from.method !== "GET" && from.method !== "HEAD") ||
    ((status === 301 || status === 302) && from.method === "POST");
  if (!dropsBody) return { ...from, url, headers };
  for (const name of [...headers.keys()]) {
    if (name.startsWith("content-")) headers.delete(name);
  }
  return { ...from, method: "GET", url, headers, body: null };
}

/** What may follow a redirect to another origin; any other header may be a credential. */
const HARMLESS_HEADERS =
  /^(?:accept(?:-.*)?|cache-control|content-(?:language|type)|dnt|pragma|sec-(?:ch|fetch)-.*|upgrade-insecure-requests|user-agent|x-requested-with)$/;

function keepHarmless(headers: Headers): void {
  for (const name of [...headers.keys()]) {
    if (!HARMLESS_HEADERS.test(name)) headers.delete(name);
  }
}

async function readBody(network: GuestNetwork, sent: Outgoing, answer: Response) {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of answer.body ?? []) {
      length += chunk.length;
      if (length > MAX_RESPONSE_BODY) break;
      chunks.push(chunk);
    }
  } catch (thrown) {
    throw unanswered(network, sent, thrown);
  }
  if (length > MAX_RESPONSE_BODY) {
    throw new TypeError(`The answer is longer than ${MAX_RESPONSE_BODY} bytes`);
  }
  return concatBytes(chunks);
}
