/** Tokens without a refresh token: an endpoint exchanges them for their successor while they are good. */
import { isOpaque } from "../http/opaque.ts";
import { takeFrom } from "../codec/place.ts";
import { atoms, resultExprs } from "./expr_walk.ts";
import { draftStepId } from "./known_values.ts";
import type { Message } from "./recording.ts";
import {
  type FoundRefresh,
  recordedRefresh,
  type RefreshSearch,
  type RefreshToken,
} from "./refresh.ts";

/** Shorter values are found in requests by chance. */
const MIN_TOKEN_LENGTH = 16;

/** An endpoint that answers a token with its successor: the token renews itself while it is good. */
export function selfRenewal(search: RefreshSearch): FoundRefresh | null {
  const { known, result, slice } = search;
  const used = resultExprs({ ...result, refreshToken: null }).flatMap(atoms)
    .flatMap((atom) => atom.kind === "extracted" ? [atom.extraction] : []);
  for (const { id, step, locator, openers, recorded } of known.extractions) {
    const index = slice.indexes.find((candidate) => draftStepId(candidate) === step);
    const isToken = used.includes(id) && locator.kind === "json" && openers.length === 0;
    if (index === undefined || !isToken || recorded.length < MIN_TOKEN_LENGTH) continue;
    const token = { index, locator, value: recorded };
    const found = recordedRefresh(search, token, (message) => handsOutSuccessor(message, token));
    if (found !== null) return found;
  }
  return null;
}

/** True for an answer with another value of the same look where the login's answer has the token. */
function handsOutSuccessor({ answer }: Message, { locator, value }: RefreshToken): boolean {
  const fresh = answer === null ? undefined : takeFrom({ locator, openers: [] }, answer);
  return fresh !== undefined && fresh !== value && isOpaque(fresh) && !/[\s{[]/.test(fresh) &&
    fresh.length * 2 > value.length && value.length * 2 > fresh.length;
}
