/** From an address to a session, and to the next session without a person. */
import assert from "node:assert/strict";
import type { Account } from "../../fixtures/apps/parts/accounts.ts";
import { loadApp } from "../../fixtures/apps/registry.ts";
import { browserLogin } from "../../lib/ops/browser_login.ts";
import { learn } from "../../lib/ops/learn.ts";
import { logout } from "../../lib/ops/logout.ts";
import { openHome } from "../../lib/store/home.ts";
import { readToken } from "../../lib/token/token_file.ts";
import { browserContext, browserTest } from "../support/installed_browser.ts";
import { withTempFolder } from "../support/temp_folder.ts";

browserTest(
  "learn() ends in a session and tools, a second sitting leaves it; the kept profile logs in again by itself",
  () =>
    withTempFolder(async (home) => {
      const app = await loadApp("antiforgery");
      const running = await app.start();
      const ctx = browserContext(home);
      const stepsOf = (account: Account) => ({
        file: "steps.json",
        text: JSON.stringify([
          { fill: "[type=email]", value: running.answer("identifier", account) },
          { fill: "[type=password]", value: running.answer("password", account) },
          { click: "#submit" },
          { waitFor: "#ready" },
          { goto: "/notes" },
        ]),
      });
      try {
        const url = `${running.origins[0]}/Manage`;
        const news: string[] = [];
        const learnt = await learn(ctx, {
          app: "wiki",
          url,
          headless: true,
          profile: "wiki",
          script: stepsOf(app.users.recorded),
          onNews: (one) => {
            if (one.kind === "credential") news.push(one.name);
          },
        });
        assert.equal(learnt.analysis.result, "script", learnt.analysis.reasons.join("\n"));
        assert.equal(learnt.session?.probe, "confirmed");
        assert.ok(learnt.tools.length > 0);
        assert.deepEqual(news, ["cookie .AspNetCore.Identity.Application"]);
        const stored = await readToken(openHome(ctx), "wiki");
        const second = await learn(ctx, {
          app: "wiki",
          again: true,
          headless: true,
          script: stepsOf(app.users.second),
        });
        assert.equal(second.capture.loginSeen, true);
        assert.deepEqual([second.session?.stayed, learnt.session?.stayed], [true, false]);
        assert.deepEqual(await readToken(openHome(ctx), "wiki"), stored);
        await logout(ctx, { app: "wiki" });
        const again = await browserLogin(ctx, { app: "wiki", headlessFirst: true });
        assert.deepEqual([again.probe, again.withoutWindow, again.state], [
          "confirmed",
          true,
          "valid",
        ]);
        if (Deno.build.os !== "windows") {
          assert.equal((await Deno.stat(`${home}/profiles/wiki`)).mode! & 0o777, 0o700);
        }
      } finally {
        await running.stop();
      }
    }),
);
