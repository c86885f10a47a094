import assert from "node:assert/strict";
import { runBody, runScript, scriptOf } from "./guest.ts";

interface Echo {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** A server that redirects, sets cookies and otherwise answers with what it was asked. */
async function answer(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const status = Number(url.searchParams.get("status") ?? 302);
  switch (url.pathname) {
    case "/redirect":
      return new Response("moved", {
        status,
        headers: [["location", url.searchParams.get("to") ?? "/echo"], [
          "set-cookie",
          "hop=1; Path=/",
        ]],
      });
    case "/cookies":
      return new Response(null, {
        status: 204,
        headers: [
          ["set-cookie", "session=s%201; HttpOnly; Path=/"],
          ["set-cookie", "secure=yes; Secure; SameSite=Lax"],
          ["set-cookie", "elsewhere=no; Domain=example.com"],
          ["set-cookie", "deep=no; Path=/deep"],
        ],
      });
    case "/loop":
      return Response.redirect(url.href, 302);
    case "/big":
      return new Response(new Uint8Array(11 * 1024 * 1024));
    case "/broken":
      return new Response(brokenOff());
    default: {
      const echo: Echo = {
        method: request.method,
        path: url.pathname + url.search,
        headers: Object.fromEntries(request.headers),
        body: await request.text(),
      };
      return Response.json(echo, { headers: { "x-seen": "1" } });
    }
  }
}

/** A body that ends before it is whole. */
function brokenOff(): ReadableStream<Uint8Array> {
  let sent = false;
  return new ReadableStream({
    pull(controller) {
      if (sent) return controller.error(new Error("broken off on purpose"));
      sent = true;
      controller.enqueue(new TextEncoder().encode('{"token":'));
    },
  });
}

async function withServers(
  work: (first: string, second: string) => Promise<void>,
): Promise<void> {
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  await using first = Deno.serve(options, answer);
  await using second = Deno.serve(options, answer);
  await work(`127.0.0.1:${first.addr.port}`, `127.0.0.1:${second.addr.port}`);
}

Deno.test("fetch() in a script answers as the standard says", async () => {
  await withServers(async (host) => {
    const value = await runBody(
      `
      const response = await fetch("http://${host}/echo?a=1#fragment", { headers: { "X-App": "2" } });
      const copy = response.clone();
      const { status, ok, statusText, url, redirected, type, bodyUsed } = response;
      const json = await response.json();
      let again = "";
      try { await response.text() } catch (error) { again = error.name }
      return {
        status, ok, statusText, url, redirected, type, bodyUsed, again,
        seen: response.headers.get("X-Seen"), path: json.path, app: json.headers["x-app"],
        copy: [copy.url, (await copy.arrayBuffer()).byteLength > 0, copy instanceof Response],
        bytes: (await (await fetch(new URL("http://${host}/x"))).bytes()) instanceof Uint8Array,
        request: (await (await fetch(new Request("http://${host}/y", { method: "DELETE" }))).json()).method,
      };`,
      { hosts: [host] },
    );
    assert.deepEqual(value, {
      status: 200,
      ok: true,
      statusText: "OK",
      url: `http://${host}/echo?a=1`,
      redirected: false,
      type: "basic",
      bodyUsed: false,
      again: "TypeError",
      seen: "1",
      path: "/echo?a=1",
      app: "2",
      copy: [`http://${host}/echo?a=1`, true, true],
      bytes: true,
      request: "DELETE",
    });
  });
});

Deno.test("fetch() in a script answers with a body that can be read as a stream", async () => {
  await withServers(async (host) => {
    const value = await runBody(
      `
      const { body } = await fetch("http://${host}/echo");
      let length = 0;
      for await (const chunk of body) length += chunk.length;
      const reader = new Response("abc").body.getReader();
      return [length > 0, (await reader.read()).value.length];`,
      { hosts: [host] },
    );
    assert.deepEqual(value, [true, 3]);
  });
});

Deno.test("fetch() in a script sends every kind of body with its content type", async () => {
  await withServers(async (host) => {
    const value = await runBody(
      `
      const form = new FormData();
      form.set("k", "v");
      const bodies = ["text", new URLSearchParams({ a: "b c" }), form, new TextEncoder().encode("bytes"),
        new TextEncoder().encode("buffer").buffer, new Blob(["blob"], { type: "a/b" })];
      return await Promise.all(bodies.map(async (body) => {
        const echo = await (await fetch("http://${host}/", { method: "POST", body })).json();
        return [echo.headers["content-type"]?.split(";")[0] ?? null, echo.body.slice(0, 8)];
      }));`,
      { hosts: [host] },
    ) as unknown[];
    assert.deepEqual(value.toSpliced(2, 1), [
      ["text/plain", "text"],
      ["application/x-www-form-urlencoded", "a=b+c"],
      [null, "bytes"],
      [null, "buffer"],
      ["a/b", "blob"],
    ]);
    assert.deepEqual((value[2] as string[])[0], "multipart/form-data");
  });
});

Deno.test("fetch() in a script follows redirects as the standard says and shows each hop", async () => {
  await withServers(async (host) => {
    const value = await runBody(
      `
      const go = async (status, method) => {
        const init = { method, ...(method === "POST" ? { body: "x", headers: { Cookie: "a=1" } } : {}) };
        const response = await fetch("http://${host}/redirect?status=" + status, init);
        const echo = await response.json();
        return [echo.method, echo.body, echo.headers.cookie ?? null, response.redirected, response.url,
          response.hops.map((hop) => hop.status), response.hops[0].headers.getSetCookie()];
      };
      const manual = await fetch("http://${host}/redirect", { redirect: "manual" });
      const failure = (promise) => promise.then(() => "none", (error) => error.name);
      return {
        s302: await go(302, "POST"), s303: await go(303, "PUT"), s307: await go(307, "POST"),
        manual: [manual.status, manual.headers.get("location"), await manual.text()],
        error: await failure(fetch("http://${host}/redirect", { redirect: "error" })),
        loop: await failure(fetch("http://${host}/loop")),
        invalid: await failure(fetch("http://${host}/redirect?to=http://[")),
      };`,
      { hosts: [host] },
    );
    const end = `http://${host}/echo`;
    assert.deepEqual(value, {
      s302: ["GET", "", "a=1", true, end, [302, 200], ["hop=1; Path=/"]],
      s303: ["GET", "", null, true, end, [303, 200], ["hop=1; Path=/"]],
      s307: ["POST", "x", "a=1", true, end, [307, 200], ["hop=1; Path=/"]],
      manual: [302, "/echo", "moved"],
      error: "TypeError",
      loop: "TypeError",
      invalid: "TypeError",
    });
  });
});

Deno.test("fetch() in a script leaves credentials behind when a redirect crosses origins", async () => {
  await withServers(async (first, second) => {
    const value = await runBody(
      `
      const response = await fetch("http://${first}/redirect?status=307&to=http://${second}/end", {
        method: "POST", body: "x",
        headers: { Authorization: "a", Cookie: "c=1", "X-Api-Key": "k", "X-CSRF": "t", Accept: "a/b" },
      });
      return (await response.json()).headers;`,
      { hosts: [first, second] },
    ) as Record<string, string>;
    for (const name of ["authorization", "cookie", "x-api-key", "x-csrf"]) {
      assert.equal(value[name], undefined, name);
    }
    assert.equal(value["accept"], "a/b");
  });
});

Deno.test("fetch() in a script reports every exchange and refuses every other place", async () => {
  await withServers(async (host, other) => {
    const outcome = await runScript(
      scriptOf(`
        const errors = [];
        for (const url of ["http://${other}/", "http://localhost:1/", "file:///etc/hosts",
          "data:text/plain,x", "http://${host}/redirect?to=http://${other}/"]) {
          await fetch(url).catch((error) => errors.push(error.name));
        }
        return errors;`),
      { hosts: [host] },
    );
    assert.ok(outcome.kind === "result");
    assert.deepEqual(
      JSON.parse(decodeURIComponent(outcome.result.headers["value"] ?? "")),
      Array(5).fill("TypeError"),
    );
    assert.deepEqual(outcome.exchanges.map(({ url, status }) => [url, status]), [
      [`http://${other}/`, null],
      ["http://localhost:1/", null],
      ["file:///etc/hosts", null],
      ["data:text/plain,x", null],
      [`http://${host}/redirect?to=http://${other}/`, 302],
      [`http://${other}/`, null],
    ]);
    assert.match(outcome.exchanges[0]?.error ?? "", /not among the hosts/);
  });
});

Deno.test("a relative address in a script is an error that does not tell where the program lies", async () => {
  const outcome = await runScript(
    scriptOf(`
      const said = [];
      const tries = [() => fetch("/relative"), () => new Request("?x"), () => Response.redirect("/x")];
      for (const attempt of tries) {
        try { said.push(JSON.stringify(await attempt())); } catch (error) { said.push(error.name, error.message); }
      }
      return said;`),
    { hosts: [] },
  );
  assert.ok(outcome.kind === "result");
  assert.deepEqual(
    JSON.parse(decodeURIComponent(outcome.result.headers["value"] ?? "")),
    ["/relative", "?x", "/x"].flatMap((text) => ["TypeError", `Invalid URL: '${text}'`]),
  );
});

Deno.test("fetch() in a script bounds bodies, obeys abort signals and tells a dead host", async () => {
  await withServers(async (host) => {
    const gone = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const dead = `127.0.0.1:${(gone.addr as Deno.NetAddr).port}`;
    gone.close();
    const value = await runBody(
      `
      const failure = (promise) => promise.then(() => "none", (error) => error.name + ": " + error.message);
      const controller = new AbortController();
      const aborted = failure(fetch("http://${host}/x", { signal: controller.signal }));
      controller.abort();
      return [
        await failure(fetch("http://${host}/big")),
        await failure(fetch("http://${host}/", { method: "POST", body: new Uint8Array(2_000_000) })),
        await aborted,
        await failure(fetch("http://${dead}/")),
        await failure(fetch("http://${host}/broken")),
      ];`,
      { hosts: [host, dead] },
    ) as string[];
    assert.match(value[0] ?? "", /^TypeError: The answer is longer than 10485760 bytes$/);
    assert.match(value[1] ?? "", /^TypeError: The request body is longer than 1048576 bytes$/);
    assert.match(value[2] ?? "", /^AbortError/);
    assert.match(value[3] ?? "", new RegExp(`^TypeError: Cannot reach http://${dead}: .*refused`));
    assert.match(value[4] ?? "", new RegExp(`^TypeError: Cannot reach http://${host}: .*body`));
  });
});

Deno.test("fetch() in a script reaches the replay server under the original URLs", async () => {
  const seen: (string | null)[] = [];
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      const asked = request.headers.get("keysmith-replay-url");
      seen.push(asked);
      return asked?.endsWith("/login")
        ? new Response(null, { status: 302, headers: { location: "/home" } })
        : new Response("home");
    },
  );
  const value = await runBody(
    `
    const response = await cookie_session()("https://app.example/login", {
      headers: { "keysmith-replay-url": "https://forged.example/" },
    });
    const refused = await fetch("https://other.example/").then(() => "none", (error) => error.message);
    const direct = await fetch("http://127.0.0.1:${server.addr.port}/").catch((error) => error.name);
    return [response.url, await response.text(), refused, direct];`,
    { network: { kind: "replay", port: server.addr.port, hosts: ["app.example:443"] } },
  );
  assert.deepEqual(value, [
    "https://app.example/home",
    "home",
    '"other.example:443" is not among the hosts this script may reach',
    "TypeError",
  ]);
  assert.deepEqual(seen, ["https://app.example/login", "https://app.example/home"]);
});

