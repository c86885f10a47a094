/** The values that an answer hands out, with what it calls them. */
import type { Locator } from "../codec/locators.ts";
import { isOwnHeader } from "../http/ordinary_traffic.ts";
import type { Message } from "./recording.ts";

export interface Issued {
  readonly index: number;
  readonly locator: Locator;
  /** What the answer calls it. */
  readonly name: string;
  /** What it calls the objects around it, too. */
  readonly context: string;
}

/** Headers of answers that hand out nothing. */
const PLAIN_HEADER = /^(access-control|content)-|^(server|etag|vary|allow|via|x-powered-by)$/i;

/** Each value with where to take it. */
export function issuedBy(message: Message): Iterable<readonly [string, Issued]> {
  const { index } = message;
  return message.named().filter(({ locator, name }) =>
    locator.kind !== "header" || isOwnHeader(name) && !PLAIN_HEADER.test(name)
  ).map(({ locator, name, text }) => {
    const context = locator.kind === "json"
      ? locator.path.join(" ")
      : locator.kind === "xml"
      ? locator.path.replaceAll("/", " ")
      : name;
    return [text, { index, locator, name, context }] as const;
  });
}
