/** A client of an MCP server that does as little as can be, so that what is measured is the server. */

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export class LineClient implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #reading: Promise<void>;
  readonly #changed = Promise.withResolvers<void>();
  #lastId = 0;

  constructor({ command, args, env = {}, cwd }: ServerCommand) {
    this.#child = new Deno.Command(command, {
      args: [...args],
      env,
      ...(cwd === undefined ? {} : { cwd }),
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#reading = this.#read();
  }

  /** Of the process, in bytes; Linux alone. */
  residentBytes(): number {
    const status = Deno.readTextFileSync(`/proc/${this.#child.pid}/status`);
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? NaN) * 1024;
  }

  /** @throws {Error} when the server answers with an error, or ends. */
  async request(method: string, params: object = {}): Promise<Record<string, unknown>> {
    const id = ++this.#lastId;
    const { promise, resolve } = Promise.withResolvers<Answer>();
    this.#waiting.set(id, resolve);
    await this.#send({ jsonrpc: "2.0", id, method, params });
    const { result, error } = await promise;
    if (result === undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result;
  }

  async initialize(): Promise<void> {
    await this.request("initialize", {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "bench", version: "1" },
    });
    await this.#send({ jsonrpc: "2.0", method: "notifications/initialized" });
  }

  /** Waits until the server tells of another list, at most `ms`. */
  async listChanged(ms: number): Promise<void> {
    const over = Promise.withResolvers<void>();
    const timer = setTimeout(over.resolve, ms);
    await Promise.race([this.#changed.promise, over.promise]);
    clearTimeout(timer);
  }

  /** Every page. */
  async listTools(): Promise<{ readonly name: string }[]> {
    const tools: { name: string }[] = [];
    let cursor: unknown;
    do {
      const page = await this.request("tools/list", cursor === undefined ? {} : { cursor });
      tools.push(...page.tools as { name: string }[]);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return tools;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => {});
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 5_000);
    await this.#child.status;
    clearTimeout(timer);
    await this.#reading;
  }

  async #send(message: object): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${JSON.stringify(message)}\n`));
  }

  async #read(): Promise<void> {
    let rest = "";
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) this.#take(line);
    }
    for (const resolve of this.#waiting.values()) resolve({ error: "the server has ended" });
  }

  #take(line: string): void {
    if (!line.startsWith("{")) return;
    const message = JSON.parse(line) as Answer & { id?: number; method?: string };
    if (message.method === "notifications/tools/list_changed") this.#changed.resolve();
    this.#waiting.get(message.id ?? -1)?.(message);
    this.#waiting.delete(message.id ?? -1);
  }
}

interface Answer {
  readonly result?: Record<string, unknown>;
  readonly error?: unknown;
}
