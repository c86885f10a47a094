/**
 * Where what the user typed stands beside the places where it was typed. Being equal proves little: a
 * person may be called like a client, a path or a word of a protocol, and a password may be one. So a
 * place takes an input only where causality and the place's role allow it:
 *
 * - What was sent before anything was typed cannot derive from it.
 * - A field that names a person or a secret takes the input of that kind.
 * - What the client is set up with (`client_id`, `scope`, `realm`) takes no password, and a name only where that
 *   tells by itself whose it is (`desk-ann.bell`). A value that is called as its field (`login=login`) is a button's.
 * - What is the same in a recording where another typed something else is a constant.
 * - A field of any other name takes an input that is equal to all of it, unless the application uses the
 *   same word elsewhere; inside a longer text only what could not stand there by chance.
 * - A path segment takes one behind a segment that names people (`/users/ann`), or a person's address.
 */
import { isKnownScheme, splitKnownScheme, splitScheme } from "../http/auth_scheme.ts";
import { isAntiForgeryName, isClientSecretName, type Owner, ownerOf } from "../http/vocabulary.ts";
import { pathSegments } from "../http/url.ts";
import { cutAt, embeddingOf, type InputSpan, occurrencesOf, written } from "./embedded_input.ts";
import type { Expr, Input } from "./flow.ts";
import { isClientAuthentication } from "./login_run.ts";
import type { KnownValues } from "./known_values.ts";
import { fieldPath, isField, type Leaf } from "./leaves.ts";
import type { Occurrences } from "./occurrences.ts";
import type { Message, Recording } from "./recording.ts";
import { isFixedField } from "./shown_fields.ts";
import { isPersonAddress, isTelling, mayBeNamedBy, NAME_MARK } from "./person_name.ts";

/** Shorter texts are equal by chance. In characters. */
const MIN_TELLING = 3;

/** A password this short is a word of something else where it stands inside a text. In characters. */
const MIN_TELLING_SECRET = 6;

/** What a client may be set up with. */
const SETTING = /^[\w.:/-]+$/;

type Span = Pick<InputSpan, "start" | "end">;

export class InputPlaces {
  readonly #typedAt = new Map<string, number>();
  readonly #appWords = new Map<string, boolean>();
  /** Inputs that were typed otherwise in each other recording. */
  readonly #varying = new Set<string>();
  /** The first message in which anything was typed; Infinity while there is none. */
  #first = Infinity;

  constructor(
    private readonly recording: Recording,
    private readonly provenance: Occurrences,
    private readonly known: KnownValues,
  ) {}

  /** Notes that the input was typed into this message, into which of its leaves. */
  typed(index: number, input: Input, leaf: Leaf | undefined): void {
    if (leaf && this.provenance.differs(this.recording.at(index), leaf) === "differs") {
      this.#varying.add(input.name);
    }
    this.#first = Math.min(this.#first, index);
    this.#typedAt.set(input.name, Math.min(this.#typedAt.get(input.name) ?? index, index));
  }

  /** The first message in which anything was typed. */
  get first(): number {
    return this.#first;
  }

