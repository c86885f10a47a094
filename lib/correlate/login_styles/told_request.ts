import { isOwnHeader } from "../../http/ordinary_traffic.ts";
import type { Leaf } from "../leaves.ts";
import { isRegistration } from "../registration.ts";
import { inPair } from "../opened_leaf.ts";
import { holdsSecret, type TypedValue } from "../typed_value.ts";
import { firstExchange } from "./exchange.ts";
import type { Evidence, FoundLogin } from "./style.ts";

/** Of what was told: shorter texts are equal to too much else. In characters. */
const MIN_TOLD = 3;

/**
 * The request that carries the secret which was told, wherever it stands (a header, a segment of the address, a
 * pair in base64), and whose answer hands out what later requests carry.
 * @rule off: null
 */
export function toldRequest(evidence: Evidence): FoundLogin | null {
  const hints = evidence.hints.filter(({ value }) => value.length >= MIN_TOLD);
  return hints.length === 0 ? null : firstExchange(evidence, (message) => {
    const typed = message.leaves.filter(mayBeTyped).flatMap((leaf) => toldIn(leaf, hints));
    return holdsSecret(typed) && !isRegistration(message) ? { typed } : null;
  });
}

function mayBeTyped({ place, name }: Leaf): boolean {
  return place.kind !== "cookie" && (place.kind !== "header" || isOwnHeader(name));
}

function toldIn(leaf: Leaf, hints: readonly TypedValue[]): TypedValue[] {
  const told = hints.find(({ value }) => value === leaf.value);
  if (told !== undefined) {
    return [{ ...told, name: leaf.name, place: leaf.place, why: told.why ?? "you told it" }];
  }
  const pair = inPair(leaf);
  return pair.some(({ value }) => hints.some((hint) => hint.value === value)) ? pair : [];
}
