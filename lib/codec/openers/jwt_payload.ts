import { base64Decode, base64UrlEncode } from "../../http/base64.ts";
import { decodeJwt } from "../../http/jwt.ts";
import { decoding } from "./decoding.ts";

/** The payload of a JWT (RFC 7519), as JSON text. */
export const jwtPayload = decoding("jwt-payload", {
  mayBe: (text) => decodeJwt(text) !== null,
  decode: (token) => base64Decode(token.split(".")[1] ?? "") || undefined,
  encode(fresh, old) {
    const parts = old.split(".");
    return parts.length < 2 ? undefined : parts.with(1, base64UrlEncode(fresh)).join(".");
  },
  write: "jwt_payload",
  snippets: [
    `/** The claims of a JWT, as JSON text. */
function jwt_payload(token: string): string {
  return base64_decode(token.split(".")[1] ?? "");
}`,
    `/** Seconds until a JWT's \`exp\`. */
function seconds_left(token: string): number {
  const expires_at = Number(at(jwt_payload(token), "exp"));
  return Math.max(0, Math.floor(expires_at - Date.now() / 1000));
}`,
  ],
});
