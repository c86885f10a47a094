import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { openLoginPage } from "../../lib/web/login_page.ts";

const CHROMIUM = Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium";
const isThere = await Deno.stat(CHROMIUM).then(() => true, () => false);

Deno.test({
  name: "openLoginPage() serves a phone in Chromium, without scripts",
  ignore: !isThere,
  // The browser keeps timers and pipes of its own.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const answers: unknown[] = [];
    const page = openLoginPage({
      facts: {
        owner: "shop",
        kind: "app",
        script: "/home/ada/auth_acquire.ts",
        hosts: ["id.example.com:443"],
        inBrowser: true,
      },
      bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
      signal: new AbortController().signal,
      login: async (dialog) => {
        answers.push(await dialog.promptText("User name"), await dialog.promptSecret("Password"));
        answers.push(await dialog.confirm("May it go on?"));
        // Longer than a form waits for what comes next.
        await new Promise((resolve) => setTimeout(resolve, 900));
      },
    });
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
    try {
      const context = await browser.newContext({
        viewport: { width: 360, height: 640 },
        javaScriptEnabled: false,
      });
      const tab = await context.newPage();
      tab.setDefaultTimeout(10_000);
      await tab.goto(page.address());
      assert.doesNotMatch(tab.url(), /ticket/, "The history holds no ticket");
      const screenshots = Deno.env.get("KEYSMITH_SCREENSHOTS");
      if (screenshots) await tab.screenshot({ path: `${screenshots}/intro.png` });
      await tab.getByRole("button", { name: "Begin" }).click();
      await tab.getByLabel("User name").fill("ada");
      await tab.getByRole("button", { name: "Continue" }).click();
      const field = tab.getByLabel("Password");
      assert.equal(await field.getAttribute("type"), "password");
      const { width } = (await field.boundingBox())!;
      assert.ok(width > 200 && width < 360, "The field fits the screen");
      if (screenshots) await tab.screenshot({ path: `${screenshots}/question.png` });
      await field.fill("correct horse");
      await field.press("Enter");
      await tab.getByRole("button", { name: "Yes" }).click();
      await tab.getByText("You are logged in").waitFor();
      await page.done;
      assert.deepEqual(answers, ["ada", "correct horse", true]);
    } finally {
      await browser.close();
      await page.close();
    }
  },
});
