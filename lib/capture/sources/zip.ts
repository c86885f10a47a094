/** Files in a zip (PKWARE APPNOTE 6.3.10): those of the central directory, stored or deflated. */
import { inflateRawSync } from "node:zlib";
import { InputProblem } from "../input_error.ts";

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
/** A file of a recording that is larger unpacked is not read, in bytes: a small zip can hold gigabytes. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

const ZIP_HINT = "Save the zip again, or unpack it and give the folder";

export interface Inside {
  readonly name: string;
  /** Unpacks the file. */
  read(): Uint8Array;
}

export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/** @throws {InputProblem} for a zip that is cut off or damaged. */
export function filesInZip(bytes: Uint8Array): Inside[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== END_OF_DIRECTORY) end--;
  if (end < 0) throw new InputProblem("", "it is a zip that ends too early", ZIP_HINT);
  const files: Inside[] = [];
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== DIRECTORY_ENTRY) {
      throw new InputProblem(`byte ${at}`, "it is a damaged zip", ZIP_HINT);
    }
    const nameLength = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    const entry = {
      method: view.getUint16(at + 10, true),
      packed: view.getUint32(at + 20, true),
      header: view.getUint32(at + 42, true),
    };
    files.push({ name, read: () => unpack(bytes, view, name, entry) });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return files;
}

function unpack(
  bytes: Uint8Array,
  view: DataView,
  name: string,
  { method, packed, header }: { method: number; packed: number; header: number },
): Uint8Array {
  const start = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
  const raw = bytes.subarray(start, start + packed);
  if (method === 0) return raw;
  if (method !== 8) {
    throw new InputProblem(name, "it is packed in a way that is not read", ZIP_HINT);
  }
  try {
    return new Uint8Array(inflateRawSync(raw, { maxOutputLength: MAX_FILE_BYTES }));
  } catch {
    throw new InputProblem(name, "it cannot be unpacked, or is too large", ZIP_HINT);
  }
}
