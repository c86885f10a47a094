/** Sinks: the values that authenticate the app's requests. */
import { isOpaque } from "../http/opaque.ts";
import type { Leaf } from "./leaves.ts";
import type { LoginSpan } from "./login_span.ts";
import type { Evidence } from "./login_styles/style.ts";
import type { Source } from "./occurrences.ts";
import type { Message, Recording } from "./recording.ts";

/** A value of an API request that authenticates it. */
export interface Sink {
  readonly message: Message;
  readonly leaf: Leaf;
}

export interface ApiTraffic {
  /** Requests that carry the credentials and were answered. */
  readonly requests: readonly Message[];
  readonly origins: readonly string[];
  readonly headers: readonly Sink[];
  readonly cookies: readonly Sink[];
  readonly query: readonly Sink[];
  readonly body: readonly Sink[];
  /** Names of cookies that are refresh tokens by use. */
  readonly renewal: ReadonlySet<string>;
}

/** What sinks are looked for in. */
export interface Search {
  readonly recording: Recording;
  readonly provenance: Evidence["provenance"];
  readonly span: LoginSpan;
}

/**
 * The token inside a credential: what follows a scheme, or the parameter of several (RFC 9110 section
 * 11.4) that an answer handed out. `null` when no part comes from an answer.
 */
export function issuedPart(
  leaf: Leaf,
  before: number,
  provenance: Evidence["provenance"],
): Source | null {
  for (const part of leaf.value.split(/[\s",;=]+/)) {
    const source = isOpaque(part) ? provenance.find(part, before) : null;
    if (source !== null) return source;
  }
  return provenance.find(leaf.value, before);
}

/** Index of the answer that gave a request the value of a sink. */
export function issuerOf(
  { message, leaf }: Sink,
  { recording, provenance }: Pick<Search, "recording" | "provenance">,
): number | undefined {
  return leaf.place.kind === "cookie"
    ? recording.cookieSetters(leaf.name, leaf.value, message.index)?.first
    : issuedPart(leaf, message.index, provenance)?.index;
}

/** What a request is for, by its path and the operation that its body names. */
export function endpointOf(message: Message): string {
  const called = message.leaves.map(operationOf).find((name) => name !== undefined);
  return `${message.method} ${message.url.pathname} ${called ?? ""}`;
}

/** A method of JSON-RPC or XML-RPC, or the element in a SOAP body (SOAP 1.2 part 2 section 4.2.1). */
function operationOf({ name, place, value }: Leaf): string | undefined {
  if (place.kind === "json" && name === "method") return value;
  if (place.kind !== "xml") return undefined;
  return name === "methodName" ? value : /^Envelope\/Body\/([^/]+)/.exec(place.path)?.[1];
}
