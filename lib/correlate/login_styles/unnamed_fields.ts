import {
  isAntiForgeryName,
  isClientSecretName,
  isIdentifierName,
  isLoginPath,
  words,
} from "../../http/vocabulary.ts";
import { isOpaque } from "../../http/opaque.ts";
import { digestShape } from "../digest_trials.ts";
import type { Leaf } from "../leaves.ts";
import { NO_LOGIN } from "../login_span.ts";
import type { Provenance } from "../provenance.ts";
import type { Message, Recording } from "../recording.ts";
import { findApiTraffic, issuedPart, type Sink } from "../sinks.ts";
import type { TypedValue } from "../typed_value.ts";
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

/** Who and the secret: by name, and the one remaining text that no answer and no habit explains. */
function typedFromNowhere(message: Message, provenance: Provenance): TypedValue[] {
  const body = message.leaves.filter((leaf) =>
    ["form", "json", "multipart"].includes(leaf.place.kind) && leaf.value.length >= 3 &&
    !/^(true|false|null|https?:.*)$/.test(leaf.value) && !isClientSecretName(leaf.name) &&
    !/^(grant_?type|scope|mode|type|method|version)$/i.test(leaf.name) &&
    !isAntiForgeryName(leaf.name)
  );
  const named = body.filter(({ name, value }) => isIdentifierName(name) && !isOpaque(value));
  const rest = body.filter((leaf) =>
    !named.includes(leaf) && provenance.find(leaf.value, message.index) === null
  );
  const secret = rest.find(({ name }) => /secret|pass|pwd|credential|phrase|key\b/i.test(name)) ??
    rest.find(({ value }) => digestShape(value) !== null && isOpaque(value)) ??
    (named.length > 0 && rest.length === 1 && isSecretLike(rest[0]!, message)
      ? rest[0]
      : undefined);
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

/**
 * A plain word beside a name is a choice ("guest", "express"), unless the request goes to a login.
 * @rule off: true
 */
function isSecretLike({ value }: Leaf, message: Message): boolean {
  return !/^[a-z]+$/i.test(value) || isLoginPath(message.url.pathname);
}

/**
 * A body that is one word from nowhere, exchanged for a credential, can be nothing but a secret.
 * @rule off: []
 */
function bareSecret(message: Message, provenance: Provenance): TypedValue[] {
  const leaf = message.leaves.find(({ place }) => place.kind === "text");
  if (leaf === undefined || !/^[^\s<>{}[\]"=&]{4,200}$/.test(leaf.value)) return [];
  if (provenance.find(leaf.value, message.index) !== null) return [];
  return [{ kind: "password", name: "password", value: leaf.value, place: leaf.place }];
}
