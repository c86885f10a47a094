/**
 * The judge of typed values: which leaf of a request, or which part of one, a person typed. Its evidence, in
 * this order; what decided is kept as the reason that is printed:
 *
 * 1. The page that shows the field: a password box, a text box right before one; hidden fields and buttons
 *    were not typed (HTML standard sections 4.10.5.1.1 and 4.10.21.4).
 * 2. What the user told (`--answers`), or what a recording browser saw typed.
 * 3. The field's name, and the look of a code or an address.
 * 4. No source: what an answer gave the client to say was not typed.
 * 5. The order: every login asks who it is before the secret.
 */
import { base64Text, isMask, isOpaque, isSwitch } from "../http/opaque.ts";
import {
  isLoginPath,
  isOneTimeCode,
  isPasswordField,
  isPasswordName,
  ownerOf,
  words,
} from "../http/vocabulary.ts";
import { issuedCode } from "./carried_codes.ts";
import { OPENSSL_SALTED } from "./computed_secret.ts";
import { issuedHandle } from "./issued_handle.ts";
import { isBodyField, isFormLeaf, type Leaf } from "./leaves.ts";
import { nameInPath } from "./named_in_path.ts";
import type { Message, Recording } from "./recording.ts";
import { setsPassword } from "./registration.ts";
import { ShownFields } from "./shown_forms.ts";
import { base64Kind, lowerHexText, typedParts } from "./typed_parts.ts";
import {
  bareIdentifier,
  byName,
  isIdentifierLeaf,
  isNumberedName,
  unnamedIdentifier,
} from "./typed_identifiers.ts";
import { positionalTyped } from "./typed_positions.ts";
import { holdsSecret, typedAs, type TypedValue } from "./typed_value.ts";

/** What was told, or seen being typed, is typed where it stands, whatever the field is called. */
type Told = ReadonlyMap<string, TypedValue>;

export class TypedJudge {
  readonly #recording: Recording;
  readonly #shown: ShownFields;
  readonly #told: Told;
  /** By value the first answer that holds it; -1 for none. */
  readonly #givenOut = new Map<string, number>();

  constructor(recording: Recording, hints: readonly TypedValue[] = []) {
    this.#recording = recording;
    this.#shown = new ShownFields(recording);
    this.#told = new Map(hints.map((hint) => [hint.value, hint]));
  }

  /** What a request hands over: a password or a code, and who it is. Empty where there is neither. */
  submission(message: Message): TypedValue[] {
    const leaves = message.leaves.filter((leaf) =>
      (isBodyField(leaf) || leaf.place.kind === "text" || leaf.place.kind === "query") &&
      !this.#isButton(leaf) && issuedCode(leaf, message, this.#recording) === null
    );
    if (setsPassword(leaves)) return [];
    const fields = this.#inFields(message, leaves);
    if (holdsSecret(fields)) {
      return this.#withoutCodeSent(nameInPath(fields, message, this.#recording), message);
    }
    const isLogin = message.method !== "GET" && isLoginPath(message.url.pathname);
    const parts = typedParts(leaves, isLogin);
    return parts.length > 0 ? parts : positionalTyped(message, leaves);
  }

  #inFields(message: Message, leaves: readonly Leaf[]): TypedValue[] {
    const secrets = leaves.map((leaf) => this.#asPassword(leaf, message))
      .filter((typed) => typed !== null);
    const passwords = this.#withoutSwitches(secrets, leaves);
    const taken = new Set(passwords.map(({ place }) => place));
    const codes = message.method === "GET"
      ? []
      : leaves.filter((leaf) => !taken.has(leaf.place)).map((leaf) => this.#asCode(leaf))
        .filter((typed) => typed !== null);
    if (passwords.length === 0 && codes.length === 0) return [];
    const others = leaves.filter(({ place }) =>
      !taken.has(place) && codes.every((code) => code.place !== place)
    );
    const secret = leaves.find(({ place }) => place === passwords[0]?.place);
    const isEncoded = passwords.some(({ part }) => part !== undefined);
    const identifiers = this.#identifiers(message, leaves, secret, others)
      .map((typed) => isEncoded ? decoded(typed) : typed);
    const boxes = this.#inEmptyBoxes(message, others).filter(({ place }) =>
      identifiers.every((typed) => typed.place !== place)
    );
    return [...identifiers, ...boxes, ...passwords, ...codes];
  }

