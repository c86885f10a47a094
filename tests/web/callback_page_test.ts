import assert from "node:assert/strict";
import type { CallbackListener } from "../../lib/base/browser_login.ts";
import { AppError } from "../../lib/base/error.ts";
import { STYLE } from "../../lib/web/page_frame.ts";
import { loopbackBrowser } from "../../lib/web/callback_page.ts";

const NEVER = new AbortController().signal;

async function withListener(
  work: (listener: CallbackListener, base: string) => Promise<void>,
): Promise<void> {
  const listener = await loopbackBrowser().listen({
    hostname: "127.0.0.1",
    port: 0,
    path: "/callback",
  });
  try {
    await work(listener, `http://127.0.0.1:${listener.port}`);
  } finally {
    await listener.close();
  }
}

Deno.test("loopbackBrowser() hands over the request and shows what became of it", async () => {
  await withListener(async (listener, base) => {
    const cases = [["accepted", 200, "Logged in"], ["refused", 200, "Not logged in"], [
      "ignored",
      404,
      "Nothing to see here",
    ]] as const;
    for (const [outcome, status, title] of cases) {
      const page = fetch(`${base}/callback?code=secret-code&state=s`);
      const request = await listener.next(NEVER);
      assert.equal(request.url.searchParams.get("code"), "secret-code");
      request.respond(outcome);
      const response = await page;
      const text = await response.text();
      assert.equal(response.status, status);
      assert.ok(text.includes(title));
      assert.ok(!text.includes("secret-code"));
      assert.equal(response.headers.get("cache-control"), "no-store");
      assert.equal(response.headers.get("referrer-policy"), "no-referrer");
      assert.match(response.headers.get("content-security-policy") ?? "", /default-src 'none'/);
    }
  });
});

/** The lines of the answer to a request with headers that `fetch` does not let anybody choose. */
async function rawGet(port: number, headers: readonly string[]): Promise<string[]> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const lines = ["GET /callback?code=1 HTTP/1.1", ...headers, "Connection: close", "", ""];
  await connection.write(new TextEncoder().encode(lines.join("\r\n")));
  return (await new Response(connection.readable).text()).split("\r\n");
}

Deno.test("loopbackBrowser() looks as the login page does, and takes its style from itself alone", async () => {
  await withListener(async (listener, base) => {
    const style = await fetch(`${base}/style.css`);
    assert.equal(await style.text(), STYLE);
    const page = rawGet(listener.port, [
      `Host: 127.0.0.1:${listener.port}`,
      "Sec-Fetch-Mode: navigate",
      "Sec-Fetch-Dest: document",
    ]);
    (await listener.next(NEVER)).respond("accepted");
    const text = (await page).join("\n");
    assert.match(text, /<link rel="stylesheet" href="\/style\.css">/);
    assert.match(text, /name="viewport"/);
    assert.match(text, /x-frame-options: DENY/i);
  });
});

Deno.test("loopbackBrowser() answers nothing but the path, the method and the host it stands for", async () => {
  await withListener(async (listener, base) => {
    const requests: [string, RequestInit][] = [
      [`${base}/`, {}],
      [`${base}/callback/x?code=1`, {}],
      [`${base}/callback?code=1`, { method: "POST" }],
    ];
    for (const [url, init] of requests) {
      const response = await fetch(url, init);
      await response.body?.cancel();
      assert.equal(response.status, 404, url);
    }
    const { port } = listener;
    for (
      const [host, ...headers] of [
        ["evil.example.com"],
        [`evil.example.com:${port}`],
        ["127.0.0.1:1"],
        [`localhost:${port}`],
        [`127.0.0.1:${port}`, "Origin: https://evil.example.com"],
        [`127.0.0.1:${port}`, "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"],
        [`127.0.0.1:${port}`, "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"],
      ]
    ) {
      const [status] = await rawGet(port, [`Host: ${host}`, ...headers]);
      assert.equal(status, "HTTP/1.1 404 Not Found", [host, ...headers].join(" "));
    }
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    await assert.rejects(listener.next(stop.signal));
  });
});

Deno.test("loopbackBrowser() answers who still waits when it is closed", async () => {
  const listener = await loopbackBrowser().listen({
    hostname: "127.0.0.1",
    port: 0,
    path: "/callback",
  });
  const page = fetch(`http://127.0.0.1:${listener.port}/callback`);
  await listener.next(NEVER);
  await listener.close();
  const response = await page;
  await response.body?.cancel();
  assert.equal(response.status, 404);
});

Deno.test("loopbackBrowser() says that a port is taken, and opens no other URLs than safe ones", async () => {
  await withListener(async (listener) => {
    const again = () =>
      loopbackBrowser().listen({ hostname: "127.0.0.1", port: listener.port, path: "/callback" });
    await assert.rejects(
      async () => await again(),
      (error: AppError) => error.code === "UNSUPPORTED" && /in use/.test(error.message),
    );
  });
  for (const url of ["file:///etc/passwd", "javascript:alert(1)", "http://example.com/", "-h"]) {
    assert.equal(await loopbackBrowser().open(url), false, url);
  }
});
