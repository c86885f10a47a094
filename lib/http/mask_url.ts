/** URLs for messages: what may be a secret in them is not shown. */
import { isOpaque, isUuid } from "./opaque.ts";
import { parseUrl, percentDecode } from "./url.ts";
import { isCredentialName, isSecretName } from "./vocabulary.ts";

/** The URL without user info and fragment, each query value replaced by `…`. Text that is not a URL is hidden whole. */
export function maskUrl(text: string): string {
  return masked(text, () => true);
}

/**
 * As `maskUrl()`, for whoever sent it: what was asked for stays readable (`q=tea&page=2`), and hidden is what is called
 * as a secret or looks like one that was issued: a signature, a ticket, a token.
 */
export function maskUrlSecrets(text: string): string {
  return masked(text, mayBeSecret);
}

function masked(text: string, isHidden: (name: string, value: string) => boolean): string {
  const url = parseUrl(text);
  if (url === null) return "…";
  const pairs = url.search.slice(1).split("&").filter((pair) => pair !== "").map((pair) => {
    const [name = ""] = pair.split("=", 1);
    return isHidden(percentDecode(name), percentDecode(pair.slice(name.length + 1)))
      ? `${name}=…`
      : pair;
  });
  const query = pairs.length === 0 ? "" : `?${pairs.join("&")}`;
  return `${url.protocol}//${url.host}${url.pathname}${query}`;
}

/** UUIDs and numbers name things, and are what tools are called with. */
function mayBeSecret(name: string, value: string): boolean {
  if (isSecretName(name) || isCredentialName(name)) return true;
  return isOpaque(value) && !isUuid(value) && !/^\d+$/.test(value);
}
