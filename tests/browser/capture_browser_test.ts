/** `capture browser` in a real browser, against applications that run. */
import assert from "node:assert/strict";
import { loadApp } from "../../fixtures/apps/registry.ts";
import { analyzeAuth } from "../../lib/ops/analyze_auth.ts";
import { captureBrowser } from "../../lib/ops/capture_browser.ts";
import { browserContext, browserTest } from "../support/installed_browser.ts";
import { withTempFolder } from "../support/temp_folder.ts";

browserTest(
  "captureBrowser() records a login from which the analysis proves a script",
  () =>
    withTempFolder(async (home) => {
      const app = await loadApp("json_bearer");
      const running = await app.start();
      const account = app.users.recorded;
      try {
        const ctx = browserContext(home);
        const steps = [
          { fill: "#username", value: running.answer("identifier", account) },
          { fill: "#password", value: running.answer("password", account) },
          { click: "#submit" },
          { waitFor: "#ready" },
          { click: "#add" },
        ];
        const recorded = await captureBrowser(ctx, {
          app: "shop",
          url: running.origins[0]!,
          headless: true,
          script: { file: "steps.json", text: JSON.stringify(steps) },
        });
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
