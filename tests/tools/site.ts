/** Loopback sites for tests of requests: each keeps what it was sent. */

export interface SeenRequest {
  readonly method: string;
  /** Path and query as they arrived. */
  readonly target: string;
  readonly headers: Headers;
  readonly body: string;
}

export type Answer = (request: SeenRequest) => Response | Promise<Response>;

export class Site implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly seen: SeenRequest[] = [];

  constructor(answer: Answer, hostname = "127.0.0.1") {
    this.#server = Deno.serve({ hostname, port: 0, onListen: () => {} }, async (request) => {
      const { pathname, search } = new URL(request.url);
      const seen = {
        method: request.method,
        target: pathname + search,
        headers: request.headers,
        body: await request.text(),
      };
      this.seen.push(seen);
      return await answer(seen);
    });
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

export function redirect(
  location: string,
  status = 302,
  setCookie: readonly string[] = [],
): Response {
  const headers = new Headers({ location });
  for (const line of setCookie) headers.append("set-cookie", line);
  return new Response(null, { status, headers });
}
