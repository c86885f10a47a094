/** What an analysis leaves behind, over captures imported as a person would. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { AppError } from "../../lib/base/error.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { analyzeAuth, type AnalyzeAuthOutput } from "../../lib/ops/analyze_auth.ts";
import { importCapture } from "../../lib/ops/import_capture.ts";
import { Home } from "../../lib/store/home.ts";
import { TraceStore } from "../../lib/store/trace_store.ts";
import { readAuthRecord, updateAuthRecord } from "../../lib/token/auth_file.ts";
import { hasConsent } from "../../lib/token/consent.ts";
import { type FakeContext, fakeContext } from "../support/fake_context.ts";
import { harText } from "../support/har_text.ts";
import { withTempFolder } from "../support/temp_folder.ts";
import { capture, trace } from "../support/traces.ts";

const APP = "garden";
const ORIGIN = "https://garden.example";

/** A login whose page hands out a value too plain to be known for a session's, and a build number. */
function session(step: string, token: string): Trace[] {
  return capture(
    trace(`GET ${ORIGIN}/login`, {
      html: `<form><input type=hidden name=step value="${step}"></form>`,
    }),
    trace(`POST ${ORIGIN}/login`, {
      form: { username: "ann.b", password: "hunter2!", step, mark: "7c1e9a3b5d2f" },
      answer: { token },
    }),
    trace(`GET ${ORIGIN}/api/me`, {
      headers: [["Authorization", `Bearer ${token}`]],
      answer: { name: "Ann" },
    }),
  );
}

/** Imports one recording after the other. */
async function withCaptures(
  captures: readonly (readonly Trace[])[],
  work: (ctx: FakeContext, home: Home) => Promise<void>,
): Promise<void> {
  await withTempFolder(async (root) => {
    const ctx = fakeContext({ home: join(root, "home") });
    for (const [index, traces] of captures.entries()) {
      const file = join(root, `${index}.har`);
      await Deno.writeTextFile(file, harText(traces));
      await importCapture(ctx, { app: APP, files: [file] });
      ctx.nowMs += 60_000;
    }
    await work(ctx, new Home(join(root, "home")));
  });
}

function filesOf(home: Home): string[] {
  return [...Deno.readDirSync(home.appFile(APP, "."))].map(({ name }) => name)
    .filter((name) => !name.startsWith("captures.db")).sort();
}

Deno.test("analyzeAuth() proves with two captures what one leaves unexplained", async () => {
  const first = session("kwfz", "acc-7f6e5d4c3b2a1908");
  const second = session("pmwx", "acc-2b3c4d5e6f708192");
  const summary = ({ result, proof, reasons, values }: AnalyzeAuthOutput) => ({
    result,
    passed: proof?.passed ?? null,
    reasons: reasons.length,
    step: values.find(({ where }) => where.endsWith("body step"))?.kind ?? null,
  });
  await withCaptures([first], async (ctx) => {
    assert.deepEqual(summary(await analyzeAuth(ctx, { app: APP })), {
      result: "draft",
      passed: null,
      reasons: 1,
      step: null,
    });
  });
  await withCaptures([first, second], async (ctx, home) => {
    assert.deepEqual(summary(await analyzeAuth(ctx, { app: APP })), {
      result: "script",
      passed: true,
      reasons: 0,
      step: "extracted",
    });
    const script = await Deno.readTextFile(home.appFile(APP, "auth_acquire.ts"));
    assert.match(script, /7c1e9a3b5d2f/);
    assert.doesNotMatch(script, /kwfz|pmwx|acc-|ann\.b|hunter2/);
  });
});

Deno.test("analyzeAuth() keeps what was agreed to, and another script is not agreed to by it", async () => {
  const captures = [
    session("kwfz", "acc-7f6e5d4c3b2a1908"),
    session("pmwx", "acc-2b3c4d5e6f708192"),
  ];
  await withCaptures(captures, async (ctx, home) => {
    await analyzeAuth(ctx, { app: APP });
    const { scriptSha256, hosts } = (await readAuthRecord(home, APP))!;
    for (const agreed of [scriptSha256, "0".repeat(64)]) {
      const consent = { scriptSha256: agreed, hosts, givenAt: "2026-01-01T00:00:00.000Z" };
      await updateAuthRecord(ctx, home, APP, { consent });
      await analyzeAuth(ctx, { app: APP });
      const record = (await readAuthRecord(home, APP))!;
      assert.deepEqual(record.consent, consent);
      assert.equal(hasConsent(record, { sha256: record.scriptSha256 }), agreed === scriptSha256);
    }
  });
});

Deno.test("analyzeAuth() takes the newest capture that holds a login", async () => {
  const browsing = capture(trace(`GET ${ORIGIN}/news`, { answer: [] }));
  await withCaptures([session("kwfz", "acc-7f6e5d4c3b2a1908"), browsing], async (ctx) => {
    assert.equal((await analyzeAuth(ctx, { app: APP })).steps[0]?.url, `${ORIGIN}/login`);
  });
});

