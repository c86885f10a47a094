import assert from "node:assert/strict";
import { AppError } from "../../lib/base/error.ts";
import type { HttpRequest } from "../../lib/http/exchange.ts";
import { type Credentials, NO_CREDENTIALS } from "../../lib/tools/credentials.ts";
import { type SendOptions, sendRequest } from "../../lib/tools/send.ts";
import { fakeContext } from "../support/fake_context.ts";
import { redirect, type SeenRequest, Site } from "./site.ts";

const CANARY = {
  header: "canary-header-5f1c",
  cookie: "canary-cookie-77aa",
  query: "canary-query-90bd",
  body: "canary-body-31ce",
  password: "canary-password-e2",
};

const CREDENTIALS: Credentials = {
  headers: {
    Authorization: `Bearer ${CANARY.header}`,
    Cookie: `sid=${CANARY.cookie}`,
    "X-Api-Key": CANARY.header,
  },
  query_params: { token: CANARY.query },
  body_params: { auth: CANARY.body },
  computed: [],
};

const request = (url: string, parts: Partial<HttpRequest> = {}): HttpRequest => ({
  method: "GET",
  headers: [],
  body: null,
  ...parts,
  url,
});

const json = (value: unknown): Pick<HttpRequest, "headers" | "body"> => ({
  headers: [["content-type", "application/json"]],
  body: new TextEncoder().encode(JSON.stringify(value)),
});

const send = (to: HttpRequest, options: Partial<SendOptions> = {}, ctx = fakeContext()) =>
  sendRequest(ctx, to, {
    credentials: CREDENTIALS,
    origins: [new URL(to.url).origin],
    ...options,
  });

/** Everything a request said, for canaries. */
const wholeOf = (seen: SeenRequest) => JSON.stringify([seen.target, [...seen.headers], seen.body]);
const canariesIn = (seen: SeenRequest) =>
  Object.values(CANARY).filter((canary) => wholeOf(seen).includes(canary));

Deno.test("sendRequest() puts the credentials where they belong", async () => {
  await using site = new Site(() => Response.json({ ok: true }));
  const response = await send(
    request(`${site.origin}/x?a=1`, { method: "POST", ...json({ a: 1 }) }),
  );
  assert.equal(response.status, 200);
  assert.deepEqual(response.content, { kind: "json", value: { ok: true } });
  assert.equal(response.authenticated, true);
  const [seen] = site.seen;
  assert.equal(seen?.target, `/x?a=1&token=${CANARY.query}`);
  assert.equal(seen?.headers.get("authorization"), `Bearer ${CANARY.header}`);
  assert.equal(seen?.headers.get("cookie"), `sid=${CANARY.cookie}`);
  assert.equal(seen?.body, `{"a":1,"auth":"${CANARY.body}"}`);
});

Deno.test("sendRequest() sends nothing to an origin the credentials do not belong to", async () => {
  await using site = new Site(() => new Response("ok"));
  await assert.rejects(
    send(request(`${site.origin}/x`), {
      origins: ["http://127.0.0.1:1", `${site.origin}.evil.net`],
    }),
    { code: "ORIGIN_REFUSED" },
  );
  await assert.rejects(send(request("http://api.example.com/x")), { code: "ORIGIN_REFUSED" });
  assert.equal(site.seen.length, 0);
});

Deno.test("sendRequest() leaves every credential behind at the first hop to another origin", async () => {
  for (const status of [301, 302, 303, 307, 308]) {
    await using thief = new Site(() => new Response("got it"));
    await using site: Site = new Site(({ target }) =>
      target.startsWith("/away")
        ? redirect(`${thief.origin}/x?token=${CANARY.query}&note=${CANARY.header}&page=2`, status)
        : redirect("/away", status)
    );
    const response = await send(
      request(`${site.origin}/start`, { method: "POST", ...json({ text: "hi" }) }),
    );
    assert.equal(response.redirects, 2);
    assert.equal(response.authenticated, false);
    assert.equal(canariesIn(site.seen[1]!).length >= 3, true, "same origin keeps them");
    const [seen] = thief.seen;
    assert.deepEqual(canariesIn(seen!), [], `status ${status}`);
    assert.equal(seen?.target, "/x?page=2");
    assert.equal(seen?.body, status >= 307 ? '{"text":"hi"}' : "");
  }
});

