import assert from "node:assert/strict";
import { join } from "node:path";
import { AppError } from "../../lib/base/error.ts";
import { MASK } from "../../lib/base/redact.ts";
import { importCapture } from "../../lib/ops/import_capture.ts";
import { inspectTraces } from "../../lib/ops/inspect_traces.ts";
import { listCaptures } from "../../lib/ops/list_captures.ts";
import { showCapture } from "../../lib/ops/show_capture.ts";
import { readAppInfo } from "../../lib/store/app_file.ts";
import { Home } from "../../lib/store/home.ts";
import { bytesOf, entry, harOf } from "../capture/har_builder.ts";
import { type FakeContext, fakeContext } from "../support/fake_context.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const FIXTURES = new URL("../../fixtures/har/", import.meta.url);
const CHROME = new URL("chrome.har", FIXTURES).pathname;
const FIREFOX = new URL("firefox.har", FIXTURES).pathname;
const SANITISED = new URL("chrome_sanitised.har", FIXTURES).pathname;
const MITMPROXY = new URL("mitmproxy.har", FIXTURES).pathname;

async function withHome(work: (ctx: FakeContext, home: Home) => Promise<void>): Promise<void> {
  await withTempFolder(async (root) => {
    await work(fakeContext({ home: root }), new Home(root));
  });
}

Deno.test("importCapture() creates the app, then adds to it, and tells duplicates", async () => {
  await withHome(async (ctx, home) => {
    const first = await importCapture(ctx, { app: "garden", files: [CHROME] });
    assert.equal(first.created, true);
    const [chrome] = first.captures;
    assert.equal(chrome!.status, "imported");
    assert.deepEqual(chrome!.skipped, { "WebSocket": 1, '"data:" URL': 1 });
    assert.deepEqual(
      [chrome!.capture.id, chrome!.capture.traces, chrome!.capture.creator],
      ["c_01", 4, "WebInspector 537.36"],
    );
    assert.deepEqual(await readAppInfo(home, "garden"), {
      name: "garden",
      displayName: "garden",
      baseUrls: ["https://garden.example"],
      created: "2027-01-15T08:00:00.000Z",
      updated: "2027-01-15T08:00:00.000Z",
    });

    ctx.nowMs += 60_000;
    const second = await importCapture(ctx, { app: "garden", files: [FIREFOX, CHROME, FIREFOX] });
    assert.equal(second.created, false);
    assert.deepEqual(second.captures.map(({ status, capture }) => [status, capture.id]), [
      ["imported", "c_02"],
      ["duplicate", "c_01"],
      ["duplicate", "c_02"],
    ]);
    const info = await readAppInfo(home, "garden");
    assert.equal(info!.created, "2027-01-15T08:00:00.000Z");
    assert.equal(info!.updated, "2027-01-15T08:01:00.000Z");
  });
});

Deno.test("importCapture() takes a folder for the .har files in it", async () => {
  await withHome(async (ctx, home) => {
    const folder = home.path("recordings");
    await Deno.mkdir(folder, { recursive: true });
    await assert.rejects(importCapture(ctx, { app: "garden", files: [folder] }), {
      code: "NOT_FOUND",
    });
    await Deno.copyFile(FIREFOX, join(folder, "b.har"));
    await Deno.copyFile(CHROME, join(folder, "a.HAR"));
    await Deno.writeTextFile(join(folder, "notes.txt"), "no recording");
    const { captures } = await importCapture(ctx, { app: "garden", files: [folder] });
    assert.deepEqual(captures.map(({ file }) => file), ["a.HAR", "b.har"]);
  });
});

Deno.test("importCapture() leaves nothing behind when any of the files is bad", async () => {
  await withHome(async (ctx, home) => {
    const bad = home.path("bad.har");
    await Deno.writeTextFile(bad, '{"log":{"entries":[{"request":{}}]}}');
    const absent = home.path("absent.har");
    const cases: [string, string][] = [[bad, "BAD_INPUT"], [absent, "NOT_FOUND"], [
      SANITISED,
      "BAD_INPUT",
    ]];
    for (const [file, code] of cases) {
      await assert.rejects(importCapture(ctx, { app: "garden", files: [CHROME, file] }), { code });
      assert.deepEqual(await home.listApps(), []);
    }
    await importCapture(ctx, { app: "garden", files: [CHROME] });
    await assert.rejects(importCapture(ctx, { app: "garden", files: [FIREFOX, bad] }));
    const { apps } = await listCaptures(ctx, { app: "garden" });
    assert.deepEqual(apps[0]!.captures.map(({ file }) => file), ["chrome.har"]);
  });
});

