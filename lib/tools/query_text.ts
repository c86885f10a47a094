/**
 * Queries and forms edited as text, so that what is not touched stays byte for byte as it was:
 * `URLSearchParams` would write every other pair anew (`%20` as `+`, `,` as `%2C`).
 */
import { percentDecode } from "../http/url.ts";

/** The URL with one query parameter of this name, holding this value. */
export function replaceQueryValue(url: string, name: string, value: string): string {
  return editQuery(url, (pairs) => [
    ...pairs.filter((pair) => pairName(pair) !== name),
    `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  ]);
}

/** The URL without the query parameters for which `unwanted` is true. Names and values are decoded. */
export function withoutQueryValues(
  url: string,
  unwanted: (name: string, value: string) => boolean,
): string {
  return editQuery(
    url,
    (pairs) => pairs.filter((pair) => !unwanted(pairName(pair), pairValue(pair))),
  );
}

/** The form-encoded text with one field of this name, holding this value. */
export function replaceFormField(form: string, name: string, value: string): string {
  const others = form.split("&").filter((pair) => pair !== "" && pairName(pair) !== name);
  return [...others, new URLSearchParams([[name, value]]).toString()].join("&");
}

function editQuery(url: string, edit: (pairs: string[]) => string[]): string {
  const hash = url.indexOf("#");
  const bare = hash < 0 ? url : url.slice(0, hash);
  const mark = bare.indexOf("?");
  const path = mark < 0 ? bare : bare.slice(0, mark);
  const pairs = mark < 0 ? [] : bare.slice(mark + 1).split("&").filter((pair) => pair !== "");
  const edited = edit(pairs);
  return edited.length === 0 ? path : `${path}?${edited.join("&")}`;
}

function pairName(pair: string): string {
  return decode(pair.split("=", 1)[0]!);
}

function pairValue(pair: string): string {
  const equals = pair.indexOf("=");
  return equals < 0 ? "" : decode(pair.slice(equals + 1));
}

function decode(text: string): string {
  return percentDecode(text.replaceAll("+", " "));
}
