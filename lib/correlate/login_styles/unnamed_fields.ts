import { isOpaque } from "../../http/opaque.ts";
import { NO_LOGIN } from "../login_span.ts";
import type { Message, Recording } from "../recording.ts";
import { issuedPart, type Sink } from "../sink.ts";
import { findApiTraffic } from "../sinks.ts";
import { typedFromNowhere } from "../typed_from_nowhere.ts";
import type { Evidence, FoundLogin } from "./style.ts";

/**
 * A login under names nobody knows: the request whose answer hands out what later requests carry, and
 * whose body holds values from nowhere.
 * @rule off: null
 */
export function unnamedLogin(evidence: Evidence): FoundLogin | null {
  const { recording, provenance } = evidence;
  const traffic = findApiTraffic(evidence, NO_LOGIN);
  const sinks = [
    ...traffic.headers,
    ...traffic.query,
    ...traffic.body,
    ...traffic.cookies,
    ...replacedCookies(traffic.requests, recording),
  ];
  for (const { message, leaf } of sinks) {
    const source = leaf.place.kind === "cookie"
      ? recording.cookieSetters(leaf.name, leaf.value, message.index)?.first
      : issuedPart(leaf, message.index, provenance)?.index;
    if (source === undefined) continue;
    const login = recording.at(source);
    const typed = login.method === "GET" ? [] : typedFromNowhere(login, provenance);
    if (typed.length > 0) {
      return { submissions: [{ index: login.index, signature: "minting", typed, refused: false }] };
    }
  }
  return null;
}

/**
 * Cookies that a submission gave another value: a session that was a guest's before.
 * @rule off: []
 */
function replacedCookies(requests: readonly Message[], recording: Recording): Sink[] {
  return requests.flatMap((message) =>
    message.leaves.filter((leaf) => {
      if (leaf.place.kind !== "cookie" || !isOpaque(leaf.value)) return false;
      const setter = recording.cookieSetters(leaf.name, leaf.value, message.index)?.first;
      return setter !== undefined && recording.at(setter).method !== "GET";
    }).map((leaf) => ({ message, leaf }))
  );
}
