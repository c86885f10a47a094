import assert from "node:assert/strict";
import { parseYaml } from "../../lib/base/yaml.ts";
import { AppError } from "../../lib/base/error.ts";
import { editConfig, type EntryPath } from "../../lib/base/config_edit.ts";
import type { JsonValue } from "../../lib/base/json.ts";
import { userConfigPath } from "../../lib/base/config_files.ts";
import { readConfigText } from "../../lib/base/config_schema.ts";
import { checkConfig } from "../../lib/ops/check_config.ts";
import { serviceNames } from "../../lib/ops/list_services.ts";
import { setConfig } from "../../lib/ops/set_config.ts";
import { showConfig } from "../../lib/ops/show_config.ts";
import { startDesk } from "../resolve/desk.ts";
import { FakeKeychain } from "../support/fake_keychain.ts";

Deno.test("editConfig() changes one entry and leaves comments and order alone", () => {
  const text = `# mine
store: file   # for now
services:
  # the desk
  desk:
    openapi: a.yaml
    server: https://a.example.com

  shop: { openapi: b.yaml }
# the end
secrets: { k: { type: env, value: K } }
`;
  const cases: [EntryPath, JsonValue | undefined, string, string][] = [
    [["store"], "keychain", "store: file   # for now", "store: keychain"],
    [
      ["model"],
      "small",
      "secrets: { k: { type: env, value: K } }\n",
      "secrets: { k: { type: env, value: K } }\nmodel: small\n",
    ],
    [
      ["services", "desk"],
      { openapi: "c.yaml" },
      "    openapi: a.yaml\n    server: https://a.example.com\n",
      "    openapi: c.yaml\n",
    ],
    [
      ["services", "desk"],
      undefined,
      "  desk:\n    openapi: a.yaml\n    server: https://a.example.com\n",
      "",
    ],
    [
      ["services", "new"],
      { openapi: "n.yaml" },
      "  shop: { openapi: b.yaml }\n",
      "  shop: { openapi: b.yaml }\n  new:\n    openapi: n.yaml\n",
    ],
    [
      ["secrets", "desk.token"],
      { type: "env", value: "T" },
      "secrets: { k: { type: env, value: K } }",
      "secrets:\n  k:\n    type: env\n    value: K\n  desk.token:\n    type: env\n    value: T",
    ],
    [
      ["policy", "allowExecSecrets"],
      true,
      "value: K } }\n",
      "value: K } }\npolicy:\n  allowExecSecrets: true\n",
    ],
  ];
  for (const [path, value, before, after] of cases) {
    assert.ok(text.includes(before), before);
    assert.equal(editConfig(text, path, value, "f"), text.replace(before, after), path.join("/"));
  }
});

Deno.test("editConfig() writes new files, JSON files, and nothing twice", () => {
  assert.equal(editConfig("", ["store"], "file", "f"), "store: file\n");
  assert.equal(
    editConfig('{"store": "file"}', ["model"], "m", "f"),
    '{\n  "store": "file",\n  "model": "m"\n}\n',
  );
  assert.equal(editConfig("store: file\n", ["model"], undefined, "f"), "store: file\n");
  assert.equal(
    editConfig("secrets:\n  a:\n    type: env\n    value: A\n", ["secrets", "a"], undefined, "f")
      .trim(),
    "",
  );
});

