/** Addresses of kept answers: `keysmith://answers/3-shop_export?offset=0&length=65536`. */
import type { AnswerRange } from "../ops/kept_answers.ts";

const PREFIX = "keysmith://answers/";

/** RFC 6570. */
export const ANSWER_TEMPLATE = `${PREFIX}{id}{?offset,length}`;

export function answerUri(id: string): string {
  return PREFIX + encodeURIComponent(id);
}

export interface AnswerAddress {
  readonly id: string;
  /** `null` for all of it. */
  readonly range: AnswerRange | null;
}

/** `null` for a URI that is no such address. */
export function readAnswerUri(uri: string): AnswerAddress | null {
  const [, id, query = ""] = /^keysmith:\/\/answers\/([\w.%~-]+)(?:\?(.*))?$/.exec(uri) ?? [];
  if (id === undefined) return null;
  const parameters = new URLSearchParams(query);
  const offset = wholeNumber(parameters.get("offset"));
  const length = wholeNumber(parameters.get("length"));
  if (offset === null || length === null) return null;
  if (offset === undefined && length === undefined) return { id: decoded(id), range: null };
  return { id: decoded(id), range: { offset: offset ?? 0, length: length ?? Infinity } };
}

/** `undefined` for one that is left out, `null` for what is none. */
function wholeNumber(text: string | null): number | undefined | null {
  if (text === null || text === "") return undefined;
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
