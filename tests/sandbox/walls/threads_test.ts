import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { denoEnvironment, runArguments, startIn } from "../../../lib/sandbox/child_process.ts";
import { kernelWalls } from "./kernel.ts";

const FOLDER = fileURLToPath(new URL("../../../", import.meta.url));
const MAIN = new URL("./waiting_process.ts", import.meta.url).href;

/** Names of the threads of a process that was started like a sandbox and has closed itself. */
async function threadsWith(raised: { files: boolean; calls: boolean }): Promise<string[]> {
  const args = runArguments([], { kind: "sources", main: MAIN, folder: FOLDER });
  const process = startIn(Deno.execPath(), [...args, JSON.stringify(raised)], denoEnvironment());
  try {
    const reader = process.stdout.getReader();
    const said = await reader.read();
    await reader.cancel();
    assert.equal(new TextDecoder().decode(said.value), "closed\n");
    return [...Deno.readDirSync(`/proc/${process.pid}/task`)].map(({ name }) =>
      Deno.readTextFileSync(`/proc/${process.pid}/task/${name}/comm`).trim()
    );
  } finally {
    process.kill("SIGKILL");
    await Promise.all([process.status, process.stdin.abort(), process.stderr.cancel()]);
  }
}

Deno.test({
  name: "under `deno run` no thread is left outside of Landlock when the process has closed itself",
  ignore: kernelWalls().landlock === 0,
  async fn() {
    assert.equal((await threadsWith({ files: true, calls: true })).length, 1);
    const open = await threadsWith({ files: false, calls: false });
    assert.ok(open.length > 1, "the runtime starts threads before, which the test would not see");
  },
});
