/** New values for tokens that hold others: a JWT (RFC 7519), signed values with dots between their parts. */
import { base64Like } from "../codec/base64_like.ts";
import { base64Decode, base64UrlEncode } from "../http/base64.ts";
import { decodeJwt } from "../http/jwt.ts";
import { mintLike } from "./mint.ts";
import type { RandomSource } from "./random_source.ts";

/** The text of a part in base64, with the values in it replaced. */
type Rebuild = (text: string, part: string) => string;

/** A JWT, or parts in base64 of structured text between dots; `undefined` when it is neither. */
export function mintDotted(
  recorded: string,
  random: RandomSource,
  rebuild: Rebuild,
): string | undefined {
  const isJwt = decodeJwt(recorded) !== null;
  const [header, ...others] = recorded.split(".");
  const parts = isJwt ? others : [header!, ...others];
  const rebuilt = parts.map((part) => rebuiltBase64(part, rebuild, isJwt));
  if (!isJwt && rebuilt.every((part) => part === undefined)) return undefined;
  const minted = parts.map((part, index) => rebuilt[index] ?? mintLike(part, random));
  return (isJwt ? [header, ...minted] : minted).join(".");
}

function rebuiltBase64(part: string, rebuild: Rebuild, isJwt: boolean): string | undefined {
  const text = part.length < 8 ? undefined : base64Decode(part);
  if (text === undefined || /[^\t\n\r\x20-\x7e\u00a0-\uffff]/.test(text)) return undefined;
  const rebuilt = rebuild(text, part);
  if (rebuilt === text) return undefined;
  return isJwt ? base64UrlEncode(rebuilt) : base64Like(part, rebuilt);
}
