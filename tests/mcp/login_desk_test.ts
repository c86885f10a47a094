/** The browser window that the login page offers, with another in the browser's place. */
import assert from "node:assert/strict";
import { importCapture } from "../../lib/ops/import_capture.ts";
import { LoginDesk } from "../../lib/mcp/login_desk.ts";
import { browserContext, installedBrowser } from "../support/installed_browser.ts";
import { withTempFolder } from "../support/temp_folder.ts";
import { PageUser } from "./page_user.ts";

const HAR = new URL("../../fixtures/recordings/recaptcha.har", import.meta.url).pathname;

Deno.test({
  name: "LoginDesk logs in at a browser where no script does, and tells of it",
  ignore: installedBrowser() === null,
  fn: () =>
    withTempFolder(async (home) => {
      const ctx = browserContext(home);
      await importCapture(ctx, { app: "shop", files: [HAR] });
      const asked: string[] = [];
      let logins = 0;
      const desk = new LoginDesk(ctx, () => logins++, async (given, { app, onWindow }) => {
        asked.push(app);
        onWindow();
        assert.equal(given.signal.aborted, false);
        while (!user.seen.join("").includes("A browser window opens")) {
          await new Promise((go) => setTimeout(go, 10));
        }
      });
      const user = await PageUser.open(await desk.address("shop"));
      assert.match(user.text, /There is no program that logs in here/);
      await user.submit({ way: "browser" });
      assert.match(user.seen.join("\n"), /A browser window opens: log in there/);
      assert.match(user.text, /You are logged in/);
      assert.deepEqual([asked, logins], [["shop"], 1]);
      await desk.close();
    }),
});
