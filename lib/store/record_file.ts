/**
 * A file of many JSON values of which few are needed at a time: a head that is read whole, and records that are
 * read one by one. Every part has a checksum: what a disk or a crash spoiled is noticed when it is read, and the
 * owner of the file makes it anew. Layout: a line with format and size and checksum of the head, the head (JSON),
 * the records one after the other.
 */
import { AppError } from "../base/error.ts";
import { writeFileAtomic } from "./atomic.ts";
import { checksum } from "./checksum.ts";

/** The file cannot be used: it is of another format, or damaged. It is gone then, so that it is made anew. */
export class UnusableRecords extends AppError {
  constructor(path: string, cause?: unknown) {
    super("BAD_STORE", `Cannot use "${path}": it is damaged`, {
      hint: "It was removed and is made anew: try again",
      details: { file: path },
      cause,
    });
    removeIfThere(path);
  }
}

const decoder = new TextDecoder();

const FORMAT = "keysmith-records-2";
/** Of the first line, its newline included. */
const LINE_BYTES = 64;

/** Read at once where records are read one after the other, in bytes. */
const AHEAD_BYTES = 512 * 1024;
/** Between two records that are read one after the other, those that are left out, in bytes. */
const GAP_BYTES = 64 * 1024;

interface Head {
  readonly value: unknown;
  /** Size and checksum of each record, in order. */
  readonly table: readonly number[];
}

/** Writes a file, whole or not at all, 0600. Records are JSON texts. */
export async function writeRecords(
  path: string,
  value: unknown,
  records: readonly string[],
): Promise<void> {
  const encoder = new TextEncoder();
  const parts = records.map((record) => encoder.encode(record));
  const table = parts.flatMap((part) => [part.length, checksum(part)]);
  const head = encoder.encode(JSON.stringify({ value, table } satisfies Head));
  const line = `${FORMAT} ${head.length} ${checksum(head)}`.padEnd(LINE_BYTES - 1) + "\n";
  const all = new Uint8Array(
    parts.reduce((sum, part) => sum + part.length, LINE_BYTES + head.length),
  );
  let at = 0;
  for (const part of [encoder.encode(line), head, ...parts]) {
    all.set(part, at);
    at += part.length;
  }
  await writeFileAtomic(path, all);
}

export class RecordFile {
  readonly path: string;
  /** As it was written. Whoever wrote the file knows its shape: checksums say that it is what was written. */
  readonly value: unknown;
  readonly #starts: Float64Array;
  readonly #table: readonly number[];
  /** What was read last, with where in the file it begins. */
  #window: { readonly start: number; readonly bytes: Uint8Array } | null = null;
  /** Where the record ends that was read last. */
  #end = -Infinity;

  private constructor(path: string, head: Head, start: number) {
    this.path = path;
    this.value = head.value;
    this.#table = head.table;
    this.#starts = new Float64Array(head.table.length / 2);
    let at = start;
    for (let index = 0; index < this.#starts.length; index++) {
      this.#starts[index] = at;
      at += head.table[2 * index]!;
    }
  }

  /** `null` when there is none. @throws {UnusableRecords} */
  static open(path: string): RecordFile | null {
    const file = openIfThere(path);
    if (file === null) return null;
    using open = file;
    const read = (start: number, length: number) => readAt(open, start, length, path);
    const line = decoder.decode(read(0, LINE_BYTES));
    const [format, size = "", expected = ""] = line.trimEnd().split(" ");
    if (format !== FORMAT || !/^\d{1,10}$/.test(size)) throw new UnusableRecords(path);
    const bytes = read(LINE_BYTES, Number(size));
    if (String(checksum(bytes)) !== expected) throw new UnusableRecords(path);
    const head = JSON.parse(decoder.decode(bytes)) as Head;
    return new RecordFile(path, head, LINE_BYTES + bytes.length);
  }

  /** The JSON text of a record. @throws {UnusableRecords} */
  text(index: number): string {
    return decoder.decode(this.bytes(index));
  }

  /** The same as it stands in the file, in UTF-8. @throws {UnusableRecords} */
  bytes(index: number): Uint8Array {
    const bytes = this.#bytes(this.#starts[index]!, this.size(index));
    if (checksum(bytes) !== this.#table[2 * index + 1]) throw new UnusableRecords(this.path);
    return bytes;
  }

  /** A list wants all records, a call few: what follows is read with a record that follows on the last one. */
  #bytes(start: number, length: number): Uint8Array {
    const isInOrder = start >= this.#end && start - this.#end < GAP_BYTES;
    this.#end = start + length;
    const at = start - (this.#window?.start ?? Infinity);
    if (at >= 0 && at + length <= this.#window!.bytes.length) {
      return this.#window!.bytes.subarray(at, at + length);
    }
    const file = openIfThere(this.path);
    if (file === null) throw new UnusableRecords(this.path);
    using open = file;
    if (!isInOrder) return readAt(open, start, length, this.path);
    const whole = Math.max(length, Math.min(AHEAD_BYTES, open.statSync().size - start));
    this.#window = { start, bytes: readAt(open, start, whole, this.path) };
    return this.#window.bytes.subarray(0, length);
  }

  /** Of a record, in bytes. */
  size(index: number): number {
    return this.#table[2 * index]!;
  }
}

function openIfThere(path: string): Deno.FsFile | null {
  try {
    return Deno.openSync(path, { read: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw new UnusableRecords(path, error);
  }
}

function readAt(file: Deno.FsFile, start: number, length: number, path: string): Uint8Array {
  // A head that was damaged may name any size.
  if (start + length > file.statSync().size) throw new UnusableRecords(path);
  const bytes = new Uint8Array(length);
  file.seekSync(start, Deno.SeekMode.Start);
  for (let at = 0; at < length;) {
    const read = file.readSync(bytes.subarray(at));
    if (read === null) throw new UnusableRecords(path);
    at += read;
  }
  return bytes;
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It is gone, or stays and is written over.
  }
}
