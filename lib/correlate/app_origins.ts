/**
 * Which sites of a recording are the app's own, weighed by what the recording shows. A page brings other
 * hosts along: analytics, advertising, a chat, a player, a payment frame. Each has credentials of its own,
 * and none of them is the login of the app. Judged are sites, as browsers do (HTML standard, "same site"):
 * the hosts of one registrable domain belong together, whatever their ports.
 *
 * 1. The app is where the user was: the documents loaded at the top; where no document was recorded, what
 *    `Referer` and `Origin` name; where no page asked (an API client), the site that served most data.
 * 2. A site that takes a person's name and password belongs to the app, unless one of these takes them.
 * 3. So does one that hands out a credential which the app's requests carry (an identity provider), and
 *    one that takes a credential which the login handed out (an API elsewhere).
 * 4. Where none of these served any data, the data is elsewhere: every site that was read from counts.
 */
import { splitScheme } from "../http/auth_scheme.ts";
import { headerValue, mediaType } from "../http/headers.ts";
import { parseUrl } from "../http/url.ts";
import { isLoginEndpoint } from "../http/vocabulary.ts";
import { isOpaque } from "../http/opaque.ts";
import { isBodyField, isCredentialPlace, isField, type Leaf } from "./leaves.ts";
import { type CredentialSubmission, findSubmissions } from "./login_run.ts";
import { Occurrences } from "./occurrences.ts";
import { isHandedBack } from "./provider_answer.ts";
import { type Message, Recording } from "./recording.ts";
import { visibleText } from "../http/visible_text.ts";

export class AppOrigins {
  /** `null`: all there are. */
  readonly #sites: ReadonlySet<string> | null;

  constructor(
    recording: Recording,
    provenance: Occurrences,
    submissions: readonly CredentialSubmission[],
  ) {
    const hosts = new Set(recording.messages.map(({ url }) => url.hostname));
    const sites = new Set([...hosts].map(siteOf));
    this.#sites = sites.size < 2 ? null : sitesOfApp({ recording, provenance, submissions });
  }

  /** @rule off: true */
  has({ url }: Pick<Message, "url">): boolean {
    return this.#sites === null || this.#sites.has(siteOf(url.hostname));
  }
}

/** The origins of the app that answered with data. */
export function dataOrigins(traces: ConstructorParameters<typeof Recording>[0]): string[] {
  const recording = new Recording(traces);
  const app = new AppOrigins(recording, new Occurrences(recording), findSubmissions(recording));
  const serving = recording.messages.filter((message) => app.has(message) && servesData(message));
  return [...new Set(serving.map(({ url }) => url.origin))];
}

/**
 * The registrable domain, nearly: the last two labels, three under a country's `co.uk` and `com.au`. The
 * public suffix list would tell shared hosting apart as well; here that would only join two apps of one host.
 */
