/** The ways in which a sitting ends: a window closed at once, Ctrl-C, and `--until-login`. */
import assert from "node:assert/strict";
import { loadApp } from "../../fixtures/apps/registry.ts";
import { AppError } from "../../lib/base/error.ts";
import { launchBrowser } from "../../lib/browser/launch.ts";
import { Recorder } from "../../lib/browser/recorder.ts";
import { elementsOn } from "../../lib/browser/run_steps.ts";
import { ScriptWorlds } from "../../lib/browser/script_worlds.ts";
import type { Exchange } from "../../lib/http/exchange.ts";
import { analyzeAuth } from "../../lib/ops/analyze_auth.ts";
import { captureBrowser } from "../../lib/ops/capture_browser.ts";
import { TraceStore } from "../../lib/store/trace_store.ts";
import { browserContext, browserTest, installedBrowser } from "../support/installed_browser.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const PAGE =
  `<h2><b>Reading room</b></h2><form id="f"><input name="member"><input name="pin" type="password"><button id="go">Go</button></form>
  <script>
    f.onsubmit = async (event) => {
      event.preventDefault();
      const body = new URLSearchParams(new FormData(f));
      const { key } = await (await fetch("/session", { method: "POST", body })).json();
      await fetch("/loans", { headers: { Authorization: "Bearer " + key } });
    };
  </script>`;
const SESSION = '{"key":"k7Qm-92xT-ldn4-Ab30"}';
const LOANS = '[{"title":"Nixe"}]';

function library(request: Request): Response {
  const json = { headers: { "content-type": "application/json" } };
  switch (new URL(request.url).pathname) {
    case "/":
      return new Response(PAGE, { headers: { "content-type": "text/html" } });
    case "/session":
      return new Response(SESSION, json);
    case "/loans":
      return new Response(LOANS, json);
    default:
      return new Response("", { status: 404 });
  }
}

async function withLibrary(work: (url: string) => Promise<void>): Promise<void> {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, library);
  try {
    await work(`http://127.0.0.1:${server.addr.port}/`);
  } finally {
    await server.shutdown();
  }
}

function answers(exchanges: readonly Exchange[]): [path: string, body: string][] {
  return exchanges.map(({ request, response }): [string, string] => [
    new URL(request.url).pathname,
    new TextDecoder().decode(response!.body ?? undefined),
  ]).filter(([path]) => path === "/session" || path === "/loans");
}

browserTest(
  "Recorder keeps the last answers of a window that is closed as soon as they come",
  () =>
    withLibrary(async (url) => {
      const browser = await launchBrowser({ program: installedBrowser()!, headless: true });
      const { devtools } = browser;
      const contexts = new ScriptWorlds();
      devtools.onEvent((event) => contexts.handle(event));
      const seen: Exchange[] = [];
      try {
        const recorder = await Recorder.start(devtools, {
          nowMs: () => Date.now(),
          onExchange: ({ exchange }) => void seen.push(exchange),
          onTyped: () => {},
          unattended: true,
        });
        const [page] = recorder.documents();
        const loaded = Promise.withResolvers<void>();
        devtools.onEvent(({ method, params }) => {
          if (method === "Page.loadEventFired") loaded.resolve();
          // As somebody does who closes the window at the sight of the first data.
          const isLast = method === "Network.responseReceived" &&
            JSON.stringify(params).includes("/loans");
          if (isLast) devtools.attempt("Page.close", {}, page);
        });
        await devtools.send("Page.navigate", { url }, page);
        await loaded.promise;
        // What a script that names another element is told.
        const there = await elementsOn({ devtools, recorder, contexts });
        assert.deepEqual(there, ["[name=member]", "[name=pin]", "text=Go"]);
        const expression = `f.pin.value = "4711"; f.requestSubmit()`;
        await devtools.send("Runtime.evaluate", { expression }, page);
        await recorder.closed;
        await recorder.finish();
        assert.deepEqual(answers(seen), [["/session", SESSION], ["/loans", LOANS]]);
      } finally {
        await browser.close();
      }
    }),
);

