import type { OpenerCodec } from "../codec.ts";

/** Percent-encoding (RFC 3986 section 2.1). */
export interface UrlDecodeOpener {
  readonly kind: "url-decode";
}

export const urlDecode: OpenerCodec<UrlDecodeOpener> = {
  *find(text) {
    const decoded = /%[0-9A-Fa-f]{2}/.test(text) ? decodeUrlText(text) : undefined;
    if (decoded !== undefined) yield [{ kind: "url-decode" }, decoded];
  },
  take: (_, text) => decodeUrlText(text),
  put: (_opener, _text, fresh) => fresh.isWellFormed() ? encodeURIComponent(fresh) : undefined,
  write: (_, text) => `decodeURIComponent(${text})`,
  describe: () => "url-decode",
};

/** `decodeURIComponent` that answers `undefined` for a malformed escape. */
export function decodeUrlText(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
