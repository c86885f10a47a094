/** Logins told by their answer: it hands out what later requests carry as a credential. */
import { isOpaque } from "../../http/opaque.ts";
import { IssuedCredentials } from "../issued_credential.ts";
import type { Leaf } from "../leaves.ts";
import { spanOf } from "../login_span.ts";
import type { Message } from "../recording.ts";
import { issuerOf } from "../sink.ts";
import { findApiTraffic } from "../sinks.ts";
import type { TypedValue } from "../typed_value.ts";
import { type Evidence, type FoundLogin, loginBy } from "./style.ts";

/** What a request says for the credential. */
export interface HandedOver {
  readonly typed: readonly TypedValue[];
  /** What the page computed. */
  readonly computed?: readonly Leaf[];
}

/** Each look at an answer is one at all requests after it. */
const MAX_TRIED = 300;

/** The first request that hands something over, and is answered with a credential for it. */
export function firstExchange(
  evidence: Evidence,
  handedOver: (message: Message) => HandedOver | null,
): FoundLogin | null {
  let tried = 0;
  for (const message of evidence.messages) {
    if (!message.succeeded || message.isScriptOrStyle || message.method === "OPTIONS") continue;
    const said = handedOver(message);
    if (said === null) continue;
    if (++tried > MAX_TRIED) return null;
    if (handsOut(message, evidence)) return loginBy(message, said.typed, said.computed);
  }
  return null;
}

/** A plain word in a cookie may be a taste. */
function isTelling({ place, value }: Leaf): boolean {
  return place.kind !== "cookie" || isOpaque(value);
}

/** By equality in a header, a cookie or a field that is called so; in others where the requests after it share it. */
function handsOut(message: Message, evidence: Evidence): boolean {
  const { recording } = evidence;
  const span = spanOf([message.index], recording);
  const issued = new IssuedCredentials(recording, span);
  const { headers, query, body, cookies } = findApiTraffic(evidence, span, issued);
  return [...headers, ...query, ...body, ...cookies].some((sink) =>
    issued.holds(sink.message, sink.leaf) ||
    isTelling(sink.leaf) && issuerOf(sink, evidence) === message.index
  );
}