Deno.test("analyzeAuth() of a recording without a login says so and writes nothing", async () => {
  const browsing = capture(
    trace(`GET ${ORIGIN}/`, { html: "<h1>Welcome" }),
    trace(`GET ${ORIGIN}/api/news`, { answer: [{ id: 1 }] }),
  );
  await withCaptures([browsing], async (ctx, home) => {
    const before = filesOf(home);
    const output = await analyzeAuth(ctx, { app: APP });
    assert.equal(output.result, "none");
    assert.deepEqual([output.script, output.proof, output.steps], [null, null, []]);
    assert.equal(output.reasons.length, 1);
    assert.deepEqual(filesOf(home), before);
  });
});

Deno.test("analyzeAuth() names an app it does not know", async () => {
  await withTempFolder(async (root) => {
    await assert.rejects(
      analyzeAuth(fakeContext({ home: root }), { app: APP }),
      (error: AppError) => error.code === "NOT_FOUND",
    );
  });
});

Deno.test("analyzeAuth() has the probe ask as the recorded client did, without its credentials", async () => {
  const token = "acc-7f6e5d4c3b2a1908";
  const traces = capture(
    trace(`POST ${ORIGIN}/login`, {
      json: { username: "ann.b", password: "hunter2!" },
      answer: { token },
    }),
    trace(`GET ${ORIGIN}/api/me`, {
      headers: [
        ["Authorization", `Bearer ${token}`],
        ["Accept", "application/json"],
        ["User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Garden/1"],
        ["Accept-Language", "de"],
      ],
      answer: { name: "Ann" },
    }),
  );
  await withCaptures([traces], async (ctx, home) => {
    assert.equal((await analyzeAuth(ctx, { app: APP })).result, "script");
    const record = await readAuthRecord(home, APP);
    assert.equal(record?.probe?.url, `${ORIGIN}/api/me`);
    assert.deepEqual(record?.probe?.headers, [
      ["Accept", "application/json"],
      ["User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Garden/1"],
    ]);
  });
});

Deno.test("analyzeAuth() takes what the browser saw typed as evidence of the proof, too", async () => {
  const call = (method: string, params: string[], cookie = "") =>
    trace(`POST ${ORIGIN}/rpc`, {
      json: { id: 1, method, params },
      ...cookie === "" ? { setCookies: ["sid=5e8d1f7a90b2c4"] } : { cookie },
      answer: { id: 1, result: method.length },
    });
  const traces = capture(
    call("gate.open", ["plumtree"]),
    call("beds.list", ["all"], "sid=5e8d1f7a90b2c4"),
  );
  await withCaptures([traces], async (ctx, home) => {
    const unseen = await analyzeAuth(ctx, { app: APP });
    assert.notDeepEqual([unseen.result, unseen.proof?.assumptions], ["script", []]);
    using store = TraceStore.open(home.appFile(APP, "captures.db"));
    store.removeCapture("c_01");
    store.addCapture({
      file: "garden.example",
      sha256: "ab",
      importedAt: "2026-01-01T00:00:00.000Z",
      creator: "keysmith",
      skipped: 0,
      sanitised: false,
      typed: [{ kind: "password", name: "s", value: "plumtree", filledBy: "person", atMs: 0 }],
    }, traces);
    const { result, proof, reasons } = await analyzeAuth(ctx, { app: APP });
    assert.deepEqual([result, proof?.assumptions], ["script", []], reasons.join("\n"));
  });
});

Deno.test("analyzeAuth() says where what was typed went into a message of a WebSocket", async () => {
  const page = trace(`GET ${ORIGIN}/`, {
    html: "<input type=password>",
    setCookies: ["io=5e8d1f7a9"],
  });
  const socket = trace(`GET ${ORIGIN}/live`, { cookie: "io=5e8d1f7a9", status: 101 });
  await withCaptures([capture(page)], async (ctx, home) => {
    using store = TraceStore.open(home.appFile(APP, "captures.db"));
    store.removeCapture("c_01");
    const messages: [sent: string, typed: string, isLogin: boolean][] = [
      ['42["hi"]', 'plum "tree', false],
      ['42["auth",{"pass":"plum \\"tree"}]', 'plum "tree', true],
      ['42["seen",{"order":51234,"at":1700012349}]', "1234", false],
      ['42["code","1234"]', "1234", true],
    ];
    for (const [sent, value, isLogin] of messages) {
      const [first, second] = capture(page, socket);
      const payload = new TextEncoder().encode(sent);
      store.addCapture({
        file: "garden.example",
        sha256: sent,
        importedAt: "2026-01-01T00:00:00.000Z",
        creator: "keysmith",
        skipped: 0,
        sanitised: false,
        typed: [{ kind: "password", name: "s", value, filledBy: "person", atMs: 0 }],
      }, [first!, { ...second!, frames: [{ atMs: 0, sender: "client", kind: "text", payload }] }]);
      const { result, reasons } = await analyzeAuth(ctx, { app: APP });
      const isSaid = /typed goes out in a message of the WebSocket of t_000\d/.test(reasons.join());
      assert.deepEqual([result, isSaid], ["none", isLogin], reasons.join());
      store.removeCapture(store.captures()[0]!.id);
    }
  });
});
