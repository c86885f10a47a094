import assert from "node:assert/strict";
import { writeAuthRecord } from "../../lib/token/auth_file.ts";
import { readToken, writeToken } from "../../lib/token/token_file.ts";
import { writeAuthScript } from "../../lib/token/script_file.ts";
import { spawnKeysmith } from "../support/keysmith.ts";
import { Provider } from "../support/provider.ts";
import { APP, authRecord, tokenState, withApp } from "../support/token_home.ts";

/** The process and those it started, as a terminal's Ctrl-C reaches them. */
async function group(pid: number): Promise<number[]> {
  const children = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`);
  return [pid, ...children.trim().split(" ").map(Number)];
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  Deno.test({
    name: `auth refresh keeps the rotated token when ${signal} reaches the sandbox process too`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      const asked = Promise.withResolvers<void>();
      const told = Promise.withResolvers<void>();
      await using provider = new Provider({
        beforeRefresh: async () => {
          asked.resolve();
          await told.promise;
        },
      });
      await withApp(async (home) => {
        const hosts = [provider.host];
        await writeAuthScript(home, APP, provider.script);
        await writeAuthRecord(home, APP, authRecord(provider.script, { hosts }));
        const { refreshToken } = provider;
        const origins = [provider.origin];
        await writeToken(home, APP, tokenState({ refresh_token: refreshToken, origins }));
        const child = spawnKeysmith(["auth", "refresh", APP], { home: home.root });
        await child.stdin.close();
        const output = child.output();
        await Promise.race([asked.promise, output]);
        const processes = await group(child.pid);
        assert.equal(processes.length, 2, "the sandbox process is not seen");
        for (const pid of processes) Deno.kill(pid, signal);
        // Long enough for a process that minds the signal to be gone.
        await new Promise((resolve) => setTimeout(resolve, 200));
        told.resolve();
        const { stderr } = await output;
        const stored = await readToken(home, APP);
        assert.equal(
          stored?.refresh_token,
          provider.refreshToken,
          new TextDecoder().decode(stderr),
        );
        assert.notEqual(stored?.refresh_token, refreshToken);
      });
    },
  });
}
