import assert from "node:assert/strict";
import { AppError } from "../../lib/base/error.ts";
import { runBody, runScript, scriptOf } from "./guest.ts";

Deno.test("runGuest() gives a script its helpers in order and its answers back", async () => {
  const heard: string[] = [];
  const outcome = await runScript(
    `
    const seen: string[] = [];
    export async function acquire_token(): Promise<AuthResult> {
      tell_user("Welcome\\nback");
      const [name, secret] = await Promise.all([prompt_text("Email"), prompt_secret("Password")]);
      await wait_user_confirmation("Approved?");
      debug("got", { name }, 1, [true], new TypeError("x"), undefined);
      console.warn("warned");
      return { headers: { "X-Auth": name + "/" + secret }, expires_in: 60, refresh_token: "r" };
    }
    interface AuthResult { headers: Record<string, string>; expires_in: number; refresh_token: string }`,
    {
      dialog: {
        promptText: (label) => Promise.resolve((heard.push(`text ${label}`), "me")),
        promptSecret: (label) => Promise.resolve((heard.push(`secret ${label}`), "pw")),
        confirm: (message) => Promise.resolve(void heard.push(`confirm ${message}`)),
        tell: (message) => void heard.push(`tell ${message}`),
        debug: (line) => void heard.push(`debug ${line}`),
      },
    },
  );
  assert.ok(outcome.kind === "result");
  assert.deepEqual(outcome.result, {
    headers: { "X-Auth": "me/pw" },
    expires_in: 60,
    refresh_token: "r",
  });
  assert.deepEqual(heard, [
    "tell Welcome\nback",
    "text Email",
    "secret Password",
    "confirm Approved?",
    'debug got {"name":"me"} 1 [true] TypeError: x undefined',
    "debug warned",
  ]);
  assert.deepEqual(outcome.debug, [
    'got {"name":"me"} 1 [true] TypeError: x undefined',
    "warned",
  ]);
});

Deno.test("runGuest() calls refresh_token with the refresh token", async () => {
  const source = `
    export async function acquire_token() { throw new Error("not asked") }
    export async function refresh_token(current: string) { return { headers: { a: current } } }`;
  const entry = { kind: "refresh", refreshToken: "r-1" } as const;
  const outcome = await runScript(source, { entry });
  assert.ok(outcome.kind === "result");
  assert.deepEqual(outcome.result, { headers: { a: "r-1" } });
  await assert.rejects(
    () => runScript("export async function acquire_token() {}", { entry }),
    (thrown) => thrown instanceof AppError && thrown.code === "SCRIPT_REFUSED",
  );
});

Deno.test("runGuest() counts what is thrown and caught by nobody as thrown by the script", async () => {
  const late = [
    'void Promise.reject(new RangeError("late"));',
    'Promise.resolve().then(() => { throw new RangeError("late"); });',
  ];
  const outcomes = await Promise.all(late.map((code) => runScript(scriptOf(code))));
  for (const [index, outcome] of outcomes.entries()) {
    assert.ok(outcome.kind === "failed", late[index]);
    assert.deepEqual([outcome.error.name, outcome.error.message], ["RangeError", "late"]);
  }
  assert.equal(
    await runBody('await Promise.reject(new Error("seen")).catch(() => {}); return 7;'),
    7,
  );
});

Deno.test("runGuest() gives a script the globals of the contract, working", async () => {
  const value = await runBody(`
    const bytes = new TextEncoder().encode("abc");
    const hex = (buffer) => [...new Uint8Array(buffer)].map((b) => b.toString(16).padStart(2, "0")).join("");
    const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
    const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, pair.privateKey, bytes);
    const order = [];
    await new Promise((resolve) => {
      const never = setTimeout(() => order.push("never"), 1);
      clearTimeout(never);
      const timer = setInterval((x) => { order.push(x); clearInterval(timer); setTimeout(resolve, 5) }, 1, "tick");
      queueMicrotask(() => order.push("micro"));
    });
    class Mine extends Error { name = "Mine" }
    const error = new Error("x");
    error.name = "Renamed";
    const url = new URL("/a?b=1", "https://example.com");
    url.searchParams.set("c", "ä");
    return {
      sha: hex(await crypto.subtle.digest("SHA-256", bytes)).slice(0, 8),
      hmac: hex(await crypto.subtle.sign("HMAC", key, bytes)).length,
      ecdsa: await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, pair.publicKey, signature, bytes),
      random: [crypto.getRandomValues(new Uint8Array(4)).length, crypto.randomUUID().length, Math.random() < 1],
      now: Math.abs(Date.now() - new Date().getTime()) < 1000 && Date.now() > 1.6e12,
      base64: btoa(atob("YWJj")),
      url: url.href,
      intl: new Intl.DateTimeFormat("en", { timeZone: "UTC" }).format(new Date(0)),
      locale: (1234.5).toLocaleString("en"),
      clone: structuredClone({ a: [1, new Date(0)] }),
      errors: [String(new Mine("m")), String(error), error instanceof Error],
      decoded: new TextDecoder().decode(bytes),
      order,
    };`);
  assert.deepEqual(value, {
    sha: "ba7816bf",
    hmac: 64,
    ecdsa: true,
    random: [4, 36, true],
    now: true,
    base64: "YWJj",
    url: "https://example.com/a?b=1&c=%C3%A4",
    intl: "1/1/1970",
    locale: "1,234.5",
    clone: { a: [1, "1970-01-01T00:00:00.000Z"] },
    errors: ["Mine: m", "Renamed: x", true],
    decoded: "abc",
    order: ["micro", "tick"],
  });
});

