import assert from "node:assert/strict";
import { keysmith, spawnKeysmith } from "../support/keysmith.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const ENDLESS = `
export async function acquire_token() {
  tell_user("the script runs");
  await new Promise((resolve) => setTimeout(resolve, 3_600_000));
  return { headers: { Authorization: "Bearer late" } };
}`;

const LOGIN = ["auth", "login", "garden", "--unproven", "--yes"];

Deno.test("Ctrl-C ends a running script, exits with 130 and stores nothing", () =>
  withTempFolder(async (folder) => {
    const home = `${folder}/home`;
    await Deno.writeTextFile(`${folder}/login.ts`, ENDLESS);
    const adopt = ["auth", "adopt", "garden", `${folder}/login.ts`, "--host", "127.0.0.1:9"];
    assert.equal((await keysmith(adopt, { home })).code, 0);

    const child = spawnKeysmith(LOGIN, { home });
    const stderr = child.stderr.pipeThrough(new TextDecoderStream());
    let printed = "";
    let isInterrupted = false;
    for await (const text of stderr) {
      printed += text;
      if (isInterrupted || !printed.includes("the script runs")) continue;
      isInterrupted = true;
      child.kill("SIGINT");
    }
    const { code } = await child.status;
    assert.equal(code, 130, printed);
    assert.match(printed, /keysmith: Interrupted\n$/);
    await Promise.all([child.stdin.close(), child.stdout.cancel()]);
    const status = await keysmith(["auth", "status", "garden", "--json"], { home });
    assert.equal(JSON.parse(status.stdout).state, "none");
  }));

Deno.test("a reader of stdout that goes away is not a failure", () =>
  withTempFolder(async (folder) => {
    const child = spawnKeysmith(["--help"], { home: `${folder}/home` });
    await child.stdout.cancel();
    const stderr = await new Response(child.stderr).text();
    assert.equal((await child.status).code, 0, stderr);
    await child.stdin.close();
  }));
