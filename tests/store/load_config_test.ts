import assert from "node:assert/strict";
import { configFileOf, userConfigPath } from "../../lib/base/config_files.ts";
import { configWords } from "../../lib/base/config_words.ts";
import { readConfigText } from "../../lib/base/config_schema.ts";
import { AppError } from "../../lib/base/error.ts";
import { lookAnew } from "../../lib/base/recently.ts";
import { approveFolderFile } from "../../lib/store/folder_approval.ts";
import { openHome } from "../../lib/store/home.ts";
import { type ConfigContext, loadConfig } from "../../lib/store/load_config.ts";

interface Folders {
  readonly root: string;
  readonly work: string;
  readonly home: string;
  readonly env: { get(name: string): string | undefined };
  readonly ctx: ConfigContext;
  /** Approves what the working folder's file says now. */
  approve(): Promise<void>;
}

async function withFolders(run: (folders: Folders) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  const xdg = `${root}/xdg`;
  const work = `${root}/work`;
  await Deno.mkdir(`${xdg}/keysmith`, { recursive: true });
  await Deno.mkdir(work);
  const env = { get: (name: string) => name === "XDG_CONFIG_HOME" ? xdg : undefined };
  try {
    const ctx = { env, configOption: undefined, homeOption: `${root}/home`, workingFolder: work };
    const approve = async () => {
      const { unapproved } = await loadConfig(ctx);
      if (unapproved !== null) await approveFolderFile(openHome(ctx), unapproved);
    };
    await run({ root, work, env, home: `${root}/home`, ctx, approve });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("loadConfig() lays the working folder's file over the user's, entry by entry", async () => {
  await withFolders(async ({ work, env, ctx, approve }) => {
    await Deno.writeTextFile(
      userConfigPath(env),
      `
services: { a: { openapi: /a.json }, b: { openapi: /b.json } }
secrets: { k: { type: env, value: MINE }, only: { type: env, value: ONLY } }
model: own
`,
    );
    await Deno.writeTextFile(
      `${work}/keysmith.yaml`,
      `
services: { b: { openapi: b.json } }
secrets: { k: { type: file, value: k.txt } }
`,
    );
    await approve();
    const config = await loadConfig(ctx);
    assert.deepEqual([...config.services.keys()], ["a", "b"]);
    assert.equal(config.services.get("b")?.openapi, `${work}/b.json`);
    assert.equal(config.services.get("b")?.origin.layer, "project");
    assert.deepEqual(config.secrets.get("k")?.source, {
      type: "file",
      value: `${work}/k.txt`,
      within: work,
      prefix: "",
    });
    assert.equal(config.secrets.get("only")?.origin.layer, "user");
    assert.equal(config.model?.name, "own");
  });
});

Deno.test("loadConfig() lets the user's own file alone switch policy and store", async () => {
  await withFolders(async ({ work, env, ctx }) => {
    const switches = "policy: { allowExecSecrets: true }\nstore: keychain\n";
    await Deno.writeTextFile(`${work}/keysmith.yaml`, switches);
    const ignored = await loadConfig(ctx);
    assert.equal(ignored.policy.allowExecSecrets, false);
    assert.equal(ignored.store, null);
    assert.equal(ignored.warnings.length, 2);
    await Deno.writeTextFile(userConfigPath(env), switches);
    const own = await loadConfig(ctx);
    assert.equal(own.policy.allowExecSecrets, true);
    assert.equal(own.store, "keychain");
  });
});

Deno.test("loadConfig() reads the file --config names instead of the working folder's", async () => {
  await withFolders(async ({ work, ctx }) => {
    await Deno.writeTextFile(`${work}/keysmith.yaml`, "services: { a: { openapi: a.json } }");
    await Deno.writeTextFile(`${work}/other.json`, `{"services":{"o":{"openapi":"o.json"}}}`);
    const config = await loadConfig({ ...ctx, configOption: "other.json" });
    assert.deepEqual([...config.services.keys()], ["o"]);
    assert.equal(config.services.get("o")?.origin.layer, "option");
    await assert.rejects(
      loadConfig({ ...ctx, configOption: "absent.yaml" }),
      (error: AppError) => error.code === "NOT_FOUND",
    );
  });
});

Deno.test("configFileOf() names the file a change goes to", async () => {
  await withFolders(async ({ work, env, ctx }) => {
    assert.equal(await configFileOf(ctx, "project"), `${work}/keysmith.yaml`);
    await Deno.writeTextFile(`${work}/keysmith.json`, "{}");
    assert.equal(await configFileOf(ctx, "project"), `${work}/keysmith.json`);
    assert.equal(await configFileOf(ctx, "user"), userConfigPath(env));
  });
});

Deno.test("loadConfig() lets the working folder's file change nothing of the model but its name", async () => {
  await withFolders(async ({ work, env, ctx, approve }) => {
    await Deno.writeTextFile(
      userConfigPath(env),
      "model: { name: own, baseURL: https://models.example.com/v1, apiKey: { type: env, value: KEY } }\n",
    );
    await Deno.writeTextFile(
      `${work}/keysmith.yaml`,
      "model: { name: other, baseURL: https://elsewhere.example.com/v1, stream: true }\n",
    );
    await approve();
    const config = await loadConfig(ctx);
    assert.deepEqual(config.model, {
      name: "other",
      baseURL: "https://models.example.com/v1",
      apiKey: { type: "env", value: "KEY" },
      maxTokens: null,
      timeoutSec: null,
      stream: null,
    });
    assert.equal(config.warnings.length, 1);
    assert.match(config.warnings[0]!, /"model" in .* has no effect/);
  });
});

const PROJECT = `
services: { desk: { openapi: api.json, server: "https://desk.example.com" } }
secrets: { desk.key: { type: env, value: DESK_KEY } }
`;

Deno.test("loadConfig() follows nothing of the working folder's file before it was approved", async () => {
  await withFolders(async ({ work, env, ctx, approve }) => {
    await Deno.writeTextFile(
      userConfigPath(env),
      "services: { desk: { openapi: /mine.json } }\nsecrets: { desk.key: { type: env, value: MINE } }\n",
    );
    await Deno.writeTextFile(`${work}/keysmith.yaml`, `${PROJECT}model: theirs\n`);
    const before = await loadConfig(ctx);
    assert.equal(before.services.get("desk")?.openapi, "/mine.json");
    assert.equal(before.secrets.get("desk.key")?.origin.layer, "user");
    assert.equal(before.model, null);
    assert.deepEqual(before.unapproved?.services, ["desk"]);
    await approve();
    const after = await loadConfig(ctx);
    assert.equal(after.unapproved, null);
    assert.equal(after.services.get("desk")?.openapi, `${work}/api.json`);
    assert.equal(after.model?.name, "theirs");
  });
});

Deno.test("loadConfig() lets an unapproved folder take nothing of an app's settings away", async () => {
  await withFolders(async ({ work, env, ctx, approve }) => {
    await Deno.writeTextFile(
      userConfigPath(env),
      `apps: { shop: { tools: { methods: [GET] }, answers: { Password: mine } } }`,
    );
    for (const theirs of ["{}", "{ tools: {} }", "{ tools: { methods: [POST] } }"]) {
      await Deno.writeTextFile(`${work}/keysmith.yaml`, `apps: { shop: ${theirs} }`);
      const { apps, unapproved } = await loadConfig(ctx);
      assert.deepEqual(apps.get("shop")?.tools.methods, ["GET"], theirs);
      assert.equal(apps.get("shop")?.answers.size, 1, theirs);
      assert.match(unapproved?.says.join("\n") ?? "", /in place of your own.* "shop"/, theirs);
    }
    await approve();
    assert.deepEqual((await loadConfig(ctx)).apps.get("shop")?.tools.methods, ["POST"]);
  });
});

Deno.test("loadConfig() takes an approval for exactly what was approved, where it was approved", async () => {
  await withFolders(async ({ root, work, ctx, approve }) => {
    const file = `${work}/keysmith.yaml`;
    const isInForce = async (folder = work) =>
      (await loadConfig({ ...ctx, workingFolder: folder })).unapproved === null;
    const changes: [string, string][] = [
      ["another variable", PROJECT.replace("DESK_KEY", "AWS_SECRET_ACCESS_KEY")],
      ["another type", PROJECT.replace("type: env, value: DESK_KEY", "type: file, value: k")],
      ["another server", PROJECT.replace("desk.example.com", "desk.example.net")],
      ["another document", PROJECT.replace("api.json", "https://x.example/api.json")],
      ["a reference", PROJECT.replace("api.json,", "api.json, refs: [more.json],")],
      ["a server's part", PROJECT.replace("api.json,", "api.json, serverVariables: { a: b },")],
      ["an origin", PROJECT.replace("api.json,", 'api.json, origins: ["https://x.example"],')],
      ["a scheme", PROJECT.replace("api.json,", "api.json, attach: [key],")],
      ["a service", PROJECT.replace("{ desk:", "{ other: { openapi: o.json }, desk:")],
      ["a model", `${PROJECT}model: m\n`],
    ];
    for (const [name, changed] of changes) {
      await Deno.writeTextFile(file, PROJECT);
      await approve();
      assert.equal(await isInForce(), true, name);
      await Deno.writeTextFile(file, changed);
      assert.equal(await isInForce(), false, name);
    }
    await Deno.writeTextFile(file, `# a comment\n${PROJECT}\n`);
    assert.equal(await isInForce(), true, "comments are no content");
    const elsewhere = `${root}/elsewhere`;
    await Deno.mkdir(elsewhere);
    await Deno.writeTextFile(`${elsewhere}/keysmith.yaml`, PROJECT);
    assert.equal(await isInForce(elsewhere), false, "the same text in another folder");
    await Deno.remove(file);
    await Deno.writeTextFile(`${work}/keysmith.json`, `{"services":{"desk":{"openapi":"a.json"}}}`);
    assert.equal(await isInForce(), false, "another file of the folder");
  });
});

Deno.test("loadConfig() takes a program that changed for one that was not approved", async () => {
  await withFolders(async ({ work, ctx, approve }) => {
    const isInForce = async () => (await loadConfig(ctx)).unapproved === null;
    for (const command of ["[./tool.sh]", "[sh, tool.sh]", "[sh, sub/../tool.sh, -v]"]) {
      await Deno.mkdir(`${work}/sub`, { recursive: true });
      await Deno.writeTextFile(`${work}/tool.sh`, "echo token");
      await Deno.writeTextFile(
        `${work}/keysmith.yaml`,
        `secrets: { k: { type: basic, username: ann, password: { type: exec, command: ${command} } } }`,
      );
      await approve();
      assert.equal(await isInForce(), true, command);
      await Deno.writeTextFile(`${work}/tool.sh`, "cat ~/.ssh/id_ed25519");
      assert.equal(await isInForce(), false, command);
    }
  });
});

Deno.test("userConfigPath() is in no working folder, whatever the environment says", () => {
  for (const value of [undefined, "", ".", "../work", "etc"]) {
    const env = { get: () => value };
    assert.throws(() => userConfigPath(env), (error: AppError) => error.code === "USAGE");
  }
});

Deno.test("configWords() tells every source, program, document and destination", () => {
  const text = `
services:
  desk: { openapi: "https://a.example/api.json", refs: [b.json], origins: ["https://c.example"], server: "https://{x}.d.example", serverVariables: { x: eu } }
secrets:
  s1: { type: env, value: VAR_ONE }
  s2: { type: file, value: key.pem }
  s3: { type: exec, command: [pass, show, "a b"] }
  s4: { type: osKeychain, value: svc/acc }
  s5: { type: app, value: shop, origins: ["https://f.example"] }
  s6: { type: basic, username: { type: env, value: USR }, password: { type: exec, command: [pw] } }
  s7: { type: certificate, certificate: { type: file, value: c1 }, key: { type: file, value: c2 }, ca: { type: env, value: CAVAR } }
  s8: { type: awsSigV4, accessKeyId: { type: env, value: AKID }, secretAccessKey: { type: osKeychain, value: aws/sak }, sessionToken: { type: env, value: STOK } }
  s9: { type: oauth2, clientId: { type: exec, command: [cid] }, clientSecret: { type: env, value: CSEC }, privateKey: { type: file, value: pk }, tokenURL: "https://t.example/t", issuer: "https://i.example", authorizationURL: "https://z.example/a", deviceAuthorizationURL: "https://v.example/d" }
  s10: { type: env, value: "x\\n  approve" }
model: big
`;
  const said = configWords(readConfigText(text, { layer: "project", file: "/w/keysmith.yaml" }));
  const told = [
    "https://a.example/api.json",
    "/w/b.json",
    "https://c.example",
    "https://{x}.d.example",
    '"eu"',
    "VAR_ONE",
    "/w/key.pem",
    '"pass" "show" "a b"',
    "svc/acc",
    '"shop"',
    "https://f.example",
    "USR",
    '"pw"',
    "/w/c1",
    "/w/c2",
    "CAVAR",
    "AKID",
    "aws/sak",
    "STOK",
    '"cid"',
    "CSEC",
    "/w/pk",
    "https://t.example/t",
    "https://i.example",
    "https://z.example/a",
    "https://v.example/d",
    '"big"',
  ];
  for (const part of told) assert.ok(said.some((line) => line.includes(part)), part);
  assert.ok(said.every((line) => !line.includes("\n")));
});

Deno.test("readConfigText() gives a folder none of Keysmith's own items of the keychain", () => {
  for (const value of ["keysmith-token/shop", "keysmith-oauth:abc", "Keysmith-Token/shop"]) {
    const text = `secrets: { k: { type: osKeychain, value: "${value}" } }`;
    const read = (layer: "project" | "user") => readConfigText(text, { layer, file: "/w/k.yaml" });
    assert.throws(() => read("project"), (error: AppError) => error.code === "BAD_CONFIG");
    assert.equal(read("user").secrets.size, 1);
  }
});

Deno.test("loadConfig() of a server waits for a file that is being written", async () => {
  await withFolders(async ({ root, ctx }) => {
    const path = `${root}/c.yaml`;
    const whole = "services: { desk: { openapi: api.json }, shop: { openapi: api.json } }\n";
    const served = { ...ctx, configOption: path, heldConfig: { last: null, problem: null } };
    await Deno.writeTextFile(path, whole);
    assert.equal((await loadConfig(served)).services.size, 2);
    for (const part of ["", "services: { desk: { openapi: api.json } }\n"]) {
      await Deno.writeTextFile(path, part);
      // Changed this moment, however long this test waits for its turn.
      const soon = new Date(Date.now() + 60_000);
      await Deno.utime(path, soon, soon);
      lookAnew(served);
      const loading = loadConfig(served);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await Deno.writeTextFile(path, whole);
      assert.deepEqual([...(await loading).services.keys()], ["desk", "shop"]);
    }
    await Deno.writeTextFile(path, "");
    await Deno.utime(path, new Date(0), new Date(0));
    lookAnew(served);
    assert.equal((await loadConfig(served)).services.size, 0);
  });
});
