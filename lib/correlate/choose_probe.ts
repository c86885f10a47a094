/** Which recorded requests show whether a token works. */
import { percentDecode } from "../http/url.ts";
import type { Input } from "./flow.ts";
import type { Leaf } from "./leaves.ts";
import { answerRefuses } from "./refused_attempt.ts";
import type { Message } from "./recording.ts";
import { type ApiTraffic, endpointOf } from "./sink.ts";
import { isOpaque } from "../http/opaque.ts";
import { isRecord, type JsonValue } from "../base/json.ts";
import { parseBody, type ParsedBody } from "../http/body.ts";
import { isReadingPost, isViewingPost } from "../http/reading_call.ts";

/** A probe is found among the first requests of a session or not at all. */
const MAX_PROBE_CANDIDATES = 500;
/** One endpoint alone says too little of how a server answers strangers. */
const MAX_PROBES = 4;

/**
 * Recorded safe requests that carry the credentials, the best first, one of an endpoint: preferably one
 * that the recording shows refused without them, and one that answers with data about the caller; rather
 * none of a numbered thing, which may be somebody's; never one whose URL names a user, by what was typed
 * or by an id that the login's answers hold, since another user may log in next.
 */
export function chooseProbes(
  traffic: Pick<ApiTraffic, "requests"> & Partial<Pick<ApiTraffic, "body" | "query">>,
  inputs: readonly Input[],
  steps: readonly Message[] = [],
  messages: readonly Message[] = [],
): Message[] {
  const personal = inputs.map(({ recorded }) => recorded).filter((value) => value.length >= 3);
  const credentials = new Set(
    [...traffic.body ?? [], ...traffic.query ?? []].map(({ leaf }) => leaf.value),
  );
  const isHandedOut = ({ place, value }: Leaf) =>
    (place.kind === "path" || place.kind === "query") && value.length >= 4 && /\d/.test(value) &&
    !(place.kind === "query" && credentials.has(value)) && steps.some(({ responseText }) =>
      responseText.includes(value)
    );
  const unasked = clientsOwn(steps, inputs);
  const repeated = repeatedPosts(traffic.requests);
  const candidates = traffic.requests.values()
    .filter((message) => mayBeRepeated(message, credentials) || repeated.has(message))
    .take(MAX_PROBE_CANDIDATES).toArray();
  const safe = candidates.filter((message) =>
    !personal.some((value) => percentDecode(message.url.href).includes(value)) &&
    !message.leaves.some(isHandedOut) &&
    (message.method !== "POST" || asksTheSameOfAnybody(message, credentials, unasked))
  );
  // A login's own requests hand something out: made again, they may take back what the login yielded. Not so a
  // question that goes to the same address as everything (GraphQL).
  const ofLogin = new Set(steps.map(endpointOf));
  const besides = safe.filter((message) =>
    !ofLogin.has(endpointOf(message)) ||
    message.method === "POST" && isReadingPost(message.trace.request)
  );
  const unauthorized = new Set(messages.filter(({ status }) => status === 401).map(endpointOf));
  const score = (message: Message) =>
    (unauthorized.has(endpointOf(message)) ? 8 : 0) +
    (message.answersData ? 4 : 0) +
    (/\b(me|self|profile|whoami|userinfo|account|user|current)\b/i.test(message.url.pathname)
      ? 2
      : 0) +
    (namesOneThing(message.url.pathname) ? -1 : 0) +
    (message.method === "GET" ? 0 : message.method === "PROPFIND" ? -16 : -32);
  const ranked = (besides.length > 0 ? besides : safe).map((message) => ({
    message,
    rank: score(message),
  }))
    .sort((a, b) => b.rank - a.rank || a.message.index - b.message.index)
    .map(({ message }) => message).filter((message) => !answerRefuses(message));
  return varied(ranked).slice(0, MAX_PROBES);
}

/**
 * A GET, a WebDAV listing, which without a body asks for everything (RFC 4918 section 9.1), or a POST that
 * only asks. Of an application that does everything by POST there is nothing else to try.
 */
function mayBeRepeated(message: Message, credentials: ReadonlySet<string>): boolean {
  const { method, status } = message;
  if (method === "POST") {
    const { request } = message.trace;
    return status === 200 && message.answersData &&
      (isReadingPost(request) || isViewingPost(request, credentials));
  }
  return method === "GET" && status === 200 || method === "PROPFIND" && status === 207;
}

/** Fewer values are a word of thanks, whatever was done. */
const MIN_TOLD = 4;

/**
 * Requests that the app itself sent twice and was answered the same: what changes something is answered
 * with another id, time or count, or with next to nothing.
 * @rule off: new Set()
 */
