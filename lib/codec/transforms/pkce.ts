import { createHash } from "node:crypto";
import type { TransformCodec } from "../codec.ts";
import { textArg } from "./arguments.ts";

/** PKCE's S256: base64url(SHA-256(verifier)) (RFC 7636 section 4.2). */
export const pkceS256: TransformCodec = {
  describe: "PKCE challenge (S256)",
  yields: "text",
  apply: (args) => createHash("sha256").update(textArg("pkce-s256", args)).digest("base64url"),
  write: ([arg], uses) => `await ${uses.call("pkce_challenge", arg!.code)}`,
  snippets: [`/** PKCE S256 (RFC 7636 section 4.2). */
async function pkce_challenge(verifier: string): Promise<string> {
  const hash = await digest("SHA-256", verifier, "base64");
  return hash.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}`],
};