Deno.test("cookie_session() keeps cookies across redirects and requests, as a browser would", async () => {
  await withServers(async (host, other) => {
    const value = await runBody(
      `
      const session = cookie_session();
      await session("http://${host}/cookies");
      const echo = async (url, init) => (await (await session.fetch(url, init)).json()).headers.cookie ?? null;
      session.set_cookie("http://${host}/", "own", "1");
      return {
        sent: await echo("http://${host}/echo"),
        merged: await echo("http://${host}/echo", { headers: { Cookie: "own=2; mine=3" } }),
        hop: await echo("http://${host}/redirect"),
        manual: (await session("http://${host}/redirect", { redirect: "manual" })).status,
        crossed: await echo("http://${host}/redirect?to=http://${other}/", { headers: { Cookie: "x=1" } }),
        cookie: [session.cookie("http://${host}/", "session"), session.cookie("http://${host}/", "none")],
        cookies: session.cookies("http://${host}/deep/er").map((cookie) => cookie.name).sort(),
        header: session.cookie_header("http://${host}/"),
        fresh: cookie_session().cookie_header("http://${host}/"),
      };`,
      { hosts: [host, other] },
    ) as Record<string, unknown>;
    assert.equal(value["sent"], "session=s%201; secure=yes; own=1");
    assert.equal(value["merged"], "own=2; mine=3; session=s%201; secure=yes");
    assert.equal(value["hop"], "session=s%201; secure=yes; own=1; hop=1");
    assert.equal(value["manual"], 302);
    assert.deepEqual(value["cookie"], ["s%201", null]);
    assert.deepEqual(value["cookies"], ["deep", "hop", "own", "secure", "session"]);
    assert.equal(value["header"], "session=s%201; secure=yes; own=1; hop=1");
    assert.equal(value["fresh"], "");
    assert.doesNotMatch(String(value["crossed"]), /x=1/);
  });
});

