import assert from "node:assert/strict";
import type { AppError, ErrorCode } from "../../lib/base/error.ts";
import { adoptScript } from "../../lib/ops/adopt_script.ts";
import { exportApp } from "../../lib/ops/export_app.ts";
import { openHome } from "../../lib/store/home.ts";
import { readAppInfo } from "../../lib/store/app_file.ts";
import { readAuthRecord } from "../../lib/token/auth_file.ts";
import { readAuthScript } from "../../lib/token/script_file.ts";
import { fakeContext } from "../support/fake_context.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const SCRIPT = `export async function acquire_token(): Promise<unknown> {
  return { headers: { Authorization: "Bearer " + await prompt_secret("Key") } };
}
`;

async function adopted(source: string, hosts: string[], app = "shop") {
  return await withTempFolder(async (folder) => {
    const ctx = fakeContext({ home: folder });
    const file = `${folder}/by_hand.ts`;
    await Deno.writeTextFile(file, source);
    const output = await adoptScript(ctx, { app, file, hosts });
    const home = openHome(ctx);
    return {
      output,
      record: await readAuthRecord(home, app),
      script: await readAuthScript(home, app),
      info: await readAppInfo(home, app),
    };
  });
}

Deno.test("adoptScript() creates the app and marks the script as adopted and unproven", async () => {
  const { output, record, script, info } = await adopted(SCRIPT, [
    "Login.Example.com:443",
    "127.0.0.1:8080",
    "login.example.com:443",
  ]);
  const hosts = ["login.example.com:443", "127.0.0.1:8080"];
  assert.deepEqual([output.created, output.refreshes, output.hosts], [true, false, hosts]);
  assert.equal(script?.source, SCRIPT);
  assert.deepEqual(info?.baseUrls, ["https://login.example.com", "http://127.0.0.1:8080"]);
  assert.deepEqual(record, {
    hosts,
    apiOrigins: ["https://login.example.com", "http://127.0.0.1:8080"],
    inputs: [],
    refresh: "none",
    proof: null,
    scriptSha256: script?.sha256,
    source: "adopted",
    consent: null,
    learnt: [],
    probe: null,
    moreProbes: [],
    steps: [],
    values: [],
    watched: [],
  });
});

Deno.test("exportApp() says why an adopted script stays, and how it is handed on", async () => {
  await withTempFolder(async (folder) => {
    const ctx = fakeContext({ home: folder });
    const file = `${folder}/by_hand.ts`;
    await Deno.writeTextFile(file, SCRIPT);
    await adoptScript(ctx, { app: "shop", file, hosts: ["login.example.com:443"] });
    await assert.rejects(exportApp(ctx, { app: "shop" }), (error: AppError) => {
      assert.equal(error.code, "UNSUPPORTED");
      assert.match(error.message, /adopted, and no recording of it is proven/);
      assert.match(error.hint ?? "", /auth adopt shop FILE --host login\.example\.com:443/);
      return true;
    });
  });
});

Deno.test("adoptScript() sees that a script refreshes", async () => {
  const source =
    `${SCRIPT}export const refresh_token = async (token: string) => ({ headers: {} });\n`;
  const { output, record } = await adopted(source, ["a.example:443"]);
  assert.equal(output.refreshes, true);
  assert.equal(record?.refresh, "inferred");
});

const refusals: [name: string, source: string, hosts: string[], app: string, code: ErrorCode][] = [
  [
    "a script without acquire_token",
    "export const x = 1;",
    ["a.example:443"],
    "shop",
    "SCRIPT_REFUSED",
  ],
  ["a script that imports", `import "x";\n${SCRIPT}`, ["a.example:443"], "shop", "SCRIPT_REFUSED"],
  ["a host without a port", SCRIPT, ["a.example"], "shop", "BAD_INPUT"],
  ["no host", SCRIPT, [], "shop", "USAGE"],
  ["a name that leaves the home", SCRIPT, ["a.example:443"], "../shop", "USAGE"],
];

for (const [name, source, hosts, app, code] of refusals) {
  Deno.test(`adoptScript() refuses ${name} and writes nothing`, async () => {
    await withTempFolder(async (folder) => {
      const ctx = fakeContext({ home: `${folder}/home` });
      const file = `${folder}/by_hand.ts`;
      await Deno.writeTextFile(file, source);
      await assert.rejects(
        adoptScript(ctx, { app, file, hosts }),
        (error: AppError) => error.code === code,
      );
      await assert.rejects(Deno.stat(`${folder}/home`), Deno.errors.NotFound);
    });
  });
}

Deno.test("adoptScript() names a file that is not there", async () => {
  await withTempFolder(async (folder) => {
    const input = { app: "shop", file: `${folder}/missing.ts`, hosts: ["a.example:443"] };
    await assert.rejects(
      adoptScript(fakeContext({ home: folder }), input),
      (error: AppError) => error.code === "NOT_FOUND" && error.message.includes(input.file),
    );
  });
});
