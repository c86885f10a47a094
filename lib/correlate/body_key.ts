/**
 * A static key that travels in bodies: under a key's name, or as the first argument of every remote call
 * (JSON-RPC 2.0 section 4.2 knows arguments by position, which have no names).
 */
import { isApiKeyName, isCredentialName } from "./field_names.ts";
import { fieldPath, isBodyField, type Leaf } from "./leaves.ts";
import type { Provenance } from "./provenance.ts";
import type { Message, Recording } from "./recording.ts";
import { endpointOf } from "./sinks.ts";
import { isTelling } from "./strength.ts";

export interface BodyKey {
  /** The requests that carry it. */
  readonly requests: readonly Message[];
  readonly leaf: Leaf;
  /** What the client writes before the key, as in `token:…`; else `""`. */
  readonly prefix: string;
}

/** The key that no answer holds and that is the same in every body with its place, at two endpoints or more. */
export function bodyKey(recording: Recording, provenance: Provenance): BodyKey | null {
  const messages = recording.messages.filter(({ succeeded, isScriptOrStyle }) =>
    succeeded && !isScriptOrStyle
  );
  for (const message of messages) {
    for (const leaf of message.leaves.filter(isKey)) {
      const requests = messages.filter((other) => leafAt(other, leaf) !== undefined);
      const isSteady = requests.every((other) => leafAt(other, leaf)!.value === leaf.value);
      if (!isSteady || new Set(requests.map(endpointOf)).size < 2) continue;
      if (provenance.find(keyOf(leaf), message.index) !== null) continue;
      return { requests, leaf, prefix: prefixOf(leaf) };
    }
  }
  return null;
}

function isKey(leaf: Leaf): boolean {
  if (!isBodyField(leaf)) return false;
  const isNamed = isApiKeyName(leaf.name) || prefixOf(leaf) !== "";
  const isFirst = leaf.place.kind === "json" && leaf.place.path.join(".") === "params.0";
  if (isFirst) return prefixOf(leaf) !== "" || isTelling(leaf.value);
  return isNamed && keyOf(leaf).length >= 8 && isTelling(keyOf(leaf));
}

/** A credential's name and a sign of punctuation before the value. */
function prefixOf({ value }: Leaf): string {
  const [prefix = "", name = ""] = /^([A-Za-z][\w-]{1,20})[:=] ?(?=.{4})/.exec(value) ?? [];
  return isCredentialName(name) || isApiKeyName(name) ? prefix : "";
}

function keyOf(leaf: Leaf): string {
  return leaf.value.slice(prefixOf(leaf).length);
}

function leafAt(message: Message, leaf: Leaf): Leaf | undefined {
  const path = fieldPath(leaf);
  return message.leaves.find((other) => isBodyField(other) && fieldPath(other) === path);
}
