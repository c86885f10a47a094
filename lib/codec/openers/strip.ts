import { isOpaque } from "../../http/opaque.ts";
import type { OpenerCodec } from "../codec.ts";
import { quote } from "../code.ts";

/** What follows a fixed prefix and comes before a fixed suffix. */
export interface StripOpener {
  readonly kind: "strip";
  readonly prefix: string;
  readonly suffix: string;
}

/** How much may stand around a value, in characters: more is text of its own and changes. */
const MAX_AROUND = 160;

export const strip: OpenerCodec<StripOpener> = {
  /**
   * The value between a fixed beginning and a fixed end: `Bearer …`, `/reset/…/confirm`. The
   * surroundings must hold nothing that changes by session, so they are kept to plain words.
   */
  *find(text, value) {
    if (text.length > value.length + MAX_AROUND || value.length < 4) return;
    const at = text.indexOf(value);
    if (at < 0 || text.indexOf(value, at + 1) >= 0) return;
    const prefix = text.slice(0, at);
    const suffix = text.slice(at + value.length);
    if (isPlain(prefix, value, suffix) || isUrlText(text)) {
      yield [{ kind: "strip", prefix, suffix }, value];
    }
  },
  take({ prefix, suffix }, text) {
    const fits = text.startsWith(prefix) && text.endsWith(suffix) &&
      text.length >= prefix.length + suffix.length;
    return fits ? text.slice(prefix.length, text.length - suffix.length) : undefined;
  },
  put: ({ prefix, suffix }, _, fresh) => prefix + fresh + suffix,
  write: ({ prefix, suffix }, text, uses) => uses.call("strip", text, quote(prefix), quote(suffix)),
  describe: () => "strip",
  masked: (opener, mask) => ({
    ...opener,
    prefix: mask.text(opener.prefix),
    suffix: mask.text(opener.suffix),
  }),
  snippets: [`/** What stands between a fixed beginning and a fixed end. */
function strip(text: string, prefix: string, suffix: string): string | undefined {
  const fits = text.startsWith(prefix) && text.endsWith(suffix) &&
    text.length >= prefix.length + suffix.length;
  return fits ? text.slice(prefix.length, text.length - suffix.length) : undefined;
}`],
};

/** The value ends where words end, and nothing around it is a number or a token. */
function isPlain(prefix: string, value: string, suffix: string): boolean {
  const isCut = /[A-Za-z0-9]$/.test(prefix) && /^[A-Za-z0-9]/.test(value) ||
    /^[A-Za-z0-9]/.test(suffix) && /[A-Za-z0-9]$/.test(value);
  return !isCut && !/\d{3}/.test(prefix + suffix) &&
    !`${prefix} ${suffix}`.split(/[^A-Za-z0-9_-]+/).some(isOpaque);
}

function isUrlText(text: string): boolean {
  return /^(https?:\/\/|\/)/.test(text);
}
