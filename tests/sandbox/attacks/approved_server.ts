/** The one server an attack may reach. It keeps what it was sent, and knows a few logins. */

export const CREDENTIALS = { user: "alice", password: "correct horse", code: "246810" } as const;

export interface ApprovedServer {
  readonly port: number;
  /** Everything received, one request per text: line, headers, body. */
  readonly received: readonly string[];
  close(): Promise<void>;
}

export function openApprovedServer(): ApprovedServer {
  const received: string[] = [];
  const controller = new AbortController();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, signal: controller.signal, onListen: () => {} },
    async (request) => {
      const body = await request.text();
      const headers = [...request.headers].map(([name, value]) => `${name}: ${value}`);
      received.push([`${request.method} ${request.url}`, ...headers, body].join("\n"));
      return await answer(new URL(request.url), request, body);
    },
  );
  return {
    port: server.addr.port,
    received,
    async close() {
      controller.abort();
      await server.finished;
    },
  };
}

async function answer(url: URL, request: Request, body: string): Promise<Response> {
  const form = new URLSearchParams(body);
  switch (`${request.method} ${url.pathname}`) {
    case "GET /login":
      return new Response(
        '<form method="post" action="/login"><input type="hidden" name="csrf" value="c&amp;1">' +
          '<input name="user"><input type="password" name="password"></form>',
        { headers: { "content-type": "text/html", "set-cookie": "pre=1; Path=/" } },
      );
    case "POST /login": {
      const accepted = form.get("csrf") === "c&1" && form.get("user") === CREDENTIALS.user &&
        form.get("password") === CREDENTIALS.password &&
        request.headers.get("cookie")?.includes("pre=1");
      return accepted ? redirect("/home", 302, "session=s1; Path=/") : refusal();
    }
    case "GET /home":
      return request.headers.get("cookie")?.includes("session=s1")
        ? new Response("welcome")
        : refusal();
    case "POST /api/login": {
      const { user, password } = JSON.parse(body) as Record<string, string>;
      return user === CREDENTIALS.user && password === CREDENTIALS.password
        ? Response.json({ access_token: "at-1", refresh_token: "rt-1", expires_in: 3600 })
        : refusal();
    }
    case "GET /authorize": {
      const { state, code_challenge } = Object.fromEntries(url.searchParams);
      return redirect(`/callback?state=${state}&code=${code_challenge}`, 302);
    }
    case "POST /token":
      return await challengeOf(form.get("code_verifier") ?? "") === form.get("code")
        ? Response.json({ access_token: "at-2" })
        : refusal();
    case "POST /otp":
      return form.get("code") === CREDENTIALS.code
        ? new Response("ok", { headers: { "set-cookie": "otp=1; Path=/" } })
        : refusal();
    case "GET /signed":
      return request.headers.get("x-signature") === await signature("login")
        ? new Response("key-1")
        : refusal();
    case "GET /supercookie":
      return new Response("x", {
        headers: [["set-cookie", "a=1; Domain=example"], ["set-cookie", "b=1; Domain=com"]],
      });
    case "GET /answer":
      return new Response(url.searchParams.get("body"), {
        status: Number(url.searchParams.get("status") ?? 200),
        headers: url.searchParams.getAll("header").map(headerPair),
      });
    case "GET /endless":
      return new Response(endless(() => Promise.resolve()));
    case "GET /slow":
      return new Response(endless((aborted) => aborted));
    default:
      return url.pathname === "/redirect"
        ? redirect(url.searchParams.get("to") ?? "/", Number(url.searchParams.get("status") ?? 302))
        : new Response(`${request.headers.get("content-type")}\n${body}`);
  }
}

function redirect(location: string, status: number, cookie?: string): Response {
  return new Response(null, {
    status,
    headers: { location, ...(cookie === undefined ? {} : { "set-cookie": cookie }) },
  });
}

/** `name: value`. */
function headerPair(line: string): [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
}

function refusal(): Response {
  return new Response("refused", { status: 401 });
}

/** A body without end; `wait` is called with what happens when the reader goes away. */
function endless(wait: (gone: Promise<void>) => Promise<void>): ReadableStream<Uint8Array> {
  const gone = Promise.withResolvers<void>();
  const chunk = new Uint8Array(65_536);
  let pulls = 0;
  return new ReadableStream({
    async pull(controller) {
      if (pulls++ > 0) await wait(gone.promise);
      controller.enqueue(chunk);
    },
    cancel: () => gone.resolve(),
  });
}

async function challengeOf(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return new Uint8Array(digest).toBase64({ alphabet: "base64url", omitPadding: true });
}

async function signature(text: string): Promise<string> {
  const key = await crypto.subtle.importKey(
    "raw",
    new TextEncoder().encode(CREDENTIALS.password),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const bytes = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text));
  return new Uint8Array(bytes).toHex();
}
