/** How a text comes to be of values that answers issued: whole, glued together, in another case, in an encoding. */
import { hexText } from "../http/hex_text.ts";
import { base64Kind, base64Text, isOpaque } from "../http/opaque.ts";
import { percentDecode } from "../http/url.ts";
import { isCredentialName, words } from "../http/vocabulary.ts";
import type { Locator } from "../codec/locators.ts";
import { applied, concat, constant, isOfAnswer, ofExtraction, ofInput } from "./expr.ts";
import type { Expr } from "./flow.ts";
import type { Issued } from "./issued_values.ts";
import type { KnownValues } from "./known_values.ts";
import type { Leaf } from "./leaves.ts";
import type { Message } from "./recording.ts";

/** A cookie's text may begin with a mark of its encoding, as `base64-eyJ…` does. */
const MARKED = /^([A-Za-z0-9]{1,12}[-:.])(?=[A-Za-z0-9+/_-]{8})/;

/** The texts and numbers of JSON, apart from what stands between them. */
const JSON_TOKEN = /("(?:[^"\\]|\\.)*"|-?\d[\d.]*)/;

/** A user's name before a slash (`ann@shop.example/token`) is not a word by chance. In characters. */
const MIN_NAME = 4;

/** A shorter one in a header is the same by chance. In characters. */
const MIN_ID = 3;

/** Values in one, with the signs between them. */
const MAX_PIECES = 9;
/** A shorter beginning without a sign after it is the same by chance. In characters. */
const MIN_HALF = 8;

const upper = (text: string) => text.toUpperCase();
const lower = (text: string) => text.toLowerCase();

/** One look at one value. */
export class IssuedText {
  constructor(
    private readonly issued: ReadonlyMap<string, Issued>,
    private readonly message: Pick<Message, "index"> & {
      /** The first request that carries the same. */
      readonly sentAt: number;
    },
    private readonly leaf: Leaf,
    private readonly known: KnownValues | null,
  ) {}

  of(text: string): Expr | null {
    return this.#whole(text) ?? this.#encoded(text) ?? this.#glued(text) ?? this.#written(text);
  }

  /**
   * Several values of the answers in one, as in `41|token`, or a token in two halves: each of them whole, and one of
   * them opaque or none of them short; in a cookie that a page writes (`uid=42:7`), each at one place of one answer.
   * @rule off: null
   */
  #glued(text: string): Expr | null {
    const pieces = this.#cut(text, MAX_PIECES);
    if (pieces === null || pieces.length < 2) return null;
    const isTelling = pieces.some(isOpaque) ||
      pieces.every((piece) => piece.length >= MIN_HALF || !this.#issuedBefore(piece));
    if (!isTelling && !this.#isWrittenByPage(pieces)) return null;
    return concat(pieces.map((piece) => this.#taken(piece) ?? piece));
  }

  #isWrittenByPage(pieces: readonly string[]): boolean {
    const issued = pieces.map((piece) => this.#issuedBefore(piece)).filter((one) =>
      one !== undefined
    );
    const [first, ...others] = issued;
    return this.leaf.place.kind === "cookie" && first !== undefined && others.length > 0 &&
      this.message.sentAt > first.index && pieces.some((piece) => piece.length > 1) &&
      issued.every(({ index, isRepeated }) => index === first.index && isRepeated !== true);
  }

  /** The text as values of the answers with a sign between them, the longest first; `null` where it is none. */
  #cut(text: string, most: number): string[] | null {
    if (most === 0) return null;
    if (this.#issuedBefore(text) !== undefined) return [text];
    for (const value of this.#beginnings(text)) {
      const sign = /^[|:;,~._-]{0,2}/.exec(text.slice(value.length))![0];
      if (sign === "" && value.length < MIN_HALF) continue;
      const rest = this.#cut(text.slice(value.length + sign.length), most - 1);
      if (rest !== null) return [value, ...sign === "" ? [] : [sign], ...rest];
    }
    return null;
  }

  #beginnings(text: string): string[] {
    const isBeginning = (value: string) =>
      value.length < text.length && text.startsWith(value) && this.#issuedBefore(value);
    return this.#values(isBeginning).sort((a, b) => b.length - a.length);
  }

  /** Asked for each header of a long recording: a loop allocates nothing. */
  #values(accept: (value: string) => unknown): string[] {
    const found: string[] = [];
    for (const value of this.issued.keys()) if (accept(value)) found.push(value);
    return found;
  }

