import { decodeJwt } from "../../http/jwt.ts";
import { isApiKeyName, isCredentialName } from "../../http/vocabulary.ts";
import { hasScheme, isEmptyCredential, splitScheme } from "../../http/auth_scheme.ts";
import { isOpaque } from "../../http/opaque.ts";
import { isFromNowhere, isSessions } from "../earlier_session.ts";
import { askedFor, directFlow, EMPTY_RESULT } from "../direct_flow.ts";
import { concat, ofInput } from "../expr.ts";
import type { Expr, ResultTemplate } from "../flow.ts";
import { describePlace, fieldPath, isBodyField, type Leaf } from "../leaves.ts";
import type { Occurrences } from "../occurrences.ts";
import type { Message, Recording } from "../recording.ts";
import { endpointOf } from "../sink.ts";
import { unreadIssuer } from "../unread_formats.ts";
import type { Evidence, FoundLogin } from "./style.ts";

/** A key the user was given once: always the same, from nowhere. @rule off: null */
export function staticKey(evidence: Evidence): FoundLogin | null {
  const found = keyedRequests(evidence) ?? bodyKey(evidence);
  if (found === null) return null;
  const { leaf, prefix, requests } = found;
  if (isBesideSession(requests, leaf, evidence)) return null;
  if (unreadIssuer(requests[0]!, leaf, evidence) !== null) return null;
  const input = askedFor("api-key", leaf.value.slice(prefix.length));
  return {
    analysis: directFlow(
      { recording: evidence.recording, requests },
      [input],
      { ...EMPTY_RESULT, ...keyResult(leaf, concat([prefix, ofInput(input)])) },
      describePlace(leaf.place),
      'typed by the user as "API key"',
    ),
  };
}

/**
 * A key beside a user's credential that was there from the start names the application (`apikey` beside
 * `Authorization`): alone it is nobody's login.
 * @rule off: false
 */
function isBesideSession(requests: readonly Message[], key: Leaf, evidence: Evidence): boolean {
  return requests.some((message) =>
    message.leaves.some((leaf) =>
      leaf.value !== key.value && isSessions(leaf) &&
      (leaf.place.kind !== "cookie" || isCredentialName(leaf.name)) &&
      isFromNowhere(message, leaf, evidence)
    )
  );
}

function keyResult(leaf: Leaf, expr: Expr): Partial<ResultTemplate> {
  switch (leaf.place.kind) {
    case "header":
      return { headers: [[leaf.name, expr]] };
    case "query":
      return { queryParams: [[leaf.name, expr]] };
    default:
      return { bodyParams: [[fieldPath(leaf), expr]] };
  }
}

interface StaticKey {
  /** The requests that carry it. */
  readonly requests: readonly Message[];
  readonly leaf: Leaf;
  /** What the client writes before the key, as in `token:…`; else `""`. */
  readonly prefix: string;
}

/**
 * The requests with a key under a key's name in a header or in the query, and the first such key.
 * @rule off: null
 */
function keyedRequests({ messages, recording, provenance }: Evidence): StaticKey | null {
  const requests = messages.filter((message) =>
    message.succeeded && !message.isScriptOrStyle &&
    keyLeaf(message, recording, provenance) !== null
  );
  if (requests.length === 0) return null;
  const leaf = keyLeaf(requests[0]!, recording, provenance)!;
  const prefix = leaf.place.kind === "header" ? splitScheme(leaf.value).prefix : "";
  return { requests, leaf, prefix };
}

function keyLeaf(message: Message, recording: Recording, provenance: Occurrences): Leaf | null {
  return message.leaves.find((leaf) => {
    if (leaf.place.kind !== "header" && leaf.place.kind !== "query") return false;
    const value = splitScheme(leaf.value).credentials;
    if (value.length < 8 || isEmptyCredential(leaf.value)) return false;
    const isAuthorization = leaf.name.toLowerCase() === "authorization";
    const named = isAuthorization
      ? !hasScheme(leaf.value, "basic", "digest", "negotiate", "ntlm") &&
        isStandingToken(leaf.value, recording)
      : isApiKeyName(leaf.name) && isOpaque(value);
    return named && provenance.find(value, message.index) === null;
  }) ?? null;
}

/**
 * A bearer token that is not a session's: opaque, and in a recording without pages (a program's).
 * @rule off: true
 */
function isStandingToken(value: string, recording: Recording): boolean {
  const { scheme, credentials } = splitScheme(value);
  if (scheme !== "bearer") return true;
  return decodeJwt(credentials) === null &&
    !recording.messages.some((message) => message.responseBody.kind === "html");
}

/**
 * The key that is the same in every body with its place, at two endpoints or more: under a key's name, or
 * the first argument of every remote call (JSON-RPC 2.0 section 4.2 knows arguments without names).
 * @rule off: null
 */
function bodyKey({ messages: all, provenance }: Evidence): StaticKey | null {
  const messages = all.filter(({ succeeded, isScriptOrStyle }) => succeeded && !isScriptOrStyle);
  const tried = new Set<string>();
  for (const message of messages) {
    for (const leaf of message.leaves.filter(isKey)) {
      if (tried.has(fieldPath(leaf))) continue;
      tried.add(fieldPath(leaf));
      const requests = messages.filter((other) => leafAt(other, leaf) !== undefined);
      const isSteady = requests.every((other) => leafAt(other, leaf)!.value === leaf.value);
      if (!isSteady || new Set(requests.map(endpointOf)).size < 2) continue;
      if (provenance.find(keyOf(leaf), message.index) !== null) continue;
      return { requests, leaf, prefix: prefixOf(leaf) };
    }
  }
  return null;
}

function isKey(leaf: Leaf): boolean {
  if (!isBodyField(leaf)) return false;
  const isNamed = isApiKeyName(leaf.name) || prefixOf(leaf) !== "";
  const isFirst = leaf.place.kind === "json" && leaf.place.path.join(".") === "params.0";
  if (isFirst) return prefixOf(leaf) !== "" || isOpaque(leaf.value);
  return isNamed && keyOf(leaf).length >= 8 && isOpaque(keyOf(leaf));
}

/** A credential's name and a sign of punctuation before the value. @rule off: "" */
function prefixOf({ value }: Leaf): string {
  const [prefix = "", name = ""] = /^([A-Za-z][\w-]{1,20})[:=] ?(?=.{4})/.exec(value) ?? [];
  return isCredentialName(name) || isApiKeyName(name) ? prefix : "";
}

function keyOf(leaf: Leaf): string {
  return leaf.value.slice(prefixOf(leaf).length);
}

function leafAt(message: Message, leaf: Leaf): Leaf | undefined {
  const path = fieldPath(leaf);
  return message.leaves.find((other) => isBodyField(other) && fieldPath(other) === path);
}
