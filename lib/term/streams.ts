/** The three standard streams as the command line uses them, so that a test can hand in its own. */

export interface InputStream {
  readonly isTerminal: boolean;
  /** Everything up to end of file. */
  readAll(): Promise<Uint8Array>;
  /** The same as it arrives. */
  chunks(): AsyncIterable<Uint8Array>;
}

export interface OutputStream {
  readonly isTerminal: boolean;
  /** Of a terminal that tells its width. */
  readonly columns?: number | undefined;
  write(bytes: Uint8Array): void;
}

export interface Streams {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

/** The streams of this process. A reader that went away (`keysmith … | head`) is not an error. */
export function processStreams(): Streams {
  return {
    stdin: {
      isTerminal: Deno.stdin.isTerminal(),
      readAll: async () => new Uint8Array(await new Response(Deno.stdin.readable).arrayBuffer()),
      chunks: () => Deno.stdin.readable,
    },
    stdout: processOutput(Deno.stdout),
    stderr: processOutput(Deno.stderr),
  };
}

function processOutput(stream: typeof Deno.stdout): OutputStream {
  const isTerminal = stream.isTerminal();
  return {
    isTerminal,
    get columns() {
      return isTerminal ? terminalColumns() : undefined;
    },
    write: (bytes) => writeWhole(stream, bytes),
  };
}

/** `undefined` for a terminal of no width, as some are when nobody has set one. */
function terminalColumns(): number | undefined {
  try {
    return Deno.consoleSize().columns || undefined;
  } catch {
    return undefined;
  }
}

function writeWhole(stream: typeof Deno.stdout, bytes: Uint8Array): void {
  let written = 0;
  try {
    while (written < bytes.length) written += stream.writeSync(bytes.subarray(written));
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return;
    if (!(error instanceof Deno.errors.WouldBlock)) throw error;
    waitForReader();
    writeWhole(stream, bytes.subarray(written));
  }
}

/** A pipe in non-blocking mode is full: gives its reader a moment. Writes here are synchronous. */
function waitForReader(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
}
