/**
 * JSON behind a function's name (`jQuery17_1({"sid":…})`), as pages asked other sites for data before CORS: it
 * comes as JavaScript, and it is an answer like any other.
 */
import { bodyText } from "./body.ts";
import type { Exchange } from "./exchange.ts";
import { parseUrl, queryPairs } from "./url.ts";

/** A padded answer begins with the name, of which 100 characters are looked at. */
const HEAD_CHARACTERS = 200;
const HEAD_BYTES = 4 * HEAD_CHARACTERS;

/** True where the answer calls the function that the address names. */
export function isPaddedJson(
  { request, response }: Pick<Exchange, "request" | "response">,
): boolean {
  const url = parseUrl(request.url);
  if (url === null || !response?.body?.length) return false;
  const names = queryPairs(url).map(([, value]) => value).filter((value) =>
    /^[A-Za-z_$][\w$.]{0,100}$/.test(value)
  );
  if (names.length === 0) return false;
  // A recording has thousands of scripts and pictures, and decoding them whole is most of what importing it costs.
  const head = response.body.subarray(0, HEAD_BYTES);
  const text = bodyText(response.headers, head).slice(0, HEAD_CHARACTERS)
    .replace(/^\s*(\/\*\*\/)?\s*/, "");
  return names.some((name) => text.startsWith(`${name}(`));
}
