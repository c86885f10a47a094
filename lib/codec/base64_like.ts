import { base64Encode, toBase64Url } from "../http/base64.ts";

/** Base64 of the text in the alphabet and with the padding of a recorded one (RFC 4648). */
export function base64Like(recorded: string, text: string): string {
  const base64 = base64Encode(text);
  if (/[-_]/.test(recorded)) return toBase64Url(base64);
  if (/[+/=]/.test(recorded) || recorded.length % 4 === 0) return base64;
  return base64.replaceAll("=", "");
}
