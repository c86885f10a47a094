import assert from "node:assert/strict";
import { EXECUTABLE, keysmith, spawnKeysmith } from "../support/keysmith.ts";
import { withTempFolder } from "../support/temp_folder.ts";
import { leftoverProcesses } from "./attacks/leftovers.ts";

const BUSY = `export async function acquire_token() {
  await tell_user("busy");
  while (true);
}`;

/** A port of its own, so that the sandbox process can be told from others; nothing listens there. */
function unusedHost(): string {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return `127.0.0.1:${port}`;
}

/** Starts a login whose script never ends, and calls `work` once the script is running. */
async function withBusyLogin(
  work: (login: Deno.ChildProcess, host: string) => Promise<void>,
): Promise<void> {
  await withTempFolder(async (home) => {
    const host = unusedHost();
    await Deno.writeTextFile(`${home}/script.ts`, BUSY);
    const adopted = await keysmith(
      ["auth", "adopt", "busy", `${home}/script.ts`, "--host", host],
      { home },
    );
    assert.equal(adopted.code, 0, adopted.stderr);
    const login = spawnKeysmith(["auth", "login", "busy", "--unproven", "--yes"], { home });
    await login.stdin.close();
    await login.stdout.cancel();
    await readUntil(login.stderr, "busy");
    if (EXECUTABLE === null && Deno.build.os === "linux") {
      assert.equal((await leftoverProcesses(host)).length, 1, "the sandbox process is not seen");
    }
    await work(login, host);
  });
}

async function readUntil(stream: ReadableStream<Uint8Array>, text: string): Promise<void> {
  let seen = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    seen += chunk;
    if (seen.includes(`] ${text}`)) return;
  }
  assert.fail(`never said "${text}": ${seen}`);
}

/** The processes still there after some time; a killed one needs a moment to go. */
async function leftAfter(host: string, ms: number): Promise<string[]> {
  const until = Date.now() + ms;
  while (true) {
    const left = await leftoverProcesses(host);
    if (left.length === 0 || Date.now() > until) return left;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

Deno.test("auth login interrupted by a signal exits with 130 and leaves no process behind", async () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    await withBusyLogin(async (login, host) => {
      login.kill(signal);
      assert.equal((await login.status).code, 130, signal);
      assert.deepEqual(await leftAfter(host, 0), [], signal);
    });
  }
});

Deno.test("auth login that is killed takes its sandbox process with it", async () => {
  await withBusyLogin(async (login, host) => {
    login.kill("SIGKILL");
    await login.status;
    assert.deepEqual(await leftAfter(host, 5000), []);
  });
});
