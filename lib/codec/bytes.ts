/** Texts and bytes: the values of transforms. */
import { concatBytes } from "../base/bytes.ts";
import type { Uses, Written } from "./code.ts";

/** Text, or bytes where a client computes with them. */
export type Value = string | Uint8Array;

/** Bytes as they are, text as UTF-8. */
export function bytesOf(value: Value): Uint8Array {
  return typeof value === "string" ? new TextEncoder().encode(value) : value;
}

/** Texts joined; as bytes when one of them is bytes. */
export function joinValues(values: readonly Value[]): Value {
  if (values.every((value) => typeof value === "string")) return values.join("");
  return concatBytes(values.map(bytesOf));
}

export function hexOf(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return hex;
}

/** The bytes of hex digits in either case; `undefined` for other text. */
export function hexBytes(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) return undefined;
  return Uint8Array.from(
    { length: text.length / 2 },
    (_, at) => parseInt(text.slice(2 * at, 2 * at + 2), 16),
  );
}

/** As `bytesOf`, `joinValues`. */
export const BYTE_SNIPPETS: readonly string[] = [
  `function bytes_of(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}`,
  `/** Texts, as UTF-8, and bytes one after the other. */
function join_bytes(...parts: (string | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...typeof part === "string" ? bytes_of(part) : part]));
}`,
];

/** Code of the argument as bytes. */
export function bytesCode({ code, yields }: Written, uses: Uses): string {
  return yields === "bytes" ? code : uses.call("bytes_of", code);
}
