/**
 * Values that a client makes up anew: only what the web says is made there. `state` and `nonce` (RFC 6749
 * section 10.12, OpenID Connect Core section 3.1.2.1), PKCE (RFC 7636), ids of requests (W3C Trace Context,
 * the Idempotency-Key header), ids of calls (JSON-RPC 2.0 section 4), ids of a device or an installation, moments.
 * Whatever else no answer explains may be computed from what was typed, or stem from before the recording.
 */
import { applyTransform } from "../codec/transforms.ts";
import { isOpaque, isUuid, timestampUnit } from "../http/opaque.ts";
import {
  isCredentialName,
  isDeviceName,
  isMadeOnceName,
  isTimestampName,
  words,
} from "../http/vocabulary.ts";
import { looksComputed } from "./computed_secret.ts";
import { applied, ofGenerated } from "./expr.ts";
import type { Expr } from "./flow.ts";
import type { KnownValues } from "./known_values.ts";
import type { Leaf } from "./leaves.ts";
import type { Message, Recording } from "./recording.ts";
import { isSigned } from "./signed_value.ts";

/** How far a client's clock and the recorder's may be apart, and how old a timestamp may be. */
const TIMESTAMP_WINDOW_MS = 10 * 60_000;

export class ClientMade {
  #verifiers: readonly string[] | undefined;

  constructor(private readonly recording: Recording, private readonly known: KnownValues) {}

  /**
   * The expression that makes the value; `null` for a value that is not known to be the client's.
   * `isBeforeTyping`: somebody sent it before anything was typed; `hasSecret`: the request carries what
   * was typed as a field of its own.
   */
  of(
    value: string,
    message: Message,
    leaf: Leaf,
    evidence: { readonly isBeforeTyping: boolean; readonly hasSecret: boolean },
  ): Expr | null {
    if (isSigned(value)) return null;
    const moment = timestampUnit(value, message.trace.startedAtMs, TIMESTAMP_WINDOW_MS);
    const name = words(leaf.name);
    if (
      moment !== null && (isTimestampName(leaf.name) || moment !== "s" || /^x |nonce/.test(name))
    ) {
      return this.#made(value, leaf.name || "timestamp", { kind: "timestamp", unit: moment });
    }
    if (/^code ?(verifier|challenge)$/.test(name)) return this.#pkce(value, name);
    if (isMadeOnceName(leaf.name)) return this.#made(value, leaf.name);
    if (isOfEachRequest(leaf, this.recording) || isCallId(leaf, message)) {
      return this.#made(value, leaf.name);
    }
    if (!isDeviceName(leaf.name) || isCredentialName(leaf.name)) return null;
    const isOwn = evidence.isBeforeTyping || leaf.place.kind === "header" || isUuid(value) ||
      evidence.hasSecret && !looksComputed(value);
    return isOwn ? this.#made(value, leaf.name) : null;
  }

  #made(value: string, hint: string, shape?: Parameters<KnownValues["generate"]>[2]): Expr {
    return ofGenerated(this.known.generate(value, hint, shape));
  }

  /**
   * The challenge of a verifier that some request shows, or a verifier whose challenge one shows.
   * @rule off: null
   */
  #pkce(value: string, name: string): Expr | null {
    if (!/challenge$/.test(name)) return this.#verifier(value);
    this.#verifiers ??= verifiersIn(this.recording);
    for (const verifier of this.#verifiers) {
      if (verifier === value) return this.#verifier(verifier);
      if (applyTransform("pkce-s256", [verifier]) === value) {
        return applied("pkce-s256", this.#verifier(verifier));
      }
    }
    return isOpaque(value) ? this.#made(value, name) : null;
  }

  #verifier(value: string): Expr {
    return this.#made(value, "code_verifier", {
      kind: "pkce-verifier",
      length: Math.min(128, Math.max(43, value.length)),
    });
  }
}

function verifiersIn({ messages }: Recording): string[] {
  return messages.flatMap(({ fields, cookies }) => [fields, cookies]).flatMap((leaves) =>
    leaves.filter(({ name }) => /^code ?verifier$/.test(words(name))).map(({ value }) => value)
  );
}

/** `id` beside `jsonrpc`: the client numbers its calls (JSON-RPC 2.0 section 4). @rule off: false */
function isCallId({ place }: Leaf, { leaves }: Message): boolean {
  if (place.kind !== "json" || place.path.at(-1) !== "id") return false;
  const call = place.path.slice(0, -1);
  return leaves.some((other) =>
    other.place.kind === "json" && other.place.path.length === place.path.length &&
    other.place.path.at(-1) === "jsonrpc" && call.every((key, at) =>
      other.place.kind === "json" && other.place.path[at] === key
    )
  );
}

/**
 * A header that holds another UUID (RFC 9562) in each request: what numbers requests, whatever it is called.
 * @rule off: false
 */
export function isOfEachRequest({ place, name, value }: Leaf, recording: Recording): boolean {
  if (place.kind !== "header" || !isUuid(value)) return false;
  const names = requestIds.get(recording) ?? requestIdsIn(recording);
  requestIds.set(recording, names);
  return names.has(name.toLowerCase());
}

/** Each request of a long recording is asked about. */
const requestIds = new WeakMap<Recording, ReadonlySet<string>>();

/** In lower case. */
function requestIdsIn({ messages }: Recording): Set<string> {
  const headers = messages.flatMap(({ ownHeaders }) => ownHeaders);
  const byName = Map.groupBy(headers, ({ name }) => name.toLowerCase());
  const ids = [...byName].filter(([, leaves]) =>
    leaves.length > 1 && leaves.every(({ value }) => isUuid(value)) &&
    new Set(leaves.map(({ value }) => value)).size === leaves.length
  );
  return new Set(ids.map(([name]) => name));
}
