/** The encoding of a text file, told by its first bytes. */
import { gunzipSync } from "node:zlib";
import { InputProblem } from "./input_error.ts";

type Encoding = "utf-8" | "utf-16le" | "utf-16be";

/** Bytes that a compressed recording may unpack to: a small file can hold gigabytes. */
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;

/** True for what gzip packed (RFC 1952 section 2.3.1). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** @throws {InputProblem} for a file that is cut off or damaged, or holds more than is unpacked in memory. */
export function unpackedGzip(bytes: Uint8Array): Uint8Array {
  try {
    return new Uint8Array(gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES }));
  } catch (error) {
    const isLarge = error instanceof Error && "code" in error &&
      error.code === "ERR_BUFFER_TOO_LARGE";
    const why = isLarge ? "holds more than 256 MB" : "is cut off or damaged";
    throw new InputProblem(
      "",
      `it is packed by gzip and ${why}`,
      "Unpack it (gunzip), and import what is inside",
    );
  }
}

/**
 * The same text in UTF-8. Editors and shells of Windows save JSON as UTF-16, with or without a mark.
 *
 * @throws {InputProblem} for a compressed file.
 */
export function asUtf8(bytes: Uint8Array): Uint8Array {
  const encoding = encodingOf(bytes);
  if (encoding === "utf-8") return bytes;
  return new TextEncoder().encode(new TextDecoder(encoding).decode(bytes));
}

/** @throws {InputProblem} for a compressed file or one that is not UTF-8. */
export function requireUtf8(head: Uint8Array): void {
  if (encodingOf(head) === "utf-8") return;
  throw new InputProblem("", "it is UTF-16, which is read up to 256 MB only", "Save it as UTF-8");
}

/** Charles' own sessions are objects of Java (Java Object Serialization Specification, section 6.4.2). */
const CHARLES_HINT = "In Charles: File > Export Session, format JSON Session File (.chlsj)";

/** @throws {InputProblem} for a file that is empty, or of a kind whose tool can write another. */
export function requireKnown(size: number, head: Uint8Array): void {
  if (size === 0) throw new InputProblem("", "it is empty");
  if (head[0] !== 0xac || head[1] !== 0xed) return;
  throw new InputProblem("", "it is a session in Charles' own format", CHARLES_HINT);
}

function encodingOf(bytes: Uint8Array): Encoding {
  const [first, second, third] = bytes;
  if (isGzip(bytes)) throw packed("gzip");
  if (first === 0x50 && second === 0x4b && third === 0x03) throw packed("zip");
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  // JSON starts with an ASCII character: a zero beside it is the other half of its code unit.
  if (first !== 0 && second === 0) return "utf-16le";
  if (first === 0 && second !== 0) return "utf-16be";
  return "utf-8";
}

function packed(format: string): InputProblem {
  return new InputProblem("", `it is a ${format} archive`, "Unpack it and import what is inside");
}