  /** The input that the whole value is, in a leaf nobody typed into; `null` for none. */
  whole(value: string, message: Message, leaf: Leaf): Input | null {
    const equal = this.known.inputs.filter((input) =>
      input.recorded === value && input.kind !== "one-time-code"
    );
    if (equal.length === 0 || isAntiForgeryName(leaf.name)) return null;
    const isSegment = leaf.place.kind === "path" && leaf.name === "";
    const role = isSegment ? pathRole(message, leaf) : ownerOf(leaf.name);
    return equal.find((input) => this.#takes(role, input, message, leaf)) ?? null;
  }

  #takes(role: Owner, input: Input, message: Message, leaf: Leaf): boolean {
    if (leaf.value === leaf.name) return false;
    if (this.#isOfPage(input, leaf) || this.#isOfEverybody(input, message, leaf)) return false;
    const isSecret = input.kind === "password";
    if (role === "person" && leaf.place.kind !== "path") return !isSecret;
    if (this.#isOlder(input, message, leaf)) return false;
    if (role === "person") return !isSecret;
    if (role === "secret") return isSecret;
    if (isSecret && this.#isAppWord(input.recorded)) return false;
    if (this.#isSetting(role, input, message, leaf)) return false;
    if (isTelling(input.recorded)) return true;
    if (role === "client" || leaf.isLiteral === true) return false;
    return input.recorded.length >= MIN_TELLING && !this.#isAppWord(input.recorded) &&
      !isKnownScheme(input.recorded);
  }

  /**
   * What an OAuth client is set up with (RFC 6749 section 2.2), whoever logs in; and a word beside the password typed
   * alike, unless another recording has another one: no client sends a password again under a name for something else,
   * and many people choose a common word.
   * @rule off: false
   */
  #isSetting(
    role: Owner,
    { name, kind, recorded }: Input,
    message: Message,
    leaf: Leaf,
  ): boolean {
    if (role === "client" && isClientSecretName(leaf.name)) return true;
    if (kind !== "password" || this.provenance.differs(message, leaf) === "differs") return false;
    return role === "client"
      ? SETTING.test(recorded)
      : this.#typedAt.get(name) === message.index && /^[A-Za-z]+([ _.-][A-Za-z]+)*$/.test(recorded);
  }

  /** True where the same was sent at the same place before anybody typed. @rule off: false */
  #isOlder(input: Input, message: Message, leaf: Leaf): boolean {
    const typedAt = this.#typedAt.get(input.name) ?? this.#first;
    if (message.index < typedAt) {
      const isElsewhere = input.kind === "password" && ownerOf(leaf.name) !== "secret";
      return isElsewhere || !isTelling(input.recorded);
    }
    return this.provenance.carriers(leaf.value).some((carrier) =>
      carrier.message.index < typedAt && isField(carrier.leaf) === isField(leaf) &&
      fieldPath(carrier.leaf) === fieldPath(leaf)
    );
  }

  /** The same stands there in each other recording, though another was typed. @rule off: false */
  #isOfEverybody(input: Input, message: Message, leaf: Leaf): boolean {
    return this.#varying.has(input.name) && this.provenance.differs(message, leaf) === "same";
  }

  /** A hidden field or a button that a page showed with this value before anybody typed. @rule off: false */
  #isOfPage(input: Input, leaf: Leaf): boolean {
    const typedAt = this.#typedAt.get(input.name);
    return typedAt !== undefined && isFixedField(leaf, this.recording.at(typedAt), this.recording);
  }

  /** True where a header or field of the name held the same word before anybody typed. @rule off: false */
  #stoodInside({ name, recorded }: Input, leaf: Leaf): boolean {
    if (isTelling(recorded)) return false;
    const before = this.recording.messages.slice(0, this.#typedAt.get(name) ?? this.#first);
    return before.some(({ leaves }) =>
      leaves.some((other) =>
        other.place.kind === leaf.place.kind && fieldPath(other) === fieldPath(leaf) &&
        occurrencesOf(recorded, other.value, null).length > 0
      )
    );
  }

  /** A text cut at the inputs inside it. */
  split(text: string, message: Message, leaf: Leaf): (string | Expr)[] {
    const op = embeddingOf(text);
    if (isOfClient(message, leaf)) return [text];
    const spans = this.known.inputs.flatMap((input) => {
      if (!mayStandInside(input)) return [];
      const inside = occurrencesOf(input.recorded, text, op)
        .filter((span) => this.#isInside(input, text, span, leaf));
      return inside.length === 0 || this.#isOlder(input, message, leaf) ||
          this.#stoodInside(input, leaf) || this.#isOfEverybody(input, message, leaf)
        ? []
        : inside.map((span) => ({ ...span, expr: written(input, op) }));
    });
    return cutAt(text, spans);
  }

  #isInside(input: Input, text: string, { start, end }: Span, leaf: Leaf): boolean {
    const role = roleWithin(text.slice(0, start), input.recorded, leaf);
    const isSecret = input.kind === "password";
    if (role === "secret" || role === "person") return (role === "secret") === isSecret;
    if (isSecret && role === "client" && SETTING.test(input.recorded)) return false;
    if (isTelling(input.recorded)) return true;
    if (isSyntax(text, { start, end }, leaf)) return false;
    if (role === "client" || /[\w.-]/.test((text[start - 1] ?? "") + (text[end] ?? ""))) {
      return false;
    }
    const least = isSecret ? MIN_TELLING_SECRET : MIN_TELLING;
    return input.recorded.length >= least && !this.#isAppWord(input.recorded);
  }

