import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { poolAtStart } from "../../../lib/sandbox/walls/landlock.ts";

const MAIN = fileURLToPath(new URL("./pool_main.ts", import.meta.url));

Deno.test({
  name:
    "onPoolThreads() reaches the threads that were there, and leaves no file and no library open",
  ignore: Deno.build.os !== "linux" || Deno.build.arch !== "x86_64",
  async fn() {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "-A", MAIN],
      stderr: "inherit",
    }).output();
    const { didAll, before, after, called, libraries } = JSON.parse(
      new TextDecoder().decode(stdout),
    );
    assert.equal(didAll, true);
    assert.equal(after, before);
    assert.ok(called >= 3, "at least the three threads of the pool");
    assert.equal(libraries, 1, "the one that the process still holds itself");
  },
});

Deno.test("poolAtStart() takes threads for closed only where closing them was tried", () => {
  assert.equal(poolAtStart({ standalone: false, arch: "aarch64" }), "open");
  assert.equal(poolAtStart({ standalone: false, arch: "x86_64" }), "restrictable");
  assert.equal(poolAtStart({ standalone: true, arch: "aarch64" }), "none");
});
