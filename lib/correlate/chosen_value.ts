/** What somebody chooses beside the password: a tenant, a branch, a shop. */
import { isOpaque, isSwitch } from "../http/opaque.ts";
import { isClientsName } from "../http/vocabulary.ts";
import { isField, type Leaf } from "./leaves.ts";

/**
 * A word under a name that is neither the client's nor a clock's. Whether another recording has another one there,
 * and no answer this one, says who asks.
 * @rule off: false
 */
export function isChosen(leaf: Leaf): boolean {
  const { name, place, value } = leaf;
  return (isField(leaf) || place.kind === "header") && name !== "" &&
    !isOpaque(value) && !isSwitch(value) && !isClientsName(name);
}
