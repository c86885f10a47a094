/**
 * stdin and stdout of the server as one client's pipes. The runtime reads and writes them on other threads, as it does
 * files, and two changes of thread cost a call as much as all of the work on it. As sockets, the event loop
 * serves them, and a client that does not read keeps nobody waiting either way. What that takes is loaded once a
 * client has had some answers: it takes as long as a list.
 */
import type { Socket } from "node:net";

/** Greeting, list, and a first call; a client of many calls comes back. */
const WRITES_BEFORE = 4;

const CHUNK_BYTES = 64 * 1024;

type SocketClass = typeof Socket;
type RawWrite = (bytes: Uint8Array) => Promise<number>;

export class ClientPipes {
  readonly #write: RawWrite;
  #writes = 0;
  /** `null` before it is wanted, and where it cannot be had. */
  #class: SocketClass | null = null;
  #output: Socket | null = null;

  /** `write`: of the real stdout. */
  constructor(write: RawWrite) {
    this.#write = write;
  }

  /** What the client sends, to its end. */
  async *input(): AsyncGenerator<Uint8Array> {
    const buffer = new Uint8Array(CHUNK_BYTES);
    // Between two reads: two readers at once would share the lines out.
    while (this.#class === null) {
      const length = await Deno.stdin.read(buffer);
      if (length === null) return;
      yield buffer.slice(0, length);
    }
    const socket = new this.#class({ fd: 0, readable: true, writable: false });
    // Searching a buffer of Node's takes ten times as long as searching its bytes.
    for await (const { buffer, byteOffset, length } of socket as AsyncIterable<Uint8Array>) {
      yield new Uint8Array(buffer, byteOffset, length);
    }
  }

  /** All of the bytes. One call at a time. Rejects when nobody reads any more. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#output !== null) return await written(this.#output, bytes);
    let done = 0;
    while (done < bytes.length) done += await this.#write(bytes.subarray(done));
    if (++this.#writes === WRITES_BEFORE) await this.#openOutput();
  }

  async #openOutput(): Promise<void> {
    if (Deno.build.os === "windows" || !await arePipes()) return;
    const { Socket } = await import("node:net");
    try {
      this.#output = new Socket({ fd: 1, readable: false, writable: true });
    } catch {
      // Older runtimes make no sockets of what is open already.
      return;
    }
    // Told to whoever writes.
    this.#output.on("error", () => {});
    this.#class = Socket;
  }
}

function written(output: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    output.write(bytes, (error) => error == null ? resolve() : reject(error));
  });
}

/** False where stdin or stdout is something else: a file, a terminal. */
async function arePipes(): Promise<boolean> {
  const { fstatSync } = await import("node:fs");
  const [input, output, errors] = [0, 1, 2].map((fd) => fstatSync(fd));
  const isPipe = [input!, output!].every((stats) => stats.isFIFO() || stats.isSocket());
  // What is set for stdout would hold for stderr, whose other writers do not expect it.
  const isShared = output!.ino === errors!.ino && output!.dev === errors!.dev;
  return isPipe && !isShared;
}
