/** A home whose app has tools for a loopback site, and the server as the child process it really is. */
import assert from "node:assert/strict";
import { Home } from "../../lib/store/home.ts";
import { writeToken } from "../../lib/token/token_file.ts";
import type { TokenState } from "../../lib/token/token_state.ts";
import type { ToolDefinition } from "../../lib/tools/definition.ts";
import { writeTool } from "../../lib/tools/tool_store.ts";
import { spawnKeysmith } from "../support/keysmith.ts";
import { assertNoSecret, storedSecrets } from "../support/leaks.ts";
import { APP, tokenState, withApp } from "../support/token_home.ts";
import { type Answer, Site } from "../tools/site.ts";
import { sampleTool } from "../tools/sample_tool.ts";

export interface McpSetup {
  readonly home: Home;
  readonly site: Site;
  addTool(tool: Partial<ToolDefinition>): Promise<void>;
}

/** `token: null`: nobody is logged in. */
export async function withMcpHome(
  answer: Answer,
  token: Partial<TokenState> | null,
  work: (setup: McpSetup) => Promise<void>,
): Promise<void> {
  await withApp(async (home) => {
    await using site = new Site(answer);
    if (token !== null) {
      await writeToken(home, APP, tokenState({ origins: [site.origin], ...token }));
    }
    const addTool = (tool: Partial<ToolDefinition>) =>
      writeTool(home, APP, sampleTool({ origin: site.origin, ...tool }));
    await addTool({});
    await work({ home, site, addTool });
  });
}

type Message = {
  id?: number;
  result?: Record<string, unknown>;
  error?: { code: number; message: string };
};

/**
 * A client that speaks JSON-RPC by hand, and insists that every line on stdout is JSON-RPC and none
 * shows a secret.
 */
export class RawClient implements AsyncDisposable {
  readonly #home: Home;
  readonly #secrets: readonly string[];
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #answers = new Map<number, PromiseWithResolvers<Message>>();
  readonly #reading: Promise<void>;
  readonly #errors: Promise<string>;
  readonly lines: string[] = [];
  #lastId = 0;

  /** `executable`: as of `CliOptions`. */
  constructor(
    home: Home,
    args: readonly string[] = [],
    env: Record<string, string> = {},
    executable?: string | null,
  ) {
    this.#home = home;
    this.#secrets = storedSecrets(home.root);
    this.#child = spawnKeysmith(["mcp", "stdio", ...args], {
      home: home.root,
      env,
      ...(executable === undefined ? {} : { executable }),
    });
    this.#input = this.#child.stdin.getWriter();
    this.#reading = this.#read();
    this.#errors = new Response(this.#child.stderr).text();
  }

  async send(line: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${line}\n`));
  }

  /** The whole answer to a request. */
  async request(method: string, params: object = {}): Promise<Message> {
    const id = ++this.#lastId;
    const answer = this.#answerTo(id);
    await this.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    return await answer;
  }

  async notify(method: string, params: object = {}): Promise<void> {
    await this.send(JSON.stringify({ jsonrpc: "2.0", method, params }));
  }

  async initialize(): Promise<Message> {
    const answer = await this.request("initialize", {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "test", version: "1" },
    });
    await this.notify("notifications/initialized");
    return answer;
  }

  async call(name: string, args: object = {}): Promise<ToolAnswer> {
    const { result, error } = await this.request("tools/call", { name, arguments: args });
    assert.equal(error, undefined, JSON.stringify(error));
    return result as unknown as ToolAnswer;
  }

  /** Ends stdin and waits for the server to go. Answers its exit code and what it said on stderr. */
  async end(): Promise<{ code: number; stderr: string }> {
    await this.#input.close().catch(() => {});
    const { code } = await this.#child.status;
    await this.#reading;
    const stderr = await this.#errors;
    const secrets = [...this.#secrets, ...storedSecrets(this.#home.root)];
    assertNoSecret("keysmith mcp stdio", [...this.lines, stderr].join("\n"), secrets);
    return { code, stderr };
  }

  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }

  #answerTo(id: number): Promise<Message> {
    const waiting = this.#answers.get(id) ?? Promise.withResolvers<Message>();
    this.#answers.set(id, waiting);
    return waiting.promise;
  }

  async #read(): Promise<void> {
    let rest = "";
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + text).split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) this.#take(line);
    }
    assert.equal(rest, "", "stdout ends with a whole line");
  }

  #take(line: string): void {
    this.lines.push(line);
    const message = JSON.parse(line) as Message & { jsonrpc?: string };
    assert.equal(message.jsonrpc, "2.0", line);
    if (typeof message.id !== "number") return;
    const waiting = this.#answers.get(message.id) ?? Promise.withResolvers<Message>();
    this.#answers.set(message.id, waiting);
    waiting.resolve(message);
  }
}

export interface ToolAnswer {
  readonly content: readonly { type: string; text?: string; data?: string; mimeType?: string }[];
  readonly structuredContent?: Record<string, unknown>;
  readonly isError?: boolean;
}

export function textOf(answer: ToolAnswer): string {
  return answer.content.map(({ text }) => text ?? "").join("\n");
}