Deno.test("sendRequest() does not take the credentials up again when the chain comes back", async () => {
  await using far: Site = new Site(() => redirect(`${site.origin}/end`));
  await using site: Site = new Site(({ target }) =>
    target.startsWith("/start") ? redirect(`${far.origin}/x`) : new Response("end")
  );
  await send(request(`${site.origin}/start`));
  assert.deepEqual(site.seen.map((seen) => canariesIn(seen).length > 0), [true, false]);
});

Deno.test("sendRequest() carries cookies that hops set to the next hop of the origin", async () => {
  await using site = new Site(({ target }) => {
    if (target.startsWith("/a")) {
      return redirect("/b", 302, ["sid=renewed; Path=/", "only=deep; Path=/deep", "gone=1"]);
    }
    if (target.startsWith("/b")) return redirect("/c", 302, ["gone=; Max-Age=0"]);
    return new Response("end", { headers: { "set-cookie": "last=1" } });
  });
  const response = await send(request(`${site.origin}/a`), {
    credentials: { ...NO_CREDENTIALS, headers: { Cookie: "sid=first; keep=k" } },
  });
  assert.deepEqual(site.seen.map(({ headers }) => headers.get("cookie")), [
    "sid=first; keep=k",
    "sid=renewed; keep=k; gone=1",
    "sid=renewed; keep=k",
  ]);
  assert.deepEqual(response.renewals.map(({ value }) => value.split(";", 1)[0]), [
    "sid=renewed",
    "only=deep",
    "gone=1",
    "gone=",
    "last=1",
  ]);
});

Deno.test("sendRequest() gives up on an endless redirect after ten hops", async () => {
  await using site = new Site(() => redirect("/again"));
  await assert.rejects(send(request(`${site.origin}/`)), { code: "UPSTREAM_FAILED" });
  assert.equal(site.seen.length, 11);
});

Deno.test("sendRequest() answers a Digest challenge, also on a request with a body", async () => {
  await using site = new Site(({ headers }) =>
    headers.get("authorization")?.startsWith("Digest ") ? new Response("in") : new Response("who", {
      status: 401,
      headers: {
        "www-authenticate": 'Digest realm="r", nonce="n1", qop="auth", algorithm=SHA-256',
      },
    })
  );
  const credentials: Credentials = {
    ...NO_CREDENTIALS,
    computed: [{ kind: "http_digest", username: "ada", password: CANARY.password }],
  };
  const response = await send(
    request(`${site.origin}/dav/x?y=1`, { method: "PUT", ...json(1) }),
    { credentials },
  );
  assert.equal(response.status, 200);
  assert.deepEqual(site.seen.map(({ body }) => body), ["1", "1"]);
  const authorization = site.seen[1]?.headers.get("authorization") ?? "";
  assert.match(authorization, /uri="\/dav\/x\?y=1"/);
  assert.match(authorization, /username="ada"/);
  assert.deepEqual(site.seen.flatMap(canariesIn), []);
});

Deno.test("sendRequest() answers again where a Digest nonce was too old, and not for a wrong password", async () => {
  for (const [stale, expected] of [["true", 3], ["false", 2]] as const) {
    await using site = new Site(({ headers }) => {
      const given = headers.get("authorization") ?? "";
      if (given.includes('nonce="n2"')) return new Response("in");
      const nonce = given === "" ? 'nonce="n1"' : `nonce="n2", stale=${stale}`;
      const header = `Digest realm="r", qop="auth", ${nonce}`;
      return new Response("who", { status: 401, headers: { "www-authenticate": header } });
    });
    const credentials: Credentials = {
      ...NO_CREDENTIALS,
      computed: [{ kind: "http_digest", username: "ada", password: CANARY.password }],
    };
    const { status } = await send(request(`${site.origin}/x`), { credentials });
    assert.deepEqual([status, site.seen.length], [stale === "true" ? 200 : 401, expected]);
  }
});

Deno.test("sendRequest() answers a Digest challenge of another origin with nothing", async () => {
  await using thief = new Site(() =>
    new Response(null, {
      status: 401,
      headers: { "www-authenticate": 'Digest realm="r", nonce="n"' },
    })
  );
  await using site = new Site(() => redirect(`${thief.origin}/`));
  const response = await send(request(`${site.origin}/`), {
    credentials: {
      ...NO_CREDENTIALS,
      computed: [{ kind: "http_digest", username: "ada", password: "pw" }],
    },
  });
  assert.equal(response.status, 401);
  assert.equal(thief.seen.length, 1);
});

