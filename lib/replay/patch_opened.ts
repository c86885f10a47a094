/** The way back through openers: the text that opens to a given value. */
import { base64UrlEncode } from "../http/base64.ts";
import { parseUrl } from "../http/url.ts";
import type { Opener } from "../correlate/flow.ts";
import { applyOpener } from "../correlate/open.ts";
import { base64Like } from "./base64_like.ts";
import { rewriteJsonLeaves } from "./json_text.ts";

/** `text` changed so that the openers yield `fresh`; `undefined` when they do not fit the text. */
export function patchOpened(
  openers: readonly Opener[],
  text: string,
  fresh: string,
): string | undefined {
  const [opener, ...rest] = openers;
  if (opener === undefined) return fresh;
  const opened = applyOpener(opener, text);
  if (opened === undefined) return undefined;
  const patched = patchOpened(rest, opened, fresh);
  return patched === undefined ? undefined : close(opener, text, patched);
}

function close(opener: Opener, text: string, patched: string): string | undefined {
  switch (opener.kind) {
    case "url-decode":
      return encodeURIComponent(patched);
    case "base64-decode":
      return base64Like(text, patched);
    case "html-unescape":
      return patched.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
    case "json-unescape":
      return JSON.stringify(patched).slice(1, -1);
    case "jwt-payload":
      return text.split(".").with(1, base64UrlEncode(patched)).join(".");
    case "json":
      return patchJsonLeaf(text, opener.path, patched);
    case "param":
      return patchParam(text, opener.name, patched);
    case "strip":
      return opener.prefix + patched + opener.suffix;
  }
}

/** JSON text with the leaf at `path` replaced; a number stays a number, a boolean a boolean. */
export function patchJsonLeaf(
  text: string,
  path: readonly (string | number)[],
  fresh: string,
): string | undefined {
  const wanted = JSON.stringify(path);
  return rewriteJsonLeaves(text, (candidate, value) => {
    if (JSON.stringify(candidate) !== wanted) return undefined;
    return typeof value === "string" ? fresh : { raw: fresh };
  });
}

/** The first parameter of that name replaced, in a query, a fragment or form-encoded text. */
export function patchParam(text: string, name: string, fresh: string): string {
  const isUrl = parseUrl(text, "http://relative.invalid/") !== null && /[?#]/.test(text);
  const starts = isUrl ? "[?&#]" : "^|&";
  let isDone = false;
  return text.replace(
    new RegExp(`(${starts})([^=&#?]*)=([^&#]*)`, "g"),
    (pair: string, start: string, key: string) => {
      if (isDone || new URLSearchParams(`${key}=`).get(name) === null) return pair;
      isDone = true;
      return `${start}${key}=${encodeURIComponent(fresh)}`;
    },
  );
}
