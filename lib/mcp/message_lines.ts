/**
 * Bytes into lines, each byte looked at once however a line is cut into chunks. A line that is too long is
 * not kept: of it stays the id of its message, so that it can be answered.
 */
import { concatBytes } from "../base/bytes.ts";
import { TopLevelId } from "./top_level_id.ts";

/** Of one message. The largest file that a person hands to a tool fits, encoded in base64. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

export type Line =
  | { readonly kind: "line"; readonly text: string }
  | { readonly kind: "too-long"; readonly id: string | number | null };

const NEWLINE = 10;
const RETURN = 13;

const decoder = new TextDecoder();

export class MessageLines {
  readonly #maxBytes: number;
  #parts: Uint8Array[] = [];
  #length = 0;
  /** Set while the rest of a line that is too long goes by. */
  #id: TopLevelId | null = null;

  constructor(maxBytes = MAX_MESSAGE_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that end in this chunk. */
  push(chunk: Uint8Array): Line[] {
    const ended: Line[] = [];
    let rest = chunk;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      this.#take(rest.subarray(0, end));
      ended.push(this.#finish());
      rest = rest.subarray(end + 1);
    }
    this.#take(rest);
    return ended;
  }

  /** What stands after the last newline. */
  end(): Line[] {
    return this.#length > 0 || this.#id !== null ? [this.#finish()] : [];
  }

  #take(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (this.#id !== null) return this.#id.push(bytes);
    this.#parts.push(bytes);
    this.#length += bytes.length;
    if (this.#length <= this.#maxBytes) return;
    this.#id = new TopLevelId();
    for (const part of this.#parts) this.#id.push(part);
    this.#parts = [];
    this.#length = 0;
  }

  #finish(): Line {
    if (this.#id !== null) {
      const { id } = this.#id;
      this.#id = null;
      return { kind: "too-long", id };
    }
    const bytes = this.#parts.length === 1 ? this.#parts[0]! : concatBytes(this.#parts);
    this.#parts = [];
    this.#length = 0;
    const end = bytes.length - (bytes.at(-1) === RETURN ? 1 : 0);
    return { kind: "line", text: decoder.decode(bytes.subarray(0, end)) };
  }
}