  /**
   * What else was written beside the password: a tenant, a branch, a membership number.
   * @rule off: []
   */
  #inEmptyBoxes(message: Message, others: readonly Leaf[]): TypedValue[] {
    const boxes = this.#inBoxes(others, "empty", (page) => `an empty box of ${page} sends it`);
    return boxes.filter((typed) => !this.#isIssued(typed, message));
  }

  #asPassword(leaf: Leaf, message: Message): TypedValue | null {
    if (leaf.value === "" || leaf.isLiteral === true && /^(true|false)$/.test(leaf.value)) {
      return null;
    }
    if (isMask(leaf.value)) return null;
    const page = this.#shown.pageOf(leaf, "password") ?? this.#ofSeveral(leaf, message);
    const told = this.#told.get(leaf.value);
    const isTold = told?.kind === "password" && ownerOf(leaf.name) !== "client";
    const why = page !== undefined
      ? `a password box of ${page} sends it`
      : isTold
      ? told.why ?? "you told it"
      : isPasswordField(leaf.name, leaf.value) || this.#isFirstPin(leaf, message) ||
          this.#isAnswer(leaf, message)
      ? `the field is called "${leaf.name}"`
      : null;
    if (
      why === null || isOpaque(leaf.value) && page === undefined && this.#isGivenOut(leaf, message)
    ) {
      return null;
    }
    return decoded(typedAs("password", why)(leaf));
  }

  /** `noecho.password=true` beside `password` says how that is to be treated. @rule off: typed */
  #withoutSwitches(typed: TypedValue[], leaves: readonly Leaf[]): TypedValue[] {
    const inBox = (leaf: Leaf) => this.#shown.pageOf(leaf, "password") !== undefined;
    const telling = typed.filter(({ place, value }) =>
      !isSwitch(value) || leaves.some((leaf) => leaf.place === place && inBox(leaf))
    );
    return telling.length > 0 ? telling : typed;
  }

  /** An answer to the question that the answer to the password put. @rule off: false */
  #isAnswer({ name }: Leaf, { index, method }: Message): boolean {
    return method !== "GET" && /\banswer$/.test(words(name)) &&
      this.#recording.messages.slice(Math.max(0, index - 3), index).some((earlier) =>
        earlier.leaves.some((leaf) => isPasswordName(leaf.name)) &&
        /question/i.test(earlier.responseText)
      );
  }

  /**
   * A PIN in the first request that sends anything: nobody can have sent a code yet.
   * @rule off: false
   */
  #isFirstPin(leaf: Leaf, { index }: Message): boolean {
    return isBodyField(leaf) && /\b(pin|pass ?code)$/.test(words(leaf.name)) &&
      isOneTimeCode(leaf.name, leaf.value) &&
      this.#recording.messages.slice(0, index).every(({ trace }) => trace.request.body === null);
  }

  /**
   * One of several password boxes: each holds a secret of its own (a memorable word), where no other box of
   * the form holds the same again, as at a registration.
   * @rule off: undefined
   */
  #ofSeveral(leaf: Leaf, { leaves }: Message): string | undefined {
    const pageOf = (one: Leaf) => this.#shown.pageOf(one, "one of several");
    const isRepeated = leaves.some((other) =>
      other !== leaf && other.value === leaf.value && pageOf(other) !== undefined
    );
    return isRepeated || !isFormLeaf(leaf) ? undefined : pageOf(leaf);
  }

  #asCode(leaf: Leaf): TypedValue | null {
    const seen = this.#seen(leaf, "one-time-code");
    if (seen !== null) return seen;
    return isOneTimeCode(leaf.name, leaf.value)
      ? typedAs("one-time-code", `a short code in the field "${leaf.name}"`)(leaf)
      : null;
  }

  /** The leaf as what a recording browser saw typed; `null` where it saw nothing of the kind. */
  #seen(leaf: Leaf, kind: TypedValue["kind"]): TypedValue | null {
    const told = this.#told.get(leaf.value);
    return told?.kind === kind && told.why !== undefined ? typedAs(kind, told.why)(leaf) : null;
  }

  /**
   * Who logs in: by the name of the field, else by its place on the page, else by its place in the request.
   * A hidden field counts only by its name, and only where there is nothing else: a second page may hold
   * what was typed on the first.
   */
  #identifiers(
    message: Message,
    leaves: readonly Leaf[],
    password: Leaf | undefined,
    others: readonly Leaf[],
  ): TypedValue[] {
    const seen = others.flatMap((leaf) => this.#seen(leaf, "identifier") ?? []);
    if (seen.length > 0) return seen;
    const named = others.filter(isIdentifierLeaf);
    const own = others.filter((leaf) => !this.#isGiven(leaf));
    const typed = named.filter((leaf) => own.includes(leaf));
    if (typed.length > 0 || password === undefined) {
      const open = named.length > 0 ? named : others.filter(isNumberedName);
      return (typed.length > 0 ? typed : open).map((leaf) => bareIdentifier(leaf, others, byName));
    }
    const why = (page: string) => `the box before the password box of ${page} sends it`;
    const shown = this.#inBoxes(own, "identifier", why);
    if (shown.length > 0) return shown;
    const numbered = own.filter(isNumberedName);
    const found = [named, numbered].find((group) => group.length > 0);
    if (found !== undefined) return found.map(byName);
    const fromNowhere = own.filter((leaf) => !this.#isIssued(leaf, message));
    return unnamedIdentifier(leaves, password, fromNowhere);
  }

  /** What pages show such a box for. */
  #inBoxes(
    leaves: readonly Leaf[],
    role: "empty" | "identifier",
    why: (page: string) => string,
  ): TypedValue[] {
    return leaves.filter((leaf) => isFormLeaf(leaf) && leaf.value !== "").flatMap((leaf) => {
      const page = this.#shown.pageOf(leaf, role);
      return page === undefined ? [] : [typedAs("identifier", why(page))(leaf)];
    });
  }

  /**
   * A PIN beside somebody whom no earlier request named is a password: no code can have been sent yet,
   * and what an authenticator shows is called otherwise.
   * @rule off: typed
   */
  #withoutCodeSent(typed: TypedValue[], message: Message): TypedValue[] {
    const who = typed.find(({ kind }) => kind === "identifier");
    if (who === undefined || typed.some(({ kind }) => kind === "password")) return typed;
    const isNamedBefore = this.#recording.messages.slice(0, message.index).some((earlier) =>
      earlier.method !== "GET" && earlier.url.pathname !== message.url.pathname &&
      earlier.leaves.some(({ value }) => value === who.value)
    );
    const isPin = ({ kind, name }: TypedValue) =>
      kind === "one-time-code" && /\b(pin|pass ?code)$/.test(words(name));
    return isNamedBefore
      ? typed
      : typed.map((one) => isPin(one) ? { ...one, kind: "password" } : one);
  }

  #isIssued(leaf: Leaf, message: Message): boolean {
    return issuedHandle(leaf, message, this.#recording) !== null;
  }

  /** What an earlier answer holds as a value of its own is carried on, whatever the field is called. */
  #isGivenOut({ value }: Leaf, { index }: Message): boolean {
    const first = this.#givenOut.get(value) ??
      this.#recording.messages.findIndex((message) =>
        message.responseText.includes(value) && message.named().some(({ text }) => text === value)
      );
    this.#givenOut.set(value, first);
    return first >= 0 && first < index;
  }

  #isButton(leaf: Leaf): boolean {
    return isFormLeaf(leaf) && this.#shown.pageOf(leaf, "button") !== undefined;
  }

  #isGiven(leaf: Leaf): boolean {
    return isFormLeaf(leaf) && this.#shown.isGiven(leaf);
  }
}

/** What was typed, where the field holds it in base64 or hex: the script must encode what it asks for. */
function decoded(typed: TypedValue): TypedValue {
  const inHex = typed.part === undefined ? lowerHexText(typed.value) : undefined;
  if (inHex !== undefined) {
    const part = {
      prefix: "",
      encoding: "hex",
      start: 0,
      end: inHex.length,
      escape: null,
    } as const;
    return { ...typed, value: inHex, part, why: `${typed.why}, in hex` };
  }
  const encoding = isEncodedText(typed.value) ? base64Kind(typed.value) : null;
  if (encoding === null || typed.part !== undefined) return typed;
  const value = base64Text(typed.value)!;
  const part = { prefix: "", encoding, start: 0, end: value.length, escape: null };
  return { ...typed, value, part, why: `${typed.why}, in base64` };
}

/** Eight letters and digits may be base64 of six by chance; what ends in padding or is longer is not. */
function isEncodedText(value: string): boolean {
  const text = base64Text(value);
  if (text === undefined || text === "" || value.startsWith(OPENSSL_SALTED)) return false;
  return value.endsWith("=") || value.length >= 12 || /^[A-Za-z0-9]+$/.test(text);
}
