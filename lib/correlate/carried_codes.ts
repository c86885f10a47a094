/**
 * Codes that a person carries from one client to another: a television shows what an answer gave it, and whoever
 * has an account enters it elsewhere (RFC 8628 sections 3.2 and 3.3; pairing codes). It may be as short as a PIN:
 * that an answer called it a code, or a page showed it by itself, before any request held it tells that
 * nobody knew it, and that the script has it, too.
 */
import { placeOf } from "../codec/place.ts";
import { isShownAlone, mayBeCarried, spellings } from "../http/carried_code.ts";
import { isOpaque } from "../http/opaque.ts";
import { isReadingPost } from "../http/reading_call.ts";
import { isCredentialName, isOneTimeName } from "../http/vocabulary.ts";
import { applied, concat, constant } from "./expr.ts";
import type { Expr } from "./flow.ts";
import { isField, isFormLeaf, type Leaf } from "./leaves.ts";
import type { Source } from "./occurrences.ts";
import type { Message, Recording } from "./recording.ts";
import { redirectsFrom } from "./refused_attempt.ts";

/** How many requests a code is remembered for at most. */
const MAX_BACK = 200;

/** Different codes looked for in one recording: nobody carries more, and fields called so may be thousands. */
const MAX_CODES = 200;

/** Where a code was issued, and how it was shown there. */
export interface IssuedCode extends Source {
  readonly shown: string;
}

const looked = new WeakMap<Recording, Map<string, IssuedCode | null>>();

/**
 * Where an answer issued the code that this leaf hands over, in whatever spelling; `null` for anything else.
 * @rule off: null
 */
export function issuedCode(leaf: Leaf, message: Message, recording: Recording): IssuedCode | null {
  const { name, value } = leaf;
  if (!isField(leaf) || !mayBeCarried(name, value)) return null;
  const known = looked.get(recording) ?? new Map<string, IssuedCode | null>();
  looked.set(recording, known);
  if (!known.has(value) && known.size < MAX_CODES) {
    known.set(value, firstIssue(value, message, recording));
  }
  const source = known.get(value) ?? null;
  return source === null || source.index >= message.index ? null : source;
}

/** `null` where a request held it before. */
function firstIssue(value: string, { index }: Message, recording: Recording): IssuedCode | null {
  const shownAs = spellings(value);
  for (const earlier of recording.messages.slice(Math.max(0, index - MAX_BACK), index)) {
    if (earlier.leaves.some((sent) => sent.value === value)) return null;
    if (!earlier.succeeded || earlier.isScriptOrStyle) continue;
    const shown = shownAs.find((spelling) => earlier.responseText.includes(spelling));
    if (shown === undefined) continue;
    const source = namedSource(earlier, shown) ?? shownSource(earlier, shown);
    if (source !== null) return { ...source, shown };
  }
  return null;
}

function namedSource(message: Message, value: string): Source | null {
  for (const { locator, name, text } of message.named()) {
    const isIssued = text === value && isOneTimeName(name) && locator.kind !== "cookie";
    if (isIssued) return { index: message.index, locator, openers: [] };
  }
  return null;
}

function shownSource(message: Message, value: string): Source | null {
  if (message.page === null || !isShownAlone(value, message.responseText)) return null;
  const place = placeOf(message.answer!, value);
  return place === null ? null : { index: message.index, ...place };
}

/** The code as it was typed, made of the code as an answer shows it. */
export function respelled(shown: string, typed: string, code: Expr): Expr {
  if (shown === typed) return code;
  const marks = [...new Set(shown.match(/[- ]/g))];
  const bare = marks.reduce(
    (expr, mark) => applied("replace", expr, constant(mark), constant("")),
    code,
  );
  const letters = typed.replace(/[- ]/g, "");
  const isBare = shown.replace(/[- ]/g, "") === letters;
  const cased = isBare
    ? bare
    : applied(letters === letters.toUpperCase() ? "upper" : "lower", bare);
  let at = 0;
  return letters === typed ? cased : concat(
    typed.split(/([- ])/).map((group) => {
      if (/[- ]/.test(group)) return group;
      const range = [at, at += group.length].map((position) => constant(String(position)));
      return applied("slice", cased, ...range);
    }),
  );
}

/** A request that handed a code over, and the answer that issued it. */
interface Carrier {
  readonly message: Message;
  readonly issuer: Message;
}

const carriers = new WeakMap<Recording, readonly Carrier[]>();

function carriersIn(recording: Recording): readonly Carrier[] {
  const found = carriers.get(recording) ?? recording.messages.flatMap((message) => {
    const source = isRefused(message) ? undefined : message.fields
      .map((leaf) => issuedCode(leaf, message, recording)).find((one) => one !== null);
    return source ? [{ message, issuer: recording.at(source.index) }] : [];
  });
  carriers.set(recording, found);
  return found;
}

/**
 * The requests that allowed a client what it gets with this one: that handed over the code of an answer
 * whose handle this request carries, and what was confirmed after them at the same site, each with where it
 * redirects: what was confirmed may hold only once the browser has come there.
 */
export function approvalsOf(message: Message, recording: Recording): Message[] {
  const approving = carriersIn(recording).filter((carrier) =>
    carrier.message.index < message.index && sharesHandle(carrier.issuer, message, recording)
  ).map((carrier) => carrier.message);
  const [first] = approving;
  if (first === undefined) return [];
  const confirmed = recording.messages.slice(first.index + 1, message.index).filter((later) =>
    later.method !== "GET" && later.origin === first.origin && !isRefused(later) &&
    (later.fields.some(isFormLeaf) || isOfSameUser(later, first))
  );
  return [...approving, ...confirmed].flatMap((one) => redirectsFrom(one, recording))
    .filter((one) => one.index < message.index);
}

/** A page says yes by a request of its own, in the session that the code was handed over in. */
function isOfSameUser({ leaves, trace }: Message, { cookies, ownHeaders }: Message): boolean {
  const session = [...cookies, ...ownHeaders].filter(({ name }) => isCredentialName(name));
  return !isReadingPost(trace.request) &&
    leaves.some((leaf) =>
      session.some(({ name, value }) => leaf.name === name && leaf.value === value)
    );
}

function isRefused({ succeeded, method }: Message): boolean {
  return !succeeded || method === "OPTIONS";
}

/** The request carries another value of the answer: a device code, the id of a pairing. */
export function sharesHandle(issuer: Message, message: Message, recording: Recording): boolean {
  return message.fields.some((leaf) =>
    isOpaque(leaf.value) && issuer.responseText.includes(leaf.value) &&
    issuedCode(leaf, message, recording) === null
  );
}
