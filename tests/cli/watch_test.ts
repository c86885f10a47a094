import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("./busy_program.ts", import.meta.url));

/** Starts it, and calls `onBusy` when it has begun to compute; what it said on stderr, and how it ended. */
async function busy(
  stillSec: number,
  onBusy: (child: Deno.ChildProcess) => void,
): Promise<{ readonly said: string; readonly signal: Deno.Signal | null }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", PROGRAM, String(stillSec)],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const said = new Response(child.stderr).text();
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    if (text.includes("busy")) onBusy(child);
  }
  const { signal } = await child.status;
  return { said: await said, signal };
}

Deno.test("watchOver() ends a program that computes for longer than it may", async () => {
  const { said, signal } = await busy(1, () => {});
  assert.match(said, /^keysmith: Ended: one piece of its work took longer than 1 s$/m);
  assert.equal(signal, "SIGKILL");
});

Deno.test("watchOver() lets a second signal end a program that is lost in a computation", async () => {
  const { said, signal } = await busy(600, (child) => {
    child.kill("SIGINT");
    setTimeout(() => child.kill("SIGINT"), 300);
  });
  assert.match(said, /^keysmith: Ended: it was interrupted and did not stop$/m);
  assert.equal(signal, "SIGKILL");
});