Deno.test("importCapture() leaves the store as it was, to the byte, when it is interrupted", async () => {
  await withTempFolder(async (root) => {
    const large = join(root, "large.har");
    const text = "pear ".repeat(200);
    const entries = Array.from({ length: 5_000 }, (_, at) =>
      entry({
        request: { url: `https://garden.example/${at}` },
        response: { content: { text: `${at} ${text}`, mimeType: "text/html" } },
      }));
    await Deno.writeFile(large, bytesOf(harOf(entries)));
    const home = new Home(join(root, "home"));
    const stop = new AbortController();
    const parts: number[] = [];
    const onProgress = (file: string, part: number) => {
      parts.push(part);
      assert.equal(file, "large.har");
      if (parts.length > 1) stop.abort(new AppError("INTERRUPTED", "Interrupted"));
    };
    const stopped = fakeContext({ home: home.root, signal: stop.signal });
    const importing = () =>
      importCapture(stopped, { app: "garden", files: [FIREFOX, large], onProgress });
    await assert.rejects(importing(), { code: "INTERRUPTED" });
    assert.ok(parts[0]! > 0 && parts[0]! < parts[1]! && parts[1]! < 1, "it had begun");
    assert.deepEqual(await home.listApps(), []);

    const ctx = fakeContext({ home: home.root });
    await importCapture(ctx, { app: "garden", files: [CHROME] });
    const before = await Deno.readFile(home.appFile("garden", "captures.db"));
    await assert.rejects(importing(), { code: "INTERRUPTED" });
    assert.deepEqual(await Deno.readFile(home.appFile("garden", "captures.db")), before);
    const { captures } = await importCapture(ctx, { app: "garden", files: [FIREFOX] });
    assert.equal(captures[0]!.capture.id, "c_02");
  });
});

Deno.test("importCapture() refuses a name that is not an app name before it reads anything", async () => {
  await withHome(async (ctx) => {
    const input = { app: "../garden", files: ["/nowhere/at/all.har"] };
    await assert.rejects(importCapture(ctx, input), { code: "USAGE" });
  });
});

Deno.test("importCapture() says how to export with credentials, and imports without when told to", async () => {
  await withHome(async (ctx) => {
    await assert.rejects(importCapture(ctx, { app: "garden", files: [SANITISED] }), {
      message:
        '"chrome_sanitised.har" was exported without credentials (https://garden.example): ' +
        "there is no login to learn from",
      hint: /Allow to generate HAR with sensitive data.*--allow-sanitised/,
    });
    const input = { app: "garden", files: [SANITISED], allowSanitised: true };
    const { captures } = await importCapture(ctx, input);
    assert.equal(captures[0]!.capture.sanitised, true);
  });
});

Deno.test("listCaptures() lists one app or all, and names what is missing", async () => {
  await withHome(async (ctx) => {
    assert.deepEqual(await listCaptures(ctx, {}), { apps: [] });
    await importCapture(ctx, { app: "shop", files: [FIREFOX] });
    for (const file of [CHROME, MITMPROXY]) {
      await importCapture(ctx, { app: "garden", files: [file] });
    }
    const all = await listCaptures(ctx, {});
    assert.deepEqual(all.apps.map(({ name, captures }) => [name, captures.length]), [
      ["garden", 2],
      ["shop", 1],
    ]);
    assert.deepEqual((await listCaptures(ctx, { app: "shop" })).apps.length, 1);
    await assert.rejects(listCaptures(ctx, { app: "bank" }), {
      code: "NOT_FOUND",
      hint:
        "keysmith learn bank URL records it in a browser, keysmith capture import bank FILE takes a recording",
    });
  });
});

Deno.test("showCapture() counts origins, marks and noise of one capture or of all", async () => {
  await withHome(async (ctx, home) => {
    for (const file of [CHROME, MITMPROXY]) {
      await importCapture(ctx, { app: "garden", files: [file] });
    }
    const one = await showCapture(ctx, { app: "garden", capture: "c_01" });
    assert.deepEqual(one.captures.map(({ id }) => id), ["c_01"]);
    assert.deepEqual(one.origins, [
      { origin: "https://garden.example", traces: 4, noise: 0, marked: 2 },
    ]);
    assert.deepEqual(one.marks, { "url-keyword": 2, "credential-field": 1 });
    assert.deepEqual([one.firstRequest, one.lastRequest], [
      "2026-03-01T09:00:00.100Z",
      "2026-03-01T09:00:07.500Z",
    ]);
    const all = await showCapture(ctx, { app: "garden" });
    assert.equal(all.traces, 6);
    assert.equal(all.marks["authorization-header"], 1);
    await assert.rejects(showCapture(ctx, { app: "garden", capture: "c_07" }), {
      code: "NOT_FOUND",
      hint: "keysmith capture list garden",
    });
    await Deno.mkdir(home.appDir("empty"), { recursive: true });
    assert.equal((await showCapture(ctx, { app: "empty" })).firstRequest, null);
  });
});

