/** What somebody chooses beside the password: a tenant, a branch, a shop. */
import { isOpaque } from "../http/opaque.ts";
import { isTimestampName, ownerOf } from "../http/vocabulary.ts";
import { isField, type Leaf } from "./leaves.ts";

/** Switches of a form, which a client sets for whoever logs in. */
const SWITCH = /^(true|false|on|off|yes|no|\d)$/i;

/**
 * A word under a name that is neither the client's nor a clock's. Whether another recording has another one there,
 * and no answer this one, says who asks.
 * @rule off: false
 */
export function isChosen(leaf: Leaf): boolean {
  const { name, value } = leaf;
  return isField(leaf) && name !== "" && !isOpaque(value) && !SWITCH.test(value) &&
    ownerOf(name) !== "client" && !isTimestampName(name);
}
