/** A request that may be a login, under names nobody knows: what of it may have been typed is left open. */
import { isMask, isUuid } from "../http/opaque.ts";
import { isClientsName } from "../http/vocabulary.ts";
import type { Leaf } from "./leaves.ts";
import type { LoginRequest } from "./login_run.ts";
import type { Evidence } from "./login_styles/style.ts";
import type { Message } from "./recording.ts";

/** `null` where nothing in the request can have been typed. */
export function perhapsLogin(message: Message, evidence: Evidence): LoginRequest | null {
  const open = message.leaves.filter((leaf) => mayBeTyped(leaf, message, evidence));
  return open.length === 0
    ? null
    : { index: message.index, typed: [], computed: open.map(({ place }) => place) };
}

/** Flags and single digits are settings. In characters. */
const MIN_TYPED = 2;

function mayBeTyped(leaf: Leaf, message: Message, { provenance }: Evidence): boolean {
  const { place: { kind }, name, value, isLiteral } = leaf;
  if (kind === "path" || kind === "cookie") return false;
  if (value.length < MIN_TYPED || isLiteral === true && /^(true|false)$/.test(value)) return false;
  return !isMask(value) && !isUuid(value) && !isClientsName(name) &&
    provenance.find(value, message.index) === null;
}