Deno.test("runGuest() shows the answers to watched requests, and no other", async () => {
  await withServers(async (host) => {
    const one = `http://${host}`;
    const source = scriptOf(`
      const text = await (await fetch("${one}/watched?b=1", { method: "POST", body: "x" })).text();
      await fetch("${one}/other");
      await fetch("${one}/big").catch(() => 0);
      return text.length;`);
    const watched = [`POST ${one}/watched`, `GET ${one}/big`];
    const outcome = await runScript(source, { hosts: [host], watched });
    assert.equal(outcome.kind, "result");
    assert.deepEqual(outcome.answers.map(({ method, url }) => `${method} ${url}`), [
      `POST ${one}/watched?b=1`,
    ]);
    const [answer] = outcome.answers;
    assert.equal(answer!.status, 200);
    assert.equal((JSON.parse(answer!.body) as Echo).path, "/watched?b=1");
    assert.deepEqual(answer!.headers.find(([name]) => name === "x-seen"), ["x-seen", "1"]);
  });
});

Deno.test("runGuest() shows no more of answers than its limit, and the script reads them whole", async () => {
  await withServers(async (host) => {
    const one = `http://${host}`;
    const body = "y".repeat(30_000);
    const source = scriptOf(`
      let total = 0;
      for (let turn = 0; turn < 4; turn++) {
        const answer = await fetch("${one}/echo", { method: "POST", body: "${body}" });
        total += (await answer.json()).body.length;
      }
      return total;`);
    const outcome = await runScript(source, {
      hosts: [host],
      watched: [`POST ${one}/echo`],
    });
    assert.ok(outcome.kind === "result");
    assert.equal(outcome.result.headers["value"], "120000");
    assert.deepEqual(outcome.answers.map(({ body }) => body.length > 30_000), [
      true,
      true,
      false,
      false,
    ]);
  });
});

Deno.test("runGuest() shows every hop with what was sent, where everything is watched", async () => {
  await withServers(async (host) => {
    const one = `http://${host}`;
    const source = scriptOf(`
      const session = cookie_session();
      await session("${one}/redirect", { headers: { "X-Own": "1" } });
      await session("${one}/echo", { method: "POST", body: "a=1" });
      const page = await fetch("${one}/echo", { method: "POST", body: "${"y".repeat(60_000)}" });
      return (await page.text()).length > 60000;`);
    const outcome = await runScript(source, { hosts: [host], watched: ["*"] });
    assert.equal(outcome.kind, "result");
    const shown = outcome.answers.map((
      { method, url, status, sent, body },
    ) => [method, url.slice(one.length), status, sent?.body ?? null, body.length > 0]);
    assert.deepEqual(shown, [
      ["GET", "/redirect", 302, "", false],
      ["GET", "/echo", 200, "", true],
      ["POST", "/echo", 200, "a=1", true],
      ["POST", "/echo", 200, "", false],
    ]);
    const [, followed] = outcome.answers;
    const sent = new Map(followed!.sent!.headers);
    assert.deepEqual([sent.get("x-own"), sent.get("cookie")], ["1", "hop=1"]);
  });
});
