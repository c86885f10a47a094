/**
 * Values under a signature, which only their issuer can write: a JWT (RFC 7519), a cookie signed by Express
 * (`s:value.mac`), Rails (`value--mac`) or itsdangerous (`value.time.mac`). They are taken whole or not at
 * all; what their payload holds does not say how to make them.
 */
import { decodeJwt } from "../http/jwt.ts";
import { isOpaque, isUuid } from "../http/opaque.ts";
import { percentDecode } from "../http/url.ts";

/** Base64 of SHA-1 is the shortest signature in use. In characters. */
const MIN_MAC = 27;

/** @rule off: false */
export function isSigned(value: string): boolean {
  if (decodeJwt(value) !== null) return true;
  const text = percentDecode(value);
  if (/^s:.+\.[A-Za-z0-9+/_-]{20,}={0,2}$/.test(text)) return true;
  if (/^[\w%+/=-]{8,}--[0-9a-f]{40,128}$/.test(text)) return true;
  const [payload, ...rest] = text.split(".");
  const mac = rest.at(-1);
  return payload !== undefined && mac !== undefined && /^[\w.=-]+$/.test(text) &&
    mac.length >= MIN_MAC && isOpaque(mac) && !isUuid(mac);
}

/** Signed values in a text, longest first read: `Bearer eyJ….….…`, `{"token":"eyJ…"}`. */
export const SIGNED_IN_TEXT = /eyJ[\w-]+\.[\w-]+\.[\w-]*|s:[\w-]+\.[A-Za-z0-9+/_-]{20,}={0,2}/;