Deno.test("sendRequest() signs each hop of its own origin", async () => {
  await using far = new Site(() => new Response("end"));
  await using site: Site = new Site(({ target }) =>
    redirect(target === "/a" ? "/b" : `${far.origin}/c`)
  );
  await send(request(`${site.origin}/a`), {
    credentials: {
      ...NO_CREDENTIALS,
      sign: (unsigned) => {
        const { pathname } = new URL(unsigned.url);
        const headers = [...unsigned.headers, ["X-Signature", `sig ${pathname}`] as const];
        return Promise.resolve({ ...unsigned, headers });
      },
    },
  });
  assert.deepEqual(site.seen.map(({ headers }) => headers.get("x-signature")), [
    "sig /a",
    "sig /b",
  ]);
  assert.equal(far.seen[0]?.headers.get("x-signature"), null);
});

Deno.test("sendRequest() repeats a safe request that the server put off, others not", async () => {
  let answers = 0;
  await using site = new Site(() =>
    ++answers < 3
      ? new Response("busy", { status: 503, headers: { "retry-after": "0" } })
      : new Response("ok")
  );
  assert.equal((await send(request(`${site.origin}/`))).status, 200);
  assert.equal(site.seen.length, 3);
  answers = 0;
  const posted = await send(request(`${site.origin}/`, { method: "POST", ...json({}) }));
  assert.equal(posted.status, 503);
  assert.equal(site.seen.length, 4);
});

Deno.test("sendRequest() never sends a body with GET", async () => {
  await using site = new Site(() => new Response("ok"));
  await send(request(`${site.origin}/`, json({ a: 1 })));
  assert.equal(site.seen[0]?.body, "");
});

Deno.test("sendRequest() says that nothing answered, without the secrets of the URL", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  await assert.rejects(
    send(request(`http://127.0.0.1:${port}/x?key=v4lue`)),
    (error) => {
      assert.ok(error instanceof AppError);
      assert.equal(error.code, "UNREACHABLE");
      assert.equal(
        error.message,
        `Cannot reach "GET http://127.0.0.1:${port}/x?key=…&token=…": the connection was refused`,
      );
      for (const canary of [...Object.values(CANARY), "v4lue"]) {
        assert.ok(!Deno.inspect(error, { depth: 9 }).includes(canary), canary);
      }
      return true;
    },
  );
});

Deno.test("sendRequest() gives up after its time-out, also in the middle of a body", async () => {
  const stalled = () =>
    new ReadableStream<Uint8Array>({ start: (stream) => stream.enqueue(new Uint8Array(1)) });
  await using site = new Site(() => new Response(stalled()));
  await assert.rejects(send(request(`${site.origin}/`), { timeoutMs: 100 }), (error) => {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, "UNREACHABLE");
    assert.match(error.message, /got no answer within 0\.1 s$/);
    return true;
  });
});

Deno.test("sendRequest() says of a request that it may have been carried out, where that is so", async () => {
  await using site = new Site(() => new Response(new ReadableStream()));
  for (const [method, hint] of [["POST", /look before you send/], ["PUT", /^Try again/]] as const) {
    const sending = send(request(site.origin, { method }), { timeoutMs: 50 });
    await assert.rejects(sending, (error: AppError) => hint.test(error.hint ?? ""));
  }
});

