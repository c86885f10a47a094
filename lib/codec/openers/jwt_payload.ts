import { base64Decode, base64UrlEncode } from "../../http/base64.ts";
import { decodeJwt } from "../../http/jwt.ts";
import type { OpenerCodec } from "../codec.ts";

/** The payload of a JWT (RFC 7519), as JSON text. */
export interface JwtPayloadOpener {
  readonly kind: "jwt-payload";
}

export const jwtPayload: OpenerCodec<JwtPayloadOpener> = {
  *find(text) {
    const payload = decodeJwt(text) === null ? undefined : payloadOf(text);
    if (payload !== undefined) yield [{ kind: "jwt-payload" }, payload];
  },
  take: (_, text) => payloadOf(text),
  put(_, text, fresh) {
    const parts = text.split(".");
    return parts.length < 2 ? undefined : parts.with(1, base64UrlEncode(fresh)).join(".");
  },
  write: (_, text, uses) => uses.call("jwt_payload", text),
  describe: () => "jwt-payload",
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
};

function payloadOf(token: string): string | undefined {
  return base64Decode(token.split(".")[1] ?? "") || undefined;
}
