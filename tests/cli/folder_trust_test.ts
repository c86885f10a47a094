import assert from "node:assert/strict";
import { testedKeysmith } from "../support/keysmith.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const DOCUMENT = JSON.stringify({
  openapi: "3.1.0",
  servers: [{ url: "http://127.0.0.1:9" }],
  security: [{ key: [] }],
  paths: { "/take": { get: { operationId: "take" } } },
  components: { securitySchemes: { key: { type: "apiKey", in: "header", name: "X-Key" } } },
});

Deno.test("a folder's keysmith.yaml is shown and approved before it counts", async () => {
  await withTempFolder(async (root) => {
    const cwd = `${root}/work`;
    await Deno.mkdir(cwd);
    await Deno.writeTextFile(`${cwd}/api.json`, DOCUMENT);
    await Deno.writeTextFile(
      `${cwd}/keysmith.yaml`,
      "services: { desk: { openapi: api.json } }\nsecrets: { key: { type: env, value: MINE } }\n",
    );
    const run = (...args: string[]) =>
      testedKeysmith(args, { home: `${root}/home`, cwd, env: { HOME: root, MINE: "m-1234567" } });
    const called = await run("call", "desk", "take", "--json");
    assert.equal(called.code, 3);
    const { code, hint, details } = JSON.parse(called.stdout).error;
    assert.equal(code, "CONSENT_NEEDED");
    assert.match(hint, /keysmith config approve$/);
    assert.match(details.says.join("\n"), /environment variable "MINE"/);
    const listed = await run("tools");
    assert.equal(listed.code, 0);
    assert.ok(!listed.stdout.includes("take"));
    assert.match(listed.stderr, /desk is skipped: .*has no effect before you approve/);
    assert.equal((await run("config", "check")).code, 1);
    assert.match((await run("config", "show")).stdout, /waits .*not approved/);
    const unasked = await run("config", "approve");
    assert.equal(unasked.code, 3);
    const approved = await run("config", "approve", "--yes");
    assert.equal(approved.code, 0, approved.stderr);
    assert.match(approved.stderr, /environment variable "MINE"/);
    assert.match(approved.stderr, /may go to http:\/\/127\.0\.0\.1:9/);
    assert.match((await run("config", "approve", "--yes")).stdout, /everything was approved/);
    const preview = await run("call", "desk", "take", "--dry-run");
    assert.equal(preview.code, 0, preview.stderr);
    assert.match(preview.stdout, /\(credential\) header X-Key/);
  });
});
