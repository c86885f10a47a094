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
 *
 * The leaves themselves are looked at first, then what stands inside one of them (`opened_leaf.ts`), then pairs, then
 * the arguments of a remote call.
 */
import { isMask, isOpaque, isSwitch } from "../http/opaque.ts";
import {
  isLoginPath,
  isOneTimeCode,
  isPasswordChangeName,
  isPasswordField,
  isPasswordName,
  ownerOf,
  words,
} from "../http/vocabulary.ts";
import { issuedCode } from "./carried_codes.ts";
import { looksComputed } from "./computed_secret.ts";
import { issuedHandle } from "./issued_handle.ts";
import { isField, isFormLeaf } from "./leaves.ts";
import { nameInPath } from "./named_in_path.ts";
import { decoded, inPair, opened } from "./opened_leaf.ts";
import type { Message, Recording } from "./recording.ts";
import { setsPassword } from "./registration.ts";
import { remembered } from "./remembered.ts";
import { ShownFields, type ShownRole } from "./shown_fields.ts";
import {
  bareIdentifier,
  called,
  positionalTyped,
  unnamedIdentifier,
  whyNamed,
  whyNumbered,
  withoutButtons,
} from "./typed_names.ts";
import {
  type Candidate,
  firstTyped,
  holdsSecret,
  type TypedValue,
  typedWhere,
  whyTold,
} from "./typed_value.ts";

type Candidates = readonly Candidate[];