Deno.test("html_forms() shows a script forms, meta tags and hidden fields", async () => {
  const value = await runBody(`
    const page = '<meta name="csrf-token" content="m1"><meta property="og:x" content="o">' +
      '<input type="hidden" name="loose" value="l"><div id="app" data-key="k"></div>' +
      '<form id="f" action="/login?x=1" method="post"><input type="hidden" name="csrf" value="c&amp;1">' +
      '<input type="hidden" name="remember" value="0"><input type="checkbox" name="remember" checked>' +
      '<input name="user" value="pre"><input type="password" name="pass"><button name="go" value="1"></form>' +
      '<form name="second"></form>';
    const forms = html_forms(page, "https://example.com/a/");
    const { id, action, method, fields, inputs } = forms[0];
    return { count: forms.length, name: forms[1].name, id, action, method, fields, types: inputs.map((i) => i.type),
      meta: forms.meta, hidden: forms.hidden, key: forms.attribute("#app", "data-key"),
      relative: html_forms(page)[0].action };`);
  assert.deepEqual(value, {
    count: 2,
    name: "second",
    id: "f",
    action: "https://example.com/login?x=1",
    method: "POST",
    fields: { csrf: "c&1", remember: "on", user: "pre", pass: "" },
    types: ["hidden", "hidden", "checkbox", "text", "password", "submit"],
    meta: { "csrf-token": "m1", "og:x": "o" },
    hidden: { csrf: "c&1", remember: "0", loose: "l" },
    key: "k",
    relative: "/login?x=1",
  });
});

Deno.test("runGuest() tells what was thrown, and on which line of the TypeScript", async () => {
  const table: [name: string, source: string, expected: object][] = [
    [
      "an error of the script",
      `interface A {\n}\nexport async function acquire_token() {\n  await prompt_text("x");\n  const e = new Error("no\\u001b[2J");\n  e.name = "CredentialsRefused";\n  throw e;\n}`,
      { name: "CredentialsRefused", message: "no\\x1b[2J", line: 5 },
    ],
    [
      "an error of the engine at top level",
      `\n\nDeno.exit(1);\nexport async function acquire_token() {}`,
      {
        name: "TypeError",
        message: "Cannot read properties of undefined (reading 'exit')",
        line: 3,
      },
    ],
    [
      "an error of a helper",
      `export async function acquire_token() {\n  await fetch("https://example.com/");\n}`,
      {
        name: "TypeError",
        message: '"example.com:443" is not among the hosts this script may reach',
        line: 2,
      },
    ],
    ["no error at all", `export async function acquire_token() {\n  throw "text";\n}`, {
      name: "Error",
      message: "text",
      line: null,
    }],
    [
      "an error nobody waits for",
      `export async function acquire_token() {\n  Promise.reject(new RangeError("lost"));\n  await new Promise(() => {});\n}`,
      { name: "RangeError", message: "lost", line: 2 },
    ],
    [
      "an error in a timer",
      `export async function acquire_token() {\n  setTimeout(() => {\n    throw new Error("late");\n  });\n  await new Promise(() => {});\n}`,
      { name: "Error", message: "late", line: 3 },
    ],
    [
      "a result that is none",
      `export async function acquire_token() {\n  return { headers: { a: "x\\ny" } };\n}`,
      {
        name: "InvalidAuthResult",
        message: 'The value of the header "a" cannot stand in a header',
        line: null,
      },
    ],
    [
      "an export that is not a function",
      `export const acquire_token = 5;`,
      { name: "TypeError", message: "`acquire_token` is not a function", line: null },
    ],
  ];
  for (const [name, source, expected] of table) {
    const outcome = await runScript(source);
    assert.ok(outcome.kind === "failed", name);
    assert.deepEqual(outcome.error, expected, name);
  }
});

