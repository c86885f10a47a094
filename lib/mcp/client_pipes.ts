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
  /** Told when nobody reads any more. */
  ongone?: () => void;

  /** `write`: of the real stdout. */
  constructor(write: RawWrite) {
    this.#write = write;
  }

  /** Hands on what the client sends, to its end, or until `take` answers false. */
  async read(take: (bytes: Uint8Array) => boolean): Promise<void> {
    const buffer = new Uint8Array(CHUNK_BYTES);
    // Between two reads: two readers at once would share the lines out.
    while (this.#class === null) {
      const length = await Deno.stdin.read(buffer);
      if (length === null || !take(buffer.slice(0, length))) return;
    }
    await readSocket(new this.#class({ fd: 0, readable: true, writable: false }), take);
  }

  /**
   * All of the bytes. One call at a time. Answers nothing where they are out at once, as nearly always; rejects when
   * nobody reads any more.
   */
  write(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#output === null) return this.#writeRaw(bytes);
    let written: PromiseWithResolvers<void> | null = null;
    this.#output.write(bytes, (error) => {
      if (error == null) return written?.resolve();
      written?.reject(error);
      this.ongone?.();
    });
    if (this.#output.writableLength === 0) return undefined;
    written = Promise.withResolvers<void>();
    return written.promise;
  }

  async #writeRaw(bytes: Uint8Array): Promise<void> {
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

/** By its events: as an iterable, it makes several promises for each chunk. */
function readSocket(socket: Socket, take: (bytes: Uint8Array) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.on("data", ({ buffer, byteOffset, length }: Uint8Array) => {
      // Searching a buffer of Node's takes ten times as long as searching its bytes.
      if (!take(new Uint8Array(buffer, byteOffset, length))) socket.destroy();
    });
    socket.on("error", reject);
    socket.on("close", () => resolve());
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
