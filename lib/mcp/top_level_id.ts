/**
 * The member `id` of a JSON object that is too large to be kept, read as its bytes go by: clients write it
 * before the parameters or after them. A state machine over bytes; in UTF-8 none of those it looks for is
 * part of another character.
 */

/** Of a key or an id, in bytes; nobody has longer ones. */
const MAX_TOKEN_BYTES = 256;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
/** `[` and `{`, `]` and `}`: the same but for one bit. */
const CASE_BIT = 0x20;
const OPENING = 0x7b;
const CLOSING = 0x7d;

export class TopLevelId {
  #depth = 0;
  #isInText = false;
  #isEscaped = false;
  /** Of the member whose value comes now; `null` while its key comes. */
  #key: string | null = null;
  #token: number[] = [];
  #id: string | number | null = null;

  /** `null` where there is none that a request may have. */
  get id(): string | number | null {
    return this.#id;
  }

  push(bytes: Uint8Array): void {
    for (const byte of bytes) this.#step(byte);
  }

  #step(byte: number): void {
    if (this.#isInText) this.#stepInText(byte);
    else if ((byte | CASE_BIT) === OPENING) return this.#open();
    else if ((byte | CASE_BIT) === CLOSING) return this.#close();
    else if (byte === QUOTE) this.#isInText = true;
    else if (this.#depth === 1 && byte === COLON) return this.#endKey();
    else if (this.#depth === 1 && byte === COMMA) return this.#endMember();
    if (this.#depth === 1 && this.#token.length < MAX_TOKEN_BYTES) this.#token.push(byte);
  }

  #stepInText(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#isInText = false;
  }

  #open(): void {
    this.#depth++;
    this.#token = [];
  }

  #close(): void {
    if (this.#depth === 1) this.#endMember();
    this.#depth--;
  }

  #endKey(): void {
    const key = this.#value();
    this.#key = typeof key === "string" ? key : "";
  }

  #endMember(): void {
    const value = this.#value();
    const isId = this.#key === "id" && (typeof value === "string" || typeof value === "number");
    if (isId) this.#id = value;
    this.#key = null;
  }

  #value(): unknown {
    const text = new TextDecoder().decode(new Uint8Array(this.#token));
    this.#token = [];
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  }
}
