/** The values that may be looked up: every request leaf, and what is inside it. */
import type { Recording } from "./recording.ts";
import { base64Text, isTelling } from "./strength.ts";

/** Values longer than this are documents, not values. In characters. */
const MAX_VALUE = 8192;

/** Requests with more leaves carry data; of them only telling values can be credentials. */
const MAX_SMALL_REQUEST = 60;

export function wantedValues(recording: Recording): Set<string> {
  const wanted = new Set<string>();
  for (const message of recording.messages) {
    if (message.isScriptOrStyle) continue;
    wanted.add(message.url.href);
    const isBulk = message.leaves.length > MAX_SMALL_REQUEST;
    for (const { value } of message.leaves) {
      if (!isBulk || isTelling(value)) addParts(value, wanted);
    }
  }
  return wanted;
}

function addParts(value: string, wanted: Set<string>): void {
  if (value.length < 4 || value.length > MAX_VALUE || wanted.has(value)) return;
  wanted.add(value);
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
