/** `capture browser` in a real browser, against applications that run. */
import assert from "node:assert/strict";
import { loadApp } from "../../fixtures/apps/registry.ts";
import { analyzeAuth } from "../../lib/ops/analyze_auth.ts";
import { captureBrowser, type CaptureBrowserOutput } from "../../lib/ops/capture_browser.ts";
import { browserContext, browserTest } from "../support/installed_browser.ts";
import { testedKeysmith } from "../support/keysmith.ts";
import { withTempFolder } from "../support/temp_folder.ts";

/** Of a busy machine, in milliseconds. Each script ends with what its last click leads to, not with silence. */
const timeout = 60_000;

browserTest(
  "captureBrowser() records a login from which the analysis proves a script",
  () =>
    withTempFolder(async (folder) => {
      const home = `${folder}/home`;
      const app = await loadApp("json_bearer");
      const running = await app.start();
      const account = app.users.recorded;
      try {
        const ctx = browserContext(home);
        const steps = [
          { fill: "#username", value: running.answer("identifier", account), timeout },
          { fill: "#password", value: running.answer("password", account) },
          { click: "#submit" },
          { waitFor: "#ready", timeout },
          { click: "#add" },
          { waitFor: "#done:not(:empty)", timeout },
        ];
        const url = running.origins[0]!;
        const script = `${folder}/steps.json`;
        await Deno.writeTextFile(script, JSON.stringify(steps));
        // As the executable, too: what runs in a page is bundled with the rest of it.
        const run = await testedKeysmith(
          ["capture", "browser", "shop", url, "--headless", "--script", script, "--json"],
          { home, env: Deno.env.toObject() },
        );
        assert.equal(run.code, 0, run.stderr);
        const recorded = JSON.parse(run.stdout) as CaptureBrowserOutput;
        assert.deepEqual(recorded.typed.map(({ kind, filledBy }) => [kind, filledBy]), [
          ["identifier", "person"],
          ["password", "person"],
        ]);
        assert.equal(recorded.withoutBody, 0);
        assert.ok(!JSON.stringify(recorded).includes(running.answer("password", account)));
        const left = [...Deno.readDirSync(`${home}/apps/shop`)].map(({ name }) => name).sort();
        assert.deepEqual(left, ["app.json", "captures.db"]);
        const analysis = await analyzeAuth(ctx, { app: "shop" });
        assert.equal(analysis.result, "script", analysis.reasons.join("\n"));
        const why = JSON.stringify(analysis.values).match(/it was typed while recording/g);
        assert.equal(why?.length, 2, JSON.stringify(analysis.values));
      } finally {
        await running.stop();
      }
    }),
);

const STOLEN_FOCUS =
  `<!doctype html><form action="/enter" method="post" onsubmit="return isLocked() && confirm('Enter?')">
<input id="first" name="first"><input id="secret" name="secret" type="password" autocomplete="new-password"><button>Go</button></form>
<script>
  addEventListener("DOMContentLoaded", () => document.getElementById("first").focus());
  function isLocked() {
    const request = new XMLHttpRequest();
    request.open("GET", "/cellar", false);
    request.setRequestHeader("authorization", "Basic eDp5");
    request.send();
    return request.status === 401;
  }
</script><script src="/slow.js"></script>`;

browserTest(
  "captureBrowser() types into the field it names while a page is still read, behind a password of HTTP's own and a dialog",
  () =>
    withTempFolder(async (home) => {
      const posted: string[] = [];
      const server = Deno.serve(
        { port: 0, hostname: "127.0.0.1", onListen() {} },
        async (request) => {
          if (request.headers.get("authorization") !== `Basic ${btoa("ida:q+1&2")}`) {
            return new Response("", {
              status: 401,
              headers: { "www-authenticate": "Basic realm=x" },
            });
          }
          const { pathname } = new URL(request.url);
          if (pathname === "/slow.js") await new Promise((done) => setTimeout(done, 700));
          if (request.method === "POST") posted.push(await request.text());
          const isPage = pathname === "/" && request.method === "GET";
          const isEntered = request.method === "POST";
          return new Response(isPage ? STOLEN_FOCUS : isEntered ? `<p id="in">In</p>` : "", {
            headers: { "content-type": "text/html" },
          });
        },
      );
      const { port } = server.addr;
      const steps = [
        { goto: `http://ida:q%2B1%262@127.0.0.1:${port}/` },
        { fill: "#first", value: "ida", timeout },
        { fill: "#secret", value: "p w" },
        { click: "text=Go" },
        { waitFor: "#in", timeout },
      ];
      try {
        const { typed } = await captureBrowser(browserContext(home), {
          app: "desk",
          url: `http://127.0.0.1:${port}/`,
          headless: true,
          script: { file: "steps.json", text: JSON.stringify(steps) },
        });
        assert.deepEqual(posted, ["first=ida&secret=p+w"]);
        assert.deepEqual(typed.map(({ kind, name }) => [kind, name]), [
          ["identifier", "first"],
          ["password", "secret"],
        ]);
      } finally {
        await server.shutdown();
      }
    }),
);
