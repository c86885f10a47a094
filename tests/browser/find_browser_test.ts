import assert from "node:assert/strict";
import { join } from "node:path";
import { browserPlaces, findBrowser } from "../../lib/browser/find_browser.ts";
import { captureBrowser } from "../../lib/ops/capture_browser.ts";
import { fakeContext } from "../support/fake_context.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const env = (values: Record<string, string>) => ({ get: (name: string) => values[name] });

Deno.test("browserPlaces() knows where each platform installs browsers", () => {
  const windows = browserPlaces("windows", env({ "PROGRAMFILES(X86)": "C:\\P86" }));
  assert.ok(windows.includes("C:\\P86\\Microsoft\\Edge\\Application\\msedge.exe"));
  const mac = browserPlaces("darwin", env({ HOME: "/Users/ada" }));
  assert.ok(mac.includes("/Applications/Brave Browser.app/Contents/MacOS/Brave Browser"));
  assert.ok(mac.includes("/Users/ada/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"));
  const linux = browserPlaces("linux", env({ PATH: "relative:/usr/bin" }));
  assert.ok(linux.includes("/usr/bin/chromium"));
  assert.ok(linux.every((place) => place.startsWith("/")));
});

Deno.test("findBrowser() takes the one that is named, else the first on the PATH", () =>
  withTempFolder(async (folder) => {
    const program = join(folder, "chromium");
    await Deno.writeTextFile(program, "");
    assert.equal(findBrowser(env({ PATH: folder }), undefined, "linux"), program);
    assert.equal(findBrowser(env({}), program, "linux"), program);
    assert.throws(() => findBrowser(env({}), join(folder, "other"), "linux"), {
      code: "NOT_FOUND",
      message: `There is no browser at "${join(folder, "other")}"`,
    });
    assert.throws(() => findBrowser(env({}), undefined, "darwin"), {
      code: "NOT_FOUND",
      message: /No Chrome, Chromium, Edge or Brave/,
    });
  }));

Deno.test("captureBrowser() without a browser leaves no app behind", () =>
  withTempFolder(async (home) => {
    const input = { app: "shop", url: "https://shop.example", browser: join(home, "none") };
    await assert.rejects(captureBrowser(fakeContext({ home }), input), { code: "NOT_FOUND" });
    await assert.rejects(Deno.stat(join(home, "apps", "shop")), Deno.errors.NotFound);
  }));
