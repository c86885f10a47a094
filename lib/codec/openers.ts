/** How a located text is opened further, applied left to right. */
import type { OpenerCodec } from "./codec.ts";
import type { Uses } from "./code.ts";
import { base64DecodeOpener } from "./openers/base64_decode.ts";
import { hexDecode } from "./openers/hex_decode.ts";
import { htmlUnescape } from "./openers/html_unescape.ts";
import { jsonOpener } from "./openers/json.ts";
import { jsonUnescape } from "./openers/json_unescape.ts";
import { jwtPayload } from "./openers/jwt_payload.ts";
import { param } from "./openers/param.ts";
import { scriptUnescape } from "./openers/script_unescape.ts";
import { strip } from "./openers/strip.ts";
import { urlDecode } from "./openers/url_decode.ts";
import { xmlOpener } from "./openers/xml.ts";

/** In the order in which a value is looked for; a fixed beginning and end come last. */
export const OPENERS = {
  "json": jsonOpener,
  "xml": xmlOpener,
  "param": param,
  "url-decode": urlDecode,
  "jwt-payload": jwtPayload,
  "base64-decode": base64DecodeOpener,
  "hex-decode": hexDecode,
  "json-unescape": jsonUnescape,
  "script-unescape": scriptUnescape,
  "html-unescape": htmlUnescape,
  "strip": strip,
};

type OpenerOf<C> = C extends OpenerCodec<infer O> ? O : never;

/** One way to open a text. */
export type Opener = OpenerOf<(typeof OPENERS)[keyof typeof OPENERS]>;

export function openerCodec(kind: Opener["kind"]): OpenerCodec<Opener> {
  return OPENERS[kind] as OpenerCodec<Opener>;
}

/** Nested encodings opened at most: a cookie holding URL-encoded JSON holding a JWT is three. */
const MAX_DEPTH = 4;

/** Text that one search opens at most, all nested texts together. UTF-16 units. */
const MAX_OPENED = 4_000_000;

/** The openers that lead from a text to the value inside it; `null` when there are none. */
export function openersTo(text: string, value: string): Opener[] | null {
  return search(text, value, 0, { opened: 0 });
}

/** No way of opening makes a text longer, so what is shorter than the value cannot hold it. */
function search(
  text: string,
  value: string,
  depth: number,
  spent: { opened: number },
): Opener[] | null {
  if (text === value) return [];
  if (depth >= MAX_DEPTH || text.length <= value.length || text.length < 4) return null;
  for (const codec of Object.values(OPENERS) as OpenerCodec<Opener>[]) {
    for (const [opener, inside] of codec.find(text, value)) {
      spent.opened += inside.length;
      if (spent.opened > MAX_OPENED) return null;
      const rest = search(inside, value, depth + 1, spent);
      if (rest !== null) return [opener, ...rest];
    }
  }
  return null;
}

/** The text after every opener, left to right; `undefined` as soon as one does not fit. */
export function takeOpened(openers: readonly Opener[], text: string): string | undefined {
  let opened: string | undefined = text;
  for (const opener of openers) {
    if (opened === undefined) return undefined;
    opened = openerCodec(opener.kind).take(opener, opened);
  }
  return opened;
}

/** `text` changed so that the openers yield `fresh`; `undefined` when they do not fit the text. */
export function putOpened(
  openers: readonly Opener[],
  text: string,
  fresh: string,
): string | undefined {
  const [opener, ...rest] = openers;
  if (opener === undefined) return fresh;
  const codec = openerCodec(opener.kind);
  const opened = codec.take(opener, text);
  const inside = opened === undefined ? undefined : putOpened(rest, opened, fresh);
  const put = inside === undefined ? undefined : codec.put(opener, text, inside);
  return put !== undefined && codec.take(opener, put) === inside ? put : undefined;
}

/** Code that opens what the code `text` yields. */
export function writeOpened(openers: readonly Opener[], text: string, uses: Uses): string {
  return openers.reduce(
    (code, opener) => openerCodec(opener.kind).write(opener, `${code} ?? ""`, uses),
    text,
  );
}

/** `url-decode, json`; `""` when there is nothing to open. */
export function describeOpened(openers: readonly Opener[]): string {
  return openers.map((opener) => openerCodec(opener.kind).describe(opener)).join(", ");
}