  #issuedBefore(value: string): Issued | undefined {
    const issued = this.issued.get(value);
    return issued === undefined || issued.index >= this.message.index ? undefined : issued;
  }

  /**
   * A value in the other case, or its hex.
   * @rule off: null
   */
  #written(text: string): Expr | null {
    if (!isOpaque(text)) return null;
    for (const [op, turned] of [["upper", upper], ["lower", lower]] as const) {
      if (turned(text) !== text) continue;
      const [value = ""] = this.#values((one) =>
        one.length === text.length && one !== text && turned(one) === text
      );
      const taken = this.#taken(value);
      if (taken !== null) return applied(op, taken);
    }
    const plain = this.#taken(hexText(text) ?? "");
    if (plain === null) return null;
    const hex = applied("hex", applied("utf8", plain));
    return lower(text) === text ? hex : applied("upper", hex);
  }

  #whole(text: string): Expr | null {
    const issued = this.#issuedBefore(text);
    if (issued === undefined) return null;
    if (text.length < 6 && !this.#agrees(text, issued)) return null;
    return this.#take(text, issued);
  }

  /**
   * A short value counts under a credential's name, or where request and answer call it alike; a number or an id in
   * a header that no request had before is the branch or the tenant of who logged in.
   */
  #agrees(text: string, { context, locator }: Issued): boolean {
    const carried = words(this.leaf.name).split(" ");
    return isCredentialName(this.leaf.name) || this.#isId(text, locator) ||
      words(context).split(" ").some((word) => carried.some((other) => isOneWord(word, other)));
  }

  /** One of a list is the user's to choose. */
  #isId(text: string, locator: Locator): boolean {
    const isListed = locator.kind === "json" && locator.path.some((key) => typeof key === "number");
    return this.leaf.place.kind === "header" && text.length >= MIN_ID && /\d/.test(text) &&
      !isListed;
  }

  #taken(value: string): Expr | null {
    const issued = this.#issuedBefore(value);
    return issued === undefined ? null : this.#take(value, issued);
  }

  #take(value: string, issued: Issued): Expr {
    const extraction = this.known?.extraction(issued, value, issued.name);
    return ofExtraction(extraction ?? { id: "" });
  }

  /** @rule off: null */
  #encoded(text: string): Expr | null {
    const plain = percentDecode(text);
    if (plain !== text && encodeURIComponent(plain) === text) {
      return this.#wrapped("url-encode", this.of(plain));
    }
    const mark = MARKED.exec(text)?.[1] ?? "";
    for (const prefix of mark === "" ? [""] : ["", mark]) {
      const encoded = text.slice(prefix.length);
      const op = base64Kind(encoded);
      if (op === null) continue;
      const inner = base64Text(encoded)!;
      const expr = this.#wrapped(op, this.#whole(inner) ?? this.#parts(inner));
      if (expr !== null) return concat([prefix, expr]);
    }
    return /^\s*[[{"]/.test(text) ? this.#parts(text) : null;
  }

  #wrapped(op: "base64" | "base64url" | "url-encode", inner: Expr | null): Expr | null {
    return inner === null ? null : applied(op, inner);
  }

  /**
   * JSON, or a pair parted by a colon: each part from an answer, typed, or too plain to be anybody's.
   * @rule off: null
   */
  #parts(text: string): Expr | null {
    const isJson = /^\s*[[{]/.test(text);
    const pieces = isJson ? text.split(JSON_TOKEN) : text.split(/(:)/);
    const parts: (string | Expr)[] = [];
    for (const [at, piece] of pieces.entries()) {
      const isName = /^\s*:/.test(pieces[at + 1] ?? "");
      const isText = isJson && piece.startsWith('"') && !isName;
      const isPlain = isJson && (isName || /^[^"\d]*$/.test(piece));
      const expr = isPlain ? null : this.#part(isText ? piece.slice(1, -1) : piece);
      if (expr === null && !isPlain) return null;
      const quote = isText ? '"' : "";
      parts.push(quote, expr ?? piece, quote);
    }
    const joined = concat(parts);
    return isOfAnswer(joined) ? joined : null;
  }

  #part(value: string): Expr | null {
    const taken = this.#taken(value);
    if (taken !== null) return taken;
    const input = this.known?.inputs.find(({ recorded, kind }) =>
      recorded === value ||
      kind === "identifier" && recorded.length >= MIN_NAME && value.startsWith(`${recorded}/`)
    );
    if (input !== undefined) {
      return concat([ofInput(input), value.slice(input.recorded.length)]);
    }
    return this.known !== null && isOpaque(value) ? null : constant(value);
  }
}

/** `accounts` holds each `account`, `branches` each `branch`. */
function isOneWord(one: string, other: string): boolean {
  return [one, `${one}s`, `${one}es`].includes(other) || [`${other}s`, `${other}es`].includes(one);
}
