/**
 * JSON behind a function's name (`jQuery17_1({"sid":…})`), as pages asked other sites for data before CORS: it
 * comes as JavaScript, and it is an answer like any other.
 */
import { bodyText } from "./body.ts";
import type { Exchange } from "./exchange.ts";
import { parseUrl, queryPairs } from "./url.ts";

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
  const text = bodyText(response.headers, response.body).slice(0, 200).replace(
    /^\s*(\/\*\*\/)?\s*/,
    "",
  );
  return names.some((name) => text.startsWith(`${name}(`));
}
