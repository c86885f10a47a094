/**
 * Recordings in which nobody hands a password over: HTTP Digest and Basic, a link from a message, a
 * static key, a token given to anybody, a session that was there from the start, or nothing.
 */
import { headerValue } from "../http/headers.ts";
import { directFlow, EMPTY_RESULT } from "./direct_flow.ts";
import {
  isClientSecretName,
  isCredentialName,
  isIdentifierName,
  isLoginPath,
  words,
} from "../http/vocabulary.ts";
import { digestShape } from "./digest_trials.ts";
import type { Analysis, Expr, Input, ResultTemplate } from "./flow.ts";
import { KnownValues } from "./known_values.ts";
import { describePlace, fieldPath, type Leaf } from "./leaves.ts";
import {
  basicCredentials,
  type CredentialSubmission,
  isClientAuthentication,
} from "./login_run.ts";
import { nothingFound } from "./nothing_found.ts";
import type { Provenance } from "./provenance.ts";
import type { Message, Recording } from "./recording.ts";
import { loginLikeRequests, obstacles } from "./refusals.ts";
import { findApiTraffic, issuedPart, type Sink } from "./sinks.ts";
import { hasScheme, isEmptyCredential } from "../http/auth_scheme.ts";
import { findStaticKey } from "./static_key.ts";
import { isOpaque } from "../http/opaque.ts";
import { identifierOnly } from "./typed_fields.ts";
import type { TypedValue } from "./typed_value.ts";

/** What takes the place of a login: requests to treat as its steps, or the finished answer. */
export type Substitute = { readonly submissions: readonly CredentialSubmission[] } | {
  readonly analysis: Analysis;
};

export function withoutLogin(
  recording: Recording,
  provenance: Provenance,
  submissions: readonly CredentialSubmission[],
): Substitute {
  return digestLogin(recording) ?? basicLogin(recording, provenance) ??
    mintingLogin(recording, provenance) ?? linkLogin(recording, provenance) ??
    hiddenLogin(recording) ?? guestToken(recording, provenance) ??
    staticKey(recording, provenance) ??
    { analysis: nothingFound(recording, submissions) };
}

/** HTTP Digest (RFC 7616): computed per request, so the flow has no steps and yields the recipe. */
function digestLogin(recording: Recording): Substitute | null {
  const requests = recording.messages.filter((message) =>
    message.succeeded && /^Digest\s/i.test(authorization(message))
  );
  if (requests.length === 0) return null;
  const user = /username="((?:[^"\\]|\\.)*)"/i.exec(authorization(requests[0]!))?.[1] ?? "";
  const inputs: Input[] = [
    { name: "username", label: "Username", secret: false, kind: "identifier", recorded: user },
    { name: "password", label: "Password", secret: true, kind: "password", recorded: "" },
  ];
  const [username, password] = inputs.map(({ name }): Expr => ({ kind: "input", input: name }));
  return {
    analysis: directFlow(
      { recording, requests },
      inputs,
      {
        ...EMPTY_RESULT,
        computed: [{ kind: "http_digest", username: username!, password: password! }],
      },
      "Authorization",
      "computed per request from user name and password (HTTP Digest)",
    ),
  };
}

/**
 * User name and password in every request, in query or body, as older APIs take them: at least two
 * endpoints carry the same, and no answer hands out anything in exchange.
 */
export function credentialsInEachRequest(
  submissions: readonly CredentialSubmission[],
  recording: Recording,
  isUsedLater: (submission: CredentialSubmission) => boolean,
): Analysis | null {
  const accepted = submissions.filter(({ refused }) => !refused);
  const first = accepted[0];
  const secret = first?.typed.find(({ kind }) => kind === "password");
  if (first === undefined || secret === undefined) return null;
  const alike = accepted.filter(({ typed }) =>
    first.typed.every((value) =>
      typed.some((other) => other.kind === value.kind && other.value === value.value)
    )
  );
  const endpoints = new Set(alike.map(({ signature }) => signature));
  if (endpoints.size < 2 || alike.length < accepted.length || accepted.some(isUsedLater)) {
    return null;
  }
  const known = new KnownValues();
  const params = first.typed.flatMap((typed) => {
    const expr: Expr = { kind: "input", input: known.input(typed).name };
    const leaf = { place: typed.place, name: typed.name, value: typed.value };
    return [[typed.place.kind, fieldPath(leaf), expr] as const];
  });
  const pairs = (inQuery: boolean) =>
    params.filter(([kind]) => (kind === "query") === inQuery)
      .map(([, path, expr]) => [path, expr] as const);
  return directFlow(
    { recording, requests: alike.map(({ index }) => recording.at(index)) },
    known.inputs,
    { ...EMPTY_RESULT, queryParams: pairs(true), bodyParams: pairs(false) },
    `${secret.place.kind === "query" ? "query" : "body"} ${secret.name}`,
    "typed by the user, sent with every request",
  );
}