export function siteOf(hostname: string): string {
  if (/^[\d.]+$|^\[/.test(hostname)) return hostname;
  const labels = hostname.split(".");
  const isCountry = labels.at(-1)!.length === 2 && /^(co|com|net|org|gov|ac|edu)$/.test(
    labels.at(-2) ?? "",
  );
  return labels.slice(isCountry ? -3 : -2).join(".");
}

interface Evidence {
  readonly recording: Recording;
  readonly provenance: Occurrences;
  readonly submissions: readonly CredentialSubmission[];
}

function sitesOfApp({ recording, provenance, submissions }: Evidence): Set<string> {
  const { sites: app, isGuess } = homeSites(recording.messages);
  const logins = submissions.filter(({ index, typed, refused }) =>
    !refused && recording.at(index).method !== "GET" &&
    ["identifier", "password"].every((kind) => typed.some((value) => value.kind === kind))
  );
  // Where the app takes its logins itself, a frame that takes one of its own (a payment's) is none of it.
  const sites = logins.map(({ index }) => siteOf(recording.at(index).url.hostname));
  // Where nothing says where the user was, neither is a site that lets visitors in by something else.
  for (const { index } of isGuess && logins.length > 0 ? submissions : []) {
    const site = siteOf(recording.at(index).url.hostname);
    if (!sites.includes(site)) app.delete(site);
  }
  if (!sites.some((site) => app.has(site))) { for (const site of sites) app.add(site); }
  addTrading(app, { recording, provenance, submissions });
  const isServed = recording.messages.some((message) =>
    app.has(siteOf(message.url.hostname)) && (servesData(message) || showsText(message))
  );
  if (!isServed && logins.length === 0) {
    for (const site of busiest(recording.messages, servesData)) app.add(site);
  }
  return app;
}

/** Where the user was; a guess by what served most where nothing says. */
function homeSites(messages: readonly Message[]): { sites: Set<string>; isGuess: boolean } {
  const documents = messages.filter(isTopDocument);
  if (documents.length > 0) {
    return { sites: new Set(documents.map(({ url }) => siteOf(url.hostname))), isGuess: false };
  }
  const asking = messages.flatMap((message) => askingSite(message) ?? []);
  const named = mostFrequent(asking);
  return named.length > 0
    ? { sites: new Set(named), isGuess: false }
    : { sites: new Set(busiest(messages, servesData)), isGuess: true };
}

/**
 * A page that the browser's window showed. Fetch metadata says so (section 2.1); without it a page that
 * another site's page asked for may be a frame of that one, and a lonely answer called HTML a pixel.
 * @rule off: false
 */
function isTopDocument(message: Message): boolean {
  if (!message.succeeded || !/html/.test(mediaType(message.trace.response!.headers))) return false;
  const wanted = headerValue(message.trace.request.headers, "sec-fetch-dest");
  if (wanted !== undefined) return wanted === "document" && message.location === null;
  const asking = askingSite(message);
  return (asking === null || asking === siteOf(message.url.hostname)) &&
    /<(!doctype|html|head|body|form|title|h\d|div|p|script|meta)\b/i.test(message.responseText);
}

/** The site of the page that asked; `null` where the request does not tell. @rule off: null */
function askingSite({ trace }: Message): string | null {
  for (const name of ["origin", "referer"]) {
    const page = parseUrl(headerValue(trace.request.headers, name) ?? "");
    if (page !== null) return siteOf(page.hostname);
  }
  return null;
}

/** Reports that a page sends home, by the words their services use for the endpoint. */
const REPORTS =
  /(^|[^a-z])(log|logs|log_?event|events?|track|collect|beacon|batch|telemetry|metrics?|pixel|ping|stats|impression|rum|g?rum|analytics)([^a-z]|$)/i;

/**
 * An answer with something in it that was asked for, rather than the receipt of a report.
 * @rule off: message.succeeded
 */
function servesData(message: Message): boolean {
  if (!message.succeeded || message.status === 101 || !message.answersData) return false;
  return message.method === "GET" || !REPORTS.test(message.url.pathname);
}

/** In characters: what a shell shows until its scripts have loaded the data is shorter. */
const MIN_PAGE_TEXT = 200;

/** A document with a text of its own, as servers render them, rather than the shell of a script. */
function showsText(message: Message): boolean {
  if (!isTopDocument(message)) return false;
  const text = visibleText(message.responseText);
  return text.replaceAll(/ +/g, " ").length >= MIN_PAGE_TEXT;
}

/** The sites with most of these messages, and those with at least half as many. */
function busiest(
  messages: readonly Message[],
  accept: (message: Message) => boolean,
): string[] {
  const sites = messages.filter(accept).map(({ url }) => siteOf(url.hostname));
  return mostFrequent(sites);
}

function mostFrequent(sites: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const site of sites) counts.set(site, (counts.get(site) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  return [...counts].filter(([, count]) => count * 2 > most).map(([site]) => site);
}

/** A credential that one site handed out and another was given. */
interface Trade {
  readonly from: string;
  readonly to: string;
  /** The app need not be known for this one: a provider answers an app, and an app asks a provider. */
  readonly isBetweenTheirs: boolean;
  readonly isOfLogin: boolean;
}

/**
 * Adds the sites that hand the app's requests a credential or take one that its login handed out.
 * @rule off: undefined
 */
function addTrading(app: Set<string>, evidence: Evidence): void {
  const { recording } = evidence;
  const trades = recording.messages.filter(({ isScriptOrStyle }) => !isScriptOrStyle)
    .flatMap((message) => tradesOf(message, evidence))
    .filter(({ from, to }) => from !== to);
  for (let size = -1; size !== app.size;) {
    size = app.size;
    for (const { from, to, isBetweenTheirs, isOfLogin } of trades) {
      if (app.has(to)) app.add(from);
      else if (app.has(from) && (isBetweenTheirs || isOfLogin)) app.add(to);
    }
  }
}

function tradesOf(taker: Message, { recording, provenance, submissions }: Evidence): Trade[] {
  const to = siteOf(taker.url.hostname);
  const isBetweenTheirs = isHandedBack(taker);
  const asking = isBetweenTheirs ? askingSite(taker) : null;
  const asked = asking === null ? [] : [{ from: asking, to, isBetweenTheirs, isOfLogin: true }];
  const issued = taker.leaves.filter((leaf) => isTraded(taker, leaf)).flatMap((leaf) => {
    const value = splitScheme(leaf.value).credentials;
    const source = isOpaque(value) ? provenance.find(value, taker.index) : null;
    if (source === null) return [];
    const issuer = recording.at(source.index);
    const isOfLogin = submissions.some(({ index, refused }) => !refused && index <= issuer.index);
    return [{ from: siteOf(issuer.url.hostname), to, isBetweenTheirs, isOfLogin }];
  });
  return [...asked, ...issued];
}

/** A cookie stays with its site; in a body only what goes to an endpoint of a login is traded. */
function isTraded(taker: Message, leaf: Leaf): boolean {
  if (leaf.place.kind === "cookie") return false;
  if (isField(leaf) && isHandedBack(taker)) return true;
  return isCredentialPlace(leaf) &&
    (!isBodyField(leaf) || isLoginEndpoint(taker.url.pathname));
}
