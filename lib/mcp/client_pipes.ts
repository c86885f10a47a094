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

interface Sockets {
  readonly input: Socket;
  readonly output: Socket;
}

type RawWrite = (bytes: Uint8Array) => Promise<number>;

export class ClientPipes {
  readonly #write: RawWrite;
  #writes = 0;
  #sockets: Sockets | null = null;

  /** `write`: of the real stdout. */
  constructor(write: RawWrite) {
    this.#write = write;
  }

  /** What the client sends, to its end. */
  async *input(): AsyncGenerator<Uint8Array> {
    const buffer = new Uint8Array(CHUNK_BYTES);
    while (this.#sockets === null) {
      const length = await Deno.stdin.read(buffer);
      if (length === null) return;
      yield buffer.slice(0, length);
    }
    yield* this.#sockets.input as AsyncIterable<Uint8Array>;
  }

  /** All of the bytes. One call at a time. Rejects when nobody reads any more. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#sockets !== null) return await written(this.#sockets.output, bytes);
    let done = 0;
    while (done < bytes.length) done += await this.#write(bytes.subarray(done));
    if (++this.#writes === WRITES_BEFORE) this.#sockets = await openSockets();
  }
}

function written(output: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    output.write(bytes, (error) => error == null ? resolve() : reject(error));
  });
}

/** `null` where stdin or stdout is something else: a file, a terminal. */
async function openSockets(): Promise<Sockets | null> {
  if (Deno.build.os === "windows") return null;
  const { fstatSync } = await import("node:fs");
  const [input, output, errors] = [0, 1, 2].map((fd) => fstatSync(fd));
  const isPipe = [input!, output!].every((stats) => stats.isFIFO() || stats.isSocket());
  // What is set for stdout would hold for stderr, whose other writers do not expect it.
  const isShared = output!.ino === errors!.ino && output!.dev === errors!.dev;
  if (!isPipe || isShared) return null;
  const { Socket } = await import("node:net");
  const sockets = {
    input: new Socket({ fd: 0, readable: true, writable: false }),
    output: new Socket({ fd: 1, readable: false, writable: true }),
  };
  // Told to whoever writes.
  sockets.output.on("error", () => {});
  return sockets;
}
