import assert from "node:assert/strict";
import { browserArguments, platformSwitches } from "../../lib/browser/launch.ts";

Deno.test("a browser is started with a pipe, on Windows with a port, and without its sandbox for root of Linux alone", () => {
  const starts = (os: string, uid: number | null, profile: string, headless = false) =>
    browserArguments({ ...platformSwitches(os, uid), profile, headless })
      .filter((one) => /^--(?:remote|user|headless|no-sandbox)|^[^-]/.test(one));
  assert.deepEqual(starts("windows", null, "C:\\Users\\Ida A\\p"), [
    "--user-data-dir=C:\\Users\\Ida A\\p",
    "--remote-debugging-port=0",
    "about:blank",
  ]);
  assert.deepEqual(starts("darwin", 0, "/Users/ida/p", true), [
    "--user-data-dir=/Users/ida/p",
    "--remote-debugging-pipe",
    "--headless=new",
    "about:blank",
  ]);
  assert.deepEqual(starts("linux", 0, "/p").slice(1), [
    "--remote-debugging-pipe",
    "--no-sandbox",
    "about:blank",
  ]);
  assert.ok(!starts("linux", 1000, "/p").includes("--no-sandbox"));
});
