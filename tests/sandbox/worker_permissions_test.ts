import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { withTempFolder } from "../support/temp_folder.ts";
import { openApprovedServer } from "./attacks/approved_server.ts";
import { openCanary } from "./attacks/canary.ts";

const CHILD = fileURLToPath(new URL("./bare/child.ts", import.meta.url));

Deno.test("workerPermissions() hold without the compartment, but for the approved host", async () => {
  await withTempFolder(async (folder) => {
    const canary = await openCanary(folder);
    const server = openApprovedServer();
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--no-prompt", "-A", "--unstable-worker-options", CHILD],
        ...[`127.0.0.1:${server.port}`, `127.0.0.1:${canary.port}`, canary.filePath],
      ],
      stderr: "inherit",
    }).output();
    const { approved, permissions, ...rest } = JSON.parse(new TextDecoder().decode(stdout));
    assert.equal(approved, "200");
    assert.equal(permissions, "denied");
    for (const [attempt, result] of Object.entries(rest)) {
      assert.match(String(result), /^(?:NotCapable|TypeError|PermissionDenied)$/, attempt);
    }
    assert.deepEqual(await canary.touched(), []);
    await server.close();
    await canary.close();
  });
});
