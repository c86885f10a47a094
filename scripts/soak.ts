/**
 * A day of one MCP server, by a clock that is set forward with each call: access tokens live for 60 seconds, and every
 * so often the document, the secret or the configuration is another one.
 *
 *     deno run -A scripts/soak.ts [CALLS]
 *
 * 10,000 calls over 24 hours. Ends in exit code 1 when a call failed, a token was used after its end, one was fetched
 * that was not needed, a change was not seen, or memory grew.
 */
import { openServing } from "../lib/mcp/serving.ts";
import { type DeskAnswer, PATHS, startDesk } from "../tests/resolve/desk.ts";
import { hello, own, request, type Talk } from "../tests/mcp/talk.ts";

const STEP_MS = 8_640;
const TOKEN_SEC = 60;
const CHANGES = ["document", "secret", "server's own time-out"] as const;
/** A catalog, its tools and a pool of connections are there after so many calls. */
const WARM_CALLS = 500;
const MAX_GROWTH_BYTES = 24 * 1024 * 1024;
/** Longer than a server goes by what it saw moments ago (`base/recently.ts`). */
const NOTICED_MS = 80;

export interface SoakReport {
  readonly calls: number;
  readonly problems: readonly string[];
  /** Access tokens that were issued. */
  readonly tokens: number;
  /** Calls that came with a token whose time was over. */
  readonly late: number;
  readonly changes: number;
  /** Of the heap, from the first calls on. */
  readonly grownBytes: number;
}

export async function soak(calls: number, changeEvery: number): Promise<SoakReport> {
  const api = new TimedApi();
  await using desk = await startDesk((seen, count) => api.answer(seen, count));
  const flows = { clientCredentials: { tokenUrl: `${desk.origin}/token`, scopes: {} } };
  const components = { securitySchemes: { machine: { type: "oauth2", flows } } };
  const document = (operationId: string) =>
    desk.document({
      security: [{ machine: [] }],
      components,
      paths: { ...PATHS, "/tickets": { ...PATHS["/tickets"], get: { operationId } } },
    });
  const configure = (service: Record<string, unknown>) => {
    const clientSecret = { type: "literal", value: api.secret };
    const machine = { type: "oauth2", clientId: "robot", clientSecret };
    return desk.configure({ service, secrets: { machine } });
  };
  await document("listTickets");
  await configure({});
  const ctx = { ...desk.context(), clock: { nowMs: () => api.nowMs } };
  const serving = await openServing(ctx, {});
  const talk = own(serving);
  await talk.ask(hello("2025-06-18"));
  const problems: string[] = [];
  let tool = "listTickets";
  let changes = 0;
  let warmBytes = 0;
  for (let id = 1; id <= calls; id++) {
    api.nowMs += STEP_MS;
    desk.requests.length = 0; // it keeps all it saw, for tests
    if (id % changeEvery === 0) {
      const change = CHANGES[changes++ % CHANGES.length]!;
      if (change === "document") await document(tool = `listTickets${changes}`);
      if (change === "secret") api.secret = `robot-secret-${changes}`;
      await configure(change === "document" ? {} : { tools: { timeoutSec: 10 + changes } });
      await new Promise((resolve) => setTimeout(resolve, NOTICED_MS));
      const names = await listed(talk, `list ${id}`);
      if (!names.includes(`desk_${tool}`)) problems.push(`${change} ${changes} was not seen`);
    }
    const answer = await talk.ask(request(id, "tools/call", { name: `desk_${tool}` }));
    if (answer.result?.structuredContent?.ok !== true) problems.push(JSON.stringify(answer));
    if (id === Math.min(WARM_CALLS, calls)) warmBytes = heapBytes();
  }
  const grownBytes = heapBytes() - warmBytes;
  await talk.end();
  await serving.close();
  return { calls, problems, tokens: api.tokens, late: api.late, changes, grownBytes };
}

/** A token endpoint and an API that goes by the clock of the soak. */
class TimedApi {
  nowMs = 1_800_000_000_000;
  secret = "robot-secret-0";
  tokens = 0;
  late = 0;
  #endsMs = 0;

  answer({ path, headers, body }: Parameters<DeskAnswer>[0], _count: number): Response {
    if (path === "/token") return this.#issue(headers, body);
    const isLast = headers.get("authorization") === `Bearer soak-token-${this.tokens}`;
    const isOver = this.nowMs >= this.#endsMs;
    if (isOver) this.late++;
    const ok = isLast && !isOver;
    return Response.json({ ok }, { status: ok ? 200 : 401 });
  }

  #issue(headers: Headers, body: string): Response {
    // Encoded as a form before it is put together (RFC 6749 section 2.3.1).
    const given = decodeURIComponent(atob(headers.get("authorization")?.split(" ")[1] ?? ""));
    const isKnown = given === `robot:${this.secret}` || body.includes(this.secret);
    if (!isKnown) return Response.json({ error: "invalid_client" }, { status: 401 });
    this.#endsMs = this.nowMs + TOKEN_SEC * 1_000;
    const access_token = `soak-token-${++this.tokens}`;
    return Response.json({ access_token, token_type: "Bearer", expires_in: TOKEN_SEC });
  }
}

async function listed(talk: Talk, id: string): Promise<string[]> {
  const { result } = await talk.ask(request(id, "tools/list"));
  return result.tools.map(({ name }: { readonly name: string }) => name);
}

function heapBytes(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return Deno.memoryUsage().heapUsed;
}

/** Tokens that so many calls need: each is good for half of its life, and another secret may want another one. */
export function neededTokens({ calls, changes }: SoakReport): number {
  const callsOfToken = Math.floor(TOKEN_SEC * 1_000 / 2 / STEP_MS) + 1;
  return Math.ceil(calls / callsOfToken) + changes;
}

if (import.meta.main) {
  const calls = Number(Deno.args[0] ?? 10_000);
  const report = await soak(calls, 400);
  console.log(report, `at most ${neededTokens(report)} tokens are needed`);
  const isGood = report.problems.length === 0 && report.late === 0 &&
    report.tokens <= neededTokens(report) && report.grownBytes < MAX_GROWTH_BYTES;
  Deno.exit(isGood ? 0 : 1);
}