Deno.test("setConfig() writes the user's file, valid or not at all", async () => {
  await using desk = await startDesk(() => Response.json({}));
  const ctx = desk.context();
  const keychain = new FakeKeychain();
  const { file } = await setConfig(ctx, { setting: "store", value: "keychain" }, keychain);
  assert.equal(file, userConfigPath(ctx.env));
  await setConfig(ctx, { setting: "services.shop", value: "https://shop.example.com/api.json" });
  await setConfig(ctx, { setting: "secrets.shop.key", value: "{ type: env, value: SHOP }" });
  const shown = await showConfig(ctx);
  assert.equal(shown.store, "keychain");
  assert.deepEqual(await serviceNames(ctx), ["desk", "shop"]);
  assert.equal(shown.secrets[0]?.key, "shop.key");
  const text = await Deno.readTextFile(file);
  const cases: [string, string, RegExp][] = [
    ["store", "cloud", /^Cannot set store: must be one of: file, keychain$/],
    [
      "services.x",
      "{ openap: y }",
      /^Cannot set services.x: "services.x.openap" is not a known key$/,
    ],
    [
      "policy.allowExecSecrets",
      "maybe",
      /^Cannot set policy.allowExecSecrets: must be true or false$/,
    ],
    ["llm.prices", "{a: {in: -1}}", /^Cannot set llm.prices: "llm.prices.a/],
    ["model", "{name: [", /^The value for model is not YAML: (?!Cannot)/],
    ["colour", "red", /^"colour" is not a setting$/],
    ["secrets.x", "{ type: literal, value: shh }", /^A secret is not given/],
    [
      "secrets.x",
      "{ type: basic, username: a, password: { type: literal, value: b } }",
      /^A secret is not given/,
    ],
  ];
  for (const [setting, value, message] of cases) {
    await assert.rejects(setConfig(ctx, { setting, value }), { code: "USAGE", message });
  }
  assert.equal(await Deno.readTextFile(file), text);
  await setConfig(ctx, { setting: "store", value: null });
  assert.equal((await showConfig(ctx)).store, "file");
});

Deno.test("setConfig() names the line of what was wrong in the file before", async () => {
  await using desk = await startDesk(() => Response.json({}));
  const ctx = desk.context();
  const { file } = await setConfig(ctx, { setting: "model", value: "small-7" });
  await Deno.writeTextFile(file, "# mine\n\nstore: attic\nmodel: small-7\n");
  await assert.rejects(setConfig(ctx, { setting: "model", value: "large-9" }), {
    code: "BAD_CONFIG",
    message: `${file}:3:1: "store" must be one of: file, keychain`,
  });
});

Deno.test("setConfig() changes one setting of the model, and the name without the others", async () => {
  await using desk = await startDesk(() => Response.json({}));
  const ctx = desk.context();
  const set = (setting: string, value: string | null) => setConfig(ctx, { setting, value });
  await set("model", "small-7");
  await set("model.timeoutSec", "45");
  const { file } = await set("model.stream", "false");
  const { model } = parseYaml(await Deno.readTextFile(file), file) as { model: unknown };
  assert.deepEqual(model, { name: "small-7", timeoutSec: 45, stream: false });
  await set("model", "large-9");
  await set("model.stream", null);
  const after = parseYaml(await Deno.readTextFile(file), file) as { model: unknown };
  assert.deepEqual(after.model, { name: "large-9", timeoutSec: 45 });
  await assert.rejects(set("model.timeoutSec", "soon"), { code: "USAGE" });
  await assert.rejects(set("model.apiKey", "sk-1"), { code: "USAGE" });
});

Deno.test("showConfig() masks what is written out", async () => {
  await using desk = await startDesk(() => Response.json({}));
  await desk.configure({
    secrets: {
      a: { type: "literal", value: "hunter22" },
      b: { type: "basic", username: "ann", password: { type: "literal", value: "hunter33" } },
    },
  });
  const text = JSON.stringify(await showConfig(desk.context()));
  assert.ok(!/hunter/.test(text));
});

Deno.test("checkConfig() says what would keep tools from being called", async () => {
  await using desk = await startDesk(() => Response.json({}));
  await desk.document({
    security: [{ key: [] }, { odd: [] }],
    servers: [{ url: "/v1" }],
    components: {
      securitySchemes: {
        key: { type: "apiKey", in: "header", name: "X" },
        odd: { type: "http", scheme: "negotiate" },
      },
    },
  });
  await Deno.writeTextFile(
    `${desk.folder}/keysmith.json`,
    JSON.stringify({
      services: { desk: { openapi: "api.json" }, gone: { openapi: "gone.json" } },
      secrets: { key: { type: "env", value: "K" }, kee: { type: "env", value: "K" } },
      policy: { allowExecSecrets: true },
      apps: { shop: { answers: { Username: "ada", PIN: { type: "env", value: "P" } } } },
    }),
  );
  const checked = await checkConfig(desk.context());
  assert.equal(checked.ok, false);
  assert.deepEqual(checked.unusedSecrets, ["kee"]);
  const [policy, ...others] = checked.warnings;
  assert.match(policy ?? "", /"policy" in .+ has no effect/);
  assert.deepEqual(others, [
    'apps.shop: no app is named "shop"; there are none yet',
    'secret "key": environment variable K is not set',
    'apps.shop: answer "PIN": environment variable P is not set',
  ]);
  const [first, second] = checked.services;
  assert.deepEqual(first?.schemes, [{ scheme: "key", secret: "key" }, {
    scheme: "odd",
    secret: null,
  }]);
  assert.match(first?.problems.join("\n") ?? "", /not an absolute http URL[\s\S]*"negotiate"/);
  assert.match(second?.problems.join() ?? "", /There is no file/);
});

Deno.test("showConfig() shows what the environment sets and what decides instead, and no key", async () => {
  const variables: Record<string, string> = {
    KEYSMITH_MODEL: "big-3",
    OPENAI_API_KEY: "sk-env-8842-quartz",
    OPENAI_BASE_URL: "https://user:pw-71@models.example.net/v1?code=c0de",
    KEYSMITH_ALLOW_HTTP: "yes",
    EMPTY: "",
  };
  await using desk = await startDesk(() => Response.json({}));
  const ctx = desk.context({ env: variables });
  const bare = await showConfig(ctx);
  assert.equal(bare.model, "big-3");
  assert.deepEqual(
    bare.modelSettings.map(({ setting, variable }) => [setting, variable]),
    [["model.name", "KEYSMITH_MODEL"], ["model.baseURL", "OPENAI_BASE_URL"], [
      "model.apiKey",
      "OPENAI_API_KEY",
    ]],
  );
  const decides = Object.fromEntries(
    bare.environment.map(({ variable, overriddenBy }) => [variable, overriddenBy]),
  );
  assert.deepEqual(
    [decides["OPENAI_BASE_URL"], decides["KEYSMITH_ALLOW_HTTP"]],
    [null, "1 alone"],
  );
  await setConfig(ctx, {
    setting: "model",
    value: "{name: small, baseURL: 'https://own.example.org/v1', apiKey: {type: env, value: MINE}}",
  });
  await setConfig(ctx, {
    setting: "llm.prices",
    value: "{small: {in: 0.4, out: 1.6}, '*': {in: 2, out: 8, cached: 0.5}}",
  });
  const shown = await showConfig(ctx);
  assert.deepEqual(shown.prices["*"], { in: 2, out: 8, cached: 0.5 });
  assert.equal(
    shown.environment.find(({ variable }) => variable === "OPENAI_API_KEY")?.overriddenBy,
    "the configuration",
  );
  assert.deepEqual(shown.modelSettings.find(({ setting }) => setting === "model.apiKey"), {
    setting: "model.apiKey",
    value: { type: "env", value: "MINE" },
    variable: null,
  });
  for (const secret of ["quartz", "pw-71", "c0de"]) {
    assert.ok(!JSON.stringify([bare, shown]).includes(secret), secret);
  }
});

Deno.test("llm.prices says what is wrong with it", () => {
  const origin = { layer: "user", file: "/c.yaml" } as const;
  const read = (prices: string) =>
    readConfigText(`llm:\n  prices: ${prices}\n`, origin).llm?.prices;
  assert.deepEqual(
    read("{in: 1, out: 2, cached: 0.1}"),
    new Map([["*", { in: 1, out: 2, cached: 0.1 }]]),
  );
  for (
    const [prices, problem] of [
      ["{in: 1}", /llm\.prices.* needs "out"/],
      ["{in: cheap, out: 2}", /llm\.prices\.in.* must be a number/],
      ["{in: -1, out: 2}", /llm\.prices\.in/],
      ["{small: {in: 1, out: 2, kept: 3}}", /llm\.prices\.small\.kept.* not a known key/],
    ] as const
  ) {
    assert.throws(
      () => read(prices),
      (error) => error instanceof AppError && problem.test(error.message),
    );
  }
});
