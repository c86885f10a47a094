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

  /** Flat, and with its state in variables: it sees tens of millions of bytes. */
  push(bytes: Uint8Array): void {
    let isInText = this.#isInText;
    let isEscaped = this.#isEscaped;
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index]!;
      if (isInText) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) isInText = false;
        if (this.#depth === 1) this.#keep(byte);
      } else if (byte === QUOTE) {
        isInText = true;
        if (this.#depth === 1) this.#keep(byte);
      } else this.#stepOutside(byte);
    }
    this.#isInText = isInText;
    this.#isEscaped = isEscaped;
  }

  #stepOutside(byte: number): void {
    if ((byte | CASE_BIT) === OPENING) this.#open();
    else if ((byte | CASE_BIT) === CLOSING) this.#close();
    else if (this.#depth !== 1) return;
    else if (byte === COLON) this.#endKey();
    else if (byte === COMMA) this.#endMember();
    else this.#keep(byte);
  }

  #keep(byte: number): void {
    if (this.#token.length < MAX_TOKEN_BYTES) this.#token.push(byte);
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
