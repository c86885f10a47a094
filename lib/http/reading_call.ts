/**
 * Requests that read although their method says nothing: a GraphQL query, a POST that stands for a GET, a
 * call of JSON-RPC or of an address whose name is that of a question. They may be asked again. What is named
 * otherwise may change something, whatever it does. Pure.
 */
import { isRecord, type JsonValue, parseJson } from "../base/json.ts";
import { parseBody, type ParsedBody } from "./body.ts";
import type { HeaderList, HttpRequest } from "./exchange.ts";
import { headerValue } from "./headers.ts";
import { parseUrl, pathSegments } from "./url.ts";
import { words } from "./vocabulary.ts";

const READS = new Set(
  "get list read search find query fetch show lookup describe whoami retrieve browse count".split(
    " ",
  ),
);
/** What is looked at: `user.me`, `/order/detail`. Where something is said about it, that may be a change. */
const VIEWS = new Set(
  ("me self info detail details profile current overview summary stats statistics balance " +
    "dashboard history version whoami userinfo").split(" "),
);
/** A name with one of these changes something, whatever else is in it: `getOrCreate`, `readAndDelete`. */
const CHANGES = new Set(
  ("set add create make new update edit change modify patch put post send save store write insert " +
    "upsert delete remove drop clear purge destroy erase move copy rename merge reset revoke cancel " +
    "start stop run execute exec perform trigger mark toggle approve reject accept confirm submit " +
    "publish upload import register unregister subscribe unsubscribe join leave invite follow like vote " +
    "pay buy order refund transfer generate issue renew refresh rotate login logout logon logoff sign " +
    "lock unlock open close take pop push claim consume ack acknowledge increment track log report")
    .split(" "),
);

/** True for a POST of which its own words say that it only asks. */
export function isReadingPost({ method, url, headers, body }: HttpRequest): boolean {
  const parsed = parseUrl(url);
  if (method !== "POST" || parsed === null) return false;
  const content = parseBody(headers, body);
  const meant = meantMethod(headers, content);
  if (meant !== undefined) return /^(get|head)$/i.test(meant);
  const named = namedOperation(content);
  return named === "none" ? isReadingPath(pathSegments(parsed)) : named === "read";
}

/**
 * The method that a POST stands for, where it says so: `_method` of Rails, Laravel and Parse, which sends its JSON as
 * plain text, or `X-HTTP-Method-Override`.
 */
function meantMethod(headers: HeaderList, content: ParsedBody): string | undefined {
  const named = headerValue(headers, "x-http-method-override");
  if (named !== undefined) return named.trim();
  if (content.kind === "form") return content.fields.find(([name]) => name === "_method")?.[1];
  const value = content.kind === "json"
    ? content.value
    : content.kind === "text" && content.text.startsWith("{")
    ? parseJson(content.text)
    : null;
  return isRecord(value) && typeof value["_method"] === "string" ? value["_method"] : undefined;
}

/**
 * True for a POST that names what there is to look at and says nothing else, but for `said`: the credentials
 * in its body.
 */
export function isViewingPost(
  { method, url, headers, body }: HttpRequest,
  said: ReadonlySet<string> = new Set(),
): boolean {
  const parsed = parseUrl(url);
  if (method !== "POST" || parsed === null || parsed.search !== "" && said.size === 0) return false;
  const content = parseBody(headers, body);
  if (content.kind !== "json" && content.kind !== "form" && content.kind !== "none") return false;
  const call = content.kind === "json" ? rpcCall(content.value) : null;
  const names = call === null ? pathSegments(parsed) : [call.method];
  const args = call === null ? argumentsIn(content) : leavesIn(call.others);
  return args.every((value) => said.has(value)) && isViewingName(names);
}

/** By the last word: `user.me`, `/api/order/detail`. */
function isViewingName(names: readonly string[]): boolean {
  const all = names.flatMap((name) => words(name).split(" ")).filter((word) => word !== "");
  return VIEWS.has(all.at(-1) ?? "") && !all.some((word) => CHANGES.has(word));
}

/** A call of JSON-RPC, and what it says beside its method. */
function rpcCall(value: JsonValue): { method: string; others: JsonValue } | null {
  if (!isRecord(value) || typeof value["method"] !== "string") return null;
  const { jsonrpc, id, method, ...others } = value as Readonly<Record<string, JsonValue>>;
  return jsonrpc !== undefined || id !== undefined ? { method: method as string, others } : null;
}

function argumentsIn(content: ParsedBody): string[] {
  if (content.kind === "form") return content.fields.map(([, value]) => value);
  return content.kind === "json" ? leavesIn(content.value) : [];
}

function leavesIn(value: JsonValue): string[] {
  if (Array.isArray(value)) return value.flatMap(leavesIn);
  return isRecord(value) ? Object.values(value as object).flatMap(leavesIn) : [String(value)];
}

/** True for an operation's name that is a question: `notes.list`, `getBerths`. */
export function isReadingName(name: string): boolean {
  const all = words(name).split(" ");
  return all.some((word) => READS.has(word)) && !all.some((word) => CHANGES.has(word));
}

type Named = "read" | "other" | "none";

/** What the body says of the operation, in GraphQL or JSON-RPC. */
function namedOperation(body: ParsedBody): Named {
  if (body.kind === "form") {
    const query = body.fields.find(([name]) => name === "query")?.[1];
    return query === undefined ? "none" : graphqlKind(query) ?? "none";
  }
  if (body.kind !== "json") return "none";
  const messages: readonly JsonValue[] = Array.isArray(body.value) ? body.value : [body.value];
  const kinds = messages.map(messageKind);
  if (kinds.length === 0) return "none";
  return kinds.find((kind) => kind !== "read") ?? "read";
}

function messageKind(message: JsonValue): Named {
  if (!isRecord(message)) return "none";
  const { query, jsonrpc, method, params, id } = message;
  if (typeof query === "string") return graphqlKind(query) ?? "none";
  const isRpc = typeof method === "string" &&
    (jsonrpc === "2.0" || Array.isArray(params) && id !== undefined);
  // A notification (JSON-RPC 2.0 section 4.1) has no answer to look at.
  if (isRpc) return id !== undefined && isReadingName(method) ? "read" : "other";
  return isBareCall(message) && isReadingName(message["method"] as string) ? "read" : "none";
}

/** A call that has a method, its arguments and what tells its answer, and nothing else: RPC without an envelope. */
function isBareCall(message: Readonly<Record<string, JsonValue>>): boolean {
  return typeof message["method"] === "string" &&
    Object.keys(message).every((name) =>
      /^(?:method|arguments|args|params|parameters|id|tag|seq)$/.test(name)
    );
}

/** `null` for a text that is not a GraphQL document; fragments may stand before the operation. */
function graphqlKind(text: string): Named | null {
  const start = text.replace(/^(?:[\s,]|#[^\n]*\n)+/, "");
  if (!/^(?:\{|(?:query|mutation|subscription|fragment)\b)/.test(start)) return null;
  return /\b(?:mutation|subscription)\b/.test(text) ? "other" : "read";
}

/** By the last segment: `/notes/search`, `/api/getBerths`. `/api/list` alone may be where lists are made. */
function isReadingPath(segments: readonly string[]): boolean {
  const last = segments.at(-1) ?? "";
  const others = segments.slice(0, -1).flatMap((segment) => words(segment).split(" "));
  const isOfSomething = words(last) !== "list" ||
    others.some((word) => word !== "" && !/^(api|rpc|rest|v\d+)$/.test(word));
  return isReadingName(last) && isOfSomething && !others.some((word) => CHANGES.has(word));
}
