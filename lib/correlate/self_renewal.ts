/** Tokens without a refresh token: an endpoint exchanges them for their successor while they are good. */
import { isOpaque } from "../http/opaque.ts";
import { isKeepAlivePath } from "../http/vocabulary.ts";
import { takeFrom } from "../codec/place.ts";
import { namesIn } from "./expr_walk.ts";
import { isBodyField } from "./leaves.ts";
import { messageOf } from "./known_values.ts";
import type { Message } from "./recording.ts";
import {
  type FoundRefresh,
  recordedRefresh,
  type RefreshSearch,
  type RefreshToken,
} from "./refresh.ts";

/** Shorter values are found in requests by chance. */
const MIN_TOKEN_LENGTH = 16;

/** An endpoint that answers a token, or a session, with its successor: it renews itself while it is good. */
export function selfRenewal(search: RefreshSearch): FoundRefresh | null {
  const { result, slice } = search;
  const used = namesIn({ ...result, refreshToken: null });
  for (const extraction of slice.known.extractions) {
    const { id, locator, openers, recorded } = extraction;
    const index = messageOf(extraction);
    const isToken = used.has(id) && locator.kind === "json" && openers.length === 0;
    if (!slice.has(index) || !isToken || recorded.length < MIN_TOKEN_LENGTH) continue;
    const token = { index, locator, value: recorded };
    const found = recordedRefresh(search, token, (message) => handsOutSuccessor(message, token));
    if (found !== null) return found;
  }
  return keptAlive(search);
}

/**
 * A session cookie that a request of its own replaces. Its address has to say so: to repeat anything else that
 * happens to answer with a new cookie would do what it does.
 */
function keptAlive(search: RefreshSearch): FoundRefresh | null {
  const { result, slice } = search;
  for (const name of result.cookies?.names ?? []) {
    const setting = (index: number) =>
      slice.recording.at(index).setCookiesNamed(name)[0]?.value ?? "";
    const index = slice.indexes.findLast((candidate) => setting(candidate) !== "");
    if (index === undefined || setting(index).length < MIN_TOKEN_LENGTH) continue;
    const token = { index, locator: { kind: "cookie", name }, value: setting(index) } as const;
    const found = recordedRefresh(search, token, (message) => keepsAlive(message, token));
    if (found !== null) return found;
  }
  return null;
}

function keepsAlive(message: Message, token: RefreshToken): boolean {
  const { url, leaves } = message;
  return isKeepAlivePath(url.pathname) && saysNothing(message) &&
    leaves.some(({ place, value }) => place.kind === "cookie" && value === token.value) &&
    handsOutSuccessor(message, token);
}

/** No body, or one in words of the protocol alone: `{"mode": "session"}`. */
function saysNothing({ trace: { request }, fields }: Message): boolean {
  const said = fields.filter(isBodyField);
  return (request.body?.length ?? 0) === 0 ||
    said.length > 0 && said.every(({ value }) => /^[a-z_]{1,20}$/.test(value));
}

/** True for an answer with another value of the same look where the login's answer has the token. */
function handsOutSuccessor({ answer }: Message, { locator, value }: RefreshToken): boolean {
  const fresh = answer === null ? undefined : takeFrom({ locator, openers: [] }, answer);
  return fresh !== undefined && fresh !== value && isOpaque(fresh) && !/[\s{[]/.test(fresh) &&
    fresh.length * 2 > value.length && value.length * 2 > fresh.length;
}
