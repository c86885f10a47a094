/**
 * Requests that a client signs one by one (AWS Signature Version 4, OAuth 1.0 in RFC 5849 section 3.4, HMAC headers
 * of exchanges and clouds): a signature is good for its own request, and no session can be handed over.
 */
import { splitScheme } from "../http/auth_scheme.ts";
import { isOpaque } from "../http/opaque.ts";
import { isSignatureName } from "../http/vocabulary.ts";
import { describePlace, type Leaf } from "./leaves.ts";
import type { Occurrences } from "./occurrences.ts";
import type { Message } from "./recording.ts";
import { remembered } from "./remembered.ts";
import { STAYS_WITH_CLIENT } from "./stays_with_client.ts";

/** SHA-1 in base64 is the shortest signature in use. In characters. */
const MIN_SIGNATURE = 27;

/** Where requests carry a signature that is another one each time and that no answer gave; `null` for nowhere. */
export function signedAnew(messages: readonly Message[], provenance: Occurrences): string | null {
  const found = new Map<string, { readonly leaf: Leaf; readonly values: string[] }>();
  // A long recording sends one token with each request.
  const isSigned = remembered(namesSignature);
  for (const message of messages) {
    for (const leaf of message.leaves) {
      if (!isSignature(leaf, isSigned) || provenance.find(leaf.value, message.index) !== null) {
        continue;
      }
      const key = `${leaf.place.kind} ${leaf.name.toLowerCase()}`;
      const held = found.get(key) ?? { leaf, values: [] };
      held.values.push(leaf.value);
      found.set(key, held);
    }
  }
  for (const { leaf, values } of found.values()) {
    if (values.length < 2 || new Set(values).size < values.length) continue;
    return `Each request is signed anew (${describePlace(leaf.place)}${
      schemeOf(leaf)
    }): a signature is good for its own request alone, and ${STAYS_WITH_CLIENT}; use the ` +
      "app's official client or another interface of it";
  }
  return null;
}

function isSignature(
  { place, name, value }: Leaf,
  isSigned: (credentials: string) => boolean,
): boolean {
  if (place.kind === "header" && name.toLowerCase() === "authorization") return isSigned(value);
  return (place.kind === "header" || place.kind === "query") && value.length >= MIN_SIGNATURE &&
    isSignatureName(name) && isOpaque(value);
}

/** A parameter of the credentials is called a signature. */
function namesSignature(credentials: string): boolean {
  return credentials.matchAll(/\b([A-Za-z_]\w{0,40})=/g).some(([, part]) => isSignatureName(part!));
}

function schemeOf({ place, value }: Leaf): string {
  const { scheme, prefix } = splitScheme(value);
  return place.kind === "header" && scheme !== "" ? `, scheme ${prefix.trim()}` : "";
}
