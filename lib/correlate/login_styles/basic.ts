import { hasScheme, isEmptyCredential } from "../../http/auth_scheme.ts";
import { directFlow, EMPTY_RESULT } from "../direct_flow.ts";
import type { Expr, Input } from "../flow.ts";
import { basicCredentials, isClientAuthentication } from "../login_run.ts";
import { NO_LOGIN } from "../login_span.ts";
import type { Message } from "../recording.ts";
import { issuedPart } from "../sink.ts";
import { findApiTraffic } from "../sinks.ts";
import { inPair } from "../typed_parts.ts";
import type { Evidence, FoundLogin } from "./style.ts";

/** HTTP Basic (RFC 7617), whether the browser or a page's script added it. @rule off: null */
export function basicLogin(evidence: Evidence): FoundLogin | null {
  const { recording, messages } = evidence;
  const requests = messages.filter((message) =>
    message.succeeded && basicCredentials(message) !== null && !isClientAuthentication(message)
  );
  const pair = requests.length === 0 ? null : basicCredentials(requests[0]!);
  if (pair === null) return null;
  if (handsOutMore(evidence, requests)) {
    const { index, leaves } = basicIssuer(evidence) ?? harmlessFirst(requests);
    const typed = leaves.filter(({ name }) => name.toLowerCase() === "authorization").flatMap(
      inPair,
    );
    return { submissions: [{ index, signature: "basic", typed, refused: false }] };
  }
  const inputs: Input[] = [
    { name: "username", label: "Username", secret: false, kind: "identifier", recorded: pair.user },
    {
      name: "password",
      label: "Password",
      secret: true,
      kind: "password",
      recorded: pair.password,
    },
  ];
  const expr: Expr = {
    kind: "concat",
    parts: [{ kind: "constant", value: "Basic " }, {
      kind: "transform",
      op: "base64",
      args: [{
        kind: "concat",
        parts: [{ kind: "input", input: "username" }, { kind: "constant", value: ":" }, {
          kind: "input",
          input: "password",
        }],
      }],
    }],
  };
  return {
    analysis: directFlow(
      { recording, requests },
      inputs,
      { ...EMPTY_RESULT, headers: [["Authorization", expr]] },
      "header Authorization",
      'base64 of what the user typed as "Username" and "Password"',
    ),
  };
}

/**
 * The first request with Basic whose answer hands out what later requests carry beside it: be it a
 * refusal, since a handshake does so before anything has been done.
 * @rule off: undefined
 */
function basicIssuer(evidence: Evidence): Message | undefined {
  const { recording, provenance, messages } = evidence;
  const traffic = findApiTraffic(evidence, NO_LOGIN);
  const sources = new Set([
    ...traffic.headers.filter(({ leaf }) => leaf.name.toLowerCase() !== "authorization")
      .map(({ message, leaf }) => issuedPart(leaf, message.index, provenance)?.index),
    ...traffic.cookies.map(({ message, leaf }) =>
      recording.cookieSetters(leaf.name, leaf.value, message.index)?.first
    ),
  ]);
  return messages.find((message) =>
    sources.has(message.index) && basicCredentials(message) !== null
  );
}

/** A page or data that is only read, if there is such a request. */
function harmlessFirst(requests: readonly Message[]): Message {
  return requests.find(({ method, isScriptOrStyle }) => method === "GET" && !isScriptOrStyle) ??
    requests[0]!;
}

/**
 * True when Basic is not all: requests carry something else that an answer handed out.
 * @rule off: false
 */
function handsOutMore(evidence: Evidence, requests: readonly Message[]): boolean {
  const { recording, messages } = evidence;
  const basic = new Set(requests.map(({ index }) => index));
  const traffic = findApiTraffic(evidence, NO_LOGIN);
  const others = traffic.headers.filter(({ leaf }) => leaf.name.toLowerCase() !== "authorization");
  return others.length > 0 ||
    messages.some((message) =>
      !basic.has(message.index) && message.succeeded &&
      message.leaves.some((leaf) =>
        leaf.place.kind === "cookie" &&
          basic.has(recording.cookieSetters(leaf.name, leaf.value, message.index)?.last ?? -1) ||
        leaf.place.kind === "header" && leaf.name.toLowerCase() === "authorization" &&
          !hasScheme(leaf.value, "basic") && !isEmptyCredential(leaf.value)
      )
    );
}
