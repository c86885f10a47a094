import { isOwnHeader } from "../../http/ordinary_traffic.ts";
import { isMask, isOpaque } from "../../http/opaque.ts";
import { isAntiForgeryName } from "../../http/vocabulary.ts";
import { holdsComputed } from "../computed_secret.ts";
import { isBodyField, isField, type Leaf } from "../leaves.ts";
import type { Message } from "../recording.ts";
import { ShownFields } from "../shown_fields.ts";
import { identifierOnly, personFields } from "../typed_names.ts";
import { typedAs, type TypedValue } from "../typed_value.ts";
import { firstExchange } from "./exchange.ts";
import type { Evidence, FoundLogin } from "./style.ts";

/**
 * A login whose secret never travels: a request says who it is, and something that nothing in the recording
 * explains (a signature in a header, a checksum in a hidden field), and its answer hands out what later requests
 * carry. What the page computes is a gap, which somebody may find out.
 * @rule off: null
 */
export function computedProof(evidence: Evidence): FoundLogin | null {
  const isUnsent = isToldButUnsent(evidence);
  return firstExchange(evidence, (message) => {
    const typed = message.method === "GET" ? [] : people(message, evidence);
    const isSaid = (leaf: Leaf) => typed.some(({ value }) => value === leaf.value);
    const rest = message.leaves.filter((leaf) => !isSaid(leaf));
    const computed = rest.filter((leaf) => isFilledByScript(leaf, message, evidence));
    const isProven = computed.length > 0 || isUnsent ||
      rest.some((leaf) => isUnexplained(leaf, message, evidence));
    return typed.length > 0 && isProven ? { typed, computed } : null;
  });
}

/**
 * The password that was told travels nowhere: what is made of it may look like anything.
 * @rule off: false
 */
export function isToldButUnsent({ hints, provenance }: Evidence): boolean {
  return hints.some(({ kind, value }) =>
    kind === "password" && provenance.firstSent(value) === undefined
  );
}

/** By what was told, by the box before a page's password box, by name, by an address. */
function people(message: Message, { recording, hints }: Evidence): TypedValue[] {
  const isOwn = (leaf: Leaf) =>
    isField(leaf) || leaf.place.kind === "path" ||
    leaf.place.kind === "header" && isOwnHeader(leaf.name);
  const told = message.leaves.filter((leaf) =>
    isOwn(leaf) && hints.some(({ value }) => value !== "" && value === leaf.value)
  );
  if (told.length > 0) return told.map(typedAs("identifier", "the user told it"));
  const named = [...identifierOnly(message), ...personFields(message)];
  if (named.length > 0) return named.slice(0, 1);
  const shown = ShownFields.of(recording);
  const fields = message.leaves.filter((leaf) => isBodyField(leaf) && leaf.value !== "");
  return fields.filter((leaf) => shown.pageOf(leaf, "identifier") !== undefined)
    .map(typedAs("identifier", "its box stands before a password box"));
}

/** A hidden field that holds another value than the page gave it, in a form whose password was not sent. */
function isFilledByScript(
  leaf: Leaf,
  message: Message,
  { recording, provenance }: Evidence,
): boolean {
  const shown = ShownFields.of(recording).before(leaf, message);
  return shown?.type === "hidden" && leaf.value !== "" && shown.value !== leaf.value &&
    !isMask(leaf.value) && !isAntiForgeryName(leaf.name) && /\S{4}/.test(leaf.value) &&
    provenance.find(leaf.value, message.index) === null;
}

function isUnexplained(leaf: Leaf, message: Message, { provenance }: Evidence): boolean {
  const { kind } = leaf.place;
  const isOwn = isBodyField(leaf) || kind === "text" || kind === "query" ||
    kind === "header" && isOwnHeader(leaf.name);
  if (!isOwn || isMask(leaf.value) || isAntiForgeryName(leaf.name)) return false;
  const isOpen = (text: string) => provenance.find(text, message.index) === null;
  return leaf.value.split(/[\s:;,|]+/).some((part) =>
    (isOpaque(part) || holdsComputed(part)) && isOpen(part)
  );
}
