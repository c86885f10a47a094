/** The headers a tool sends as they were recorded: constants of the client, never of its user. */
import { isOwnHeader } from "../../http/ordinary_traffic.ts";
import { isCredentialName, isPerRequestName } from "../../http/vocabulary.ts";
import { headerValues } from "../../http/headers.ts";
import { parseUrl } from "../../http/url.ts";
import type { CredentialSpots } from "./credential_spots.ts";
import type { Sample } from "./sample.ts";
import { segmentKind } from "./segment_kind.ts";

/**
 * Ordinary headers that servers look at: content negotiation; the client's name, which some servers
 * insist on; the depth of a WebDAV request, and whether it overwrites (RFC 4918 sections 10.2 and 10.6).
 */
const KEPT = ["accept", "accept-language", "content-type", "depth", "overwrite", "user-agent"];

/** Sent by browsers with what changes something, and checked by servers against forgery. */
const KEPT_WHEN_UNSAFE = ["origin", "referer"];

/**
 * A header that counts by being there, since no foreign page can send it, says so in a word, even where
 * it is called a token: `no-check`, `fetch`, `1`.
 */
const FLAG = /^(\d|true|yes|on|ok|no-?check|fetch|required|ajax|xmlhttprequest)$/i;

/** Headers that all samples carry with one value, without credentials and without what the body decides. */
export function constantHeaders(
  samples: readonly Sample[],
  spots: CredentialSpots,
  clientConstants: ReadonlySet<string>,
): (readonly [string, string])[] {
  const [first] = samples;
  if (first === undefined) return [];
  const isUnsafe = !["GET", "HEAD", "OPTIONS"].includes(first.method);
  return first.trace.request.headers
    .filter(([name]) => isKept(name.toLowerCase(), isUnsafe))
    .filter(([name]) => !spots.headers.includes(name.toLowerCase()))
    .filter(([name, value]) =>
      isOperation(name, first) || isClientConstant(name, value, clientConstants)
    )
    .filter(([name, value]) =>
      samples.every(({ trace }) => {
        const values = headerValues(trace.request.headers, name);
        return values.length === 1 && values[0] === value;
      })
    )
    .filter(([name, value]) => !isImplied(name.toLowerCase(), value, first))
    .map(([name, value]) => [name, name.toLowerCase() === "referer" ? originOnly(value) : value]);
}

function isKept(name: string, isUnsafe: boolean): boolean {
  return KEPT.includes(name) || (isUnsafe && KEPT_WHEN_UNSAFE.includes(name)) || isOwnHeader(name);
}

/** What the tool is for. */
function isOperation(name: string, { call }: Sample): boolean {
  const lower = name.toLowerCase();
  return call?.kind === "header" && call.header === lower ||
    call?.kind === "xml" && lower === "soapaction";
}

/** Without knowing better, a header that is named like a credential or holds an id is one. */
function isClientConstant(
  name: string,
  value: string,
  clientConstants: ReadonlySet<string>,
): boolean {
  if (clientConstants.has(value) || KEPT.includes(name.toLowerCase())) return true;
  if (isPerRequestName(name)) return false;
  if (KEPT_WHEN_UNSAFE.includes(name.toLowerCase())) return true;
  const kind = segmentKind(value);
  if (FLAG.test(value)) return true;
  return !isCredentialName(name) && (kind === null || kind === "integer" || kind === "text");
}

/** What the request gets anyway: the type of its body, `*` of negotiation. */
function isImplied(name: string, value: string, { body }: Sample): boolean {
  if (name === "accept" || name === "accept-language") return /^\*(\/\*)?$/.test(value);
  if (name !== "content-type") return false;
  return body.kind === "none" || body.kind === "multipart" ||
    (body.kind === "json" && /^application\/json$/i.test(value)) ||
    (body.kind === "form" && /^application\/x-www-form-urlencoded$/i.test(value));
}

/** The path of the page may name its user; servers that check the header look at the origin. */
function originOnly(referer: string): string {
  const url = parseUrl(referer);
  return url === null ? referer : `${url.origin}/`;
}
