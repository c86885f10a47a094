/** What a placeholder says of the value it stands for: its kind, and a note without any part of the value. */
import { utf8Text } from "../http/base64.ts";
import { decodeJwt, jwtExpiresAtSec } from "../http/jwt.ts";
import { base64Text, isOpaque, isUuid } from "../http/opaque.ts";
import { EMAIL, lookOf, PHONE } from "./look.ts";
import type { PlaceholderKind } from "./placeholders.ts";
import type { RecordedFacts, Typed } from "./recorded_facts.ts";

export interface ValueDescription {
  readonly kind: PlaceholderKind;
  /** May be empty. */
  readonly note: string;
}

/** What is known beside the value itself, and how other values are named in a note. */
export interface KnownOfValues {
  readonly facts: RecordedFacts;
  /** By what was typed. */
  readonly typed: ReadonlyMap<string, Typed>;
  /** Texts of static scripts. */
  readonly published: ReadonlySet<string>;
  /** The placeholder of a value, as it is written. */
  readonly named: (value: string) => string;
  /** What stands inside another value, as a model may see it. */
  readonly shown: (value: string) => string;
}

/** Of what an encoded value holds, in UTF-16 units. */
const MAX_NOTE = 160;
/** A joined value of more parts is prose. */
const MAX_PARTS = 8;

export function describeValue(text: string, known: KnownOfValues): ValueDescription {
  return describeKnown(text, known) ?? describeForm(text, known) ??
    describeEncoded(text, known) ??
    (known.published.has(text)
      ? { kind: "constant", note: lookOf(text) }
      : { kind: isOpaque(text) ? "secret" : "text", note: lookOf(text) });
}

function describeKnown(
  text: string,
  { facts, typed, named, shown }: KnownOfValues,
): ValueDescription | undefined {
  const answer = typed.get(text);
  if (answer?.kind === "other") return { kind: "secret", note: unexplainedNote(text, shown) };
  if (answer !== undefined) return { kind: typedKind(answer), note: "typed by the user" };
  const derived = facts.derived.get(text);
  if (derived !== undefined) {
    return { kind: "secret", note: `${derived.op} of ${bare(named(derived.from))}` };
  }
  return facts.constants.has(text) ? { kind: "constant", note: lookOf(text) } : undefined;
}

function describeForm(text: string, known: KnownOfValues): ValueDescription | undefined {
  if (decodeJwt(text) !== null) return { kind: "jwt", note: jwtNote(text, known) };
  if (EMAIL.test(text)) return { kind: "email", note: "" };
  if (PHONE.test(text)) return { kind: "phone", note: "" };
  if (isUuid(text)) return { kind: "uuid", note: "" };
  const owner = addressBegunBy(text, known);
  return owner === undefined
    ? undefined
    : { kind: "user", note: `what stands before @ in ${owner}` };
}

function describeEncoded(text: string, { shown }: KnownOfValues): ValueDescription | undefined {
  const inner = base64Text(text);
  if (inner !== undefined) return { kind: "base64", note: innerNote(inner, shown) };
  const ofHex = hexText(text);
  return ofHex === undefined ? undefined : { kind: "hex", note: innerNote(ofHex, shown) };
}

function jwtNote(token: string, { facts, shown }: KnownOfValues): string {
  const { payload } = decodeJwt(token)!;
  const issuedAt = payload["iat"];
  const fromSec = typeof issuedAt === "number" ? issuedAt : facts.startedAtMs / 1000;
  const expires = jwtExpiresAtSec(token);
  const issuer = payload["iss"];
  return [
    ...(expires === undefined ? [] : [`exp=+${Math.round(expires - fromSec)}`]),
    ...(typeof issuer === "string" ? [`iss=${bare(shown(issuer))}`] : []),
  ].join(" ");
}

/** How an unexplained value is put together: `unexplained: DEPOT1 secret#3 12 hex:base64#1 44 base64`. */
function unexplainedNote(text: string, shown: KnownOfValues["shown"]): string {
  const [ofBase64, ofHex] = [base64Text(text), hexText(text)];
  const inner = ofBase64 ?? ofHex;
  if (inner !== undefined) {
    const encoding = ofBase64 === undefined ? "hex" : "base64";
    return `unexplained, ${text.length} ${encoding} ${innerNote(inner, shown)}`;
  }
  const parts = text.split(/([\s,;:|.~$]+)/);
  const isJoined = parts.length >= 3 && parts.length <= 2 * MAX_PARTS;
  const note = isJoined
    ? parts.map((part, index) => index % 2 === 1 ? part : bare(shown(part))).join("")
    : "";
  return note === "" || note.length > 2 * MAX_NOTE
    ? `unexplained, ${lookOf(text)}`
    : `unexplained: ${note}`;
}

/** What an encoded text holds, opened in its turn: `of: text#1 5 letters:number#1 4 digits:secret#3 32 hex`. */
function innerNote(inner: string, shown: KnownOfValues["shown"]): string {
  const text = bare(shown(inner));
  return text.length > MAX_NOTE ? `of ${inner.length} characters` : `of: ${text}`;
}

function addressBegunBy(text: string, { typed, named }: KnownOfValues): string | undefined {
  const address = [...typed.keys()].find((value) =>
    EMAIL.test(value) && value.slice(0, value.lastIndexOf("@")) === text
  );
  return address === undefined ? undefined : bare(named(address));
}

function typedKind({ kind, value }: Typed): PlaceholderKind {
  if (kind === "one-time-code") return "code";
  if (kind !== "identifier") return "secret";
  return EMAIL.test(value) ? "email" : PHONE.test(value) ? "phone" : "user";
}

/** The text of placeholders without the marks around them, for use inside a note; what touches is joined by `+`. */
function bare(text: string): string {
  return text.replace(/›(?=[\p{L}\p{N}‹])/gu, " + ").replace(/(?<=[\p{L}\p{N}])‹/gu, " + ")
    .replace(/[‹›]/g, "");
}

/** The text whose UTF-8 the hex digits spell; `undefined` where they spell none that is legible. */
function hexText(text: string): string | undefined {
  if (text.length < 8 || text.length % 2 === 1 || !/^[0-9a-f]+$/i.test(text)) return undefined;
  const inner = utf8Text(Uint8Array.fromHex(text));
  return inner !== undefined && /^[\x20-\x7e]+$/.test(inner) ? inner : undefined;
}
