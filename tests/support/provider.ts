/**
 * A loopback site for tests of tokens: a password login, an API behind its bearer token or session
 * cookie, and refresh tokens that are good for one use. Using one twice revokes the whole family
 * (RFC 9700 section 4.14.2).
 */

export interface ProviderOptions {
  /** Seconds; default 3600. */
  readonly expiresInSec?: number;
  /** Answers of the login in order, by status; afterwards it judges the password. */
  readonly loginStatuses?: readonly number[];
  /** What `GET /me` answers to a good token: default 200. */
  readonly meStatus?: number;
  /** Runs before a refresh is judged; the request may be gone when it resolves. */
  readonly beforeRefresh?: (request: Request) => Promise<void>;
}

export const PASSWORD = "correct horse battery";

export class Provider implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #options: ProviderOptions;
  readonly #statuses: number[];
  /** Every refresh request that reached the provider, by its refresh token. */
  readonly refreshes: string[] = [];
  /** Every password that was sent. */
  readonly passwords: string[] = [];
  /** Refresh requests that were granted. */
  granted = 0;
  revoked = false;
  /** The ones that are good now. */
  refreshToken = "refresh-token-0";
  accessToken = "access-token-0";

  constructor(options: ProviderOptions = {}) {
    this.#options = options;
    this.#statuses = [...options.loginStatuses ?? []];
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => this.#answer(request),
    );
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** `host:port`. */
  get host(): string {
    return `127.0.0.1:${this.#server.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  /** A login script for this site, as one writes it by hand. */
  get script(): string {
    return `const ORIGIN = "${this.origin}";
export async function acquire_token() {
  const username = await prompt_text("Username");
  const password = await prompt_secret("Password");
  return read(await send("/login", { username, password }));
}
export async function refresh_token(current: string) {
  return read(await send("/refresh", { refresh_token: current }));
}
async function send(path: string, body: Record<string, string>) {
  return await fetch(ORIGIN + path, { method: "POST", body: new URLSearchParams(body) });
}
async function read(response: Response) {
  const { access_token, refresh_token, expires_in } = await response.json();
  if (!access_token) throw new Error("The answer holds no access token");
  return { headers: { Authorization: "Bearer " + access_token }, refresh_token, expires_in };
}
`;
  }

  async #answer(request: Request): Promise<Response> {
    switch (new URL(request.url).pathname) {
      case "/login":
        return this.#login(new URLSearchParams(await request.text()));
      case "/refresh":
        return await this.#refresh(request, new URLSearchParams(await request.text()));
      case "/me":
        return this.#me(request);
      default:
        return new Response(null, { status: 404 });
    }
  }

  #login(form: URLSearchParams): Response {
    const password = form.get("password") ?? "";
    this.passwords.push(password);
    const status = this.#statuses.shift() ?? (password === PASSWORD ? 200 : 401);
    return status === 200 ? this.#grant() : Response.json({ error: "invalid" }, { status });
  }

  async #refresh(request: Request, form: URLSearchParams): Promise<Response> {
    const given = form.get("refresh_token") ?? "";
    this.refreshes.push(given);
    await this.#options.beforeRefresh?.(request);
    if (request.signal.aborted) return new Response(null, { status: 499 });
    if (given !== this.refreshToken) this.revoked = true;
    if (this.revoked) return Response.json({ error: "invalid_grant" }, { status: 400 });
    this.granted++;
    return this.#grant();
  }

  #grant(): Response {
    this.accessToken = `access-token-${crypto.randomUUID()}`;
    this.refreshToken = `refresh-token-${crypto.randomUUID()}`;
    return Response.json({
      access_token: this.accessToken,
      refresh_token: this.refreshToken,
      expires_in: this.#options.expiresInSec ?? 3600,
    });
  }

  #me(request: Request): Response {
    const isGood = request.headers.get("authorization") === `Bearer ${this.accessToken}`;
    if (!isGood || this.revoked) return Response.json({ error: "unauthorized" }, { status: 401 });
    return Response.json({ name: "ada" }, { status: this.#options.meStatus ?? 200 });
  }
}
