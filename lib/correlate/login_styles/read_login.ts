/**
 * A login without a body: who it is and the secret, or what the page computed of it, stand in its address or its
 * headers under names nobody knows. That it is one shows its answer, which hands out what later requests carry.
 */
import { isMask, isOpaque, isUuid } from "../../http/opaque.ts";
import { isOwnHeader } from "../../http/ordinary_traffic.ts";
import {
  isAntiForgeryName,
  isApiKeyName,
  isClientSecretName,
  isDeviceName,
  isIdentifierName,
  isMadeOnceName,
  isPasswordName,
  isTimestampName,
  ownerOf,
} from "../../http/vocabulary.ts";
import { holdsComputed } from "../computed_secret.ts";
import type { Leaf } from "../leaves.ts";
import type { Message } from "../recording.ts";
import { ShownFields } from "../shown_fields.ts";
import { SHORT_NAME, SHORT_SECRET } from "../typed_from_nowhere.ts";
import { inPair } from "../opened_leaf.ts";
import { typedAs, type TypedValue } from "../typed_value.ts";
import { firstExchange } from "./exchange.ts";
import type { Evidence, FoundLogin } from "./style.ts";

/** @rule off: null */
export function readLogin(evidence: Evidence): FoundLogin | null {
  if (evidence.submissions.length > 0) return null;
  return firstExchange(evidence, (message) => {
    const open = message.leaves.filter((leaf) => isFromNowhere(leaf, message, evidence));
    const typed = typedIn(open, evidence);
    const rest = open.filter(({ place }) => typed.every((one) => one.place !== place));
    // A page is opened with all kinds of ids in its address.
    const computed = message.page === null
      ? rest.filter((leaf) => isComputed(leaf, typed.length > 0))
      : [];
    const isSecret = computed.length > 0 || typed.some(({ kind }) => kind === "password");
    return isSecret ? { typed, computed } : null;
  });
}

/** No answer gave it, no name says that it is the client's, and no other request sends it. */
function isFromNowhere(leaf: Leaf, message: Message, { provenance }: Evidence): boolean {
  const { place: { kind }, name, value } = leaf;
  if (kind !== "query" && kind !== "path" && !(kind === "header" && isOwnHeader(name))) {
    return false;
  }
  if (value === "" || isMask(value) || isUuid(value) || isClients(name)) return false;
  return provenance.find(value, message.index) === null;
}

function isClients(name: string): boolean {
  return name !== "" && ownerOf(name) === "client" || isDeviceName(name) || isMadeOnceName(name) ||
    isTimestampName(name) || isApiKeyName(name) || isClientSecretName(name) ||
    isAntiForgeryName(name) || /^(code|state|ticket)$/i.test(name);
}

/** A pair of both in base64, or a name and a secret by what they are called. */
function typedIn(open: readonly Leaf[], { recording, hints }: Evidence): TypedValue[] {
  const told = open.filter(({ value }) => hints.some((hint) => hint.value === value));
  if (told.length > 0) return told.map(typedAs("identifier", "you told it"));
  const pair = open.map(inPair).find((parts) => parts.length > 0);
  if (pair !== undefined) return pair;
  const shown = ShownFields.of(recording);
  const plain = open.filter(({ value, name }) =>
    name !== "" && !isOpaque(value) && !holdsComputed(value)
  );
  const who = plain.find(({ name }) => isIdentifierName(name)) ??
    plain.find((leaf) =>
      shown.pageOf(leaf, "identifier") !== undefined || SHORT_NAME.test(leaf.name)
    );
  const secret = plain.find((leaf) => leaf !== who && isPasswordName(leaf.name)) ??
    plain.find((leaf) => leaf !== who && SHORT_SECRET.test(leaf.name));
  const why = ({ name }: Leaf) =>
    `the request calls it "${name}", and its answer hands out a credential`;
  return [
    ...who === undefined ? [] : [{ ...typedAs("identifier", why(who))(who), name: "username" }],
    ...who === undefined || secret === undefined
      ? []
      : [{ ...typedAs("password", why(secret))(secret), name: "password" }],
  ];
}

/** Beside somebody's name what looks random is enough; alone it must have the size of what is computed. */
function isComputed({ value }: Leaf, hasName: boolean): boolean {
  return value.split(/[\s:;,|]+/).some((part) => holdsComputed(part) || hasName && isOpaque(part));
}
