/** The values that an answer hands out, with what it calls them. */
import type { Place } from "../codec/place.ts";
import { parametersOf } from "../codec/parameters.ts";
import { isOwnHeader } from "../http/ordinary_traffic.ts";
import type { Message } from "./recording.ts";

export interface Issued extends Place {
  readonly index: number;
  /** What the answer calls it. */
  readonly name: string;
  /** What it calls the objects around it, too. */
  readonly context: string;
  /** The answers hold it at several places. */
  readonly isRepeated?: boolean;
}

/** Headers of answers that hand out nothing. */
const PLAIN_HEADER = /^(access-control|content)-|^(server|etag|vary|allow|via|x-powered-by)$/i;

/** Words of protocols and switches: answers hold them by the way, and they say nothing by being equal. */
const COMMON =
  /^(|true|false|null|ok|yes|no|bearer|basic|token|success|none|on|off|get|post|[01])$/i;

export function isCommonWord(value: string): boolean {
  return COMMON.test(value);
}

/** An address that the answer sends its client on to, with something in it. */
const ADDRESS = /^(https?:\/)?\/[^\s?#]*[?#]/i;

/** Each value with where to take it; what an address in the answer hands on, too. */
export function* issuedBy(message: Message): Iterable<readonly [string, Issued]> {
  const { index } = message;
  for (const { locator, name, text } of message.named()) {
    if (locator.kind === "header" && (!isOwnHeader(name) || PLAIN_HEADER.test(name))) continue;
    const context = locator.kind === "json"
      ? locator.path.join(" ")
      : locator.kind === "xml"
      ? locator.path.replaceAll("/", " ")
      : name;
    yield [text, { index, locator, openers: [], name, context }];
    if (!ADDRESS.test(text)) continue;
    for (const [parameter, value] of parametersOf(text)) {
      const openers = [{ kind: "param", name: parameter }] as const;
      yield [value, { index, locator, openers, name: parameter, context: parameter }];
    }
  }
}