function repeatedPosts(requests: readonly Message[]): Set<Message> {
  const posts = requests.filter(({ method, status, answersData }) =>
    method === "POST" && status === 200 && answersData
  );
  // Hardly any is sent twice: no answer is read of those that are not.
  const asked = alike(posts, ({ url }) => url.href).flatMap((group) =>
    alike(
      group,
      ({ trace: { request } }) =>
        JSON.stringify(withoutNumber(parseBody(request.headers, request.body))),
    )
  );
  const answered = asked.flatMap((group) =>
    alike(
      group.filter(tellsSomething),
      ({ responseBody }) => JSON.stringify(withoutNumber(responseBody)),
    )
  );
  return new Set(answered.flat());
}

function alike(messages: readonly Message[], keyOf: (message: Message) => string): Message[][] {
  return [...Map.groupBy(messages, keyOf).values()].filter(({ length }) => length > 1);
}

function tellsSomething({ responseBody }: Message): boolean {
  return responseBody.kind === "json" && told(responseBody.value) >= MIN_TOLD;
}

/** Calls of JSON-RPC are numbered (section 4). */
function withoutNumber(body: ParsedBody): unknown {
  if (body.kind !== "json" || !isRecord(body.value)) return body;
  const { id, ...rest } = body.value;
  return rest["jsonrpc"] === undefined ? body : { id: typeof id, ...rest };
}

function told(value: JsonValue): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + told(item), 0);
  if (!isRecord(value)) return 1;
  return Object.values(value as object).reduce<number>((sum, member) => sum + told(member), 0);
}

/** A name, an option, a small number: not what somebody looked for, nor an id of something of theirs. */
const OPTION = /^(?:[A-Za-z_][A-Za-z_.:-]{0,40}|-?\d{0,4}(?:\.\d+)?|\d{1,2}\.\d{1,2})$/;

/**
 * What the bodies of the login say of the client, and not of who logs in: an application key, a version, an
 * installation. By name and value.
 * @rule off: new Set()
 */
function clientsOwn(steps: readonly Message[], inputs: readonly Input[]): Set<string> {
  const isTyped = (value: string) =>
    inputs.some(({ recorded }) => recorded !== "" && value.includes(recorded));
  return new Set(
    steps.flatMap(({ leaves }) => leaves)
      .filter(({ place, value }) =>
        (place.kind === "json" || place.kind === "form") && !isTyped(value)
      )
      .map(memberOf),
  );
}

function memberOf({ name, value }: Leaf): string {
  return JSON.stringify([name, value]);
}

/** True when nothing in the body is about who asks, but for the session itself and the client. */
function asksTheSameOfAnybody(
  message: Message,
  credentials: ReadonlySet<string>,
  unasked: ReadonlySet<string>,
): boolean {
  return message.leaves.every((leaf) => {
    const { place, name, value, isLiteral } = leaf;
    if (place.kind !== "json" && place.kind !== "form") {
      return place.kind !== "multipart" && place.kind !== "text";
    }
    return credentials.has(value) || unasked.has(memberOf(leaf)) || OPTION.test(value) ||
      isDocument(name, value) ||
      isLiteral === true && /^(?:true|false|null)$/.test(value);
  });
}

/** A GraphQL document without a text in it: what is asked for stands among the variables. */
function isDocument(name: string, value: string): boolean {
  return name === "query" && /[{}]/.test(value) && !/"[^"]|\d{4}/.test(value);
}

/** One request of an endpoint; those of a part of the site that is not among them yet come first. */
function varied(ranked: readonly Message[]): Message[] {
  const operationOf = ({ leaves }: Message) =>
    leaves.filter(({ place }) => place.kind === "json")
      .find(({ name }) => name === "operationName" || name === "query")?.value ?? "";
  const ofEndpoints = [
    ...Map.groupBy(ranked, (message) => `${endpointOf(message)} ${operationOf(message)}`).values(),
  ].map(([first]) => first!);
  const partOf = ({ url }: Message) => `${url.origin}/${url.pathname.split("/").slice(1, -1)}`;
  const ofParts = [...Map.groupBy(ofEndpoints, partOf).values()].map(([first]) => first!);
  return [...new Set([...ofEndpoints.slice(0, 1), ...ofParts, ...ofEndpoints])];
}

/**
 * True for a path with an id in it: a number as a segment of its own, or a value no word looks like.
 * @rule off: false
 */
function namesOneThing(path: string): boolean {
  return isOpaque(path) || /\/\d+(?=\/|$)/.test(path);
}
