/** URLs for messages: what may be a secret in them is not shown. */
import { parseUrl } from "./url.ts";

/** The URL without user info and fragment, each query value replaced by `…`. Text that is not a URL is hidden whole. */
export function maskUrl(text: string): string {
  const url = parseUrl(text);
  if (url === null) return "…";
  const names = url.search.slice(1).split("&").filter((pair) => pair !== "").map((pair) =>
    pair.split("=", 1)[0]
  );
  const query = names.length === 0 ? "" : `?${names.map((name) => `${name}=…`).join("&")}`;
  return `${url.protocol}//${url.host}${url.pathname}${query}`;
}
