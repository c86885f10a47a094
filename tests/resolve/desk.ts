/** A service for tests of calls: an API on loopback, its document, a configuration that names both. */
import { join } from "node:path";
import type { Context } from "../../lib/base/context.ts";
import { fakeContext, type FakeContextOptions } from "../support/fake_context.ts";

export interface Desk extends AsyncDisposable {
  readonly origin: string;
  /** Every request the API saw. */
  readonly requests: SeenRequest[];
  readonly folder: string;
  readonly home: string;
  /** Writes the document; what is left out is as before. */
  document(members: Record<string, unknown>): Promise<void>;
  /** Writes the configuration. */
  configure(
    settings: { service?: Record<string, unknown>; secrets?: Record<string, unknown> },
  ): Promise<void>;
  context(options?: DeskContextOptions): Context;
}

export interface DeskContextOptions extends FakeContextOptions {
  readonly env?: Readonly<Record<string, string>>;
}

export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

export type DeskAnswer = (request: SeenRequest, count: number) => Response;

export const PATHS = {
  "/tickets": {
    get: {
      operationId: "listTickets",
      parameters: [{ name: "limit", in: "query", schema: { type: "integer" } }],
    },
    post: {
      operationId: "createTicket",
      requestBody: { content: { "application/json": { schema: { type: "object" } } } },
    },
  },
  "/tickets/{id}": { delete: { operationId: "deleteTicket" } },
};

export async function startDesk(answer: DeskAnswer): Promise<Desk> {
  const folder = await Deno.makeTempDir({ prefix: "keysmith-desk-" });
  const requests: SeenRequest[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname, search } = new URL(request.url);
      const seen = {
        method: request.method,
        path: pathname + search,
        headers: request.headers,
        body: await request.text(),
      };
      requests.push(seen);
      return answer(seen, requests.length);
    },
  );
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const config = join(folder, "keysmith.json");
  const desk: Desk = {
    origin,
    requests,
    folder,
    home: join(folder, "home"),
    document: (members) =>
      Deno.writeTextFile(
        join(folder, "api.json"),
        JSON.stringify({ openapi: "3.1.0", servers: [{ url: origin }], paths: PATHS, ...members }),
      ),
    configure: ({ service = {}, secrets = {} }) =>
      Deno.writeTextFile(
        config,
        JSON.stringify({ services: { desk: { openapi: "api.json", ...service } }, secrets }),
      ),
    context: ({ env = {}, ...options } = {}) => ({
      ...fakeContext({ home: join(folder, "home"), ...options }),
      clock: { nowMs: () => Date.now() },
      env: { get: (name) => name === "XDG_CONFIG_HOME" ? join(folder, "xdg") : env[name] },
      configOption: config,
    }),
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await Deno.remove(folder, { recursive: true });
    },
  };
  await desk.document({});
  await desk.configure({});
  return desk;
}

/** Answers 200 to requests that carry the header value, 401 to others. */
export function guarded(name: string, value: string): DeskAnswer {
  return ({ headers }) =>
    headers.get(name) === value
      ? Response.json({ ok: true })
      : Response.json({ ok: false }, { status: 401 });
}
