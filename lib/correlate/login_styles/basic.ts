import { hasScheme, isEmptyCredential } from "../../http/auth_scheme.ts";
import { isOpaque } from "../../http/opaque.ts";
import { percentDecode } from "../../http/url.ts";
import { askedFor, directFlow, EMPTY_RESULT } from "../direct_flow.ts";
import { isFromNowhere } from "../earlier_session.ts";
import { applied, concat, ofInput } from "../expr.ts";
import type { Analysis, Expr, Input } from "../flow.ts";
import { describePlace, type Leaf } from "../leaves.ts";
import { basicCredentials, isClientAuthentication } from "../login_run.ts";
import { NO_LOGIN } from "../login_span.ts";
import type { Source } from "../occurrences.ts";
import type { Message } from "../recording.ts";
import { madeAnew } from "../session_path.ts";
import { issuerOf } from "../sink.ts";
import { findApiTraffic } from "../sinks.ts";
import { inPair } from "../opened_leaf.ts";
import { type Evidence, type FoundLogin, loginBy } from "./style.ts";

/** HTTP Basic (RFC 7617), whether the browser or a page's script added it. @rule off: null */
export function basicLogin(evidence: Evidence): FoundLogin | null {
  const { recording, messages } = evidence;
  const requests = messages.filter((message) =>
    message.succeeded && basicCredentials(message) !== null && !isClientAuthentication(message)
  );
  const pair = requests.length === 0 ? null : basicCredentials(requests[0]!);
  if (pair === null) return null;
  if (handsOutMore(evidence, requests)) {
    const first = basicIssuer(evidence) ?? harmlessFirst(requests);
    const typed = first.leaves.filter(({ name }) => name.toLowerCase() === "authorization")
      .flatMap(inPair);
    return loginBy(first, typed);
  }
  const { inputs, text } = typedPair(pair);
  const expr = concat(["Basic ", applied("base64", concat(text))]);
  const labels = inputs.map(({ label }) => `"${label}"`).join(" and ");
  return {
    analysis: directFlow(
      { recording, requests },
      inputs,
      { ...EMPTY_RESULT, headers: [["Authorization", expr]] },
      "header Authorization",
      `base64 of what the user typed as ${labels}`,
    ),
  };
}

/**
 * Basic in another place: a cookie that the page wrote itself, as appliances have it (`Authorization=Basic%20…`).
 * @rule off: null
 */
export function cookiePair(evidence: Evidence): FoundLogin | null {
  const plain = (leaf: Leaf) => ({ ...leaf, value: percentDecode(leaf.value) });
  const carrying = evidence.messages.filter(({ succeeded }) => succeeded).flatMap((message) =>
    message.cookies.filter((leaf) =>
      inPair(plain(leaf)).length > 0 && isFromNowhere(message, leaf, evidence)
    ).map((leaf) => ({ message, leaf }))
  );
  const [{ message, leaf } = {}] = carrying;
  const [who, secret] = leaf === undefined ? [] : inPair(plain(leaf));
  if (message === undefined || leaf === undefined || !who?.part?.encoding) return null;
  const requests = carrying.filter((one) => one.leaf.value === leaf.value)
    .map((one) => one.message);
  const { inputs, text } = typedPair({ user: who.value, password: secret!.value });
  const pair = concat([who.part.prefix, applied(who.part.encoding, concat(text))]);
  const expr = plain(leaf).value === leaf.value ? pair : applied("url-encode", pair);
  const cookies = {
    urls: [`${message.url.origin}/`],
    names: [leaf.name],
    client: [[leaf.name, expr] as const],
  };
  const analysis = directFlow(
    { recording: evidence.recording, requests },
    inputs,
    { ...EMPTY_RESULT, cookies },
    describePlace(leaf.place),
    'base64 of what the user typed as "Username" and "Password", written by the page',
  );
  return { analysis: withPathOf(requests, evidence, analysis) };
}

/** A script hands a cookie over; a path that each login makes anew it cannot put into a call. */
function withPathOf(
  requests: readonly Message[],
  { provenance }: Evidence,
  analysis: Analysis,
): Analysis {
  const isMade = ({ place, value }: Leaf, { index }: Message) =>
    place.kind === "path" && (isOpaque(value) || /^[A-Z\d]{8,}$/.test(value)) &&
    provenance.find(value, index) !== null;
  const reasons = requests.flatMap((message) => {
    const leaf = message.leaves.find((one) => isMade(one, message));
    return leaf === undefined ? [] : [madeAnew(message, leaf)];
  });
  return analysis.kind !== "flow" || reasons.length === 0
    ? analysis
    : { ...analysis, kind: "draft", gaps: [], reasons: reasons.slice(0, 1) };
}

/** What is asked for, and how it stands in the pair. One half alone is a key, with the other left empty. */
function typedPair({ user, password }: { user: string; password: string }): {
  readonly inputs: readonly Input[];
  readonly text: readonly (string | Expr)[];
} {
  if (user === "" || password === "") {
    const key = askedFor("api-key", user + password);
    return { inputs: [key], text: password === "" ? [ofInput(key), ":"] : [":", ofInput(key)] };
  }
  const [who, secret] = [askedFor("identifier", user), askedFor("password", password)];
  return { inputs: [who, secret], text: [ofInput(who), ":", ofInput(secret)] };
}

/**
 * The first request with Basic whose answer hands out what later requests carry beside it: be it a
 * refusal, since a handshake does so before anything has been done.
 * @rule off: undefined
 */
function basicIssuer(evidence: Evidence): Message | undefined {
  const { provenance, messages } = evidence;
  const traffic = findApiTraffic(evidence, NO_LOGIN);
  const earned = earnedPair(messages.filter(({ succeeded }) => succeeded), provenance);
  const sources = new Set([
    earned?.index,
    ...[...traffic.headers, ...traffic.cookies]
      .filter(({ leaf }) => leaf.name.toLowerCase() !== "authorization")
      .map((sink) => issuerOf(sink, evidence)),
  ]);
  return messages.find((message) =>
    sources.has(message.index) && basicCredentials(message) !== null
  );
}

/**
 * Where the answer stands whose key a later pair has in the password's place (`key_id:key_secret`).
 * @rule off: null
 */
function earnedPair(
  messages: readonly Message[],
  provenance: Evidence["provenance"],
): Source | null {
  for (const message of messages) {
    const { password = "" } = basicCredentials(message) ?? {};
    const source = isOpaque(password) ? provenance.find(password, message.index) : null;
    if (source !== null) return source;
  }
  return null;
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
  return others.length > 0 || earnedPair(requests, evidence.provenance) !== null ||
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
