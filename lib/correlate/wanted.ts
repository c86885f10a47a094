/** The values that may be looked up: those of a request, and what is inside them. */
import { isApiKeyName, isCredentialName } from "../http/vocabulary.ts";
import { fieldKey, isField } from "./leaves.ts";
import type { Message } from "./recording.ts";
import { base64Text, isOpaque } from "../http/opaque.ts";

/**
 * Values longer than this are documents, not values. In characters: a signed SAML response with many
 * attributes, in base64, takes tens of thousands (SAML 2.0 bindings, section 3.5).
 */
const MAX_VALUE = 262_144;

/** Nothing is looked for inside longer values. */
const MAX_TAKEN_APART = 8192;

/** Requests with more leaves carry data; of them only opaque values can be credentials. */
const MAX_SMALL_REQUEST = 60;

/** Every value of requests that may become steps. */
export function stepValues(messages: readonly Message[]): Set<string> {
  const wanted = new Set<string>();
  for (const message of messages) {
    if (message.isScriptOrStyle) continue;
    wanted.add(message.url.href);
    const isBulk = message.leaves.length > MAX_SMALL_REQUEST;
    for (const { value } of message.leaves) {
      if (!isBulk || isOpaque(value)) addParts(value, wanted);
    }
  }
  return wanted;
}

/**
 * Values of requests that may be credentials: in headers and cookies, and of fields those that are named
 * like one or carried more than once. The rest is what somebody did in the app.
 */
export function credentialValues(messages: readonly Message[]): Set<string> {
  const wanted = new Set<string>();
  const carried = new Set<string>();
  for (const message of messages) {
    if (message.isScriptOrStyle) continue;
    for (const leaf of message.leaves) {
      const { place, name, value } = leaf;
      if (place.kind === "header" || place.kind === "cookie") addParts(value, wanted);
      if (!isField(leaf)) continue;
      const key = fieldKey(leaf);
      if (carried.has(key) || isCredentialName(name) || isApiKeyName(name)) addParts(value, wanted);
      carried.add(key);
    }
  }
  return wanted;
}

function addParts(value: string, wanted: Set<string>): void {
  if (value.length < 4 || value.length > MAX_VALUE || wanted.has(value)) return;
  wanted.add(value);
  if (value.length > MAX_TAKEN_APART) return;
  if (/^[A-Za-z0-9]+$/.test(value)) return addDecoded(value, wanted);
  for (const part of value.split(/[^A-Za-z0-9._~+/=-]+/)) if (part.length >= 6) wanted.add(part);
  for (const part of value.split(/[^A-Za-z0-9]+/)) if (part.length >= 6) wanted.add(part);
  if (value.includes("%")) {
    try {
      addParts(decodeURIComponent(value), wanted);
    } catch {
      // A lone percent sign is no encoding.
    }
  }
  addDecoded(value, wanted);
}

function addDecoded(value: string, wanted: Set<string>): void {
  const inner = base64Text(value);
  if (inner !== undefined) addParts(inner, wanted);
}