Deno.test("inspectTraces() lists traces, all or those about authentication", async () => {
  await withHome(async (ctx) => {
    await importCapture(ctx, { app: "garden", files: [CHROME] });
    const all = await inspectTraces(ctx, { app: "garden" });
    assert.equal(all.trace, null);
    assert.deepEqual(all.traces.map(({ id, method, url, status }) => [id, method, url, status]), [
      ["t_0001", "GET", "https://garden.example/login", 200],
      ["t_0002", "POST", "https://garden.example/login", 302],
      ["t_0003", "GET", "https://garden.example/api/plants", 200],
      ["t_0004", "GET", "https://garden.example/api/weather", null],
    ]);
    const marked = await inspectTraces(ctx, { app: "garden", onlyMarked: true });
    assert.deepEqual(marked.traces.map(({ id }) => id), ["t_0001", "t_0002"]);
    await assert.rejects(inspectTraces(ctx, { app: "garden", capture: "c_9" }), {
      code: "NOT_FOUND",
    });
  });
});

Deno.test("inspectTraces() shows a trace whole, its credentials only when asked", async () => {
  await withHome(async (ctx) => {
    await importCapture(ctx, { app: "garden", files: [CHROME] });
    const masked = await inspectTraces(ctx, { app: "garden", trace: "t_0002" });
    assert.deepEqual(masked.trace!.request.body, {
      kind: "text",
      bytes: 76,
      text: `csrf=${MASK}&user=hedda.gabler%40garden.example&password=${MASK}`,
    });
    assert.deepEqual(masked.trace!.response!.headers, [
      ["location", "/"],
      ["set-cookie", `sid=${MASK}; Path=/; HttpOnly; Secure`],
      ["set-cookie", `theme=${MASK}; Path=/; Expires=Mon, 01 Mar 2027 09:00:07 GMT`],
    ]);
    const page = await inspectTraces(ctx, { app: "garden", trace: "t_0001" });
    const { body } = page.trace!.response!;
    assert.ok(body.kind === "text" && body.text.includes(`name="csrf" value="${MASK}"`));

    const secrets = ["Zk3-plum-81", "Kompost%2B%26+7", "0f9d8c7b6a5e4d3c"];
    for (const trace of ["t_0001", "t_0002", "t_0003"]) {
      const text = JSON.stringify(await inspectTraces(ctx, { app: "garden", trace }));
      for (const secret of secrets) assert.ok(!text.includes(secret), `${secret} in ${trace}`);
    }
    const revealed = await inspectTraces(ctx, { app: "garden", trace: "t_0002", reveal: true });
    const text = JSON.stringify(revealed);
    for (const secret of secrets) assert.ok(text.includes(secret), secret);
    assert.equal(ctx.redactor.redact(secrets.join(" ")), `${MASK} ${MASK} ${MASK}`);
  });
});

Deno.test("inspectTraces() tells missing, empty and binary bodies apart", async () => {
  await withHome(async (ctx) => {
    const playwright = new URL("playwright.har", FIXTURES).pathname;
    await importCapture(ctx, { app: "garden", files: [MITMPROXY, playwright] });
    const view = async (trace: string, reveal = false) =>
      (await inspectTraces(ctx, { app: "garden", trace, reveal })).trace!;
    assert.deepEqual((await view("t_0001")).response!.body, {
      kind: "binary",
      bytes: 4,
      base64: null,
    });
    assert.deepEqual((await view("t_0001", true)).response!.body, {
      kind: "binary",
      bytes: 4,
      base64: "AP8Qgg==",
    });
    assert.deepEqual((await view("t_0002")).request.body, { kind: "none" });
    assert.equal((await view("t_0003")).response, null);
    assert.deepEqual((await view("t_0005")).response!.body, { kind: "missing" });
    await assert.rejects(view("t_0099"), {
      code: "NOT_FOUND",
      hint: "keysmith capture inspect garden",
    });
  });
});
