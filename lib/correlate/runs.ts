/** The runs of letters and digits of a value, which survive URL-, HTML- and JSON-escaping. */
import { base64Text } from "../http/opaque.ts";
import { type Fingerprints, MIN_FINGERPRINT } from "./fingerprints.ts";

/**
 * Values longer than this are documents, not values. In characters: a signed SAML response with many
 * attributes, in base64, takes tens of thousands (SAML 2.0 bindings, section 3.5).
 */
const MAX_VALUE = 262_144;
/** Nothing is looked for inside longer values. */
const MAX_TAKEN_APART = 8_192;
/** Encodings in one another that are opened: base64 of JSON that holds URL-encoded base64 is three. */
const MAX_DEPTH = 3;
/** A stretch that may be base64 in either alphabet. */
const ENCODED = /[A-Za-z0-9+/_-]{8,}={0,2}/g;

/** Of an address, and of one that stands in it. */
const ESCAPES = /%(?:25)*[0-9A-Fa-f]{2}/g;

export function runsOf(value: string): readonly string[] {
  return value.replace(ESCAPES, " ").match(/[A-Za-z0-9]+/g) ?? [];
}

/** Asks for every run of the value that can be found in text, and of what is encoded in it. */
export function wantRuns(value: string, prints: Fingerprints, depth = 0): void {
  if (value.length < MIN_FINGERPRINT || value.length > MAX_VALUE) return;
  for (const run of runsOf(value)) if (run.length >= MIN_FINGERPRINT) prints.want(run);
  if (depth === MAX_DEPTH || value.length > MAX_TAKEN_APART) return;
  for (const inner of decodings(value)) wantRuns(inner, prints, depth + 1);
}

function* decodings(value: string): Generator<string> {
  if (/%[0-9A-Fa-f]{2}/.test(value)) {
    try {
      yield decodeURIComponent(value);
    } catch {
      // A lone percent sign is not an encoding.
    }
  }
  if (value.length < 8) return;
  for (const part of value.match(ENCODED) ?? []) {
    // Digits, hex and UUIDs are base64 of no text.
    if (/^[\da-f-]+$/i.test(part)) continue;
    const inner = base64Text(part);
    if (inner !== undefined) yield inner;
  }
}