Deno.test("sendRequest() answers with the redirect where a write led to a page that is not there", async () => {
  const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const away = `http://127.0.0.1:${closed.addr.port}/orders/17`;
  closed.close();
  for (const status of [303, 302]) {
    await using site = new Site(() => redirect(away, status));
    const post = request(`${site.origin}/orders`, { method: "POST" });
    const { cut, headers, written, ...response } = await send(post, { keepPartial: true });
    assert.deepEqual([response.status, written], [status, status]);
    assert.match(
      cut ?? "",
      /page it leads to could not be fetched \(Cannot reach "GET .*refused\)/,
    );
    assert.ok(headers.some(([name, value]) => name === "location" && value === away));
    await assert.rejects(send(post), (error: AppError) => {
      assert.equal(error.code, "UNREACHABLE");
      assert.match(error.hint ?? "", new RegExp(`^The POST before was answered .* ${status}\\.`));
      return true;
    });
    assert.equal(site.seen.length, 2);
  }
  await using again = new Site(() => redirect(away, 307));
  const sent = send(request(again.origin, { method: "POST" }), { keepPartial: true });
  await assert.rejects(sent, { code: "UNREACHABLE", hint: "Is the server running?" });
});

Deno.test("sendRequest() tells the user's interruption from a failure", async () => {
  await using site = new Site(() => new Response(new ReadableStream()));
  const controller = new AbortController();
  const sending = send(request(`${site.origin}/`), {}, fakeContext({ signal: controller.signal }));
  setTimeout(() => controller.abort(), 20);
  await assert.rejects(sending, { code: "INTERRUPTED" });
});

Deno.test("sendRequest() refuses an answer that is larger than allowed, compressed or not", async () => {
  const gzipped = new Response(
    new Blob(["x".repeat(100_000)]).stream()
      .pipeThrough(new CompressionStream("gzip")),
  );
  const small = new Uint8Array(await gzipped.arrayBuffer());
  await using site = new Site(({ target }) =>
    target === "/gzip"
      ? new Response(small, { headers: { "content-encoding": "gzip" } })
      : new Response("x".repeat(100_000))
  );
  for (const path of ["/plain", "/gzip"]) {
    await assert.rejects(
      send(request(site.origin + path), { maxBytes: 50_000, credentials: NO_CREDENTIALS }),
      { code: "UNSUPPORTED" },
    );
  }
  const whole = await send(request(`${site.origin}/gzip`), { credentials: NO_CREDENTIALS });
  assert.equal(whole.body.length, 100_000);
});

Deno.test("sendRequest() answers as much as came of a body where a part is better than none", async () => {
  const bodies: Record<string, () => Response> = {
    "/large": () => new Response("y".repeat(100_000)),
    "/breaks": () => {
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode("y".repeat(10)));
          setTimeout(() => controller.error(new Error("gone")), 20);
        },
      });
      return new Response(body);
    },
    "/stalls": () =>
      new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue(new TextEncoder().encode("y".repeat(10))),
        }),
      ),
    "/whole": () => new Response("y".repeat(10)),
  };
  await using site = new Site(({ target }) => bodies[target]!());
  const cases: [path: string, length: number, cut: RegExp | null][] = [
    ["/large", 50_000, /larger than 50000 bytes/],
    ["/breaks", 10, /connection broke/],
    ["/stalls", 10, /did not end within 0\.3 s/],
    ["/whole", 10, null],
  ];
  for (const [path, length, cut] of cases) {
    const options = {
      credentials: NO_CREDENTIALS,
      maxBytes: 50_000,
      timeoutMs: 300,
      keepPartial: true,
    };
    const response = await send(request(site.origin + path, { method: "POST" }), options);
    assert.deepEqual([response.status, response.body.length], [200, length], path);
    if (cut === null) assert.equal(response.cut, null);
    else assert.match(response.cut ?? "", cut);
  }
});

Deno.test("sendRequest() keeps what came of an answer that is shorter than it declares", async () => {
  for (const method of ["POST", "GET"]) {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const answered = (async () => {
      using connection = await listener.accept();
      await connection.read(new Uint8Array(4_096));
      const head = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 30\r\n\r\n";
      await connection.write(new TextEncoder().encode(`${head}abcdefghij`));
      await new Promise((resolve) => setTimeout(resolve, 20));
    })();
    const { port } = listener.addr as Deno.NetAddr;
    const options = { credentials: NO_CREDENTIALS, keepPartial: true };
    const response = await send(request(`http://127.0.0.1:${port}/`, { method }), options);
    await answered;
    assert.equal(new TextDecoder().decode(response.body), "abcdefghij", method);
    assert.match(response.cut ?? "", /connection broke/);
  }
});

Deno.test("sendRequest() decodes the answer by its charset", async () => {
  await using site = new Site(() =>
    new Response(new Uint8Array([0xe4, 0xf6]), {
      headers: { "content-type": "text/plain; charset=iso-8859-1" },
    })
  );
  const response = await send(request(`${site.origin}/`));
  assert.deepEqual(response.content, { kind: "text", text: "äö" });
});

Deno.test("sendRequest() refuses a header that would end the request line", async () => {
  await using site = new Site(() => new Response("ok"));
  await assert.rejects(
    send(request(`${site.origin}/`, { headers: [["X-A", "1\r\nX-B: 2"]] })),
    { code: "BAD_INPUT" },
  );
  assert.equal(site.seen.length, 0);
});

Deno.test("sendRequest() keeps tools from choosing host, length and encoding", async () => {
  await using site = new Site(() => new Response("ok"));
  await send(request(`${site.origin}/`, {
    headers: [["Host", "evil.example"], ["Content-Length", "5"], ["Accept-Encoding", "br"]],
  }));
  const [seen] = site.seen;
  assert.equal(seen?.headers.get("host"), new URL(site.origin).host);
  assert.equal(seen?.headers.get("content-length"), null);
  assert.notEqual(seen?.headers.get("accept-encoding"), "br");
});