  /**
   * True for a word that stands in the application's own addresses, settings and data up to the typing.
   * @rule off: false
   */
  #isAppWord(word: string): boolean {
    const known = this.#appWords.get(word);
    if (known !== undefined) return known;
    const isWord = this.recording.messages.some((message) =>
      (message.index <= this.#first || message.isScriptOrStyle) && usesWord(message, word) ||
      message.index < this.#first && answersWord(message, word)
    );
    this.#appWords.set(word, isWord);
    return isWord;
  }
}

/** Basic at a token endpoint names the client (RFC 6749 section 2.3.1), who may be called as the user is. */
function isOfClient(message: Message, { name, place }: Leaf): boolean {
  return place.kind === "header" && name.toLowerCase() === "authorization" &&
    isClientAuthentication(message);
}

/**
 * The scheme of credentials (RFC 9110 section 11.4), or the name of a parameter or a member: `token=…`, `"token": …`.
 * @rule off: false
 */
function isSyntax(text: string, { start, end }: Span, { name }: Leaf): boolean {
  if (/^(\s*=(?!=)|["']\s*:)/.test(text.slice(end, end + 80))) return true;
  const split = name.toLowerCase() === "authorization" ? splitScheme(text) : splitKnownScheme(text);
  return start === 0 && end < (split?.prefix.length ?? 0);
}

function mayStandInside({ recorded, kind }: Input): boolean {
  return recorded !== "" && kind !== "one-time-code" && kind !== "link";
}

function usesWord({ url, leaves }: Message, word: string): boolean {
  const segments = pathSegments(url);
  const holds = (text: string) => text.split(/[^\p{L}\p{N}]+/u).includes(word);
  return holds(url.hostname) ||
    segments.some((segment, index) =>
      holds(segment) && segmentRole(segments[index - 1] ?? "", segment) !== "person"
    ) ||
    leaves.some(({ name, value, place }) =>
      place.kind !== "path" && ownerOf(name) === "client" && value.length < 200 && holds(value)
    );
}

/** An answer has the word, and not under a name for people: who was here last is somebody. @rule off: false */
function answersWord(message: Message, word: string): boolean {
  return message.responseText.includes(word) &&
    [...message.named("json")].some(({ name, text }) =>
      text === word && !["person", "secret"].includes(ownerOf(name))
    );
}

function pathRole({ url }: Message, leaf: Leaf): Owner {
  const index = leaf.place.kind === "path" ? leaf.place.index : 0;
  return segmentRole(pathSegments(url)[index - 1] ?? "", leaf.value);
}

/** Whom a path segment names, by the one before it. @rule off: "client" */
function segmentRole(before: string, segment: string): Owner {
  return isPersonAddress(segment) || mayBeNamedBy(before, segment) ? "person" : "client";
}

/** The role of a place inside a text: that of the name right before it, else that of the leaf. */
function roleWithin(before: string, value: string, leaf: Leaf): Owner {
  const named = /([A-Za-z_][\w.-]{0,80})["']?\s{0,8}[=:]\s{0,8}["']?$/.exec(before.slice(-120))
    ?.[1];
  if (named !== undefined) {
    const role = ownerOf(named.split(/[.-]/).at(-1) || named);
    if (role !== "free") return role;
  }
  const segment = /\/([^/?#]*)\/$/.exec(before)?.[1];
  if (segment !== undefined && mayBeNamedBy(segment, value)) return "person";
  if (leaf.place.kind !== "path") return ownerOf(leaf.name);
  return NAME_MARK.test(before) ? "person" : "client";
}