browserTest(
  "captureBrowser() keeps what was recorded when Ctrl-C ends it",
  () =>
    withLibrary((url) =>
      withTempFolder(async (home) => {
        const stop = new AbortController();
        const news: string[] = [];
        const steps = [
          { fill: "[name=member]", value: "ada" },
          { fill: "[name=pin]", value: "pin-4711" },
          { click: "#go" },
          { wait: 600_000 },
        ];
        await captureBrowser(browserContext(home, stop.signal), {
          app: "library",
          url,
          headless: true,
          script: { file: "steps.json", text: JSON.stringify(steps) },
          onNews: (one) => {
            news.push(one.kind);
            if (one.kind === "credential") stop.abort(new AppError("INTERRUPTED", "Interrupted"));
          },
        });
        using store = TraceStore.open(`${home}/apps/library/captures.db`, { readOnly: true });
        assert.deepEqual(answers(store.traces()), [["/session", SESSION], ["/loans", LOANS]]);
        assert.ok(news.includes("field") && news.includes("login"), news.join(" "));
        const left = [...Deno.readDirSync(`${home}/apps/library`)].map(({ name }) => name).sort();
        assert.deepEqual(left, ["app.json", "captures.db"]);
      })
    ),
);

browserTest(
  "captureBrowser() until the login ends by itself where none comes and nobody is there",
  () =>
    withLibrary((url) =>
      withTempFolder(async (home) => {
        const startMs = Date.now();
        const clock = { nowMs: () => startMs + (Date.now() - startMs) * 10 };
        const { loginSeen, capture } = await captureBrowser({ ...browserContext(home), clock }, {
          app: "library",
          url,
          headless: true,
          untilLogin: true,
          script: {
            file: "steps.json",
            text: JSON.stringify([{ fill: "[name=member]", value: "ada" }]),
          },
        });
        assert.equal(loginSeen, false);
        assert.ok(capture.traces > 0);
      })
    ),
);

browserTest(
  "captureBrowser() keeps what was recorded before a step that fails, and ends by itself after a time",
  () =>
    withLibrary((url) =>
      withTempFolder(async (home) => {
        const steps = [
          { waitFor: "text=Reading room" },
          { fill: "[name=member]", value: "ada" },
          { click: "#go" },
          { click: "#renew", timeout: 300 },
        ];
        const at = { app: "library", url, headless: true };
        const script = { file: "steps.json", text: JSON.stringify(steps) };
        await assert.rejects(captureBrowser(browserContext(home), { ...at, script }), {
          code: "NOT_FOUND",
          message:
            /^Step 4, click: nothing on the page is "#renew" after 0.3 s; c_01 keeps the \d requests before it$/,
          hint: /text=Go.*keysmith capture remove library c_01 removes c_01$/,
        });
        const { capture } = await captureBrowser(browserContext(home), { ...at, maxMs: 500 });
        assert.equal(capture.id, "c_02");
        using store = TraceStore.open(`${home}/apps/library/captures.db`, { readOnly: true });
        const first = store.traces({ captureId: "c_01" });
        assert.deepEqual(answers(first), [["/session", SESSION], ["/loans", LOANS]]);
      })
    ),
);

browserTest(
  "captureBrowser() until the login: a certified provider, on another origin",
  () =>
    withTempFolder(async (home) => {
      const app = await loadApp("oidc_certified");
      const running = await app.start();
      const account = app.users.recorded;
      const steps = [
        { click: "#submit" },
        { fill: "[name=username]", value: running.answer("identifier", account) },
        { fill: "[name=password]", value: running.answer("password", account) },
        { click: "#submit" },
        { click: "text=Allow" },
        { wait: 600_000 },
      ];
      try {
        const ctx = browserContext(home);
        const { loginSeen, typed } = await captureBrowser(ctx, {
          app: "vineyard",
          url: running.origins[0]!,
          headless: true,
          untilLogin: true,
          script: { file: "steps.json", text: JSON.stringify(steps) },
        });
        assert.equal(loginSeen, true);
        assert.deepEqual(typed.map(({ kind }) => kind), ["identifier", "password"]);
        const { result, reasons } = await analyzeAuth(ctx, { app: "vineyard" });
        assert.equal(result, "script", reasons.join("\n"));
      } finally {
        await running.stop();
      }
    }),
);