export class TypedJudge {
  readonly #recording: Recording;
  readonly #shown: ShownFields;
  /** What was told, or seen being typed, is typed where it stands, whatever the field is called. */
  readonly #told: ReadonlyMap<string, TypedValue>;
  /** True for a name that may be a secret's: each request sends the same names again. */
  readonly #mayBeSecret = remembered((name: string) =>
    isPasswordName(name.replace(/\d$/, "")) || isPasswordChangeName(name) ||
    /\b(pin|pass ?code|answer)$/.test(words(name))
  );
  /** By value the first answer that holds it; -1 for none. */
  readonly #givenOut = new Map<string, number>();

  constructor(recording: Recording, hints: readonly TypedValue[] = []) {
    this.#recording = recording;
    this.#shown = ShownFields.of(recording);
    this.#told = new Map(hints.map((hint) => [hint.value, hint]));
  }

  /** What a request hands over: a password or a code, and who it is. Empty where there is neither. */
  submission(message: Message): TypedValue[] {
    for (const typed of this.#readings(message)) {
      if (holdsSecret(typed)) return nameInPath(typed, message, this.#recording);
    }
    return [];
  }

  *#readings(message: Message): Generator<TypedValue[]> {
    const leaves = message.leaves.filter((leaf) =>
      (isField(leaf) || leaf.place.kind === "text") && !this.#isShown(leaf, "button") &&
      issuedCode(leaf, message, this.#recording) === null
    );
    if (setsPassword(leaves.filter(({ name }) => this.#mayBeSecret(name)))) return;
    yield this.#typedAmong(leaves, message);
    const segments = message.leaves.filter(({ place }) => place.kind === "path");
    for (const leaf of [...leaves, ...segments]) {
      // JSON in a string may be a message to somebody behind the server: there the answer decides as well.
      const inner = /^\s*[[{]/.test(leaf.value) ? [] : opened(leaf);
      if (inner.length === 0 || setsPassword(inner)) continue;
      const typed = this.#typedAmong(inner, message);
      // A short number inside a document may be anything.
      if (typed.some(({ kind }) => kind === "password")) yield typed;
    }
    if (message.method === "GET") return;
    if (isLoginPath(message.url.pathname)) { for (const leaf of leaves) yield inPair(leaf); }
    if (message.method === "POST") yield positionalTyped(leaves);
  }

  #typedAmong(leaves: Candidates, message: Message): TypedValue[] {
    const passwords = this.#passwords(leaves, message);
    const taken = new Set(passwords.map(({ place }) => place));
    const codes = message.method === "GET"
      ? []
      : typedWhere("one-time-code", leaves, (leaf) =>
        taken.has(leaf.place) ? null : this.#whyCode(leaf));
    if (passwords.length === 0 && codes.length === 0) return [];
    for (const { place } of codes) taken.add(place);
    const others = leaves.filter(({ place }) => !taken.has(place));
    const secret = leaves.find(({ place }) => place === passwords[0]?.place);
    const isEncoded = passwords.some(({ part }) => part !== undefined);
    const identifiers = this.who(message, leaves, secret, others)
      .map((typed) => isEncoded ? decoded(typed) : typed);
    const boxes = this.#inEmptyBoxes(message, others).filter(({ place }) =>
      identifiers.every((typed) => typed.place !== place)
    );
    return [...identifiers, ...boxes, ...passwords, ...codes];
  }

  #passwords(leaves: Candidates, message: Message): TypedValue[] {
    const typed = firstTyped("password", [
      [leaves, (leaf) => this.#whySecret(leaf, leaves, message)],
      [leaves, (leaf) => this.#isFirstPin(leaf, leaves, message) ? called(leaf) : null],
    ]);
    return this.#withoutSwitches(typed.map(decoded), leaves);
  }

  /** `noecho.password=true` beside `password` says how that is to be treated. @rule off: typed */
  #withoutSwitches(typed: TypedValue[], leaves: Candidates): TypedValue[] {
    const telling = typed.filter(({ place, value }) =>
      !isSwitch(value) ||
      leaves.some((leaf) => leaf.place === place && this.#shown.pageOf(leaf, "password"))
    );
    return telling.length > 0 ? telling : typed;
  }

  /** Why the leaf is a password, by the first evidence that says so. */
  #whySecret(leaf: Candidate, leaves: Candidates, message: Message): string | null {
    const { value } = leaf;
    const page = this.#shown.pageOf(leaf, "password") ?? this.#ofSeveral(leaf, leaves);
    const why = page === undefined
      ? this.#whyNamed(leaf, message)
      : `a password box of ${page} sends it`;
    // Looked at last: nearly no leaf of a long recording has a reason.
    if (why === null || value === "" || isMask(value)) return null;
    if (leaf.isLiteral === true && /^(true|false)$/.test(value)) return null;
    if (leaf.part !== undefined && looksComputed(value)) return null;
    return page === undefined && isOpaque(value) && this.#isGivenOut(leaf, message) ? null : why;
  }

  #whyNamed(leaf: Candidate, message: Message): string | null {
    const { name, value } = leaf;
    const told = this.#told.get(value);
    if (told?.kind === "password" && ownerOf(name) !== "client") return whyTold(told);
    const isCalled = this.#mayBeSecret(name) &&
      (isPasswordField(name, value) || this.#isAnswer(leaf, message));
    return isCalled ? called(leaf) : null;
  }

  /** An answer to the question that the answer to the password put. @rule off: false */
  #isAnswer({ name }: Candidate, { index, method }: Message): boolean {
    return method !== "GET" && /\banswer$/.test(words(name)) &&
      this.#recording.messages.slice(Math.max(0, index - 3), index).some((earlier) =>
        earlier.leaves.some((leaf) => isPasswordName(leaf.name)) &&
        /question/i.test(earlier.responseText)
      );
  }

  /**
   * A PIN before which no code can have been sent, since no request named anybody; what an authenticator shows is
   * called otherwise.
   * @rule off: false
   */
  #isFirstPin({ name, value }: Candidate, leaves: Candidates, message: Message): boolean {
    const isPin = /\b(pin|pass ?code)$/.test(words(name)) && isOneTimeCode(name, value);
    if (message.method === "GET" || !isPin) return false;
    const before = this.#recording.messages.slice(0, message.index);
    if (before.every(({ trace }) => trace.request.body === null)) return true;
    const [who] = this.who(message, leaves, undefined, leaves);
    return who !== undefined &&
      !before.some((earlier) =>
        earlier.method !== "GET" && earlier.url.pathname !== message.url.pathname &&
        earlier.leaves.some((leaf) => leaf.value === who.value)
      );
  }

  /**
   * One of several password boxes: each holds a secret of its own (a memorable word), where no other box of
   * the form holds the same again, as at a registration.
   * @rule off: undefined
   */
  #ofSeveral(leaf: Candidate, leaves: Candidates): string | undefined {
    const page = isFormLeaf(leaf) ? this.#shown.pageOf(leaf, "one of several") : undefined;
    if (page === undefined) return undefined;
    const isRepeated = leaves.some((other) =>
      other !== leaf && other.value === leaf.value &&
      this.#shown.pageOf(other, "one of several") !== undefined
    );
    return isRepeated ? undefined : page;
  }

  #whyCode(leaf: Candidate): string | null {
    return this.#whySeen(leaf, "one-time-code") ??
      (isOneTimeCode(leaf.name, leaf.value) ? `a short code in the field "${leaf.name}"` : null);
  }

  /** How a recording browser saw it typed; `null` where it saw nothing of the kind. */
  #whySeen({ value }: Candidate, kind: TypedValue["kind"]): string | null {
    const told = this.#told.get(value);
    return told?.kind === kind ? told.why ?? null : null;
  }

  /**
   * Who logs in: by the name of the field, else by its place on the page, else by its place in the request.
   * A hidden field counts only by its name, and only where there is nothing else: a second page may hold
   * what was typed on the first.
   */
  who(
    message: Message,
    leaves: Candidates,
    password: Candidate | undefined,
    others: Candidates,
  ): TypedValue[] {
    const own = others.filter((leaf) => !this.#isShown(leaf, "hidden"));
    const why = "the box before the password box";
    const typed = firstTyped("identifier", [
      [others, (leaf) => this.#whySeen(leaf, "identifier")],
      [own, whyNamed],
      [password === undefined ? [] : own, (leaf) => this.#whyBox(leaf, "identifier", why)],
      [others, whyNamed],
      [others, whyNumbered],
    ]);
    if (typed.length > 0 || password === undefined) {
      return withoutButtons(typed).map((one) => bareIdentifier(one, others));
    }
    const fromNowhere = own.filter((leaf) => !this.#isIssued(leaf, message));
    return unnamedIdentifier(leaves, password, fromNowhere);
  }

  /**
   * What else was written beside the password: a tenant, a branch, a membership number.
   * @rule off: []
   */
  #inEmptyBoxes(message: Message, others: Candidates): TypedValue[] {
    return typedWhere("identifier", others, (leaf) => this.#whyBox(leaf, "empty", "an empty box"))
      .filter((typed) => !this.#isIssued(typed, message));
  }

  #whyBox(leaf: Candidate, role: ShownRole, box: string): string | null {
    const isSent = this.#isShown(leaf, role) && leaf.value !== "";
    return isSent ? `${box} of ${this.#shown.pageOf(leaf, role)} sends it` : null;
  }

  #isIssued(leaf: Candidate, message: Message): boolean {
    return issuedHandle(leaf, message, this.#recording) !== null;
  }

  /** What an earlier answer holds as a value of its own is carried on, whatever the field is called. */
  #isGivenOut({ value }: Candidate, { index }: Message): boolean {
    const first = this.#givenOut.get(value) ??
      this.#recording.messages.findIndex((message) =>
        message.responseText.includes(value) && message.named().some(({ text }) => text === value)
      );
    this.#givenOut.set(value, first);
    return first >= 0 && first < index;
  }

  #isShown(leaf: Candidate, role: ShownRole): boolean {
    return isFormLeaf(leaf) && this.#shown.pageOf(leaf, role) !== undefined;
  }
}