Deno.test("runGuest() escapes what the script shows to the user", async () => {
  const heard: string[] = [];
  const keep = (text: string) => void heard.push(text);
  await runScript(
    `export async function acquire_token() {
      await prompt_text("Name\\n\\u202eevil");
      await tell_user("a\\u001b]0;x\\u0007\\nb");
      await wait_user_confirmation("c\\u009b1m");
      debug("d\\ne\\u200b");
      return { headers: {} };
    }`,
    {
      dialog: {
        promptText: (label) => Promise.resolve((keep(label), "")),
        confirm: (message) => Promise.resolve(keep(message)),
        tell: keep,
        debug: keep,
      },
    },
  );
  assert.deepEqual(heard, [
    "Name\\n\\u{202e}evil",
    "a\\x1b]0;x\\x07\nb",
    "c\\x9b1m",
    "d",
    "e\\u{200b}",
  ]);
});

Deno.test("runGuest() says which limit was hit and its value", async () => {
  const loop = scriptOf("while (true) {}");
  const table: [source: string, limits: object, limit: string, message: RegExp][] = [
    [scriptOf("await new Promise(() => {})"), { timeoutMs: 200 }, "time", /time limit of 0\.2 s/],
    [loop, { cpuMs: 500 }, "cpu", /CPU limit of 0\.5 s/],
    [
      scriptOf("const kept = []; while (true) kept.push(new Uint8Array(1e6).fill(1))"),
      { memoryBytes: 200 * 1024 * 1024 },
      "memory",
      /memory limit of 200 MiB/,
    ],
    [
      scriptOf('while (true) { debug("x".repeat(1000)); await new Promise((r) => setTimeout(r)) }'),
      { outputBytes: 20_000 },
      "output",
      /output limit of 20000 bytes/,
    ],
    [
      scriptOf('while (true) await prompt_text("x")'),
      { prompts: 3 },
      "prompts",
      /limit of 3 prompts/,
    ],
    [scriptOf('while (true) await tell_user("x")'), {}, "calls", /limit of 200 calls/],
  ];
  for (const [source, limits, limit, message] of table) {
    const outcome = await runScript(source, { limits });
    assert.ok(outcome.kind === "limit", `${limit}: ${JSON.stringify(outcome)}`);
    assert.equal(outcome.limit, limit);
    assert.match(outcome.message, message);
  }
});

Deno.test("runGuest() stops the clock while a prompt is open", async () => {
  const outcome = await runScript(
    scriptOf('await Promise.all([prompt_text("a"), prompt_secret("b")])'),
    {
      limits: { timeoutMs: 400 },
      dialog: {
        promptText: (label) => new Promise((resolve) => setTimeout(resolve, 500, label)),
        promptSecret: (label) => new Promise((resolve) => setTimeout(resolve, 500, label)),
      },
    },
  );
  assert.equal(outcome.kind, "result");
});

Deno.test("runGuest() ends with the error of a dialog that fails", async () => {
  const error = new AppError("NO_INPUT", "Nobody is there");
  await assert.rejects(
    () =>
      runScript(scriptOf('try { await prompt_text("x") } catch {} while (true) {}'), {
        dialog: { promptText: () => Promise.reject(error) },
      }),
    (thrown) => thrown === error,
  );
});

Deno.test("runGuest() asks nothing more once a dialog has failed", async () => {
  const asked: string[] = [];
  await assert.rejects(
    () =>
      runScript(scriptOf('await Promise.all([prompt_text("first"), prompt_text("second")])'), {
        dialog: {
          promptText: async (label) => {
            asked.push(label);
            await new Promise((resolve) => setTimeout(resolve, 20));
            throw new AppError("INTERRUPTED", "Interrupted");
          },
        },
      }),
    /Interrupted/,
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(asked, ["first"]);
});

Deno.test("runGuest() leaves no process behind when it is aborted", async () => {
  const controller = new AbortController();
  const run = runScript(scriptOf('await tell_user("busy"); while (true) {}'), {
    signal: controller.signal,
    dialog: { tell: () => controller.abort() },
  });
  await assert.rejects(
    () => run,
    (thrown) => thrown instanceof AppError && thrown.code === "INTERRUPTED",
  );
  await assert.rejects(
    () => runScript(scriptOf(""), { signal: controller.signal }),
    (thrown) => thrown instanceof AppError && thrown.code === "INTERRUPTED",
  );
});
