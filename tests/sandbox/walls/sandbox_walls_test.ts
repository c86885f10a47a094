import assert from "node:assert/strict";
import { HIDDEN_MODE, startIn, startSandboxProcess } from "../../../lib/sandbox/child_process.ts";
import { probeWalls } from "../../../lib/sandbox/probe_walls.ts";
import { EXECUTABLE, keysmith } from "../../support/keysmith.ts";
import { withTempFolder } from "../../support/temp_folder.ts";
import { kernelWalls } from "./kernel.ts";

const { landlock, seccomp } = kernelWalls();
const EXPECTED = {
  no_new_privileges: Deno.build.os === "linux",
  files: landlock >= 1,
  ports: landlock >= 4,
  system_calls: seccomp,
  profile: false,
};

Deno.test({
  name: "the sandbox raises every wall that this kernel knows, and says so",
  // Of an executable `doctor` says it.
  ignore: EXECUTABLE !== null,
  async fn() {
    assert.deepEqual(await probeWalls(), EXPECTED);
  },
});

Deno.test("doctor and auth status say what the sandbox process found closed", async () => {
  await withTempFolder(async (home) => {
    const { stdout, code } = await keysmith(["doctor", "--json"], { home });
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout).sandbox, EXPECTED);
    await Deno.writeTextFile(`${home}/script.ts`, "export async function acquire_token() {}");
    await keysmith(["auth", "adopt", "shop", `${home}/script.ts`, "--host", "127.0.0.1:9"], {
      home,
    });
    const status = await keysmith(["auth", "status", "shop", "--json"], { home });
    assert.deepEqual(JSON.parse(status.stdout).sandbox, EXPECTED);
    const text = (await keysmith(["auth", "status", "shop"], { home })).stdout;
    const { profile: _, ...ofLinux } = EXPECTED;
    const open = Object.values(ofLinux).every((stands) => stands) ? 0 : 1;
    assert.equal(text.match(/^sandbox +(?:closed by|not closed)/m)?.length, 1);
    assert.equal(text.includes("; not to") || text.includes("not closed"), open === 1);
  });
});

Deno.test({
  name: "every thread of the sandbox process has the filter, those started before it too",
  ignore: !seccomp,
  async fn() {
    const process = EXECUTABLE === null
      ? await startSandboxProcess([])
      : startIn(EXECUTABLE, [HIDDEN_MODE], {});
    const writer = process.stdin.getWriter();
    const config = {
      nonce: "n",
      reach: { hosts: [], replayPort: null, plainHttp: false },
      parts: { cookies: false, html: false },
      watched: [],
      cpuMs: 20_000,
      memoryBytes: 2 ** 29,
    };
    const javascript = "({ acquire_token: () => new Promise(() => {}) })";
    for (const line of [config, { javascript, entry: { kind: "acquire" } }]) {
      await writer.write(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
    }
    const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
    for (let said = ""; !said.includes('"started"');) said += (await reader.read()).value ?? "";
    const tasks = `/proc/${process.pid}/task`;
    const threads = [...Deno.readDirSync(tasks)].map(({ name }) =>
      Deno.readTextFileSync(`${tasks}/${name}/status`)
    );
    process.kill("SIGKILL");
    await process.status;
    await reader.cancel();
    await process.stderr.cancel();
    await writer.abort().catch(() => {});
    assert.ok(threads.length > 2, "main isolate, Worker and threads of the engine");
    for (const status of threads) {
      assert.match(status, /^Seccomp:\t2$/m);
      assert.match(status, /^NoNewPrivs:\t1$/m);
    }
  },
});
