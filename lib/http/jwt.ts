/** JSON Web Tokens read, never verified (RFC 7519): their claims are facts about the token, no proof. */
import { isRecord, type JsonObject, parseJson } from "../base/json.ts";
import { base64Decode } from "./base64.ts";

export interface DecodedJwt {
  readonly header: JsonObject;
  readonly payload: JsonObject;
}

/** Longer than any header that a server takes; the engine's patterns end at some millions. In characters. */
const MAX_LENGTH = 262_144;

const JWT_SHAPE = /^[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]*$/;

/** Header and claims of a signed (or unsigned) JWT in compact form; `null` when the text is none. */
export function decodeJwt(token: string): DecodedJwt | null {
  if (token.length > MAX_LENGTH || !JWT_SHAPE.test(token)) return null;
  const [head, body] = token.split(".");
  const header = parseJson(base64Decode(head!) ?? "");
  const payload = parseJson(base64Decode(body!) ?? "");
  if (!isRecord(header) || !isRecord(payload) || !("alg" in header)) return null;
  return { header: header as JsonObject, payload: payload as JsonObject };
}

/** The `exp` claim, seconds since the Unix epoch (RFC 7519 section 4.1.4). */
export function jwtExpiresAtSec(token: string): number | undefined {
  const exp = decodeJwt(token)?.payload["exp"];
  return typeof exp === "number" && Number.isFinite(exp) ? exp : undefined;
}
