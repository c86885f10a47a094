/**
 * A file that the user or a setting names, which may be a pipe. `Deno.readFile()` opens it on the thread that runs the
 * program, also where it is awaited: a pipe that nobody writes to would stand in the way of every signal.
 */
import { concatBytes } from "./bytes.ts";

const CHUNK_BYTES = 65_536;

/** Until the end of the file; `signal` ends the waiting. @throws what `Deno.open()` throws, and the signal's reason. */
export async function readWholeFile(
  path: string,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const abandoned = Promise.withResolvers<never>();
  const abandon = () => abandoned.reject(signal?.reason);
  if (signal?.aborted) abandon();
  signal?.addEventListener("abort", abandon, { once: true });
  abandoned.promise.catch(() => {});
  const reading = Deno.open(path, { read: true }).then(readToEnd);
  reading.catch(() => {});
  try {
    return await Promise.race([reading, abandoned.promise]);
  } finally {
    signal?.removeEventListener("abort", abandon);
  }
}

/** As UTF-8, without a byte order mark. */
export async function readWholeText(path: string, signal?: AbortSignal): Promise<string> {
  return new TextDecoder().decode(await readWholeFile(path, signal));
}

async function readToEnd(file: Deno.FsFile): Promise<Uint8Array<ArrayBuffer>> {
  using open = file;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  while (true) {
    const chunk = new Uint8Array(CHUNK_BYTES);
    const length = await open.read(chunk);
    if (length === null) return concatBytes(chunks);
    chunks.push(chunk.subarray(0, length));
  }
}