/** HTTP Basic (RFC 7617), whether the browser or a page's script added it. */
function basicLogin(recording: Recording, provenance: Provenance): Substitute | null {
  const requests = recording.messages.filter((message) =>
    message.succeeded && basicCredentials(message) !== null && !isClientAuthentication(message)
  );
  const pair = requests.length === 0 ? null : basicCredentials(requests[0]!);
  if (pair === null) return null;
  const place = { kind: "header", name: "authorization" } as const;
  const typed = [
    { kind: "identifier" as const, name: "username", value: pair.user, place },
    { kind: "password" as const, name: "password", value: pair.password, place },
  ];
  if (handsOutMore(recording, provenance, requests)) {
    const { index } = basicIssuer(recording, provenance) ?? harmlessFirst(requests);
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
 */
function basicIssuer(recording: Recording, provenance: Provenance): Message | undefined {
  const traffic = findApiTraffic(recording, provenance, { first: -1, last: -1 });
  const sources = new Set([
    ...traffic.headers.filter(({ leaf }) => leaf.name.toLowerCase() !== "authorization")
      .map(({ message, leaf }) => issuedPart(leaf, message.index, provenance)?.index),
    ...traffic.cookies.map(({ message, leaf }) =>
      recording.cookieSetters(leaf.name, leaf.value, message.index)?.first
    ),
  ]);
  return recording.messages.find((message) =>
    sources.has(message.index) && basicCredentials(message) !== null
  );
}

/** A page or data that is only read, if there is such a request. */
function harmlessFirst(requests: readonly Message[]): Message {
  return requests.find(({ method, isScriptOrStyle }) => method === "GET" && !isScriptOrStyle) ??
    requests[0]!;
}

/** True when Basic is not all: requests carry something else that an answer handed out. */
function handsOutMore(
  recording: Recording,
  provenance: Provenance,
  requests: readonly Message[],
): boolean {
  const basic = new Set(requests.map(({ index }) => index));
  const traffic = findApiTraffic(recording, provenance, { first: -1, last: -1 });
  const others = traffic.headers.filter(({ leaf }) => leaf.name.toLowerCase() !== "authorization");
  return others.length > 0 ||
    recording.messages.some((message) =>
      !basic.has(message.index) && message.succeeded &&
      message.leaves.some((leaf) =>
        leaf.place.kind === "cookie" &&
          basic.has(recording.cookieSetters(leaf.name, leaf.value, message.index)?.last ?? -1) ||
        leaf.place.kind === "header" && leaf.name.toLowerCase() === "authorization" &&
          !hasScheme(leaf.value, "basic") && !isEmptyCredential(leaf.value)
      )
    );
}

/**
 * A login under names nobody knows: the request whose answer hands out what later requests carry, and
 * whose body holds values from nowhere.
 */
function mintingLogin(recording: Recording, provenance: Provenance): Substitute | null {
  const traffic = findApiTraffic(recording, provenance, { first: -1, last: -1 });
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

/** Cookies that a submission gave another value: a session that was a guest's before. */
function replacedCookies(requests: readonly Message[], recording: Recording): Sink[] {
  return requests.flatMap((message) =>
    message.leaves.filter((leaf) => {
      if (leaf.place.kind !== "cookie" || !isOpaque(leaf.value)) return false;
      const setter = recording.cookieSetters(leaf.name, leaf.value, message.index)?.first;
      return setter !== undefined && recording.at(setter).method !== "GET";
    }).map((leaf) => ({ message, leaf }))
  );
}

/** Who and the secret: by name, and the one remaining text that no answer and no habit explains. */
function typedFromNowhere(message: Message, provenance: Provenance): TypedValue[] {
  const body = message.leaves.filter((leaf) =>
    ["form", "json", "multipart"].includes(leaf.place.kind) && leaf.value.length >= 3 &&
    !/^(true|false|null|https?:.*)$/.test(leaf.value) && !isClientSecretName(leaf.name) &&
    !/^(grant_?type|scope|mode|type|method|version)$/i.test(leaf.name)
  );
  const named = body.filter(({ name, value }) => isIdentifierName(name) && !isOpaque(value));
  const rest = body.filter((leaf) =>
    !named.includes(leaf) && provenance.find(leaf.value, message.index) === null
  );
  const secret = rest.find(({ name }) => /secret|pass|pwd|credential|phrase|key\b/i.test(name)) ??
    rest.find(({ value }) => digestShape(value) !== null && isOpaque(value)) ??
    (named.length > 0 && rest.length === 1 ? rest[0] : undefined);
  const identifiers = named.length > 0
    ? named
    : body.filter((leaf) =>
      leaf !== secret && !isOpaque(leaf.value) &&
      /\b(name|id|number|nick|handle)\b/.test(words(leaf.name))
    ).slice(0, 1);
  const typed = identifiers.map(({ name, value, place }): TypedValue => ({
    kind: "identifier",
    name,
    value,
    place,
  }));
  if (secret === undefined) return bareSecret(message, provenance);
  const { name, value, place } = secret;
  return [...typed, { kind: "password", name, value, place }];
}

/** A body that is one word from nowhere, exchanged for a credential, can be nothing but a secret. */
function bareSecret(message: Message, provenance: Provenance): TypedValue[] {
  const leaf = message.leaves.find(({ place }) => place.kind === "text");
  if (leaf === undefined || !/^[^\s<>{}[\]"=&]{4,200}$/.test(leaf.value)) return [];
  if (provenance.find(leaf.value, message.index) !== null) return [];
  return [{ kind: "password", name: "password", value: leaf.value, place: leaf.place }];
}

/** A link from a message: somebody is named, and later a page is opened whose token came from nowhere. */
function linkLogin(recording: Recording, provenance: Provenance): Substitute | null {
  for (const message of recording.messages) {
    if (message.method !== "GET" || !message.succeeded || message.isScriptOrStyle) continue;
    const token = message.leaves.find((leaf) =>
      (leaf.place.kind === "query" || leaf.place.kind === "path") && isOpaque(leaf.value) &&
      leaf.value.length >= 12 && provenance.find(leaf.value, message.index) === null
    );
    if (token === undefined || !isNavigation(message)) continue;
    const asked = recording.messages.findLast((earlier) =>
      earlier.index < message.index && earlier.succeeded && identifierOnly(earlier).length > 0
    );
    if (asked === undefined) continue;
    const link = message.trace.request.url;
    return {
      submissions: [{
        index: message.index,
        signature: "link",
        refused: false,
        typed: [{ kind: "link", name: "sign in link", value: link, place: { kind: "text" } }],
      }],
    };
  }
  return null;
}

function isNavigation(message: Message): boolean {
  return message.setCookies.length > 0 || message.location !== null ||
    message.responseBody.kind === "html" || isLoginPath(message.url.pathname);
}

/** Something like a login whose credentials cannot be seen: passkeys, SRP, encrypted bodies. */
function hiddenLogin(recording: Recording): Substitute | null {
  const reasons = obstacles(loginLikeRequests(recording), recording);
  return reasons.length === 0 ? null : { analysis: { kind: "refused", reasons } };
}

/** Credentials that an answer hands to anybody: an API key in a page, a session id in a refusal. */
function guestToken(recording: Recording, provenance: Provenance): Substitute | null {
  const traffic = findApiTraffic(recording, provenance, { first: -1, last: -1 });
  const earned = [...traffic.headers, ...traffic.query, ...traffic.body].some(
    ({ message, leaf }) => {
      const source = issuedPart(leaf, message.index, provenance);
      return source !== null && !recording.at(source.index).isScriptOrStyle &&
        (isCredentialName(leaf.name) || leaf.place.kind === "header");
    },
  );
  return earned ? { submissions: [] } : null;
}

/** A key the user was given once: always the same, from nowhere. */
function staticKey(recording: Recording, provenance: Provenance): Substitute | null {
  const found = findStaticKey(recording, provenance);
  if (found === null) return null;
  const { leaf, prefix, requests } = found;
  const input: Input = {
    name: "api_key",
    label: "API key",
    secret: true,
    kind: "api-key",
    recorded: leaf.value.slice(prefix.length),
  };
  const value: Expr = { kind: "input", input: "api_key" };
  const expr: Expr = prefix === ""
    ? value
    : { kind: "concat", parts: [{ kind: "constant", value: prefix }, value] };
  return {
    analysis: directFlow(
      { recording, requests },
      [input],
      { ...EMPTY_RESULT, ...keyResult(leaf, expr) },
      describePlace(leaf.place),
      'typed by the user as "API key"',
    ),
  };
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

function authorization(message: Message): string {
  return headerValue(message.trace.request.headers, "authorization") ?? "";
}
